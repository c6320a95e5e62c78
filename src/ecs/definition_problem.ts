/** What is wrong with a definition that is to be sent to ECS. */
export interface DefinitionProblem {
  /** Where: the names and indexes that lead to the part in question. */
  readonly path: readonly (string | number)[];
  /** One clause; it names no value. */
  readonly problem: string;
  /** Only left out by what is sent, so that ECS would never know: a spelling mistake, mostly. */
  readonly isIgnored: boolean;
}
