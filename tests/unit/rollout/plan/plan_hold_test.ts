import assert from "node:assert/strict";
import type { DescribedService } from "../../../../src/model/service.ts";
import { planHold } from "../../../../src/rollout/plan/plan_hold.ts";
import { REF, service } from "../../made_up.ts";

const ARN = "arn:aws:ecs:us-east-1:123456789012:service/default/web";
const HELD = { key: "ecspresso:hold", value: "v1 until=1970-01-01T01:00:00Z at=1970-01-01T00:00:00Z by=bob" };
const WISH = { forMs: 7_200_000, by: "alice", reason: undefined };
const RELEASE = { ...WISH, forMs: undefined };

function tagged(tags: DescribedService["raw"][string] = [], status = "ACTIVE"): DescribedService {
  return { ...service(), arn: ARN, status, raw: { tags } };
}

Deno.test("planHold() writes a tag that says until when, and names the hold that it replaces", () => {
  const tags = { "ecspresso:hold": "v1 until=1970-01-01T02:00:00Z at=1970-01-01T00:00:00Z by=alice" };
  const planned = { kind: "hold", arn: ARN, tags, untilMs: 7_200_000, replaces: undefined };
  assert.deepEqual(planHold(REF, tagged(), WISH, 0), planned);
  const replaces = { untilMs: 3_600_000, atMs: 0, by: "bob", reason: undefined };
  assert.deepEqual(planHold(REF, tagged([HELD]), WISH, 0), { ...planned, replaces });
});

Deno.test("planHold() removes the tag that is there, also one whose time is over", () => {
  assert.deepEqual(planHold(REF, tagged(), RELEASE, 0), { kind: "notHeld" });
  for (const atMs of [0, 7_200_000]) {
    assert.deepEqual(planHold(REF, tagged([HELD]), RELEASE, atMs), {
      ...{ kind: "release", arn: ARN, keys: ["ecspresso:hold"] },
    });
  }
});

Deno.test("planHold() refuses a service that is not there, or no longer", () => {
  for (const wish of [WISH, RELEASE]) {
    const reasonOf = (one: DescribedService | undefined) => {
      const planned = planHold(REF, one, wish, 0);
      return planned.kind === "refused" ? planned.refusal.code : planned;
    };
    assert.deepEqual([reasonOf(undefined), reasonOf(tagged([], "DRAINING"))], ["serviceMissing", "serviceNotActive"]);
  }
});
