import { ALL_SUSPENDED } from "../../../../src/model/scalable_target.ts";
import type { Deployment, ServiceSnapshot } from "../../../../src/model/service.ts";
import type { EmittedEvent } from "../../../../src/rollout/events.ts";
import type { Outcome } from "../../../../src/rollout/outcome.ts";
import type { Plan, Step } from "../../../../src/rollout/plan/plan.ts";
import { runPlan } from "../../../../src/rollout/run/run_plan.ts";
import type { RunNotice } from "../../../../src/rollout/run_notice.ts";
import type { VirtualClock } from "../../../virtual_clock.ts";
import { deployment, REF, revision, scalableTarget, service, serviceDeployment } from "../../made_up.ts";
import { contextOf, type Script, scriptedPorts } from "../scripted_ports.ts";

export const UPDATE: Step = { kind: "updateService", taskDefinition: revision(3) };
export const AWAIT = {
  kind: "awaitDeployment",
  follows: undefined,
  taskDefinition: revision(3),
} satisfies Step;
export const ARN = serviceDeployment().arn;
export const STOP: Step = {
  kind: "stopDeployment",
  arn: ARN,
  to: revision(3),
  otherwise: { kind: "updateService", taskDefinition: revision(3) },
};
export const STOPPED = `stopServiceDeployment ${ARN}`;
/** Only scale-out was suspended before. */
export const PRIOR = {
  dynamicScalingInSuspended: false,
  dynamicScalingOutSuspended: true,
  scheduledScalingSuspended: false,
};
export const TARGET = scalableTarget({ suspendedState: PRIOR });
export const SUSPENDED = { ...TARGET, suspendedState: ALL_SUSPENDED };
export const SUSPEND: Step = { kind: "suspendScaling", target: TARGET, prior: PRIOR, record: "write" };
export const RESTORE: Step = {
  kind: "restoreScaling",
  target: TARGET,
  to: PRIOR,
  onlyIfOurs: true,
  hasRecord: true,
  runs: [],
};
export const RECORD = "ecspresso:auto-scaling-suspended";
export const TAGGED = `tag ${RECORD}=v1 in=0 out=1 scheduled=0 at=1970-01-01T00:00:00.000Z by=alice runs=alicerun`;
/** What is read just before the first write of a plan that suspends. */
export const CHECKED = ["describeService", "describeScalableTarget"];
/** How scaling is suspended: who else counts on that is looked at before and after. */
export const SUSPENDED_CALLS = ["listTags", TAGGED, "setSuspendedState 111", "listTags"];
/** How scaling is restored, once the record shows no other run. */
export const GIVEN_BACK = ["describeScalableTarget", "setSuspendedState 010", `untag ${RECORD}`];
export const DEREGISTER: Step = { kind: "deregister", taskDefinition: revision(4) };
export const UPDATED = `updateService ${revision(3).arn}`;

const NEVER = new AbortController().signal;

export function plan(steps: readonly Step[]): Plan {
  return {
    intent: "rollback",
    subject: REF,
    until: "stable",
    from: revision(4),
    to: revision(3),
    reason: undefined,
    changes: [],
    steps,
    isReached: true,
    notices: [],
    basedOn: "ecs-svc/4",
  };
}

/** The service after the update, its own deployment being as `changes` say. */
export function rollingBack(changes: Partial<Deployment> = {}, more: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  const own = deployment({
    id: "ecs-svc/5",
    taskDefinition: revision(3).arn,
    rolloutState: "IN_PROGRESS",
    runningCount: 0,
    createdAtMs: 5_000,
    ...changes,
  });
  return service({ taskDefinition: revision(3).arn, deployments: [own], ...more });
}

export const DONE = rollingBack({ rolloutState: "COMPLETED", runningCount: 2 });
export const FAILED = rollingBack({ rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." });

interface Ending {
  readonly events: EmittedEvent[];
  readonly outcome: Outcome | undefined;
  readonly thrown: unknown;
  readonly calls: string[];
  readonly clock: VirtualClock;
}

/** Where scaling is suspended, its flags are as planned just before the first write; `targets` are the reads after that. */
export async function carryOut(
  steps: readonly Step[],
  script: Script & { readonly allTargets?: Script["targets"] },
  timeoutMs = 600_000,
  stop = NEVER,
): Promise<Ending> {
  const { targets = [SUSPENDED] } = script;
  const reads = script.allTargets ?? (steps.includes(SUSPEND) ? [TARGET, ...targets] : targets);
  const { ports, calls, clock } = scriptedPorts({ ...script, targets: reads });
  const events: EmittedEvent[] = [];
  const emit = (event: EmittedEvent) => void events.push(event);
  const context = contextOf(ports, { deadline: clock.deadline(timeoutMs), stop, emit });
  let thrown: unknown;
  try {
    await runPlan(plan(steps), context);
  } catch (error) {
    thrown = error;
  }
  const last = events.at(-1);
  return { events, outcome: last?.kind === "rolloutEnded" ? last.outcome : undefined, thrown, calls, clock };
}

export function noticesOf(events: readonly EmittedEvent[]): RunNotice[] {
  return events.flatMap((event) => event.kind === "notice" ? [event.notice] : []);
}
