import assert from "node:assert/strict";
import type { RollbackCheck, RolloutEvent } from "../../../src/rollout/events.ts";
import type { OutcomeKind } from "../../../src/rollout/outcome.ts";
import { deployment, revision, scalableTarget } from "../made_up.ts";
import { plan } from "./github/shown_run.ts";
import { BROKEN, closed, FAILED, LOG, SUSPENDED, WHY } from "./stories.ts";

const GOES_BACK: readonly RolloutEvent[] = [
  { kind: "rollbackDecided", trigger: "DEPLOYMENT_FAILURE", unless: undefined, named: ["DEPLOYMENT_FAILURE"] },
  {
    ...{ kind: "planned", plan: plan({ from: revision(5), to: revision(4) }) },
    ...{ isAutomaticRollback: true, rollsBackOnFailure: false },
  },
];
const CHECK: RollbackCheck = {
  ...{ to: revision(4), failedBefore: undefined, unrestored: [], unknown: [], reason: undefined },
};

function rolledBack(
  outcome: OutcomeKind,
  last: RolloutEvent,
  running = 2,
): string[] {
  const progress: RolloutEvent = {
    kind: "progress",
    progress: { events: [], deployments: [deployment({ runningCount: running })], serviceDeployment: undefined },
  };
  return closed({
    ...{ happened: BROKEN, outcome: FAILED, leftovers: [SUSPENDED], exitCode: 6 },
    afterwards: [...GOES_BACK, progress, { kind: "rolloutEnded", outcome: { ...outcome, leftovers: [] } }, last],
  });
}

Deno.test("closingOf() a deploy that is rolled back says what is live again, and forgets what the rollback has restored", () => {
  assert.deepEqual(rolledBack({ kind: "succeeded" }, { kind: "rollbackVerified", check: CHECK }), [
    `error Deploy of myservice:5 failed: ${WHY}. myservice:4 is live: 2 of 2 tasks, 1m20s after the deploy began. ` +
    "No outage was seen. The service is as it was before.",
    `error before the next deploy: ${LOG}`,
  ]);
});

Deno.test("closingOf() a deploy that is not wholly rolled back says what is missing, and how to restore it", () => {
  const unrestored = [{ name: "enableExecuteCommand", before: false }];
  assert.deepEqual(
    rolledBack({ kind: "succeeded" }, { kind: "rollbackVerified", check: { ...CHECK, unrestored } }),
    [
      `error Deploy of myservice:5 failed: ${WHY}. myservice:4 is live: 2 of 2 tasks, 1m20s after the deploy began. No outage was seen. NOT restored: ` +
      "enableExecuteCommand.",
      "error to restore it: aws ecs update-service --cluster default --service myservice --no-enable-execute-command",
      `error advice: ${LOG}`,
    ],
  );
});

Deno.test("closingOf() a deploy whose rollback fails says why of both, and what the deploy has left to do", () => {
  const unfinished = { kind: "rollbackUnfinished", to: revision(4), failure: undefined, isInterrupted: false } as const;
  const [message, ...more] = rolledBack({ kind: "timedOut", ordered: "yes" }, { ...unfinished, ordered: "yes" }, 1);
  assert.equal(
    message,
    `error Deploy of myservice:5 failed: ${WHY}. ECS is still rolling back to myservice:4: Stopped watching after 2m; ECS ` +
      "keeps trying. myservice:4 is live: 1 of 2 tasks.",
  );
  assert.deepEqual(more.map((line) => line.slice(0, 20)), [
    "error auto scaling o",
    "error to follow the ",
    "error then: read the",
  ]);
});

Deno.test("closingOf() a deploy whose rollback a second stop signal cuts off says that ECS goes on with it", () => {
  const signals = (["SIGTERM", "SIGINT"] as const).map((signal) => ({ kind: "stopSignal", signal }) as const);
  const steps = plan({ from: revision(5), to: revision(4) }).steps.map((step) =>
    ({ kind: "stepStarted", step }) as const
  );
  const [message] = closed({
    ...{ happened: BROKEN, outcome: FAILED, exitCode: 130 },
    afterwards: [...GOES_BACK, ...steps, ...signals],
  });
  assert.equal(message, "warn Stopped at once: ECS goes on with the rollback");
});

Deno.test("closingOf() a service that has ended says how, where the run is stopped at once afterwards", () => {
  const signals = (["SIGTERM", "SIGINT"] as const).map((signal) => ({ kind: "stopSignal", signal }) as const);
  const target = scalableTarget();
  const step = { kind: "suspendScaling", target, prior: target.suspendedState, record: "write" } as const;
  const suspending = { kind: "stepStarted", step } as const;
  const [message, ...more] = closed({
    ...{ happened: [suspending], outcome: { kind: "succeeded" }, leftovers: [], exitCode: 130 },
    afterwards: signals,
  });
  assert.match(message ?? "", / is live/);
  assert.match(more.join("\n"), /Stopped at once: auto scaling of .* may still be suspended/);
});
