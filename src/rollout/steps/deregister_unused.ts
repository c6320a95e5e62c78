import { AwsError, mayHaveBeenApplied } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import type { EcsReader, EcsWriter } from "../../model/ports.ts";
import type { ServiceRef } from "../../model/service.ts";
import { findUses } from "../../registry/find_uses.ts";
import type { Leftover, PlanEvent, RunNotice } from "../events.ts";
import type { PlanRun } from "../plan_run.ts";

/** How deregistering ended. */
export interface Deregistered {
  /** What is left to do; `undefined` when the task definition is deregistered. */
  readonly leftover: Leftover | undefined;
  /** What of its uses could not be looked at. */
  readonly notices: readonly RunNotice[];
}

/** Deregisters what the plan deregisters last. */
export async function* deregisterStep(run: PlanRun): AsyncGenerator<PlanEvent, void, void> {
  const { plan, ports: { ecs }, signal } = run;
  const step = plan.steps.find((candidate) => candidate.kind === "deregister");
  if (step === undefined) return;
  yield { kind: "stepStarted", step };
  const { leftover, notices } = await deregisterUnused(step.taskDefinition, plan.subject, ecs, signal);
  for (const notice of notices) yield { kind: "notice", notice };
  if (leftover !== undefined) run.leftovers.push(leftover);
}

/**
 * Deregisters a task definition unless a service, a deployment or a task of the family in this cluster uses it: asked anew,
 * for the plan is minutes old by now. Never throws an `AwsError`: what is left is part of the result.
 */
export async function deregisterUnused(
  taskDefinition: Revision,
  ref: ServiceRef,
  ecs: EcsReader & EcsWriter,
  signal: AbortSignal,
): Promise<Deregistered> {
  let notices: readonly RunNotice[] = [];
  let isSent = false;
  try {
    const uses = await findUses(ref, taskDefinition.family, ecs, signal);
    notices = uses.notices;
    const user = uses.byArn.get(taskDefinition.arn);
    if (user !== undefined) return { leftover: { code: "stillInUse", taskDefinition, user }, notices };
    isSent = true;
    await ecs.deregisterTaskDefinition(taskDefinition.arn, signal);
    return { leftover: undefined, notices };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const mayBe = isSent && mayHaveBeenApplied(error);
    const why = signal.aborted ? undefined : error.message;
    return { leftover: { code: "notDeregistered", taskDefinition, mayBe, error: why }, notices };
  }
}
