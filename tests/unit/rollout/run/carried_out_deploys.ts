import type { Deployment, ServiceSnapshot } from "../../../../src/model/service.ts";
import type { EmittedEvent } from "../../../../src/rollout/events.ts";
import type { Outcome } from "../../../../src/rollout/outcome.ts";
import type { Plan, Step } from "../../../../src/rollout/plan/plan.ts";
import { runPlan } from "../../../../src/rollout/run/run_plan.ts";
import { deployment, REF, revision, service } from "../../made_up.ts";
import { contextOf, type Script, scriptedPorts } from "../scripted_ports.ts";

export const INPUT = { family: "myservice", cpu: "512" };
export const REGISTER: Step = { kind: "register", family: "myservice", input: INPUT };
export const UPDATE: Step = {
  kind: "updateService",
  taskDefinition: "registered",
  attributes: { enableExecuteCommand: true },
};
export const AWAIT = { kind: "awaitDeployment", taskDefinition: "registered", follows: undefined } satisfies Step;

export function plan(steps: readonly Step[], changes: Partial<Plan> = {}): Plan {
  return {
    intent: "deploy",
    subject: REF,
    until: "stable",
    from: revision(4),
    to: undefined,
    reason: undefined,
    changes: [],
    steps,
    isReached: false,
    notices: [],
    basedOn: "ecs-svc/4",
    ...changes,
  };
}

export function shipping(changes: Partial<Deployment> = {}): ServiceSnapshot {
  const { arn } = revision(5);
  const own = {
    id: "ecs-svc/5",
    taskDefinition: arn,
    rolloutState: "IN_PROGRESS",
    runningCount: 0,
    createdAtMs: 5_000,
  };
  return service({ taskDefinition: arn, deployments: [deployment({ ...own, ...changes })] });
}

export const DONE = shipping({ rolloutState: "COMPLETED", runningCount: 2 });

export async function carryOut(plan: Plan, script: Script, timeoutMs = 600_000) {
  const { ports, calls, clock } = scriptedPorts({ registers: [revision(5)], ...script });
  const events: EmittedEvent[] = [];
  const emit = (event: EmittedEvent) => void events.push(event);
  const context = contextOf(ports, { deadline: clock.deadline(timeoutMs), emit });
  let thrown: unknown;
  try {
    await runPlan(plan, context);
  } catch (error) {
    thrown = error;
  }
  const last = events.at(-1);
  const outcome: Outcome | undefined = last?.kind === "rolloutEnded" ? last.outcome : undefined;
  return { events, outcome, thrown, calls, writes: calls.filter((call) => !/^(describe|list|find)/.test(call)) };
}
export const AWAIT_NEW: Step = { ...AWAIT, taskDefinition: revision(5) };

export const KEEPING = { to: revision(4) };
export const COUNT: Step = { kind: "updateService", taskDefinition: undefined, attributes: { desiredCount: 3 } };
export const AWAIT_SAME = { kind: "awaitDeployment", taskDefinition: revision(4), follows: undefined } satisfies Step;

export function counting(desiredCount: number, runningCount: number) {
  return service({ desiredCount, deployments: [deployment({ desiredCount, runningCount })] });
}
