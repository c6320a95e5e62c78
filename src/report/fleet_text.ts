import { shortName } from "../model/arn.ts";
import { subjectName } from "../model/service.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { describeFailure } from "./failure_text.ts";
import type { RunState, ServiceState } from "./state.ts";
import { TableLayout } from "./table_layout.ts";

/** The plan of a change of many services: a table with a line for each. */
export function renderFleetPlan({ services }: RunState): string[] {
  const rows = services.map((service) => [subjectName(service.ref), ...describePlanned(service)]);
  return new TableLayout(["SERVICE", "FROM", "TO", "HOW"]).add(rows);
}

function describePlanned({ main, refusal, failure, ref }: ServiceState): string[] {
  if (main !== undefined) {
    const { from, to, steps, isReached } = main.plan;
    const names = [from, to].map((revision) => revision === undefined ? "(new)" : shortName(revision));
    return [...names, isReached ? "nothing to do" : steps.map(({ kind }) => kind).join(", ")];
  }
  const [why = ""] = refusal !== undefined
    ? describeRefusal(refusal)
    : failure !== undefined
    ? describeFailure(failure, ref.region)
    : [];
  return ["", "", `refused: ${why}`];
}
