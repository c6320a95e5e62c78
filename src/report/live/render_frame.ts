import { parseTaskDefinitionArn, shortName } from "../../model/arn.ts";
import { type Deployment, subjectName } from "../../model/service.ts";
import { describeStage } from "../progress_text.ts";
import { formatDuration, onOneLine } from "../log.ts";
import { NOUNS } from "../plan_text.ts";
import { currentPlan, type RunState, type ServiceState } from "../state.ts";

/** A piece of a line, with a colour of its own or none. */
export interface Span {
  readonly text: string;
  readonly color?: "green" | "yellow" | "dim";
}

/** One line of the region: what matters most comes first, for it is the end that is cut off. */
export type Row = readonly Span[];

/** Whether a deployment of the service is waited for now. */
export function isWaiting(service: ServiceState): boolean {
  return currentPlan(service)?.step?.kind === "awaitDeployment";
}

/** What the region shows at a moment; no rows while no deployment is waited for. */
export function renderFrame({ services }: RunState, elapsedMs: number, columns: number): Row[] {
  return services.filter(isWaiting).flatMap((service) => {
    const { plan, serviceDeployment, deployments } = currentPlan(service)!;
    const title = `${renderTime(service, elapsedMs)}: ${NOUNS[plan.intent]} of ${subjectName(service.ref)}`;
    return [
      [{ text: onOneLine(title) }],
      ...(serviceDeployment === undefined ? [] : [[{ text: onOneLine(describeStage(serviceDeployment)) }]]),
      ...renderDeployments(deployments, barWidth(columns)),
    ];
  });
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

const LONGEST_BAR = 30;
const SHORTEST_BAR = 5;
/** What is beside the bar, with names as long as they usually are. */
const BESIDE_BAR = 60;

function barWidth(columns: number): number {
  return Math.min(LONGEST_BAR, Math.max(SHORTEST_BAR, columns - BESIDE_BAR));
}

/** A row each, the new one first; on one scale, so that bars can be compared. */
function renderDeployments(deployments: readonly Deployment[], width: number): Row[] {
  const isNew = ({ status }: Deployment) => status === "PRIMARY";
  const sorted = [...deployments.filter(isNew), ...deployments.filter((deployment) => !isNew(deployment))];
  const scale = Math.max(
    1,
    ...sorted.map(({ desiredCount, runningCount, pendingCount }) =>
      Math.max(desiredCount, runningCount + pendingCount)
    ),
  );
  const column = (count: (deployment: Deployment) => number) => {
    const digits = Math.max(...sorted.map((deployment) => String(count(deployment)).length));
    return (deployment: Deployment) => String(count(deployment)).padStart(digits);
  };
  const running = column(({ runningCount }) => runningCount);
  const pending = column(({ pendingCount }) => pendingCount);
  const desired = column(({ desiredCount }) => desiredCount);
  return sorted.map((each): Row => {
    const counts = `${running(each)} running, ${pending(each)} pending, ${desired(each)} desired`;
    const name = onOneLine(shortName(parseTaskDefinitionArn(each.taskDefinition)));
    return [
      { text: isNew(each) ? "new [" : "old [" },
      ...renderBar(each, scale, width),
      { text: `] ${counts}  ${name}` },
    ];
  });
}

/**
 * `####++--`: running, pending, missing. ASCII, because not all terminals agree how wide other signs are. What there is has
 * a column at least, and only what is complete looks complete.
 */
function renderBar({ runningCount, pendingCount, desiredCount }: Deployment, scale: number, width: number): Row {
  const columnOf = (count: number) => Math.floor(count * width / scale);
  const begun = runningCount + pendingCount;
  const running = runningCount > 0 ? Math.max(1, columnOf(runningCount)) : 0;
  const pending = pendingCount > 0 ? Math.max(1, columnOf(begun) - running) : 0;
  const filled = running + pending;
  const missing = desiredCount > begun ? Math.min(width - filled, Math.max(1, columnOf(desiredCount) - filled)) : 0;
  return [
    { text: "#".repeat(running), color: "green" },
    { text: "+".repeat(pending), color: "yellow" },
    { text: "-".repeat(missing), color: "dim" },
    { text: " ".repeat(width - filled - missing) },
  ];
}
