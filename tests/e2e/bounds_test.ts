import assert from "node:assert/strict";
import { bytes, hasProc, MIB, pour, runBounded, withAnswer } from "./bounded.ts";

const JSON_HEADERS = { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "1" };

/** Bodies of answers that nobody wants to hold, by what they are. */
const BODIES: Readonly<Record<string, () => BodyInit>> = {
  "a body without an end": () => pour(bytes("x".repeat(MIB))).stream,
  "a bomb of gzip": () => pour(bytes("x".repeat(MIB)), 1_024 * MIB).stream.pipeThrough(new CompressionStream("gzip")),
  "31 MiB of brackets": () => "[".repeat(31 * MIB),
};

for (const [what, body] of Object.entries(BODIES)) {
  Deno.test({
    name: `an answer: ${what}`,
    ignore: !hasProc,
    fn: async () => {
      const headers = { ...JSON_HEADERS, ...(what.includes("gzip") && { "content-encoding": "gzip" }) };
      await withAnswer(() => new Response(body(), { headers }), async (url) => {
        const { code, stderr } = await runBounded(url, ["status", "--timeout=30s"]);
        assert.equal(code, 5, stderr);
        assert.doesNotMatch(stderr, /defect|^ {4}at /m);
        assert.ok(stderr.length < 10_000, `${stderr.length} characters`);
      });
    },
  });
}

Deno.test({
  name: "a service with 1,000,000 events",
  ignore: !hasProc,
  fn: async () => {
    const event = (index: number) => ({
      id: `${index}-11d7-4a6c-8f4e-1a2b3c4d5e6f`,
      createdAt: 1.7e9,
      message: "(service myservice) has reached a steady state.",
    });
    const service = {
      serviceArn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice",
      serviceName: "myservice",
      status: "ACTIVE",
    };
    const [head, tail] = JSON.stringify({ services: [{ ...service, events: ["HERE"] }] }).split('"HERE"');
    const events = Array.from({ length: 1_000 }, (_, index) => JSON.stringify(event(index))).join(",");
    const body = `${head}${`${events},`.repeat(999)}${events}${tail}`;
    await withAnswer(() => new Response(body, { headers: JSON_HEADERS }), async (url) => {
      const { code, stderr } = await runBounded(url, ["status", "--timeout=30s"]);
      assert.equal(code, 5, stderr);
      assert.match(
        stderr,
        / failed: AnswerTooLarge: the answer of 127\.0\.0\.1:\d+ is refused: it is more than 32 MiB/,
      );
    });
  },
});

Deno.test({
  name: "credentials of a container and of an instance that have no end",
  ignore: !hasProc,
  fn: async () => {
    const endless = () => new Response(pour(bytes("x".repeat(MIB))).stream);
    await withAnswer(endless, async (url) => {
      const none = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
      const sources: readonly Readonly<Record<string, string>>[] = [
        { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/` },
        { AWS_EC2_METADATA_SERVICE_ENDPOINT: url, AWS_EC2_METADATA_DISABLED: "" },
      ];
      for (const source of sources) {
        const { code, stderr } = await runBounded(url, ["status", "--timeout=30s"], { env: { ...none, ...source } });
        assert.equal(code, 5, stderr);
        assert.match(stderr, /failed: (?:CredentialsProviderError|AnswerTooLarge|AnswerLost)/);
      }
    });
  },
});
