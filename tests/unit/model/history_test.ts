import fc from "fast-check";
import assert from "node:assert/strict";
import { parseTaskDefinitionArn } from "../../../src/model/arn.ts";
import { readHistory, servedMs, servingAt } from "../../../src/model/history.ts";
import { findPrevious } from "../../../src/rollout/read/find_previous.ts";
import type { PastDeployment } from "../../../src/model/service_deployment.ts";
import { revision } from "../made_up.ts";

const MINUTE_MS = 60_000;

/** A deployment that begins at a minute and takes one, of a revision whose container has a digest. */
function past(minute: number, number: number, digest = "a", changes: Partial<PastDeployment> = {}): PastDeployment {
  const taskDefinition = revision(number).arn;
  const images = [{ container: "app", image: "web:latest", digest: `sha256:${digest}` }];
  return {
    arn: `arn:service-deployment/${minute}`,
    status: "SUCCESSFUL",
    createdAtMs: minute * MINUTE_MS,
    finishedAtMs: (minute + 1) * MINUTE_MS,
    taskDefinition,
    revision: {
      arn: `arn:service-revision/${minute}`,
      taskDefinition,
      createdAtMs: minute * MINUTE_MS,
      images,
      raw: {},
    },
    ...changes,
  };
}

const minutes = (ms: number | undefined) => ms === undefined ? undefined : ms / MINUTE_MS;

Deno.test("what was completed serves until the next completed deployment begins", () => {
  const history = readHistory([
    past(0, 1),
    past(10, 2),
    past(30, 3, "a", { status: "ROLLBACK_SUCCESSFUL" }),
    past(50, 4),
  ]);
  assert.deepEqual(
    history.map((
      { taskDefinition, servedFromMs, servedUntilMs, isLive, outcome },
    ) => [taskDefinition, minutes(servedFromMs), minutes(servedUntilMs), isLive, outcome]),
    [
      [revision(4).arn, 51, undefined, true, "successful"],
      [revision(3).arn, undefined, undefined, false, "rolledBack"],
      [revision(2).arn, 11, 50, false, "successful"],
      [revision(1).arn, 1, 10, false, "successful"],
    ],
  );
  assert.deepEqual(history.map((entry) => minutes(servedMs(entry, 60 * MINUTE_MS))), [9, 0, 39, 9]);
});

Deno.test("each end of a deployment has its outcome", () => {
  const outcomes = ["PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_IN_PROGRESS", "STOPPED", "ROLLBACK_FAILED"];
  const history = outcomes.map((status) => readHistory([past(0, 1, "a", { status })])[0]?.outcome);
  assert.deepEqual(history, [...Array(4).fill("inProgress"), "stopped", "rollbackFailed"]);
});

Deno.test("what was brought back leaves what came after it, by digest as well as by number", () => {
  const outcomes = (...all: PastDeployment[]) => readHistory(all).map(({ outcome }) => outcome).toReversed();
  const [stays, left] = ["successful", "leftByRollback"];
  assert.deepEqual(outcomes(past(0, 1), past(10, 2), past(20, 3), past(30, 1)), [stays, left, left, stays]);
  // What had been left is a step forward.
  assert.deepEqual(outcomes(past(0, 1), past(10, 2), past(20, 1), past(30, 2), past(40, 3)), [
    stays,
    left,
    stays,
    stays,
    stays,
  ]);
  // A forced deployment of the same number with another image, and the way back from it.
  assert.deepEqual(outcomes(past(0, 1, "a"), past(10, 1, "b"), past(20, 1, "a")), [stays, left, stays]);
  // Forced, with the same image: nothing was left.
  assert.deepEqual(outcomes(past(0, 1), past(10, 1), past(20, 1)), [stays, stays, stays]);
});

Deno.test("previous is nothing that the history calls left by a rollback", () => {
  const brought = fc.record({ number: fc.integer({ min: 1, max: 3 }), digest: fc.constantFrom("a", "b") });
  fc.assert(fc.property(fc.array(brought, { minLength: 1, maxLength: 9 }), (all) => {
    const made = all.map(({ number, digest }, index) => past(10 * index, number, digest));
    const { taskDefinition = "", revision: ran } = made.at(-1)!;
    const previous = findPrevious(made, parseTaskDefinitionArn(taskDefinition), { images: ran?.images });
    const entry = readHistory(made).find(({ arn }) => arn === previous?.deployment);
    assert.notEqual(entry?.outcome, "leftByRollback");
  }));
});

Deno.test("what served at a moment is what was completed by then", () => {
  const history = readHistory([past(0, 1), past(10, 2), past(20, 3, "a", { status: "STOPPED" })]);
  const at = (minute: number) => servingAt(history, minute * MINUTE_MS)?.taskDefinition;
  assert.deepEqual([0, 1, 10, 11, 25].map(at), [
    undefined,
    ...[1, 1, 2, 2].map((number) => revision(number).arn),
  ]);
});
