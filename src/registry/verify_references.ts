import type { Inventory } from "../ecs/ports.ts";
import { AwsError } from "../errors.ts";
import type { Reference } from "./find_references.ts";

/** What came of looking for one thing. */
export interface Verified {
  readonly reference: Reference;
  readonly state: "there" | "missing" | "unknown";
  /** Why it is not known. */
  readonly reason: string | undefined;
}

/**
 * Looks for everything at the same time, and answers in the order asked. What may not be read, or is in nobody's reach, is
 * unknown: that is no failure.
 */
export async function verifyReferences(
  references: readonly Reference[],
  inventory: Inventory,
  signal: AbortSignal,
): Promise<Verified[]> {
  return await Promise.all(references.map(async (reference): Promise<Verified> => {
    if (reference.kind === "foreign image") {
      return { reference, state: "unknown", reason: "it is not in Amazon ECR" };
    }
    try {
      const isThere = await lookFor(reference, inventory, signal);
      return { reference, state: isThere ? "there" : "missing", reason: undefined };
    } catch (error) {
      if (!(error instanceof AwsError) || signal.aborted) throw error;
      return { reference, state: "unknown", reason: error.message };
    }
  }));
}

function lookFor(
  reference: Exclude<Reference, { kind: "foreign image" }>,
  inventory: Inventory,
  signal: AbortSignal,
): Promise<boolean> {
  switch (reference.kind) {
    case "image":
      return inventory.hasImage(reference.location, signal);
    case "role":
      return inventory.hasRole(reference.name.slice(reference.name.lastIndexOf("/") + 1), signal);
    case "secret":
      return inventory.hasSecret(reference.name, signal);
    case "parameter":
      return inventory.hasParameter(reference.name, signal);
  }
}
