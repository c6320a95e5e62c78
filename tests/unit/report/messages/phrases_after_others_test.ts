import assert from "node:assert/strict";
import { adviseAfterOthers } from "../../../../src/report/messages/phrases.ts";
import { describeRefusal } from "../../../../src/report/messages/refusal_text.ts";
import { REF, revision } from "../../made_up.ts";

const WEB = { ...REF, options: [["--config", "a.yml"]] } as const;

Deno.test("after somebody else's deployment one looks first, and is shown what a rollback from it would do", () => {
  const [see, good, bad, ...others] = adviseAfterOthers(WEB, revision(2), revision(3), { failAfter: 3 });
  assert.match(see!, /ask who did it: ecspresso history --config a\.yml$/);
  assert.equal(good, "if it is a rollback, there is nothing to do");
  assert.match(bad!, /rollback --config a\.yml --revision 3 --from 2 --fail-after 3 --dry-run$/);
  assert.deepEqual(others, []);
  const [, , ofAnother] = adviseAfterOthers(WEB, { family: "web", revision: 2 }, revision(3));
  assert.match(ofAnother!, / --revision myservice:3 --from web:2 --dry-run$/);
});

Deno.test("a plan that somebody has overtaken advises the same as one that was overtaken while it ran", () => {
  const [running, from, to] = [revision(2), revision(4), revision(3)];
  const reason = { code: "deployedSincePlan" as const, running, from, to, madeAtMs: 0 };
  const [, ...advice] = describeRefusal({ ...reason, intent: "rollback", ref: WEB });
  assert.deepEqual(advice, adviseAfterOthers(WEB, running, to));
});

Deno.test("a plan of another region names the variable that sets it", () => {
  const from = { ...revision(4), arn: revision(4).arn.replace("ap-northeast-1", "eu-west-1") };
  const reason = { code: "plannedElsewhere" as const, from, running: revision(4), region: "ap-northeast-1" };
  const [, ...advice] = describeRefusal({ ...reason, intent: "rollback", ref: WEB });
  assert.deepEqual(advice, ["set the region of the plan: AWS_REGION=eu-west-1"]);
});
