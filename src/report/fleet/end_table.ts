import { shortName } from "../../model/arn.ts";
import type { OutcomeKind } from "../../rollout/outcome.ts";
import { describeVerdict } from "../bake_text.ts";
import { NOT_BEGUN, NOT_UNDONE } from "../closing.ts";
import { bySomeKinds } from "../messages/cases.ts";
import { isRolledBack } from "../ending.ts";
import { describeFailure } from "../failure_text.ts";
import { lastSeen, nameOf } from "../live_now.ts";
import { formatDuration } from "../messages/log.ts";
import { describeCall } from "../messages/aws_failure_text.ts";
import { explainFailure } from "../outcome_text.ts";
import { type RunState, type ServiceState } from "../state.ts";
import { TableLayout } from "../table_layout.ts";
import { WORK } from "../messages/work_words.ts";
import {
  describeDone,
  groupByResult,
  hasNoneUnderWay,
  isOrderUnknown,
  isUndoLeft,
  resultOf,
  SERVICE_RESULTS,
  type ServiceResult,
} from "./service_result.ts";
import { nameIn } from "./names.ts";
import { explainLeft, explainUnplanned, sortByWave } from "./plan_table.ts";

/** If more services than this have ended well, they are summed up in one line. */
const MAX_GOOD = 20;
const GOOD: ReadonlySet<ServiceResult> = new Set(["done", "unchanged", "submitted", "undone"]);

/** How each service has ended, as a table: failures first, then services with work left, last those that ended well. */
export function renderFleetEnd(state: RunState): string[] {
  const { rows, rest } = tabulateFleetEnd(state, MAX_GOOD);
  return [
    ...(rows.length === 0 ? [] : new TableLayout(FLEET_COLUMNS.map((name) => name.toUpperCase())).add(
      rows.map((cells) => cells.map((text) => text || "-")),
    )),
    ...rest,
  ];
}

export const FLEET_COLUMNS = ["Service", "Result", "Live", "Took", "Why"] as const;

/**
 * The same table as cells; some may be empty.
 *
 * @param mostGood if more services than this have ended well, they are summed up in one line
 */
export function tabulateFleetEnd(state: RunState, mostGood: number): { rows: string[][]; rest: string[] } {
  const byResult = groupByResult(state);
  const isGood = (service: ServiceState) => GOOD.has(resultOf(service)) && service.bake?.verdict?.kind !== "didNotHelp";
  const sorted = SERVICE_RESULTS.flatMap((result) =>
    result === "failed" ? byResult[result] : sortByWave(byResult[result])
  );
  const [bad, good] = [sorted.filter((service) => !isGood(service)), sorted.filter(isGood)];
  const shown = good.length <= mostGood ? good : [];
  const rows = [...bad, ...shown].map((service) => [
    nameIn(state, service.ref),
    nameResult(service),
    ...[describeSeen(service), describeTime(service), explain(service, state)],
  ]);
  const rest = good.length - shown.length;
  const summary = rows.length === 0 ? `All ${rest} are ${nameGood(good)}` : `and ${rest} more are ${nameGood(good)}`;
  return { rows, rest: rest === 0 ? [] : [summary] };
}

const RESULT_NAMES: Readonly<Record<Exclude<ServiceResult, "done">, string>> = {
  failed: "FAILED",
  leftChanged: "NOT UNDONE",
  underWay: "under way",
  refused: "refused",
  notBegun: "not begun",
  undone: "undone",
  submitted: "ordered",
  unchanged: "nothing to do",
  planned: "planned",
};

function nameResult(service: ServiceState): string {
  const result = resultOf(service);
  if (result === "done") return WORK[service.command].done;
  if (hasNoneUnderWay(service) && result === "unchanged") return "none under way";
  if (result === "unchanged") return describeDone(service) || RESULT_NAMES[result];
  // Its tasks fail, and nobody watches.
  if (result === "underWay" && (service.main?.causes.length ?? 0) > 0) return "FAILING";
  if (result === "underWay" && isOrderUnknown(service)) return "perhaps begun";
  return result === "failed" && isRolledBack(service) ? "FAILED, undone" : RESULT_NAMES[result];
}

/** `back`; `as they are to be` if the services have ended in different ways. */
function nameGood(good: readonly ServiceState[]): string {
  const names = new Set(good.map(nameResult));
  return names.size === 1 ? [...names][0]! : "as they are to be";
}

/** `myservice:3 2/2, myservice:4 1`: what ran in the last look; only the revision's name if nothing was seen. */
function describeSeen(service: ServiceState): string {
  const seen = lastSeen(service).filter(({ status, runningCount }) => status === "PRIMARY" || runningCount > 0);
  if (seen.length > 0) {
    return seen.map((each) => {
      const { status, runningCount, desiredCount } = each;
      return `${nameOf(each)} ${runningCount}${status === "PRIMARY" ? `/${desiredCount}` : ""}`;
    }).join(", ");
  }
  const { from } = service.main?.plan ?? {};
  return from === undefined ? "" : shortName(from);
}

function describeTime({ beganAtMs, endedAtMs }: ServiceState): string {
  return beganAtMs === undefined || endedAtMs === undefined || endedAtMs - beganAtMs < 1_000
    ? ""
    : formatDuration(endedAtMs - beganAtMs);
}

/** Why a service did not reach its target, or why nothing was done to it; otherwise empty. */
export function explain(service: ServiceState, state: RunState): string {
  const { main, failure, notBegun, undo, alarms, unfinished, ref: { region } } = service;
  switch (resultOf(service)) {
    case "failed":
      return failure !== undefined ? describeFailure(failure, region)[0] : explainEnd(service);
    case "underWay":
      return (main && explainFailure(main, alarms)) ||
        NOT_BEGUN[main?.outcome?.kind === "timedOut" ? "timeLimit" : "stopSignal"];
    case "leftChanged":
      if (undo?.unless !== undefined) return NOT_UNDONE[undo.unless];
      if (unfinished?.failure !== undefined) return describeFailure(unfinished.failure, region)[0];
      return unfinished !== undefined && isUndoLeft(service) ? nameUndoLeft(unfinished) : "";
    case "refused":
      return explainUnplanned(service)[0] ?? explainEnd(service);
    case "done":
      return describeVerdict(service) ?? "";
    case "unchanged":
      return (main && explainLeft(main.plan)) ?? "";
    case "notBegun":
      return notBegun === undefined ? (state.signal === undefined ? "" : NOT_BEGUN.stopSignal) : NOT_BEGUN[notBegun];
    default:
      return "";
  }
}

/** Why nobody watches the undo of a service any more, and that ECS goes on with it. */
function nameUndoLeft({ isInterrupted, ordered }: NonNullable<ServiceState["unfinished"]>): string {
  const why = NOT_BEGUN[isInterrupted ? "stopSignal" : "timeLimit"];
  return `${why}; ECS ${ordered === "unknown" ? "may go" : "goes"} on with its undo`;
}

/** A few words on why a deployment did not succeed. */
function explainEnd({ main, alarms }: ServiceState): string {
  return main?.outcome === undefined ? "" : describeOwnEnd(main.outcome) ?? explainFailure(main, alarms);
}

/** Ends whose cause is not a failure of the deployment itself. */
const describeOwnEnd = bySomeKinds<OutcomeKind, string>({
  superseded: ({ by }) => `somebody else started a deployment to ${nameOf(by)}`,
  gone: () => "somebody deleted the service",
  stalePlan: () => "it has changed since the plan was made",
  cannotPin: ({ error }) => `no copy may be registered: ${describeCall(error)}`,
  copyIncomplete: ({ lost }) => `ECS did not keep ${lost.join(", ")} in the copy`,
});
