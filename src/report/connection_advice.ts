/** What to do where no connection was made, or none that can be trusted. */

const NAME_AN_AUTHORITY =
  "name the PEM file of its certificate in AWS_CA_BUNDLE, in ca_bundle of the AWS profile (either holds all " +
  "authorities), or in SSL_CERT_FILE (besides Mozilla's), or add it to the system's store";

/** Where the system gives no more open files. */
export const RAISE_OPEN_FILES = "raise the limit of open files: ulimit -n 1024";

/** Whether a message of the runtime's says that there are too many open files. */
export function isOutOfFiles(message: string): boolean {
  return /too many open files/i.test(message);
}

/**
 * What the runtime's words about a connection ask for.
 *
 * @param detail an AwsError's, with the URL that was called
 * @returns `undefined` where nothing is known that helps
 */
export function adviseOnConnection(detail: string): string | undefined {
  const host = /https?:\/\/([^/\s)]+)/.exec(detail)?.[1] ?? "the server";
  const certificate = /invalid peer certificate: (.*)/.exec(detail)?.[1];
  if (certificate !== undefined) return adviseOnCertificate(host, certificate);
  if (/proxy authentication required/i.test(detail)) {
    return "the proxy wants a login: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT (with @ : / written %40 %3A %2F)";
  }
  if (/unsuccessful tunnel|while tunneling|headers too long for tunnel|proxy server unreachable|socks/i.test(detail)) {
    return `the proxy makes no connection to ${host}: check HTTPS_PROXY and its login, and what the proxy lets through, ` +
      "or name the host in NO_PROXY";
  }
  if (/InvalidContentType|corrupt message/.test(detail)) {
    return `what answers for ${host} speaks no TLS: check AWS_ENDPOINT_URL (http:// or https://) and HTTPS_PROXY`;
  }
  return isOutOfFiles(detail) ? RAISE_OPEN_FILES : undefined;
}

function adviseOnCertificate(host: string, problem: string): string {
  // An authority that has a new key, and its old name, is another one.
  if (/^(UnknownIssuer|BadSignature)/.test(problem)) {
    return `no trusted authority has signed the certificate of ${host}: a company's proxy that reads the traffic ` +
      `probably has; ${NAME_AN_AUTHORITY}`;
  }
  const [, nowS, bound, boundS] = /time (\d+) \(UNIX\).* not valid (after|before) (\d+)/.exec(problem) ?? [];
  if (nowS !== undefined && boundS !== undefined) {
    return `the certificate of ${host} is not valid ${bound} ${showTime(boundS)}, and here it is ${showTime(nowS)}: ` +
      "check this machine's clock, then who serves the certificate (a proxy?)";
  }
  if (problem.includes("not valid for name")) {
    return `the certificate is another server's than ${host}: check AWS_ENDPOINT_URL, the name service and the proxy`;
  }
  return `the certificate of ${host} cannot be trusted: check who serves it (a proxy?); where a company's authority has ` +
    `signed it, ${NAME_AN_AUTHORITY}`;
}

function showTime(seconds: string): string {
  return new Date(Number(seconds) * 1_000).toISOString().replace(/\.000Z$/, "Z");
}
