import { type Revision, shortName } from "../../model/arn.ts";
import { onOneLine } from "../log.ts";
import { PUBLIC_NAMES } from "../json.ts";
import { endingOf, ranBefore, targetOf } from "../ending.ts";
import { type RunState } from "../state.ts";

/** The step's outputs as the lines of `$GITHUB_OUTPUT`; a task definition that is not known is empty. */
export function renderOutputs(state: RunState): string {
  const [service] = state.services;
  const main = service?.main;
  const ending = endingOf(state, service);
  const outputs = {
    from: nameOf(main && ranBefore(main.plan)),
    to: nameOf(main && targetOf(main)),
    outcome: ending === undefined ? "" : PUBLIC_NAMES[ending],
  };
  return Object.entries(outputs).map(([name, value]) => `${name}=${onOneLine(value)}\n`).join("");
}

function nameOf(revision: Revision | undefined): string {
  return revision === undefined ? "" : shortName(revision);
}
