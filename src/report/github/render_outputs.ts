import { type Revision, shortName } from "../../model/arn.ts";
import { onOneLine } from "../log.ts";
import { broughtBy, ranBefore, runOutcome, type RunRecord } from "../run_record.ts";

/** The step's outputs as the lines of `$GITHUB_OUTPUT`; a task definition that is not known is empty. */
export function renderOutputs(record: RunRecord): string {
  const { main } = record;
  const outputs = {
    from: nameOf(main && ranBefore(main.plan)),
    to: nameOf(main && broughtBy(main)),
    outcome: runOutcome(record) ?? "",
  };
  return Object.entries(outputs).map(([name, value]) => `${name}=${onOneLine(value)}\n`).join("");
}

function nameOf(revision: Revision | undefined): string {
  return revision === undefined ? "" : shortName(revision);
}
