import { AwsError, mayHaveBeenApplied } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import type { ServiceRef } from "../../model/service.ts";
import { findUses } from "../../registry/find_uses.ts";
import type { PlanEvent } from "../events.ts";
import type { Leftover } from "../outcome.ts";
import type { PlanRun } from "../plan_run.ts";
import type { RunContext } from "../run_context.ts";

/** Deregisters what the plan deregisters last. */
export async function* deregisterStep({ plan, context, leftovers }: PlanRun): AsyncGenerator<PlanEvent, void, void> {
  const step = plan.steps.find((candidate) => candidate.kind === "deregister");
  if (step === undefined) return;
  yield { kind: "stepStarted", step };
  const leftover = yield* deregisterUnused(step.taskDefinition, plan.subject, context);
  if (leftover !== undefined) leftovers.push(leftover);
}

/** Deregisters what was registered for a deploy that failed, and nothing else: what ran before is somebody else's. */
export async function* deregisterFailed(
  registered: Revision | undefined,
  ref: ServiceRef,
  context: RunContext,
): AsyncGenerator<PlanEvent, void, void> {
  if (registered === undefined) return;
  const leftover = yield* deregisterUnused(registered, ref, context);
  yield { kind: "deregisteredFailed", taskDefinition: registered, leftover };
}

/**
 * Deregisters a task definition unless a service, a deployment or a task of the family in this cluster uses it: asked anew,
 * for the plan is minutes old by now. Never throws an `AwsError`: returns what is left to do.
 */
export async function* deregisterUnused(
  taskDefinition: Revision,
  ref: ServiceRef,
  { ecs, signal }: RunContext,
): AsyncGenerator<PlanEvent, Leftover | undefined, void> {
  let isSent = false;
  try {
    const { byArn, notices } = await findUses(ref, taskDefinition.family, ecs, signal);
    for (const notice of notices) yield { kind: "notice", notice };
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
