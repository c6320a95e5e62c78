import { AwsError, mayHaveBeenApplied } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import type { ServiceRef } from "../../model/service.ts";
import { findUses } from "../../registry/find_uses.ts";
import type { Leftover } from "../outcome.ts";
import type { PlanExecution } from "./plan_execution.ts";
import type { RunContext } from "../run_context.ts";

/** Carries out the last step of a plan that deregisters. */
export async function deregisterStep({ plan, context, leftovers }: PlanExecution): Promise<void> {
  const step = plan.steps.find((candidate) => candidate.kind === "deregister");
  if (step === undefined) return;
  context.emit({ kind: "stepStarted", step });
  const leftover = await deregisterUnused(step.taskDefinition, plan.subject, context);
  if (leftover !== undefined) leftovers.push(leftover);
}

/** Deregisters what was registered for a failed deploy, and nothing else: what ran before is not this run's. */
export async function deregisterFailed(
  registered: Revision | undefined,
  ref: ServiceRef,
  context: RunContext,
): Promise<void> {
  if (registered === undefined) return;
  const leftover = await deregisterUnused(registered, ref, context);
  context.emit({ kind: "deregisteredFailed", taskDefinition: registered, leftover });
}

/**
 * Deregisters a task definition unless a service, a deployment or a task of its family in this cluster uses it. That is
 * asked again, because the plan is minutes old by now. Never throws an `AwsError`: returns what is left to do.
 */
export async function deregisterUnused(
  taskDefinition: Revision,
  ref: ServiceRef,
  { ecs, signal, emit }: RunContext,
): Promise<Leftover | undefined> {
  let isSent = false;
  try {
    const { byArn, notices } = await findUses(ref, taskDefinition.family, ecs, signal);
    for (const notice of notices) emit({ kind: "notice", notice });
    const user = byArn.get(taskDefinition.arn);
    if (user !== undefined) return { code: "stillInUse", taskDefinition, user };
    isSent = true;
    await ecs.deregisterTaskDefinition(taskDefinition.arn, signal);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const mayBe = isSent && mayHaveBeenApplied(error);
    return { code: "notDeregistered", taskDefinition, mayBe, error: signal.aborted ? undefined : error.failure };
  }
}
