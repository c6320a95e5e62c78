import type { ServiceRef } from "../../../src/model/service.ts";
import type { RolloutEvent, RunEvent } from "../../../src/rollout/events.ts";
import type { Plan } from "../../../src/rollout/plan/plan.ts";
import type { Cause } from "../../../src/diagnosis/cause.ts";
import { deployment, REF, revision } from "../made_up.ts";

/** Events of a rollback of `api`, `worker` and `cron`, in that order, with which each of them ends in another way. */

export const NAMES = ["api", "worker", "cron"] as const;
export type Name = (typeof NAMES)[number];

export function refOf(service: string): ServiceRef {
  return { ...REF, service, options: [["--config", `${service}.yml`]] };
}

export function happens(service: Name, event: RolloutEvent): RunEvent {
  return { ...event, service: refOf(service) };
}

export function planOf(service: Name, changes: Partial<Plan> = {}): Plan {
  return {
    ...{ intent: "rollback", subject: refOf(service), from: revision(4), to: revision(3) },
    ...{ reason: undefined, changes: [], until: "stable", isReached: false, notices: [], basedOn: "ecs-svc/4" },
    steps: [
      { kind: "updateService", taskDefinition: revision(3) },
      { kind: "awaitDeployment", taskDefinition: revision(3), follows: undefined },
    ],
    ...changes,
  };
}

const TYPED = [["--fleet", "fleet.yml"], ["--revision", "previous"]] as const;

/** All three are planned. */
export const PLANNED: readonly RunEvent[] = [
  ...NAMES.map((name) =>
    happens(name, { kind: "started", command: "rollback", isDryRun: false, timeoutMs: 600_000, atMs: 0 })
  ),
  ...NAMES.map((name) =>
    happens(name, { kind: "planned", plan: planOf(name), isAutomaticRollback: false, rollsBackOnFailure: false })
  ),
  {
    ...{ kind: "allPlanned", isDryRun: false, atMs: 0, skipsRefused: false, typed: TYPED },
    policy: { parallel: 10, onFailure: "stop" },
  },
];

/** The deployment is waited for, with so many tasks of the new revision, and so many of the old one. */
export function awaits(name: Name, running: number, old: number, failedTasks = 0): RunEvent[] {
  const own = {
    ...{ id: `ecs-svc/${name}`, taskDefinition: revision(3).arn, desiredCount: 2, runningCount: running, failedTasks },
    rolloutState: "IN_PROGRESS",
  };
  const deployments = [
    deployment(own),
    ...(old > 0 ? [deployment({ id: "ecs-svc/4", status: "ACTIVE", runningCount: old })] : []),
  ];
  return [
    happens(name, { kind: "stepStarted", step: planOf(name).steps[0]! }),
    happens(name, { kind: "stepStarted", step: planOf(name).steps[1]! }),
    happens(name, { kind: "progress", progress: { events: [], deployments, serviceDeployment: undefined } }),
  ];
}

const CRASH: Cause = {
  ...{ code: "exited", container: "app", exitCode: 1, count: 3 },
  said: "Essential container in task exited",
  about: {},
  taskArn: "arn:aws:ecs:ap-northeast-1:123456789012:task/default/0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6",
  atMs: undefined,
};

/** Tasks of a service have crashed, and its deployment is given up. */
export function fails(name: Name): RunEvent[] {
  return [
    ...awaits(name, 0, 2, 3),
    happens(name, { kind: "causes", causes: [CRASH] }),
    happens(name, {
      kind: "rolloutEnded",
      outcome: { kind: "givenUp", stopped: 3, unstarted: 0, limit: 3, leftovers: [] },
    }),
  ];
}

export function succeeds(name: Name): RunEvent[] {
  return [
    ...awaits(name, 2, 0),
    happens(name, { kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [] } }),
  ];
}
