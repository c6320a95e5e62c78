import type { Revision } from "../ecs/arn.ts";
import type { RegistryReader, RegistryWriter } from "../ecs/ports.ts";
import { AwsError, mayHaveBeenApplied } from "../errors.ts";
import type { RolloutEvent } from "./events.ts";
import type { RegisterCopy, RegisterDefinition } from "./plan.ts";
import { registerCopy, type RegisteredCopy } from "./register_copy.ts";

/**
 * Registers what a step names, and tells of it; answers with the new revision.
 *
 * @throws AwsError; where AWS may have registered it all the same, that is told before
 */
export async function* registerDefinition(
  step: RegisterDefinition | RegisterCopy,
  registry: RegistryReader & RegistryWriter,
  signal: AbortSignal,
): AsyncGenerator<RolloutEvent, Revision, void> {
  let registered: RegisteredCopy;
  try {
    registered = step.kind === "registerCopy"
      ? await registerCopy(step.of, registry, signal)
      : { copy: await registry.registerTaskDefinition(step.input, signal), notice: undefined };
  } catch (error) {
    // A revision too many is harmless, but nobody should have to wonder where it came from.
    if (error instanceof AwsError && mayHaveBeenApplied(error)) {
      const message = "whether the task definition has been registered is not known: the list of revisions shows it";
      yield { kind: "notice", message };
    }
    throw error;
  }
  const { copy, notice } = registered;
  yield { kind: "registered", taskDefinition: copy };
  if (notice !== undefined) yield { kind: "notice", message: notice };
  return copy;
}
