import { findLostMembers, sameTaskDefinition } from "../../definitions/compare_definitions.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { listNewestRevisionsCommand } from "../../model/aws_cli.ts";
import type { EcsReader, EcsWriter } from "../../model/ports.ts";
import type { ServiceRef } from "../../model/service.ts";
import { AwsError, mayHaveBeenApplied } from "../../errors.ts";
import type { RolloutEvent } from "../events.ts";
import type { RegisterCopy, RegisterDefinition } from "../plan/plan.ts";
import { registerCopy, type RegisteredCopy } from "./register_copy.ts";

/**
 * Registers what a step names. Returns the new revision, and which members of the original a copy lacks.
 *
 * @throws AwsError; where AWS may have registered it all the same, that is told before
 */
export async function* registerDefinition(
  step: RegisterDefinition | RegisterCopy,
  ref: ServiceRef,
  ecs: EcsReader & EcsWriter,
  signal: AbortSignal,
): AsyncGenerator<RolloutEvent, Pick<RegisteredCopy, "copy" | "lost">, void> {
  let registered: RegisteredCopy;
  try {
    registered = step.kind === "registerCopy"
      ? await registerCopy(step.of, ecs, signal)
      : await registerFile(step, ecs, signal);
  } catch (error) {
    // A revision too many is harmless, but nobody should have to wonder where it came from.
    if (error instanceof AwsError && mayHaveBeenApplied(error)) {
      const family = step.kind === "registerCopy" ? step.of.family : String(step.input.family);
      const message = "whether the task definition has been registered is not known; see what there is: " +
        listNewestRevisionsCommand(ref, family);
      yield { kind: "notice", message };
    }
    throw error;
  }
  const { copy, notice, lost } = registered;
  yield { kind: "registered", taskDefinition: copy };
  if (notice !== undefined) yield { kind: "notice", message: notice };
  return { copy, lost };
}

async function registerFile(
  { input }: RegisterDefinition,
  ecs: EcsWriter,
  signal: AbortSignal,
): Promise<RegisteredCopy> {
  const isSame = (raw: JsonObject) => sameTaskDefinition(input, raw);
  const { revision, definition } = await ecs.registerTaskDefinition(input, isSame, signal);
  const lost = findLostMembers(input, definition);
  return { copy: revision, notice: lost.length === 0 ? undefined : describeLost(revision, lost), lost: [] };
}

/** What the user of a file should know where ECS has not kept all of it; one line. */
export function describeLost(revision: Revision, lost: readonly string[]): string {
  return `ECS registered ${shortName(revision)} without these members of the file: ${lost.join(", ")}. ` +
    "Until the file leaves them out, every deploy registers another revision";
}
