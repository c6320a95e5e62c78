import assert from "node:assert/strict";
import type { Decision } from "../../../src/model/ports.ts";
import { judgeAddresses, judgeDecision, judgeKeyState } from "../../../src/registry/judge_deeply.ts";

function judged(decision: Decision["decision"], missingContext: string[] = [], mayBeGrantedThere = false) {
  const { state, reason } = judgeDecision({ action: "a", resource: "r", decision, missingContext }, {
    mayBeGrantedThere,
  });
  return [state, reason?.code];
}

Deno.test("judgeDecision() calls a permission missing only where nothing else can grant it", () => {
  assert.deepEqual(judged("allowed", ["aws:SourceIp"]), ["there", undefined]);
  assert.deepEqual(judged("implicitDeny"), ["missing", undefined]);
  assert.deepEqual(judged("implicitDeny", [], true), ["unknown", "notOfRole"]);
  assert.deepEqual(judged("explicitDeny", [], true), ["missing", "deniedByPolicy"]);
  for (const decision of ["implicitDeny", "explicitDeny"] as const) {
    assert.deepEqual(judged(decision, ["aws:SourceVpce"]), ["unknown", "dependsOnConditions"]);
  }
  assert.equal(judgeDecision(undefined, { mayBeGrantedThere: false }).state, "unknown");
});

Deno.test("judgeKeyState() knows the states in which a key decrypts nothing", () => {
  const stateOf = (state: string) => judgeKeyState({ state }).state;
  assert.equal(judgeKeyState(undefined).state, "missing");
  for (const state of ["Enabled", "Updating"]) assert.equal(stateOf(state), "there", state);
  for (const state of ["Disabled", "PendingDeletion", "PendingImport", "Unavailable"]) {
    assert.equal(stateOf(state), "unfit", state);
  }
  for (const state of ["Creating", "OfALaterYear"]) assert.equal(stateOf(state), "unknown", state);
});

Deno.test("judgeAddresses() adds up the free addresses of all subnets", () => {
  const judge = (tasks: number, found: [string, number | undefined][]) =>
    judgeAddresses({ subnets: ["subnet-a", "subnet-b"], tasks }, new Map(found))
      .map(({ reference: { kind }, state }) => `${state} ${kind}`);
  assert.deepEqual(judge(4, [["subnet-a", 1], ["subnet-b", 3]]), ["there subnet", "there subnet"]);
  assert.deepEqual(judge(5, [["subnet-a", 1], ["subnet-b", 3]]), ["there subnet", "there subnet", "unfit subnets"]);
  assert.deepEqual(judge(5, [["subnet-a", 0], ["subnet-b", undefined]]), ["there subnet", "there subnet"], "IPv6");
  assert.deepEqual(judge(0, [["subnet-a", 0]]), ["there subnet", "missing subnet"]);
  assert.deepEqual(judge(5, []), ["missing subnet", "missing subnet"], "said once");
});
