import { findLostMembers, sameTaskDefinition } from "../../definitions/compare_definitions.ts";
import { AwsError, mayHaveBeenApplied } from "../../errors.ts";
import type { JsonObject } from "../../model/json.ts";
import type { PlanEvent, RunNotice } from "../events.ts";
import type { RegisterCopy, RegisterDefinition } from "../plan/plan.ts";
import type { PlanRun, StepRun } from "../plan_run.ts";
import { deregisterUnused } from "./deregister_unused.ts";
import { registerCopy, type RegisteredCopy } from "./register_copy.ts";

/**
 * Registers what the step names. A copy that lacks something is not what the service ran, and as the newest revision it
 * would be taken for that: it is deregistered again, and the plan ends.
 *
 * @throws AwsError; where AWS may have registered it all the same, a notice says so before
 */
export async function* registerStep(step: RegisterDefinition | RegisterCopy, run: PlanRun): StepRun {
  const { copy, notice, lost } = yield* register(step, run);
  run.registered = copy;
  yield { kind: "registered", taskDefinition: copy };
  if (notice !== undefined) yield { kind: "notice", notice };
  if (step.kind !== "registerCopy" || lost.length === 0) return undefined;
  const { leftover } = await deregisterUnused(copy, run.plan.subject, run.ports.ecs, run.signal);
  if (leftover !== undefined) run.leftovers.push(leftover);
  return { kind: "copyIncomplete", of: step.of, copy, lost };
}

async function* register(
  step: RegisterDefinition | RegisterCopy,
  { ports: { ecs }, signal }: PlanRun,
): AsyncGenerator<PlanEvent, RegisteredCopy, void> {
  try {
    if (step.kind === "registerCopy") return await registerCopy(step.of, ecs, signal);
    const { input } = step;
    const isSame = (raw: JsonObject) => sameTaskDefinition(input, raw);
    const { revision, definition } = await ecs.registerTaskDefinition(input, isSame, signal);
    const names = findLostMembers(input, definition);
    const notice: RunNotice = { code: "registeredWithout", taskDefinition: revision, names };
    return { copy: revision, notice: names.length === 0 ? undefined : notice, lost: [] };
  } catch (error) {
    // A revision too many is harmless, but nobody should have to wonder where it came from.
    if (error instanceof AwsError && mayHaveBeenApplied(error)) {
      const family = step.kind === "registerCopy" ? step.of.family : String(step.input.family);
      yield { kind: "notice", notice: { code: "registrationUnknown", family } };
    }
    throw error;
  }
}
