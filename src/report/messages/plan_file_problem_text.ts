import type { PlanFileProblem } from "../../problems.ts";
import type { Cases } from "../cases.ts";

const PLAN_ANEW = "make a new plan with --plan-out";

/** What is wrong with a value of a plan file, behind the key. */
export const PLAN_FILE_TEXTS: Cases<PlanFileProblem, "code", string> = {
  noPlanFormat: ({ format }) => `is not ${JSON.stringify(format)}, so this is no plan file (make one with --plan-out)`,
  otherPlanVersion: ({ version, isNewer }) =>
    `is not ${version}: ${isNewer ? "a newer ecspresso has made this; use that, or " : ""}${PLAN_ANEW}`,
  noTime: () => 'is no time (write one such as "2026-11-27T12:00:00.000Z")',
  noAccount: () => "has not the 12 digits of an account",
  noTaskDefinition: () => "is not the full ARN of a task definition, with its number at the end",
  serviceTwice: () => "is there twice (leave one of them out)",
  noServices: () => `names no service (${PLAN_ANEW})`,
  noPreflight: () => "takes a duration such as 3s, or off",
  noneOf: ({ choices }) => `is none of ${choices.join(", ")}`,
  ofElsewhere: ({ kind, its }) => `is of another ${kind} than the service (${its})`,
  notWithoutWaiting: () => "cannot be used where wait is false: nobody would see how it ends",
  notWithUndo: () => "cannot be used where onFailure is undo: what is deregistered cannot be gone back to",
  configNamesAnother: ({ kind, config, name }) =>
    `is not the ${kind} of ${config}, which names ${name} (${PLAN_ANEW}, or correct one of them)`,
};
