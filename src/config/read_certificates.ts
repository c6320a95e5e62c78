import { attempt } from "../host/attempt.ts";
import type { CertificateProblem } from "../problems.ts";

const BLOCK = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----((?:(?!-----BEGIN ).)*?)-----END \1-----/gs;
const BEGINNING = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/**
 * Reads the certificates of authorities: PEM blocks (https://www.rfc-editor.org/rfc/rfc7468) with any text around them,
 * as OpenSSL does. Takes OpenSSL's own `TRUSTED CERTIFICATE` blocks only if they are trusted for servers. Never
 * quotes the file, which may have a private key in it.
 *
 * @returns each certificate that can be read, in PEM form
 */
export function readCertificates(text: string) {
  const certificates: string[] = [];
  const blocks = [...text.matchAll(BLOCK)];
  const areWhole = blocks.length === (text.match(BEGINNING) ?? []).length;
  let problem: CertificateProblem | undefined = areWhole ? undefined : { code: "noEnd" };
  for (const [index, [, label, body]] of blocks.entries()) {
    // One character a byte; empty if the body is not base64.
    const der = attempt(() => atob(body!)) ?? "";
    const certificate = readSequence(der);
    if (certificate === undefined || (label !== "TRUSTED CERTIFICATE" && certificate.rest !== "")) {
      problem ??= { code: "damaged", number: index + 1 };
    } else if (isTrustedForServers(certificate.rest)) {
      certificates.push(encode(der.slice(0, der.length - certificate.rest.length)));
    }
  }
  return { certificates, problem: problem ?? (certificates.length > 0 ? undefined : whyNone(text)) };
}

function whyNone(text: string): CertificateProblem {
  if (text.trim() === "") return { code: "empty" };
  // The beginning of a DER file, read as UTF-8: 0x30 0x82 begins a sequence of some length.
  if (/^0\uFFFD/.test(text)) return { code: "derForm" };
  return { code: /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text) ? "onlyPrivateKey" : "noCertificate" };
}

function encode(der: string): string {
  const lines = btoa(der).match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

const SEQUENCE = 0x30;

/** The content of the DER sequence that `der` begins with, and what follows it; `undefined` if there is none. */
function readSequence(der: string): { readonly content: string; readonly rest: string } | undefined {
  const first = der.charCodeAt(1);
  if (der.charCodeAt(0) !== SEQUENCE || Number.isNaN(first)) return undefined;
  const head = first < 0x80 ? 2 : 2 + first - 0x80;
  const bytes = Array.from(der.slice(2, head), (char) => char.charCodeAt(0));
  const end = head + (first < 0x80 ? first : bytes.reduce((total, byte) => total * 256 + byte, 0));
  return head <= der.length && end <= der.length ? { content: der.slice(head, end), rest: der.slice(end) } : undefined;
}

/** The element 1.3.6.1.5.5.7.3.1 (serverAuth), which OpenSSL lists as a trusted or a rejected purpose. */
const SERVER_AUTH = "\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x01";
const REJECTED = 0xa0;

// Whether the trust settings after a certificate allow it for servers: an optional sequence of trusted purposes, then
// the rejected ones (X509_CERT_AUX in OpenSSL's x_x509a.c).
function isTrustedForServers(trust: string): boolean {
  const all = readSequence(trust);
  if (all === undefined) return trust === "";
  const purposes = readSequence(all.content);
  if ((purposes?.rest ?? all.content).charCodeAt(0) === REJECTED) return false;
  return purposes === undefined || purposes.content.includes(SERVER_AUTH);
}
