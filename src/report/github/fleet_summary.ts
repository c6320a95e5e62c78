import { explain, FLEET_COLUMNS, tabulateFleetEnd } from "../fleet/end_table.ts";
import { groupByResult, resultOf } from "../fleet/service_result.ts";
import { closingOfRun } from "../fleet/fleet_closing.ts";
import { renderFleetStep } from "../fleet/fleet_step_text.ts";
import { endOutage, nextFor } from "../fleet/fleet_steps.ts";
import { nameIn } from "../fleet/names.ts";
import { isDown } from "../fleet/outages.ts";
import { renderFleetPlan } from "../fleet/plan_table.ts";
import { describeLive } from "../live_now.ts";
import { adviseOnCause } from "../messages/causes/cause_text.ts";
import { describeNextStep } from "../step_text.ts";
import { describeOutage } from "../outage.ts";
import type { RunState, ServiceState } from "../state.ts";
import { type EndedRun, item, renderRest, section } from "./ended_run.ts";
import { annotation, codeBlock, codeSpan, cut, Excerpt, MAX_ANNOTATIONS } from "./texts.ts";

/** If more services than this have ended well, the summary's table sums them up in one line. */
const MAX_GOOD = 200;
const SHOWN = { first: 60, last: 10, lineLength: 600 };

/** An annotation for each service that failed or is not undone; none if something else ended the run. */
export function renderFleetErrors(state: RunState, command: string | undefined): string[] {
  const { failed, leftChanged } = groupByResult(state);
  const bad = [...failed, ...leftChanged];
  const more = bad.length - MAX_ANNOTATIONS;
  return [
    ...bad.slice(0, MAX_ANNOTATIONS).map((service) =>
      annotation(
        "error",
        `ecspresso ${command ?? service.command} of ${nameIn(state, service.ref)}`,
        describe(service, state),
      )
    ),
    ...(more > 0 ? [annotation("error", "ecspresso", [`and ${more} more services failed: see the summary`])] : []),
  ];
}

/** The lines of an annotation: outage, reason, what is live, advice on the cause, and what to type next. */
function describe(service: ServiceState, state: RunState): string[] {
  const [cause] = service.main?.causes ?? [];
  const advice = cause && adviseOnCause(cause);
  const next = nextFor(service);
  const hasNone = isDown(service);
  const outage = describeOutage(service.outage, state.nowMs, service.epochMs);
  return [
    ...(hasNone ? [outage] : []),
    explain(service, state),
    describeLive(service),
    ...(hasNone ? [] : [outage]),
    ...(hasNone ? endOutage(service) : []).flatMap((step) => renderFleetStep(step, state)),
    ...(advice === undefined ? [] : [`advice: ${advice}`]),
    ...(next === undefined ? [] : [describeNextStep(next)]),
  ].filter((line) => line !== "");
}

/** The job summary of a run of many services: how it ended, a table with one row for each, and what to do next. */
export function renderFleetSummary(ended: EndedRun): string {
  const { state } = ended;
  const { message = `Exit code ${state.exitCode}`, more = [] } = closingOfRun(state) ?? {};
  const isPlan = state.services.every((service) => ["planned", "refused", "notBegun"].includes(resultOf(service)));
  const { rows, rest } = tabulateFleetEnd(state, MAX_GOOD);
  return [
    ...["", `## ${codeSpan(message)}`, ""],
    ...(isPlan
      ? codeBlock(renderFleetPlan(state), "text")
      : [...renderTable(rows), ...rest.flatMap((line) => ["", line])]),
    ...section("What to do next", more.map(([, text]) => item(text))),
    ...renderRest(ended),
  ].join("\n");
}

function renderTable(rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const shown = new Excerpt(SHOWN, rows.map((cells) => row(cells.map(cell))));
  return [row(FLEET_COLUMNS), row(FLEET_COLUMNS.map(() => "---")), ...shown.lines()];
}

/** In a table of Markdown, `|` ends a cell even in code; `\|` stands for the character, in code as well. */
function cell(text: string): string {
  return text === "" ? "" : codeSpan(cut(text, 300)).replaceAll("|", "\\|");
}
