import assert from "node:assert/strict";
import { ECSClient, ListClustersCommand } from "@aws-sdk/client-ecs";
import { asNoCredentials, RefusedAnswerError } from "../../../src/aws/refused_answer.ts";
import { explainRegion, toAwsError } from "../../../src/aws/to_aws_error.ts";
import type { AwsErrorKind } from "../../../src/problems/aws_failure.ts";
import { wordsOf } from "../../in_words.ts";

function thrown(name: string, more: object = {}, message = "Message.") {
  return Object.assign(new Error(message), { name, ...more });
}

const REFUSED = "client error (Connect): tcp connect error: Connection refused (os error 111)";
const CLOSED = "client error (SendRequest): connection closed before message completed";
const http = (httpStatusCode: number) => ({ $metadata: { httpStatusCode, requestId: "r-1" } });

const foreign = (status: number) => new RefusedAnswerError({ code: "foreignAnswer", status, host: "h" });

const CASES: [unknown, AwsErrorKind, string][] = [
  [thrown("ThrottlingException", http(400)), "throttled", "ThrottlingException"],
  [thrown("ConcurrentUpdateException", http(400)), "throttled", "ConcurrentUpdateException"],
  [
    thrown("InvalidSignatureException", { $metadata: { clockSkewCorrected: true } }),
    "throttled",
    "InvalidSignatureException",
  ],
  [thrown("ExpiredTokenException", http(400)), "credentials", "ExpiredTokenException"],
  [thrown("UnrecognizedClientException", http(400)), "credentials", "UnrecognizedClientException"],
  [thrown("SignatureDoesNotMatch", http(403)), "credentials", "SignatureDoesNotMatch"],
  [thrown("CredentialsProviderError"), "credentials", "CredentialsProviderError"],
  [thrown("AccessDeniedException", http(400)), "denied", "AccessDeniedException"],
  [thrown("AccessDeniedException", http(403)), "denied", "AccessDeniedException"],
  [thrown("ClientException", http(400)), "rejected", "ClientException"],
  [thrown("ServerException", http(500)), "server", "ServerException"],
  [thrown("Error", { code: "ECONNREFUSED" }), "unreachable", "ECONNREFUSED"],
  [thrown("AggregateError", { cause: { cause: { code: "ENOTFOUND" } } }), "unreachable", "ENOTFOUND"],
  [thrown("TypeError", {}, `error sending request for url (http://h/): ${REFUSED}`), "unreachable", "NotConnected"],
  [
    thrown("TypeError", { cause: new Error(`error sending request for url (http://h/): ${REFUSED}`) }, "fetch failed"),
    "unreachable",
    "NotConnected",
  ],
  [thrown("TypeError", {}, "Fetch failed: Requests to port 9 are blocked"), "unreachable", "NotConnected"],
  [
    thrown("TypeError", {}, `error sending request from 1.2.3.4:5 for http://h/ (h:80): ${CLOSED}`),
    "lost",
    "AnswerLost",
  ],
  [thrown("TypeError", {}, "error reading a body from connection"), "lost", "AnswerLost"],
  [thrown("AbortError", {}, "Request aborted"), "lost", "AnswerLost"],
  [thrown("TimeoutError", {}, "Request timed out"), "lost", "TimeoutError"],
  [thrown("Error", { code: "ECONNRESET" }), "lost", "ECONNRESET"],
  [thrown("SyntaxError", http(200)), "lost", "SyntaxError"],
  [thrown("SyntaxError", { $response: {} }), "lost", "SyntaxError"],
  [
    thrown("SyntaxError", {}, `Unexpected token 'A', "AKIA" is not valid JSON`),
    "credentials",
    "CredentialsProviderError",
  ],
  [thrown("TypeError", { code: "ERR_UNESCAPED_CHARACTERS" }), "credentials", "CredentialsProviderError"],
  [thrown("TypeError", {}, "Cannot read properties of null (reading 'A')"), "credentials", "CredentialsProviderError"],
  [thrown("PermanentRedirect", http(301)), "rejected", "PermanentRedirect"],
  [thrown("UnknownError", http(429)), "throttled", "TooManyRequests"],
  [thrown("LimitExceededException", http(429)), "throttled", "TooManyRequests"],
  [thrown("TooManyRequestsException", http(429)), "throttled", "TooManyRequestsException"],
  [thrown("UnknownError", http(408)), "lost", "UnknownError"],
  [foreign(403), "lost", "NotFromAws"],
  [foreign(502), "lost", "NotFromAws"],
  [foreign(200), "lost", "NotFromAws"],
  [foreign(307), "lost", "NotFromAws"],
  [foreign(408), "lost", "NotFromAws"],
  [foreign(407), "unreachable", "NotFromAws"],
  [foreign(429), "throttled", "NotFromAws"],
  [
    new RefusedAnswerError({ code: "contradictoryAnswer", error: "InternalFailure", status: 200 }),
    "lost",
    "UnreadableAnswer",
  ],
  ["a mere text", "lost", "Error"],
  [null, "lost", "Error"],
];

function nameOf(error: unknown): string {
  return error instanceof RefusedAnswerError ? error.message : error instanceof Error ? error.name : String(error);
}

for (const [error, kind, code] of CASES) {
  Deno.test(`toAwsError() takes ${nameOf(error)} ${code} for ${kind}`, () => {
    const made = toAwsError("DescribeServices", error);
    assert.deepEqual([made.kind, made.code], [kind, code]);
  });
}

Deno.test("toAwsError() makes one line that names operation, error and request", () => {
  const error = thrown("ClientException", http(400), "Bad thing.\nDeserialization error: to see the raw response ...");
  assert.equal(
    wordsOf(toAwsError("UpdateService", error)),
    "UpdateService failed: ClientException: Bad thing. (request id r-1)",
  );
});

Deno.test("toAwsError() says where it could not connect to, and why", () => {
  const error = thrown(
    "TypeError",
    {},
    `error sending request for url (https://ecs.nowhere-1.amazonaws.com/): ${REFUSED}`,
  );
  assert.equal(
    wordsOf(toAwsError("DescribeServices", error)),
    "DescribeServices failed: NotConnected: https://ecs.nowhere-1.amazonaws.com/: tcp connect error: Connection refused " +
      "(os error 111)",
  );
});

Deno.test("toAwsError() quotes no credentials that cannot be sent", () => {
  for (const message of ['Invalid header value: "topsecret\ntoken"', "Argument 1 is not a valid ByteString"]) {
    const error = toAwsError("DescribeServices", new TypeError(message));
    assert.equal(error.kind, "credentials");
    assert.match(wordsOf(error), /UnusableCredentials: they hold a character/);
    assert.ok(!wordsOf(error).includes("topsecret"));
  }
});

Deno.test("toAwsError() quotes no variable that is no text", () => {
  const error = toAwsError(
    "DescribeServices",
    new Error('environment variable was not valid unicode: "topsecret\\xFF"'),
  );
  assert.equal(
    wordsOf(error),
    "DescribeServices failed: NotText: a variable that the AWS SDK reads is not UTF-8 text: " +
      "set it again, or unset it",
  );
});

Deno.test("toAwsError() takes an answer that there is not the stack to read for a lost one", () => {
  const error = toAwsError("UpdateService", new RangeError("Maximum call stack size exceeded"));
  assert.deepEqual([error.kind, error.code], ["lost", "UnreadableAnswer"]);
  assert.match(wordsOf(error), /nested too deeply/);
});

Deno.test("toAwsError() finds the answer in the message that alone is left of it, and what may pass stays known", () => {
  const error = asNoCredentials(foreign(503));
  assert.deepEqual((error as { $metadata?: unknown }).$metadata, { httpStatusCode: 503 });
  // SSO's errors come within another of the same name.
  const within = Object.assign(new Error(String(error)), { name: error.name });
  for (const one of [error, within]) {
    const made = toAwsError("DescribeServices", one);
    assert.equal(made.kind, "credentials");
    assert.equal(
      wordsOf(made),
      "DescribeServices failed: CredentialsProviderError: HTTP 503 from h, not from AWS: a proxy?",
    );
  }
  const ofAws = thrown("ClientException", http(400), foreign(503).message);
  assert.equal(toAwsError("DescribeServices", ofAws).kind, "rejected");
  const another = Object.assign(new Error('{"code":"another"}'), { name: error.name });
  assert.equal(toAwsError("DescribeServices", another).detail, '{"code":"another"}');
});

/** What the SDK itself throws. */
async function askWith(region: string): Promise<unknown> {
  const client = new ECSClient({
    region: () => Promise.resolve(region),
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
  });
  return await client.send(new ListClustersCommand({})).then(() => assert.fail("it was sent"), (error) => error);
}

Deno.test("explainRegion() says what is wrong with the region of a profile, in the SDK's own cases", async () => {
  assert.equal(explainRegion(await askWith("us_east_1"), undefined)?.problem.code, "profileRegion");
  assert.equal(explainRegion(await askWith("us_east_1"), "us_east_1"), undefined);
  assert.equal(explainRegion(new Error("Region is missing"), undefined)?.problem.code, "regionNotSet");
  assert.equal(explainRegion(new Error("anything else"), undefined), undefined);
});
