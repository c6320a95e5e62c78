import assert from "node:assert/strict";
import { AwsError } from "../../../src/errors.ts";
import type { AwsErrorKind } from "../../../src/problems/aws_failure.ts";
import { findAuthorities, reportTrouble } from "../../../src/session/connection.ts";
import { VirtualClock } from "../../virtual_clock.ts";
import { inWords } from "../../in_words.ts";

function error(kind: AwsErrorKind): AwsError {
  return new AwsError({ operation: "UpdateService", kind, code: "Code", detail: "Words" });
}

Deno.test("reportTrouble() explains a silence after three seconds, then once a minute", () => {
  const clock = new VirtualClock(1_000_000);
  const lines: string[] = [];
  const report = reportTrouble(clock, (line) => void lines.push(line));
  for (let failingForMs = 0; failingForMs <= 130_000; failingForMs += 1_000) {
    report(error("throttled"), failingForMs);
    clock.advance(1_000);
  }
  assert.deepEqual(
    lines,
    ["3s", "1m3s", "2m3s"].map((time) =>
      `AWS is throttling: UpdateService failed: Code: Words; still trying after ${time}`
    ),
  );
});

Deno.test("reportTrouble() names other trouble as it is, and says nothing of what passes at once", () => {
  const lines: string[] = [];
  const report = reportTrouble(new VirtualClock(0), (line) => void lines.push(line));
  report(error("server"), 2_999);
  report(error("server"), 3_000);
  assert.deepEqual(lines, ["UpdateService failed: Code: Words; still trying after 3s"]);
});

/** Its content is a sequence, which is all that is looked at. */
const certificate = (name: string) =>
  `-----BEGIN CERTIFICATE-----\n${btoa(`\x30${String.fromCharCode(name.length)}${name}`)}\n-----END CERTIFICATE-----\n`;

const FILES: Readonly<Record<string, string>> = {
  "aws.pem": certificate("aws"),
  "profile.pem": certificate("profile"),
  "requests.pem": certificate("requests"),
  "openssl.pem": certificate("openssl"),
  "/etc/pki/tls/certs/ca-bundle.crt": certificate("system"),
};

function find(env: Readonly<Record<string, string>>, caBundle?: string) {
  const files = {
    readText: (path: string) =>
      path === "/etc/ssl/certs/ca-certificates.crt"
        ? Promise.reject(new Error("Permission denied (os error 13)"))
        : Promise.resolve(FILES[path]),
  };
  return findAuthorities({ get: (name) => env[name] }, files, { name: "company", exists: true, caBundle });
}

const CASES: readonly (readonly [Readonly<Record<string, string>>, string | undefined, string, boolean])[] = [
  [{}, undefined, "system", true],
  [{ SSL_CERT_FILE: "openssl.pem" }, undefined, "openssl", true],
  [{ SSL_CERT_FILE: "openssl.pem", REQUESTS_CA_BUNDLE: "requests.pem" }, undefined, "requests", false],
  [{ REQUESTS_CA_BUNDLE: "requests.pem" }, "profile.pem", "profile", false],
  [{ REQUESTS_CA_BUNDLE: "requests.pem", AWS_CA_BUNDLE: "aws.pem" }, "profile.pem", "aws", false],
  [{ AWS_CA_BUNDLE: "", REQUESTS_CA_BUNDLE: "", SSL_CERT_FILE: "" }, "", "system", true],
];

for (const [env, caBundle, name, addsToDefaults] of CASES) {
  Deno.test(`findAuthorities() with ${JSON.stringify(env)} and ca_bundle ${caBundle}: ${name}`, async () => {
    assert.deepEqual(await find(env, caBundle), { certificates: [certificate(name)], addsToDefaults });
  });
}

Deno.test("findAuthorities() names the setting of a file that is missing", async () => {
  await assert.rejects(inWords(find({}, "none.pem")), (error: Error) => {
    assert.equal(error.name, "ConfigError");
    assert.equal(error.message, "none.pem: there is no such file (ca_bundle of the AWS profile company names it)");
    return true;
  });
});
