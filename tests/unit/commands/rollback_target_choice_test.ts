import assert from "node:assert/strict";
import { parseRevisionChoice } from "../../../src/commands/rollback_target.ts";
import { UsageError } from "../../../src/errors.ts";

const ARN = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/my-service:3";

Deno.test("parseRevisionChoice() takes a number, previous, family:number and an ARN", () => {
  assert.deepEqual(parseRevisionChoice("3"), { kind: "number", revision: 3 });
  assert.deepEqual(parseRevisionChoice("previous"), { kind: "previous" });
  assert.deepEqual(parseRevisionChoice("my-service:3"), { kind: "named", family: "my-service", revision: 3 });
  assert.deepEqual(parseRevisionChoice(ARN), { kind: "named", arn: ARN, family: "my-service", revision: 3 });
});

Deno.test("parseRevisionChoice() refuses everything else with one line", () => {
  for (
    const text of ["", "0", "latest", "PREVIOUS", "a:b", "a:0", "a:1:2", "arn:aws:ecs", ARN.slice(0, -2), " 3", "-1"]
  ) {
    assert.throws(() => parseRevisionChoice(text), (error) => {
      assert.ok(error instanceof UsageError, text);
      return !error.message.includes("\n");
    });
  }
});
