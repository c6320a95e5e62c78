import assert from "node:assert/strict";
import { toAwsError } from "../../../src/aws/to_aws_error.ts";
import type { AwsErrorKind } from "../../../src/errors.ts";

function thrown(name: string, more: object = {}, message = "Message.") {
  return Object.assign(new Error(message), { name, ...more });
}

const http = (httpStatusCode: number) => ({ $metadata: { httpStatusCode, requestId: "r-1" } });

const CASES: [unknown, AwsErrorKind, string][] = [
  [thrown("ThrottlingException", http(400)), "throttled", "ThrottlingException"],
  [thrown("ExpiredTokenException", http(400)), "credentials", "ExpiredTokenException"],
  [thrown("UnrecognizedClientException", http(400)), "credentials", "UnrecognizedClientException"],
  [thrown("CredentialsProviderError"), "credentials", "CredentialsProviderError"],
  [thrown("AccessDeniedException", http(400)), "denied", "AccessDeniedException"],
  [thrown("AccessDeniedException", http(403)), "denied", "AccessDeniedException"],
  [thrown("ClientException", http(400)), "rejected", "ClientException"],
  [thrown("ServerException", http(500)), "server", "ServerException"],
  [thrown("Error", { code: "ECONNREFUSED" }), "unreachable", "ECONNREFUSED"],
  [thrown("AggregateError", { cause: { cause: { code: "ENOTFOUND" } } }), "unreachable", "ENOTFOUND"],
  [
    thrown("TypeError", {}, "error sending request for url (http://h/): client error (Connect): tcp connect error"),
    "unreachable",
    "TypeError",
  ],
  [thrown("TypeError", {}, "error reading a body from connection"), "lost", "TypeError"],
  [thrown("TimeoutError", {}, "Request timed out"), "lost", "TimeoutError"],
  [thrown("Error", { code: "ECONNRESET" }), "lost", "ECONNRESET"],
  [thrown("SyntaxError", http(200)), "lost", "SyntaxError"],
  ["a mere text", "lost", "Error"],
  [null, "lost", "Error"],
];

for (const [error, kind, code] of CASES) {
  Deno.test(`toAwsError() takes ${error instanceof Error ? `${error.name} ${code}` : error} for ${kind}`, () => {
    const made = toAwsError("DescribeServices", error);
    assert.deepEqual([made.kind, made.code], [kind, code]);
  });
}

Deno.test("toAwsError() makes one line that names operation, error and request", () => {
  const error = thrown("ClientException", http(400), "Bad thing.\nDeserialization error: to see the raw response ...");
  assert.equal(
    toAwsError("UpdateService", error).message,
    "UpdateService failed: ClientException: Bad thing. (request id r-1)",
  );
});
