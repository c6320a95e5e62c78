import { parseTaskDefinitionArn, shortName } from "../model/arn.ts";
import type { Deployment } from "../model/service.ts";
import { formatLocalTime } from "./log.ts";
import { currentPlan, type ServiceState } from "./state.ts";

/** The deployments as they were last seen, by whichever plan; none where none was seen. */
export function lastSeen({ main, rollback, seenWhenRefused = [] }: ServiceState): readonly Deployment[] {
  return [rollback, main].find((planned) => planned !== undefined && planned.deployments.length > 0)?.deployments ??
    seenWhenRefused;
}

/** Whether ECS has said why no task of the deployment starts, and none has run since. */
export function isWithoutTasks(service: ServiceState): boolean {
  const primary = lastSeen(service).find(({ status }) => status === "PRIMARY");
  return primary?.runningCount === 0 && (currentPlan(service)?.causes.length ?? 0) > 0;
}

/** `myservice:4` */
export function nameOf({ taskDefinition }: Pick<Deployment, "taskDefinition">): string {
  return shortName(parseTaskDefinitionArn(taskDefinition));
}

/**
 * What serves, as a sentence: `myservice:4 still serves: 2 of 2 tasks, since 2023/01/01 12:05:00.` Empty where nothing
 * was seen.
 */
export function describeLive(service: ServiceState): string {
  const { primary, others } = look(service);
  if (primary === undefined) return "";
  const { runningCount, desiredCount } = primary;
  const name = nameOf(primary);
  if (others.length === 0) {
    if (desiredCount === 0) return `${name} is live, with no task: its desired count is 0.`;
    return runningCount > 0
      ? `${name} is live: ${countTasks(primary)}.`
      : `NO task runs: ${name} has 0 of ${desiredCount}.`;
  }
  if (runningCount > 0) return `${name} runs ${countTasks(primary)}; ${describeOthers(others, name)}.`;
  const [old] = others;
  const running = others.reduce((sum, other) => sum + other.runningCount, 0);
  const which = nameOf(old!) === name ? `the earlier deployment of ${name}` : nameOf(old!);
  const since = others.length === 1 ? `, since ${formatLocalTime(old!.createdAtMs)}` : "";
  return `${which} still serves: ${running} of ${desiredCount} tasks${since}.`;
}

/** The same where nobody has watched to the end: `Last seen: myservice:5 runs 0 of 2 tasks, myservice:4 runs 2.` */
export function describeLastSeen(service: ServiceState): string {
  const { primary, others } = look(service);
  if (primary === undefined) return "";
  const name = nameOf(primary);
  const { runningCount, desiredCount } = primary;
  if (others.length === 0 && runningCount === 0 && desiredCount > 0) {
    return `Last seen: NO task runs, ${name} has 0 of ${desiredCount}.`;
  }
  const rest = others.length === 0 ? "" : `, ${describeOthers(others, name)}`;
  return `Last seen: ${name} runs ${countTasks(primary)}${rest}.`;
}

/** `2 of 2 tasks` */
export function countTasks({ runningCount, desiredCount }: Deployment): string {
  return `${runningCount} of ${desiredCount} ${desiredCount === 1 ? "task" : "tasks"}`;
}

function look(service: ServiceState) {
  const deployments = lastSeen(service);
  const primary = deployments.find(({ status }) => status === "PRIMARY");
  return { primary, others: deployments.filter((each) => each !== primary && each.runningCount > 0) };
}

function describeOthers(others: readonly Deployment[], primary: string): string {
  return others.map((other) => {
    const name = nameOf(other);
    return `${name === primary ? "an earlier deployment of it" : name} still runs ${other.runningCount}`;
  }).join(", ");
}
