import type { StopSignal } from "../../../../src/host.ts";
import { linesOf } from "../../../../src/report/closing.ts";
import { exitCodeOfRun } from "../../../../src/report/ending.ts";
import { closingOfRun } from "../../../../src/report/fleet/fleet_closing.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { EMPTY_STATE, type RunState } from "../../../../src/report/state.ts";
import type { RolloutEvent, RunEvent } from "../../../../src/rollout/events.ts";
import type { Policy } from "../../../../src/rollout/outcome.ts";
import { deployment, revision } from "../../made_up.ts";
import { happens, type Name, PLANNED } from "../made_up_fleet.ts";

export const ALIVE = {
  dynamicScalingInSuspended: false,
  dynamicScalingOutSuspended: false,
  scheduledScalingSuspended: false,
};

/** The state at the end of a run of `api`, `worker` and `cron`; ten seconds lie between two events. */
export function ended(
  { events, onFailure = "continue", signal, exitCode, timeoutMs }: {
    readonly events: readonly RunEvent[];
    readonly onFailure?: Policy["onFailure"];
    readonly signal?: StopSignal;
    readonly exitCode?: number;
    /** One that was typed. */
    readonly timeoutMs?: number;
  },
): RunState {
  const planned = PLANNED.map((event) => {
    if (event.kind === "started" && timeoutMs !== undefined) return { ...event, timeoutMs };
    if (event.kind !== "allPlanned") return event;
    const timeout = timeoutMs === undefined ? [] : [["--timeout", `${timeoutMs / 1_000}s`] as const];
    return { ...event, typed: [...event.typed, ...timeout], policy: { parallel: 10, onFailure } };
  });
  const stops: readonly RunEvent[] = signal === undefined ? [] : [{ kind: "stopSignal", signal }];
  const state = [...planned, ...events, ...stops]
    .reduce((state: RunState, event, index) => reduce(state, event, index * 10_000), EMPTY_STATE);
  return reduce(state, { kind: "finished", exitCode: exitCode ?? exitCodeOfRun(state) }, state.nowMs);
}

export function said(state: RunState): string[] {
  const closing = closingOfRun(state);
  return closing === undefined ? [] : linesOf(closing).map(([level, text]) => `${level} ${text}`);
}

export const ends = (name: Name, ...events: readonly RolloutEvent[]) => events.map((event) => happens(name, event));

/** It is read once more: so many tasks of the new deployment run, and so many of the old one. */
export function isLookedAt(name: Name, running: number, old: number, rolloutState = "IN_PROGRESS"): RunEvent {
  const own = { taskDefinition: revision(3).arn, desiredCount: 2, runningCount: running, rolloutState };
  const deployments = [deployment(own), deployment({ id: "ecs-svc/4", status: "ACTIVE", runningCount: old })];
  return happens(name, { kind: "lookedAgain", deployments });
}

export const FAILED = "error 1 of 3 rollbacks failed: worker/default (container app exited with code 1).";
export const LIVE =
  "worker/default: myservice:4 is still live: 2 of 2 tasks (deployed 1970/01/01 00:00); myservice:3 has 0 of 2 tasks yet.";
export const CHOOSE =
  "error worker/default: list the revisions (then type ecspresso rollback --config worker.yml --revision N): " +
  "ecspresso revisions --config worker.yml --output table";
export const BACK =
  "error worker/default: set the service back to myservice:4 (ECS replaces its running tasks with new ones): " +
  "ecspresso rollback --config worker.yml --revision 4 --from 3";
export const ADVICE =
  "error worker/default: advice: read the log of container app (logConfiguration in the task definition says where it is)";
