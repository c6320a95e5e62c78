import assert from "node:assert/strict";
import type { RestorePolicy } from "../../../../src/rollout/plan/options.ts";
import { planRollback } from "../../../../src/rollout/plan/plan_rollback.ts";
import { currentState, DENIED, planOf, revision, ROLLBACK_OPTIONS } from "../../made_up.ts";
import { noticeUnread } from "../../../../src/rollout/plan/notice.ts";

const denied = (operation: string) => ({ ...DENIED, operation });

Deno.test("what is denied of ECS's record is one warning, whatever is not known without it", () => {
  const [notice, ...others] = noticeUnread([
    { part: "underWay", denial: denied("DescribeServiceDeployments") },
    { part: "ran", denial: denied("ListServiceDeployments") },
    { part: "settings", denial: denied("DescribeServiceDeployments") },
  ], "rollback");
  assert.deepEqual([notice, others], [{
    code: "notRead",
    denial: denied("DescribeServiceDeployments"),
    alsoDenied: ["ListServiceDeployments"],
    parts: ["underWay", "ran", "settings"],
    intent: "rollback",
  }, []]);
});

Deno.test("what is denied of something else is another warning", () => {
  const notices = noticeUnread([
    { part: "ran", denial: denied("ListServiceDeployments") },
    { part: "status", denial: denied("DescribeTaskDefinition") },
    { part: "registered", denial: denied("DescribeTaskDefinition") },
  ], "deploy");
  assert.deepEqual(notices.map((notice) => notice.code === "notRead" && notice.parts), [
    ["ran"],
    ["status", "registered"],
  ]);
});

Deno.test("a rollback to what ECS has no record of says so once, and what follows", () => {
  const notices = (restore: RestorePolicy | undefined, state = currentState()) =>
    planOf(planRollback(state, { ...ROLLBACK_OPTIONS, restore })).plan.notices;
  const notOnRecord = { code: "notOnRecord", target: revision(3), startsByTags: true };
  assert.deepEqual(notices("warn"), [notOnRecord]);
  assert.deepEqual(notices("service"), [{ ...notOnRecord, restoresNothing: true }]);
  assert.deepEqual(notices(undefined), [], "a deploy that rolls itself back knows what ran");
  const unread = currentState({ denied: [{ part: "ran", denial: DENIED }] });
  assert.deepEqual(notices("warn", unread).map(({ code }) => code), ["notRead"]);
  const doubt = { code: "deploymentsNotRead", denial: DENIED } as const;
  const chosen = { ...currentState().chosen, doubts: [doubt] } as ReturnType<typeof currentState>["chosen"];
  const [notice, ...others] = notices("warn", { ...unread, chosen });
  assert.deepEqual([notice?.code === "notRead" && notice.parts, others], [["succeeded", "ran"], []]);
});
