import assert from "node:assert/strict";
import { findRelease } from "../../../../src/rollout/read/find_release.ts";
import { deployment, revision, service, serviceEvent } from "../../made_up.ts";
import { MINUTE_MS, record } from "./written_record.ts";

/** `4 since 60`, or `3 back from 4, underWay`. */
function release(shown: string, ...made: string[]): string {
  const [number, minute] = shown.split(" ").map(Number) as [number, number];
  const primary = deployment({ taskDefinition: revision(number).arn, createdAtMs: minute * MINUTE_MS });
  const known = { past: record(...made), originals: new Map(), earliest: undefined, images: undefined };
  const found = findRelease(service({ taskDefinition: primary.taskDefinition, deployments: [primary] }), known);
  const { running, beganAtMs, rollback } = found;
  return rollback === undefined
    ? `${running.revision} since ${beganAtMs / MINUTE_MS}`
    : `${running.revision} back from ${rollback.from?.revision}, ${rollback.state}`;
}

const CASES: Readonly<Record<string, [shown: string, made: string[], expected: string]>> = {
  "a release": ["4 60", ["3 0", "4 60"], "4 since 60"],
  "one that is being deployed": ["4 60", ["3 0", "4? 60"], "4 since 60"],
  "one that failed and stays": ["4 60", ["3 0", "4x 60"], "4 since 60"],
  "a restart of it": ["4 90", ["3 0", "4 60", "4 90"], "4 since 60"],
  "its second try, after ECS has gone back from the first": ["4 90", ["3 0", "4! 60", "4 90"], "4 since 90"],
  "what is not on record yet": ["4 60", ["3 0"], "4 since 60"],
  "what was there before the record": ["4 60", [], "4 since 60"],
  "a deployment of what ran before": ["3 90", ["3 0", "4 60", "3 90"], "3 back from 4, done"],
  "one that is under way": ["3 90", ["3 0", "4 60", "3? 90"], "3 back from 4, underWay"],
  "one that failed": ["3 90", ["3 0", "4 60", "3x 90"], "3 back from 4, failed"],
  "one that is not on record yet": ["3 90", ["3 0", "4 60"], "3 back from 4, underWay"],
  "a step forward after it": ["4 120", ["3 0", "4 60", "3 90", "4 120"], "4 since 120"],
  "what ECS goes back to": ["3 0", ["3 0", "4< 60"], "3 back from 4, underWay"],
  "what ECS has gone back to": ["3 0", ["3 0", "4! 60"], "3 back from 4, done"],
  "what ECS could not go back to": ["3 0", ["3 0", "4- 60"], "3 back from 4, failed"],
  "what ECS could not leave": ["4 60", ["3 0", "4- 60"], "4 since 60"],
  "a way back, with the service as it was before it": ["4 60", ["3 0", "4 60", "3? 90"], "3 back from 4, underWay"],
  "a newer release, with the service as it was before it": ["4 60", ["3 0", "4 60", "5? 90"], "5 since 90"],
};

for (const [name, [shown, made, expected]] of Object.entries(CASES)) {
  Deno.test(`findRelease(): ${name}`, () => assert.equal(release(shown, ...made), expected));
}

Deno.test("findRelease() goes by the service where the record lags behind ECS's own way back", () => {
  const known = { past: record("3 0", "4? 60"), originals: new Map(), earliest: undefined, images: undefined };
  const events = [serviceEvent("1", "rolling back to deployment ecs-svc/3.", 65 * MINUTE_MS)];
  const primary = deployment({ taskDefinition: revision(3).arn, createdAtMs: 0, rolloutState: "IN_PROGRESS" });
  const failed = deployment({ id: "ecs-svc/5", status: "ACTIVE", rolloutState: "FAILED", createdAtMs: 60 * MINUTE_MS });
  const { rollback } = findRelease(
    service({ taskDefinition: primary.taskDefinition, deployments: [primary, failed], events }),
    known,
  );
  assert.deepEqual(rollback, { from: revision(4), state: "underWay" });
});
