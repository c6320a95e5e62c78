import { Option } from "@commander-js/extra-typings";
import { parseCount } from "./options.ts";

const USUAL_PARALLEL = 10;

export const parallelOption = () =>
  new Option("--parallel <number>", `how many services are changed at a time (default: ${USUAL_PARALLEL})`)
    .argParser(parseCount("--parallel"));

export const onFailureOption = () => onOneFailure(" (default: continue)");

export const onDeployFailureOption = () => onOneFailure(" (default: stop; undo with --rollback-events)");

const onOneFailure = (otherwise: string) =>
  new Option(
    "--on-failure <policy>",
    "where one service fails: continue with the others; stop: begin no more; undo: take those of this run back to " +
      `where they were${otherwise}`,
  ).choices(["continue", "stop", "undo"]);

export const SKIP_REFUSED = [
  "--skip-refused",
  "go on without the services that are refused (default: then nothing is done to any)",
] as const;

/** What was typed of a policy. */
export interface PolicyOptions {
  readonly parallel?: number | undefined;
  readonly onFailure: "continue" | "stop" | "undo";
  readonly logs?: number | undefined;
}

/** For `runPlans()`. */
export function policyOf({ parallel = USUAL_PARALLEL, onFailure, logs }: PolicyOptions) {
  return { parallel, onFailure, logs };
}
