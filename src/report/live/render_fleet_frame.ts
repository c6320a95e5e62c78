import type { Deployment } from "../../model/service.ts";
import { describeFailure } from "../failure_text.ts";
import { fateOf } from "../fleet/fate.ts";
import { nameIn } from "../fleet/names.ts";
import { describeProgress } from "../fleet/progress_line.ts";
import { lastSeen, nameOf } from "../live_now.ts";
import { onOneLine } from "../log.ts";
import { renderCauses } from "../messages/cause_text.ts";
import { currentPlan, intentOf, type RunState, type ServiceState } from "../state.ts";
import { WORK } from "../work_words.ts";
import { cutToWidth, displayWidth } from "./display_width.ts";
import { isNew, newestOf, renderBar, renderTime, type Row, type Span } from "./render_frame.ts";

/** As wide as all bars are: the cause of a failure stands behind it. */
const BAR = 10;
/** Names take no more of a row than this: what is behind them matters more. */
const LONGEST_NAME = 32;

/**
 * What the region shows of many services: a line for all, and one for each that has failed, the newest failure first, and for
 * each that is under way. Those that are done or have not begun are counted only.
 */
export function renderFleetFrame(state: RunState, elapsedMs: number): Row[] {
  const { services } = state;
  const failed = services.filter((service) => hasEnded(service) && fateOf(service) === "failed")
    .toSorted((one, other) => (other.endedAtMs ?? 0) - (one.endedAtMs ?? 0));
  const underWay = services.filter((service) => !failed.includes(service) && currentPlan(service)?.step !== undefined);
  const shown = [...failed, ...underWay];
  const nameWidth = Math.min(LONGEST_NAME, Math.max(0, ...shown.map((one) => displayWidth(nameIn(state, one.ref)))));
  const [first] = services;
  const title = `${renderTime(first!, elapsedMs)}: ${WORK[first!.command].noun} of ${services.length} services`;
  return [
    [{ text: title }],
    [{ text: describeProgress(state) }],
    ...shown.map((service): Row => [
      failed.includes(service) ? { text: "FAILED ", color: "red" } : { text: nameStage(service) },
      { text: padName(nameIn(state, service.ref), nameWidth) },
      ...renderTasks(lastSeen(service)),
      ...renderWhy(service),
    ]),
  ];
}

function hasEnded({ failure, main }: ServiceState): boolean {
  return failure !== undefined || main?.outcome !== undefined;
}

/** A service that goes back because another one has failed, or after its own deploy. */
function nameStage(service: ServiceState): string {
  const isGoingBack = service.rollback !== undefined && intentOf(service) === "rollback";
  return isGoingBack ? "undoing" : "       ";
}

function padName(name: string, width: number): string {
  const shown = cutToWidth(onOneLine(name), width);
  return ` ${shown}${" ".repeat(Math.max(0, width - displayWidth(shown)))}  `;
}

/** The bar and the counts of the new deployment, and what of the old ones still runs. */
function renderTasks(deployments: readonly Deployment[]): Span[] {
  const primary = deployments.find(isNew);
  if (primary === undefined) return [];
  const old = deployments.filter((each) => !isNew(each)).reduce((sum, { runningCount }) => sum + runningCount, 0);
  const scale = Math.max(1, primary.desiredCount, primary.runningCount + primary.pendingCount);
  return [
    { text: "[" },
    ...renderBar(primary, primary.failedTasks, scale, BAR),
    { text: `] ${onOneLine(nameOf(primary))} ${primary.runningCount}/${primary.desiredCount}` },
    ...(old > 0 ? [{ text: ` +${old} old` }] : []),
    ...(primary.failedTasks > 0
      ? [{ text: " " }, { text: `${primary.failedTasks} failed`, color: "red" as const }]
      : []),
  ];
}

function renderWhy(service: ServiceState): Span[] {
  const { failure, ref } = service;
  const cause = newestOf(currentPlan(service)?.causes ?? []);
  const [why] = failure !== undefined ? describeFailure(failure, ref.region) : renderCauses(cause ? [cause] : []);
  return why === undefined ? [] : [{ text: `  ${onOneLine(why)}`, color: "yellow" }];
}
