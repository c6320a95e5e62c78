import type { Cause } from "../../diagnosis/cause.ts";
import { type Deployment, primaryDeployment, subjectName } from "../../model/service.ts";
import { describeBaking, renderChart } from "../bake_text.ts";
import type { Color } from "../colors.ts";
import { describeFailure } from "../failure_text.ts";
import { resultOf } from "../fleet/service_result.ts";
import { nameIn } from "../fleet/names.ts";
import { describeProgress } from "../fleet/progress_line.ts";
import { lastSeen, nameOf } from "../live_now.ts";
import { formatDuration, onOneLine } from "../messages/log.ts";
import { renderCause } from "../messages/causes/cause_text.ts";
import { describeStage } from "../progress_text.ts";
import { currentPlan, intentOf, isBaking, type PlanState, type RunState, type ServiceState } from "../state.ts";
import { nameWork, WORK } from "../messages/work_words.ts";
import { cutToWidth, displayWidth, wrapAtWords } from "../display_width.ts";

/** A piece of a line, with a colour of its own or none. */
interface Span {
  readonly text: string;
  readonly color?: Color;
}

/** One line of the region. What matters most comes first, since the end is cut off. */
export type Row = readonly Span[];

/** Whether the run waits for a deployment of the service now, or watches whether its rollback has helped. */
export function isWaiting(service: ServiceState): boolean {
  return currentPlan(service)?.step?.kind === "awaitDeployment" || isBaking(service);
}

/** The rows for one service; none while the run waits for nothing. */
export function renderFrame({ services }: RunState, elapsedMs: number, columns: number): Row[] {
  return services.filter(isWaiting).flatMap((service) => {
    if (service.bake !== undefined) return renderBaking(service, service.bake, columns);
    const planned = currentPlan(service)!;
    const { plan, serviceDeployment, deployments, causes } = planned;
    const cause = newestOf(causes);
    const title = `${renderTime(service, elapsedMs)}: ${WORK[plan.intent].noun} of ${subjectName(service.ref)}`;
    return [
      ...renderText(title, columns, "title"),
      ...(serviceDeployment === undefined ? [] : renderText(describeStage(serviceDeployment), columns, "title")),
      ...renderDeployments(deployments, countFailed(planned), columns),
      ...(cause === undefined ? [] : renderText(renderCause(cause), columns, "cause", "yellow")),
    ];
  });
}

/** Whether the rollback has helped so far, with a chart of the minutes. */
function renderBaking({ ref, command }: ServiceState, bake: NonNullable<ServiceState["bake"]>, columns: number): Row[] {
  return [
    ...renderText(
      `${nameWork(command, undefined)} of ${subjectName(ref)} is done. ${describeBaking(bake)}`,
      columns,
      "cause",
    ),
    ...renderChart(bake.evidence).map((text): Row => [{ text }]),
  ];
}

/** The most rows that a text takes, since a small terminal has few. */
const MAX_ROWS = { title: 2, cause: 3 };

function renderText(text: string, columns: number, most: keyof typeof MAX_ROWS, color?: Span["color"]): Row[] {
  // The last column stays free, as everywhere in the region.
  const lines = wrapAtWords(onOneLine(text), columns - 1).slice(0, MAX_ROWS[most]);
  return lines.map((line) => [{ text: line, ...(color && { color }) }]);
}

/** How many tasks of the new deployment have failed: those that were seen to stop, or ECS's count if that is higher. */
function countFailed({ causes, deployments }: PlanState): number {
  const failedInARow = primaryDeployment({ deployments })?.failedTasks ?? 0;
  return Math.max(failedInARow, causes.reduce((sum, { count }) => sum + count, 0));
}

function renderTime({ timeoutMs }: ServiceState, sinceStartMs: number): string {
  const elapsedMs = Math.max(0, sinceStartMs);
  const elapsed = `${formatSeconds(Math.floor(elapsedMs / 1_000))} elapsed`;
  if (timeoutMs === 0) return elapsed;
  return `${elapsed}, ${formatSeconds(Math.ceil(Math.max(0, timeoutMs - elapsedMs) / 1_000))} until the timeout`;
}

function formatSeconds(seconds: number): string {
  return seconds === 0 ? "0s" : formatDuration(seconds * 1_000);
}

/** The latest cause; the primary one if ECS gives no times. */
function newestOf(causes: readonly Cause[]): Cause | undefined {
  return causes.toSorted((a, b) => (b.atMs ?? 0) - (a.atMs ?? 0))[0];
}

const LONGEST_BAR = 30;
const SHORTEST_BAR = 5;
/** Columns that the rest of the row takes, with names of usual length. */
const BESIDE_BAR = 60;

/** One row for each deployment, the new one first; all bars have the same scale, so that they can be compared. */
function renderDeployments(deployments: readonly Deployment[], failed: number, columns: number): Row[] {
  const width = Math.min(LONGEST_BAR, Math.max(SHORTEST_BAR, columns - BESIDE_BAR));
  const sorted = [...deployments.filter(isNew), ...deployments.filter((deployment) => !isNew(deployment))];
  const scale = Math.max(
    1,
    ...sorted.map(({ desiredCount, runningCount, pendingCount }) =>
      Math.max(desiredCount, runningCount + pendingCount)
    ),
  );
  const running = columnOf(sorted, ({ runningCount }) => runningCount);
  const desired = columnOf(sorted, ({ desiredCount }) => desiredCount);
  return sorted.map((each): Row => {
    const name = onOneLine(nameOf(each));
    const begins = isNew(each) ? "new [" : "old [";
    const ofIt = isNew(each) ? failed : 0;
    return [
      { text: begins },
      ...renderBar(each, ofIt, scale, width),
      { text: "] " },
      ...(isNew(each)
        ? renderNewCounts(`${running(each)} of ${desired(each)} running`, each.pendingCount, failed)
        : [{ text: `${running(each)} still running` }]),
      { text: `  ${name}` },
    ];
  });
}

function isNew({ status }: Deployment): boolean {
  return status === "PRIMARY";
}

/** Pads numbers, so that they are aligned on the right. */
function columnOf(deployments: readonly Deployment[], count: (deployment: Deployment) => number) {
  const digits = Math.max(...deployments.map((deployment) => String(count(deployment)).length));
  return (deployment: Deployment) => String(count(deployment)).padStart(digits);
}

function renderNewCounts(running: string, pending: number, failed: number): Span[] {
  return [
    { text: running },
    ...(pending > 0 ? [{ text: `, ${pending} starting` }] : []),
    ...(failed > 0 ? [{ text: ", " }, { text: `${failed} failed`, color: "red" as const }] : []),
  ];
}

/**
 * `####++xx--`: running, starting, failed, missing. ASCII only: terminals disagree on how wide other characters are.
 * Each kind of task takes at least one column, so only a complete deployment looks complete.
 *
 * @param failed how many tasks have failed so far: as many of the missing ones are shown as failed
 */
function renderBar(deployment: Deployment, failed: number, scale: number, width: number): Row {
  const { runningCount, pendingCount, desiredCount } = deployment;
  const columnAt = (count: number) => Math.floor(count * width / scale);
  const begun = runningCount + pendingCount;
  const running = runningCount > 0 ? Math.max(1, columnAt(runningCount)) : 0;
  const pending = pendingCount > 0 ? Math.max(1, columnAt(begun) - running) : 0;
  const filled = running + pending;
  const missing = desiredCount > begun ? Math.min(width - filled, Math.max(1, columnAt(desiredCount) - filled)) : 0;
  const crossed = failed > 0 ? Math.min(missing, Math.max(1, columnAt(failed))) : 0;
  return [
    { text: "#".repeat(running), color: "green" },
    { text: "+".repeat(pending), color: "yellow" },
    { text: "x".repeat(crossed), color: "red" },
    { text: "-".repeat(missing - crossed), color: "dim" },
    { text: " ".repeat(width - filled - missing) },
  ];
}

/** Bars of many services are this narrow, since the cause of a failure follows on the same row. */
const BAR = 10;
/** Longer names are cut, since what follows them matters more. */
const LONGEST_NAME = 32;

/**
 * The rows for many services: two lines for all, then one for each that has failed, latest first, and one for each that
 * is under way. The others are only counted.
 */
export function renderFleetFrame(state: RunState, elapsedMs: number): Row[] {
  const { services } = state;
  const baking = services.filter(isBaking);
  const hasEnded = ({ failure, main }: ServiceState) => failure !== undefined || main?.outcome !== undefined;
  const failed = services.filter((service) => hasEnded(service) && resultOf(service) === "failed")
    .toSorted((one, other) => (other.endedAtMs ?? 0) - (one.endedAtMs ?? 0));
  const underWay = services.filter((service) => !failed.includes(service) && currentPlan(service)?.step !== undefined);
  const shown = [...failed, ...underWay];
  const nameWidth = Math.min(LONGEST_NAME, Math.max(0, ...shown.map((one) => displayWidth(nameIn(state, one.ref)))));
  const [first] = services;
  const title = `${renderTime(first!, elapsedMs)}: ${WORK[first!.command].noun} of ${services.length} services`;
  return [
    [{ text: title }],
    [{ text: describeProgress(state) }],
    ...baking.slice(0, 1).map(({ bake }): Row => [{ text: `${baking.length} baking. ${describeBaking(bake!)}` }]),
    ...shown.map((service): Row => [
      failed.includes(service) ? { text: "FAILED ", color: "red" } : { text: nameStage(service) },
      { text: padName(nameIn(state, service.ref), nameWidth) },
      ...renderTasks(lastSeen(service)),
      ...renderWhy(service),
    ]),
  ];
}

/** Marks a service that goes back: because another one failed, or after its own deploy. */
function nameStage(service: ServiceState): string {
  const isBeingRolledBack = service.rollback !== undefined && intentOf(service) === "rollback";
  return isBeingRolledBack ? "undoing" : "       ";
}

function padName(name: string, width: number): string {
  const shown = cutToWidth(onOneLine(name), width);
  return ` ${shown}${" ".repeat(Math.max(0, width - displayWidth(shown)))}  `;
}

/** The bar and the counts of the new deployment, and how many old tasks still run. */
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
  const [why] = failure !== undefined ? describeFailure(failure, ref.region) : cause ? [renderCause(cause)] : [];
  return why === undefined ? [] : [{ text: `  ${onOneLine(why)}`, color: "yellow" }];
}
