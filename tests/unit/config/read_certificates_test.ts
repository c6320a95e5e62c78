import assert from "node:assert/strict";
import { describeProblem } from "../../../src/report/messages/config_problem_text.ts";
import { readCertificates } from "../../../src/config/read_certificates.ts";

/** A sequence is all that is looked at. */
function pem(der: string, label = "CERTIFICATE"): string {
  return `-----BEGIN ${label}-----\n${btoa(der)}\n-----END ${label}-----\n`;
}

const SERVER_AUTH = "\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x01";
const CLIENT_AUTH = "\x06\x08\x2B\x06\x01\x05\x05\x07\x03\x02";
const FIRST = "\x30\x03\x02\x01\x01";
const LONG = `\x30\x82\x01\x2C${"x".repeat(300)}`;
const KEY = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n";

function element(tag: string, content: string): string {
  return `${tag}${String.fromCharCode(content.length)}${content}`;
}

function trusted(purposes: string, rejected = ""): string {
  const list = purposes === "" ? "" : element("\x30", purposes);
  return `${FIRST}${element("\x30", list + (rejected === "" ? "" : element("\xA0", rejected)))}`;
}

const CASES: readonly (readonly [string, string, readonly string[], RegExp | undefined])[] = [
  ["one certificate", pem(FIRST), [FIRST], undefined],
  [
    "several, with texts and a key between",
    `\uFEFF# a\r\n${pem(FIRST)}${KEY}remark\n${pem(LONG)}`,
    [FIRST, LONG],
    undefined,
  ],
  ["the lines of Windows", pem(LONG).replaceAll("\n", "\r\n"), [LONG], undefined],
  ["the old name", pem(FIRST, "X509 CERTIFICATE"), [FIRST], undefined],
  ["trusted for servers", pem(trusted(SERVER_AUTH), "TRUSTED CERTIFICATE"), [FIRST], undefined],
  ["trusted for all", pem(trusted(""), "TRUSTED CERTIFICATE"), [FIRST], undefined],
  ["with no trust behind it", pem(FIRST, "TRUSTED CERTIFICATE"), [FIRST], undefined],
  ["trusted for clients only", pem(trusted(CLIENT_AUTH), "TRUSTED CERTIFICATE"), [], /holds no certificate/],
  ["rejected for something", pem(trusted("", CLIENT_AUTH), "TRUSTED CERTIFICATE"), [], /holds no certificate/],
  ["nothing", " \n", [], /^is empty /],
  ["a key", KEY, [], /private key and no certificate/],
  ["DER", "0\uFFFD\u0005abc", [], /openssl x509 -inform der/],
  ["another file", "<html>", [], /no certificate in PEM form/],
  ["one that is cut off", pem(FIRST) + pem(LONG).slice(0, 60), [FIRST], /has no end/],
  [
    "no base64",
    pem(FIRST) + "-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----",
    [FIRST],
    /^certificate 2 in it/,
  ],
  ["less than it says", pem(LONG.slice(0, 200)), [], /^certificate 1 in it is damaged /],
  ["more than it says", pem(`${FIRST}x`), [], /^certificate 1 in it is damaged /],
];

for (const [name, text, expected, problem] of CASES) {
  Deno.test(`readCertificates() of ${name}`, () => {
    const read = readCertificates(text);
    assert.deepEqual(read.certificates, expected.map((der) => pem(der).replace(/(.{64})(?=[^\n-])/g, "$1\n")));
    if (problem === undefined || read.problem === undefined) return assert.equal(read.problem, problem);
    const words = describeProblem({ code: "badCertificates", certificates: read.problem, setting: "S" });
    assert.match(words, problem);
    assert.ok(!words.includes("c2VjcmV0"));
  });
}
