import assert from "node:assert/strict";
import { checkAnswer } from "../../src/aws/guard_handler.ts";
import { toAwsError } from "../../src/aws/to_aws_error.ts";
import { readFailure } from "../../src/config/jsonnet/describe_failure.ts";
import { readCertificates } from "../../src/config/read_certificates.ts";
import { readProfileNeeds } from "../../src/config/read_profile_needs.ts";
import { exposureOf } from "../../src/secrets/exposure.ts";
import { HiddenValues } from "../../src/secrets/hidden_values.ts";
import { escapeInvisible } from "../../src/model/invisible_characters.ts";
import { cutToWidth, displayWidth } from "../../src/report/display_width.ts";
import { startStopwatch } from "../stopwatch.ts";

/** Far longer than a text takes that is read once, and far shorter than one that is read again from each of its places. */
const HANG_MS = 10_000;

const MANY = 100_000;

/** One of the user's profile files, with this in it. */
function readProfile(text: string) {
  const files = {
    readText: () => Promise.resolve(text),
    isPlain: () => Promise.resolve(true),
    kindOf: () => Promise.resolve("file" as const),
  };
  return readProfileNeeds({ get: (name) => name === "AWS_PROFILE" ? "x" : `/${name}` }, files);
}

function readForeign(body: string): void {
  assert.throws(() =>
    checkAnswer({ status: 500, headers: {}, body }, { host: "example.com", isJson: true, isRest: false })
  );
}

/** What a text that others have made is read by, and such a text as takes longest. */
const READERS: Readonly<Record<string, () => unknown>> = {
  "an answer of many errors in XML": () => readForeign("<Error>".repeat(MANY) + " ".repeat(1_000_000)),
  "an answer of many codes in XML": () => readForeign("<Error>" + "<Code>".repeat(MANY)),
  "an answer that begins with nothing": () => readForeign(" ".repeat(1_000_000)),
  "an error of AWS's with many places": () => toAwsError("A", new Error("for x (".repeat(MANY))),
  "certificates that only begin": () => readCertificates("-----BEGIN CERTIFICATE-----\n".repeat(MANY)),
  "certificates that only end": () => readCertificates("-----END CERTIFICATE-----\n".repeat(MANY)),
  "a profile that is white space": () => readProfile(`[${" ".repeat(MANY)}`),
  "a profile with a name of white space": () => readProfile(`[profile${" ".repeat(MANY)}x`),
  "a profile's value of white space": () => readProfile(`a = b${" ".repeat(MANY)}c`),
  "many profiles": () => readProfile("[a]\nsource_profile = a\n".repeat(MANY)),
  "a failure of jsonnet with many places": () => readFailure(`${"f:1:2".repeat(MANY)}\n`.repeat(3)),
  "a stack of jsonnet with many places": () =>
    readFailure(`RUNTIME ERROR: a\n${`\t${":1:2".repeat(MANY)}\n`.repeat(3)}`),
  "an address of many types": () =>
    exposureOf({ source: "state", name: ".aws_ssm_parameter.".repeat(MANY) }, "a", false),
  "a value like a URL or a key, of many parts": () =>
    exposureOf({ source: "variable", name: "X" }, `a://${":".repeat(MANY)}${"-----BEGIN A ".repeat(MANY)}`, false),
  "an address of many elements": () => exposureOf({ source: "state", name: `${"[[a]".repeat(MANY)}]` }, "a", false),
  "a value that stands everywhere, and nearly everywhere": () => {
    const hidden = new HiddenValues();
    hidden.add({ source: "variable", name: "X", value: [`${"a".repeat(1_000)}b`, "aaaaaa"] });
    hidden.mask("a".repeat(MANY));
  },
  "invisible characters": () => escapeInvisible("\u202e\u0301".repeat(MANY) + "\u0301".repeat(MANY)),
  "a wide text": () => [cutToWidth("\u0301".repeat(MANY), 80), displayWidth("👨‍".repeat(MANY / 10))],
};

for (const [what, read] of Object.entries(READERS)) {
  Deno.test(`${what}: read in time`, async () => {
    const workedMs = startStopwatch();
    await read();
    assert.ok(workedMs() < HANG_MS, `${Math.round(workedMs())} ms`);
  });
}
