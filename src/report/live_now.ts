import { shortName } from "../model/arn.ts";
import type { ProductionTraffic } from "../model/service_deployment.ts";
import { type Deployment, primaryDeployment } from "../model/service.ts";
import { hasFailed } from "../model/outcome_kinds.ts";
import { targetOf } from "./ending.ts";
import { count, formatLocalTime } from "./messages/log.ts";
import { currentPlan, type ServiceState } from "./state.ts";

/** The deployments in the last look, during whichever plan; empty if none were seen. */
export function lastSeen({ main, rollback, seenWhenRefused = [] }: ServiceState): readonly Deployment[] {
  return [rollback, main].find((planned) => planned !== undefined && planned.deployments.length > 0)?.deployments ??
    seenWhenRefused;
}

/** The PRIMARY deployment in the last look. */
export function primarySeen(service: ServiceState): Deployment | undefined {
  return primaryDeployment({ deployments: lastSeen(service) });
}

/** Whether no task of the PRIMARY deployment runs, and ECS has said why. */
export function hasNoNewTask(service: ServiceState): boolean {
  return primarySeen(service)?.runningCount === 0 && (currentPlan(service)?.causes.length ?? 0) > 0;
}

/** Whether no task of the service runs in the last look, although its desired count is above 0. */
export function hasNoTask(service: ServiceState): boolean {
  const primary = primarySeen(service);
  return primary !== undefined && primary.desiredCount > 0 &&
    lastSeen(service).every(({ runningCount }) => runningCount === 0);
}

/** `myservice:4` */
export function nameOf({ taskDefinition }: Pick<Deployment, "taskDefinition">): string {
  return shortName(taskDefinition);
}

/** What is known of a service's deployments besides their numbers of tasks. */
interface LiveFacts {
  /** The ARN of the task definition whose deployment failed. */
  readonly failed?: string | undefined;
  /** Which tasks get the production traffic while it is shifted. */
  readonly traffic?: ProductionTraffic | undefined;
  /** Whether ECS has stopped trying the failed deployment: that none of its tasks runs goes without saying. */
  readonly hasEnded?: boolean;
}

/** What users get, as a sentence: `myservice:4 is still live: 2 of 2 tasks.` Empty if no deployment was seen. */
export function describeLive(service: ServiceState): string {
  const planned = currentPlan(service);
  const { outcome, traffic: shifted, causes = [] } = planned ?? {};
  // ECS says that the listener rule routes traffic differently from what the stage means.
  const traffic = shifted && causes.some(({ code }) => code === "trafficConfigInvalid") ? "unknown" : shifted;
  const isBad = outcome !== undefined && hasFailed(outcome);
  const failed = isBad && planned !== undefined ? targetOf(planned)?.arn : undefined;
  return describeLiveOf(lastSeen(service), { traffic, failed, hasEnded: outcome?.kind === "failed" });
}

/** The same sentence for a list of deployments; empty without a PRIMARY one. */
export function describeLiveOf(deployments: readonly Deployment[], facts: LiveFacts): string {
  const primary = primaryDeployment({ deployments });
  if (primary === undefined) return "";
  const [old, ...more] = deployments.filter((each) => each !== primary && each.runningCount > 0);
  if (old === undefined) return describeAlone(primary);
  if (facts.traffic !== undefined && more.length === 0) return describeShifted(primary, old, facts, facts.traffic);
  const running = [old, ...more].reduce((sum, { runningCount }) => sum + runningCount, 0);
  const names = [old, ...more].map(nameOf).join(" and ");
  const { desiredCount, runningCount } = primary;
  // ECS stops old tasks only once new ones are healthy: if some are gone, both revisions serve users.
  if (runningCount > 0 && running < desiredCount) {
    const name = more.length > 0 ? names : nameWith("the", old, primary, facts);
    return `Both are live: ${nameOf(primary)} with ${countTasks(primary)}, ${name} with ${running}.`;
  }
  const name = more.length > 0 ? names : nameWith("The", old, primary, facts);
  if (old.taskDefinition === facts.failed) {
    return `${name} is STILL LIVE: ${plural(running)}; ${nameOf(primary)} has ${countTasks(primary)} yet.`;
  }
  const since = more.length > 0 ? "" : ` (deployed ${formatLocalTime(old.createdAtMs).slice(0, -3)})`;
  const rest = facts.hasEnded && runningCount === 0 ? "" : `; ${nameOf(primary)} has ${countTasks(primary)} yet`;
  return `${name} is still live: ${running} of ${plural(desiredCount)}${since}${rest}.`;
}

function describeAlone(primary: Deployment): string {
  const name = nameOf(primary);
  if (primary.desiredCount === 0) return `${name} is live, with no task: its desired count is 0.`;
  if (primary.runningCount === 0) return `NOTHING is live: ${name} has ${countTasks(primary)}.`;
  return `${name} is live: ${countTasks(primary)}.`;
}

/** While traffic is shifted, both sides have all their tasks: the counts do not show which side users get. */
function describeShifted(primary: Deployment, other: Deployment, facts: LiveFacts, traffic: ProductionTraffic): string {
  // Once ECS rolls back, the old deployment is PRIMARY again.
  const [fresh, old] = other.taskDefinition === facts.failed ? [other, primary] : [primary, other];
  if (traffic === "moving") {
    return `Both are live: production traffic is moving between ${nameOf(fresh)} (${plural(fresh.runningCount)}) and ` +
      `${nameOf(old)} (${plural(old.runningCount)}).`;
  }
  if (traffic === "unknown") {
    return `${nameOf(fresh)} has ${plural(fresh.runningCount)} and ${nameOf(old)} ${old.runningCount}: ` +
      "which of them gets the production traffic is not known.";
  }
  const [live, idle] = traffic === "old" ? [old, fresh] : [fresh, old];
  const still = live.taskDefinition === facts.failed ? "STILL LIVE" : traffic === "old" ? "still live" : "live";
  return `${nameWith("The", live, idle, facts)} is ${still}: ` +
    `its ${plural(live.runningCount)} get all production traffic, the ${idle.runningCount} of ${
      nameOf(idle)
    } get none.`;
}

/** `the failed myservice:5` if users should not be on it. */
function nameWith(the: "the" | "The", one: Deployment, beside: Deployment, { failed }: LiveFacts): string {
  const name = nameOf(one);
  if (name === nameOf(beside)) return `${the} earlier deployment of ${name}`;
  return one.taskDefinition === failed ? `${the} failed ${name}` : name;
}

/** `2 of 2 tasks` */
export function countTasks({ runningCount, desiredCount }: Deployment): string {
  return `${runningCount} of ${plural(desiredCount)}`;
}

const plural = (tasks: number) => count(tasks, "task");
