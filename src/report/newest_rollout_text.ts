import { type Cause, isOfNetwork, isOfPlatform } from "../diagnosis/cause.ts";
import { parseTaskDefinitionArn, shortName } from "../model/arn.ts";
import type { ContainerLog } from "../model/log_place.ts";
import type { ServiceRef, ServiceSnapshot } from "../model/service.ts";
import { type ServiceDeployment, trafficAfter } from "../model/service_deployment.ts";
import { ecspressoCommand } from "../model/typed_commands.ts";
import type { NewestRollout } from "../rollout/read/read_newest_rollout.ts";
import type { RolloutStage } from "../rollout/rollout_stage.ts";
import { describeLiveOf } from "./live_now.ts";
import { count, formatLocalTime } from "./log.ts";
import { adviseOnCause, comesFirst, describeCause, renderCause } from "./messages/cause_text.ts";
import { renderLog } from "./messages/log_text.ts";
import { renderWayOut, wayOutOf } from "./way_out.ts";

/**
 * What a deployment that is under way or has failed comes to: what happened and why, what runs now, and the one command to
 * type next. A line each; none where tasks are only missing for a moment.
 */
export function describeNewestRollout(
  rollout: NewestRollout,
  service: ServiceSnapshot,
  ref: ServiceRef,
  log?: ContainerLog,
): string[] {
  const { stage, causes, record } = rollout;
  const [cause] = causes;
  if (stage === "short" && causes.length === 0) return [];
  // A hook that waits for an answer has its own commands.
  const isAsked = (record?.awaitingHooks.length ?? 0) > 0;
  const [next] = isAsked ? [] : chooseNext(rollout, service, ref);
  const advice = cause && adviseOnCause(cause);
  return [
    describeStage(rollout, service),
    describeLive(rollout, service),
    ...describeWhy(rollout),
    ...(log === undefined ? [] : renderLog(log).map(([, text]) => text)),
    ...orderTyped(next, advice, cause),
  ];
}

function describeStage({ stage, of, causes, failedTasks, record }: NewestRollout, service: ServiceSnapshot): string {
  const name = of === undefined ? "the newest deployment" : shortName(of);
  const back = service.taskDefinition === undefined
    ? ""
    : ` to ${shortName(parseTaskDefinitionArn(service.taskDefinition))}`;
  const why = describeEnd(record);
  // It may as well have been stopped by somebody.
  const failed = record === undefined || record.triggered.length > 0 ? "failed" : "did not complete";
  const at = record?.finishedAtMs === undefined ? "" : ` at ${formatLocalTime(record.finishedAtMs)}`;
  const how: Readonly<Record<RolloutStage, string>> = {
    underWay: causes.length > 0 || failedTasks > 0 ? "is failing" : "is being deployed",
    short: "is deployed, but its tasks stop",
    failed: `${failed}${why}, and ECS does nothing more about it`,
    goingBack: `${failed}${why}: ECS is going back${back}`,
    wentBack: `${failed}${why}: ECS went back${back}${at}`,
  };
  return `${name} ${how[stage]}`;
}

/** What made ECS give up, in brackets. */
function describeEnd(record: ServiceDeployment | undefined): string {
  if (record === undefined) return "";
  const { triggeredAlarms: alarms, triggered, rollback, statusReason } = record;
  if (alarms.length > 0) return ` (alarm ${alarms.join(", ")})`;
  const why = triggered.length > 0 ? triggered.join(", ") : rollback?.reason ?? statusReason;
  return why === undefined ? "" : ` (${why})`;
}

/** What to type, and what to do about the cause: what ends an outage comes first. */
function orderTyped(next: string | undefined, advice: string | undefined, cause: Cause | undefined): string[] {
  if (next === undefined) return advice === undefined ? [] : [`advice: ${advice}`];
  if (advice === undefined || cause === undefined) return [`next: ${next}`];
  const isAdviceFirst = isOfPlatform(cause) || comesFirst(cause);
  return isAdviceFirst ? [`first: ${advice}`, `then: ${next}`] : [`first: ${next}`, `then: ${advice}`];
}

/** The primary cause, and that there are others. */
function describeWhy({ of, causes, failedTasks }: NewestRollout): string[] {
  const [cause, ...others] = causes;
  if (cause === undefined) return failedTasks === 0 ? [] : [`${count(failedTasks, "task")} failed to start`];
  return [
    renderCause(cause, of && shortName(of)),
    ...(others.length === 0
      ? []
      : [`also: ${others.map((other) => `${describeCause(other)} (${other.count})`).join(", ")}`]),
  ];
}

/** What users get. */
function describeLive({ of, stage, record }: NewestRollout, { deployments }: ServiceSnapshot): string {
  const traffic = record && trafficAfter(undefined, record);
  const isBad = stage === "failed" || stage === "goingBack";
  return describeLiveOf(deployments, { traffic, failed: isBad ? of?.arn : undefined, hasEnded: stage === "failed" });
}

/** What to type next, by the stage; what has no cause in the release needs no rollback. */
function chooseNext(
  { stage, causes: [cause], failedTasks, record }: NewestRollout,
  { deployments }: ServiceSnapshot,
  ref: ServiceRef,
): string[] {
  const isFirst = record !== undefined && record.sourceRevisionArns.length === 0;
  const isBad = (cause !== undefined && !isOfPlatform(cause)) || (cause === undefined && failedTasks > 0);
  const next = NEXT[stage](isBad);
  if (next === undefined) return [];
  if (next === "wait") return [ecspressoCommand(ref, "wait")];
  // Nothing ran before: a rollback would lead to nothing.
  if (isFirst) return [`mend it, then: ${ecspressoCommand(ref, "deploy")}`];
  const way = wayOutOf(deployments);
  const command = way === undefined
    ? "rollback --revision previous"
    : renderWayOut(way, cause !== undefined && isOfNetwork(cause));
  return [ecspressoCommand(ref, command)];
}

const NEXT: Readonly<Record<RolloutStage, (isBad: boolean) => "wait" | "rollBack" | undefined>> = {
  underWay: (isBad) => isBad ? "rollBack" : "wait",
  short: (isBad) => isBad ? "rollBack" : undefined,
  failed: () => "rollBack",
  goingBack: () => "wait",
  wentBack: () => undefined,
};
