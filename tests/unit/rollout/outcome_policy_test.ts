import assert from "node:assert/strict";
import type { Deployment } from "../../../src/model/service.ts";
import { countsAsFailure, type OutcomeKind } from "../../../src/rollout/outcome.ts";
import { DENIED, revision } from "../made_up.ts";

const by = { id: "ecs-svc/9" } as Deployment;

/** What keeps the others from being begun, and takes those of a run back, by its kind. */
const ENDS: readonly (readonly [OutcomeKind | undefined, boolean])[] = [
  [undefined, true],
  [{ kind: "failed", reason: "tasks failed to start." }, true],
  [{ kind: "rolledBackByEcs", reason: "alarm", to: undefined }, true],
  [{ kind: "givenUp", stopped: 3, unstarted: 0, limit: 3 }, true],
  [{ kind: "copyIncomplete", of: revision(3), copy: revision(5), lost: ["tags"] }, true],
  [{ kind: "cannotPin", of: revision(3), error: DENIED }, true],
  [{ kind: "stalePlan", by, refusal: { code: "stopRefused" } as never }, true],
  [{ kind: "timedOut", ordered: "yes", isCrashLooping: true }, true],
  [{ kind: "timedOut", ordered: "yes" }, false],
  [{ kind: "timedOut", ordered: "no" }, false],
  [{ kind: "interrupted", ordered: "yes" }, false],
  [{ kind: "superseded", by }, false],
  [{ kind: "gone", status: "DRAINING" }, false],
  [{ kind: "stalePlan", by }, false],
  [{ kind: "stalePlan", by: undefined, hasSuspensionChanged: true }, false],
  [{ kind: "succeeded" }, false],
  [{ kind: "unchanged", taskDefinition: "myservice:3" }, false],
  [{ kind: "submitted" }, false],
];

for (const [outcome, isAgainst] of ENDS) {
  const name = outcome === undefined ? "an error of AWS's" : JSON.stringify(outcome).replace(/,"by":.*?\}/, "");
  Deno.test(`${isAgainst ? "against all speaks" : "against no other speaks"} ${name}`, () => {
    assert.equal(countsAsFailure(outcome), isAgainst);
  });
}
