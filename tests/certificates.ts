/** Certificates of an authority that nobody trusts, made with the command `openssl`. */

/** Whether the command exists. If not, prints which test is skipped. */
export function hasOpenssl(test: string): boolean {
  try {
    return new Deno.Command("openssl", { args: ["version"], stdout: "null", stderr: "null" }).outputSync().success;
  } catch {
    console.log(`skipped: ${test} needs the command openssl, which is not on this machine`);
    return false;
  }
}

/**
 * Leaves ca.pem (also as ca.der and, in OpenSSL's own form with a trust behind it, as trusted.pem and rejected.pem),
 * another authority's other.pem, and cert.pem and key.pem for 127.0.0.1, in `folder`. Authority and server keep their
 * keys in ca.key and key.pem.
 *
 * @throws Error when openssl fails
 */
export async function makeCertificates(folder: string): Promise<void> {
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const authority = ["-subj", "/CN=test authority", "-addext", "basicConstraints=critical,CA:TRUE"];
  const stranger = ["-subj", "/CN=another authority", "-addext", "basicConstraints=critical,CA:TRUE"];
  await openssl(folder, "req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", ...authority);
  await openssl(folder, "req", ...newKey, "-keyout", "key.pem", "-out", "leaf.csr", "-subj", "/CN=127.0.0.1");
  await Deno.writeTextFile(`${folder}/leaf.ext`, "subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\n");
  const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2", "-extfile", "leaf.ext"];
  await openssl(folder, "x509", "-req", "-in", "leaf.csr", ...signing, "-out", "cert.pem");
  await openssl(folder, "req", "-x509", ...newKey, "-keyout", "other.key", "-out", "other.pem", ...stranger);
  await openssl(folder, "x509", "-in", "ca.pem", "-outform", "der", "-out", "ca.der");
  await openssl(folder, "x509", "-in", "ca.pem", "-trustout", "-addtrust", "serverAuth", "-out", "trusted.pem");
  await openssl(folder, "x509", "-in", "ca.pem", "-trustout", "-addreject", "serverAuth", "-out", "rejected.pem");
}

async function openssl(folder: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, cwd: folder, stdout: "null", stderr: "piped" })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
