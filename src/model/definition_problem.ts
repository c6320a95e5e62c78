import type { JsonObject } from "./json.ts";

/** What is wrong with a definition that is to be sent to ECS. */
export interface DefinitionProblem {
  /** Where: the names and indexes that lead to the part in question. */
  readonly path: readonly (string | number)[];
  /** One clause; it names no value. */
  readonly problem: string;
  /** Only that the program has no name for it: it is sent, and ECS decides. A spelling mistake, or newer than the program. */
  readonly isUnknown: boolean;
}

/** A definition in the names of the API, as it is compared and sent, and what is wrong with it. */
export interface ReadDefinition {
  readonly value: JsonObject;
  /** In the order of the definition; empty when nothing is wrong. */
  readonly problems: readonly DefinitionProblem[];
}
