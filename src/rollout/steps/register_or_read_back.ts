import { sameTaskDefinition } from "../../definitions/compare_definitions.ts";
import type { JsonObject } from "../../model/json.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { EcsReader, EcsWriter, Registered } from "../../model/ports.ts";
import { AwsError, mayHaveBeenApplied, unlessFails } from "../../errors.ts";

/** So much AWS's clock may be behind that of this machine. */
const CLOCKS_DIFFER_MS = 5_000;

/** Where task definitions are registered and read, and AWS's time. */
export type Registry = EcsReader & EcsWriter;

/**
 * Registers a task definition, once. Where the answer is lost, or does not say that it was done, the newest revision of the
 * family may show it: it says the same, and is no older than the order.
 *
 * @param input of RegisterTaskDefinition
 * @throws AwsError that of the order, where it was refused, or nothing shows that it was carried out
 */
export async function registerOrReadBack(
  input: JsonObject,
  registry: Registry,
  signal: AbortSignal,
): Promise<Registered> {
  const orderedAtMs = registry.now();
  try {
    return await registry.registerTaskDefinition(input, signal);
  } catch (error) {
    if (!(error instanceof AwsError) || !mayHaveBeenApplied(error) || signal.aborted) throw error;
    const newest = await unlessFails(registry.describeTaskDefinition(String(input.family), signal));
    if (newest === undefined || !isOf(input, orderedAtMs, newest)) throw error;
    return { revision: newest, definition: newest.raw };
  }
}

/** Any doubt is a "no". */
function isOf(input: JsonObject, orderedAtMs: number, newest: TaskDefinition): boolean {
  const { status, registeredAtMs = -Infinity, raw } = newest;
  return status === "ACTIVE" && registeredAtMs >= orderedAtMs - CLOCKS_DIFFER_MS && sameTaskDefinition(input, raw);
}
