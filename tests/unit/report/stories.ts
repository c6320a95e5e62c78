import assert from "node:assert/strict";
import type { Cause } from "../../../src/diagnosis/cause.ts";
import type { Deployment } from "../../../src/model/service.ts";
import { closingOf, linesOf } from "../../../src/report/closing.ts";
import { reduce } from "../../../src/report/reduce.ts";
import { EMPTY_STATE, type RunState } from "../../../src/report/state.ts";
import type { RolloutEvent, RunEvent } from "../../../src/rollout/events.ts";
import type { Leftover, OutcomeKind } from "../../../src/rollout/outcome.ts";
import type { Plan, Step } from "../../../src/rollout/plan/plan.ts";
import type { Intent } from "../../../src/rollout/plan/refusal.ts";
import { DENIED, deployment, revision, scalableTarget } from "../made_up.ts";
import { plan, REF } from "./github/shown_run.ts";

const AWAIT: Step = { kind: "awaitDeployment", taskDefinition: revision(5), follows: undefined };
const ALIVE = { dynamicScalingInSuspended: false, dynamicScalingOutSuspended: false, scheduledScalingSuspended: false };
export const SUSPENDED: Leftover = {
  ...{ code: "scalingMayBeSuspended", target: scalableTarget(), to: ALIVE, hasRecord: false, error: DENIED },
};
export const CAUSE: Cause = {
  ...{ code: "exited", container: "app", exitCode: 1, count: 4, said: "it ended", about: {} },
  ...{ taskArn: undefined, atMs: undefined },
};

/** Revision 5 is deployed over 4. */
export function seen(newOne: Partial<Deployment>, old: number | undefined): RolloutEvent {
  const deployments = [
    deployment({ id: "ecs-svc/5", taskDefinition: revision(5).arn, rolloutState: "IN_PROGRESS", ...newOne }),
    ...(old === undefined ? [] : [
      deployment({ id: "ecs-svc/4", status: "ACTIVE", runningCount: old, createdAtMs: new Date(2023, 0, 1).getTime() }),
    ]),
  ];
  return { kind: "progress", progress: { events: [], deployments, serviceDeployment: undefined } };
}

export interface Story {
  readonly command?: Intent;
  readonly plan?: Partial<Plan>;
  readonly happened?: readonly RolloutEvent[];
  readonly outcome?: OutcomeKind;
  readonly leftovers?: readonly Leftover[];
  readonly afterwards?: readonly (RolloutEvent | RunEvent)[];
  readonly exitCode: number;
}

export function ended(
  { command = "deploy", happened = [], outcome, leftovers = [], afterwards = [], ...story }: Story,
): RunState {
  const events = [
    { kind: "started", command, isDryRun: false, timeoutMs: 120_000, atMs: 0 },
    {
      ...{ kind: "planned", plan: plan({ intent: command, to: revision(5), ...story.plan }) },
      ...{ isAutomaticRollback: false, rollsBackOnFailure: false },
    },
    { kind: "stepStarted", step: AWAIT },
    ...happened,
    ...(outcome === undefined ? [] : [{ kind: "rolloutEnded", outcome: { ...outcome, leftovers } }]),
    ...afterwards,
    { kind: "finished", exitCode: story.exitCode },
  ] as readonly (RolloutEvent | RunEvent)[];
  return events.reduce(
    (state: RunState, event, index) => reduce(state, { service: REF, ...event } as RunEvent, index * 10_000),
    EMPTY_STATE,
  );
}

export function closed(story: Story): string[] {
  const state = ended(story);
  const closing = closingOf(state, state.services[0]);
  return closing === undefined ? [] : linesOf(closing).map(([level, text]) => `${level} ${text}`);
}

export const ecspresso = (command: string) => `ecspresso ${command.replace(/^\S+/, "$& --config c.yml")}`;
export const FAILED: OutcomeKind = { kind: "failed", reason: "ECS deployment circuit breaker: tasks failed to start." };
export const BROKEN = [seen({ runningCount: 0, rolloutState: "FAILED" }, 2), {
  kind: "causes",
  causes: [CAUSE],
}] as const;
export const LOG = "read the log of container app (logConfiguration in the task definition says where it is)";
export const WHY = "container app exited with code 1";
export const STILL_LIVE = "myservice:4 is still live: 2 of 2 tasks (deployed 2023/01/01 00:00)";
export const BACK = `set the service back to myservice:4 (ECS replaces its running tasks with new ones): ${
  ecspresso("rollback --revision 4 --from 5")
}`;

export function assertSaid(story: Story, lines: readonly string[]): void {
  const said = closed(story);
  // Commands of AWS's are long, and tested where they are made.
  const shown = said.map((line, index) => /aws /.test(lines[index] ?? "") ? line.slice(0, lines[index]!.length) : line);
  assert.deepEqual(shown, lines);
  assert.ok(said.length <= 5);
}
