import assert from "node:assert/strict";
import { normalizeMessage } from "../../../src/diagnosis/clean_text.ts";

const UUID = "0f6d8a2e-3b1c-4d5e-8f90-a1b2c3d4e5f6";
const TASK = "ca675154981d4ebd81b7a97747141a2e";

const SAME: [about: string, one: string, other: string][] = [
  [
    "tasks",
    `(task ${TASK}) failed container health checks.`,
    `(task ${TASK.replace("c", "d")}) failed container health checks.`,
  ],
  ["task ARNs", `arn:aws:ecs:r:1:task/default/${TASK}`, `arn:aws:ecs:r:1:task/default/${TASK.replace("c", "0")}`],
  ["requests", `status code: 400, request id: ${UUID}`, `status code: 400, request id: ${UUID.replace("0f", "1f")}`],
  ["digests", `app@sha256:${"a".repeat(64)}: not found`, `app@sha256:${"b".repeat(64)}: not found`],
  ["times", "at 2026-01-02T03:04:05.678Z", "at 2026-01-02T03:05:05Z"],
  ["addresses", "dial tcp 34.205.13.154:443: i/o timeout", "dial tcp 3.94.224.37:443: i/o timeout"],
  ["instances", "(instance i-0123456789abcdef0)", "(instance i-0123456789abcdef1)"],
  ["attempts", "has been retried 1 time(s)", "has been retried 5 time(s)"],
];

for (const [about, one, other] of SAME) {
  Deno.test(`normalizeMessage() gives texts that differ in ${about} the same text`, () => {
    assert.notEqual(one, other);
    assert.equal(normalizeMessage(one), normalizeMessage(other));
  });
}

Deno.test("normalizeMessage() keeps what distinguishes causes", () => {
  const apart = [
    "app:1 not found",
    "app:2 not found",
    "(deployment ecs-svc/1234567890123456789) deployment failed",
    "(deployment ecs-svc/1234567890123456780) deployment failed",
    "secret:db-AbCdEf",
    "subnet-0123456789abcdef0",
  ];
  assert.equal(new Set(apart.map(normalizeMessage)).size, apart.length);
});
