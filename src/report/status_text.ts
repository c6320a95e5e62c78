import { clusterName, serviceName, shortName } from "../model/arn.ts";
import type { ContainerLog } from "../model/log_place.ts";
import type { ServiceRef, ServiceSnapshot } from "../model/service.ts";
import { type ServiceDeployment, trafficAfter } from "../model/service_deployment.ts";
import type { Hold, LastRollback } from "../model/service_notes.ts";
import { type FoundWaitsRecord, isReadable, missingWaits, WAITS_KEY } from "../model/waits.ts";
import type { NewestRollout } from "../rollout/read/read_newest_rollout.ts";
import type { ScalingState } from "../rollout/read/read_service.ts";
import type { ServiceStatus } from "../rollout/read/read_status.ts";
import type { RolloutStage } from "../rollout/judge/rollout_stage.ts";
import { adviceOn } from "./advice.ts";
import { describeLiveOf } from "./live_now.ts";
import { count, formatLocalTime } from "./messages/log.ts";
import { describeCause, renderCause } from "./messages/causes/cause_text.ts";
import { renderShipped } from "./messages/image_text.ts";
import { renderLog } from "./messages/log_text.ts";
import { commandTo } from "./messages/own_commands.ts";
import { describeHold, describeLastRollback, inBrackets, TRIGGERS } from "./messages/phrases.ts";
import { describeWaitsRecord } from "./messages/waits_text.ts";
import { stepsOfRollout } from "./next_steps.ts";
import { withAdvice } from "./order_steps.ts";
import { describeStage, renderDeployment, renderHooks } from "./progress_text.ts";
import { describeUnrecordable } from "./messages/run_notice_text.ts";
import { describeStepShortly } from "./step_text.ts";
import { failingDeploymentIn } from "./failing_deployment.ts";

/** Everything that `status` shows. */
export interface Status extends Partial<Omit<ServiceStatus, "service">> {
  readonly ref: ServiceRef;
  readonly service: ServiceSnapshot;
  readonly hold?: Hold | undefined;
  /** The last rollback, if a reason was given for it. */
  readonly lastRollback?: LastRollback | undefined;
  /** The record of bake time, hooks and steps that an earlier fast rollback has not restored. */
  readonly waitsRecord?: FoundWaitsRecord;
  /** How many of the newest events are shown. */
  readonly events: number;
}

/** The state of a service as lines of text, in ecspresso's order: the newest event is last. */
export function renderStatus(shown: Status): string[] {
  const { ref, service, serviceDeployment, scaling, events } = shown;
  const { taskDefinition, deployments, taskSets, status, deploymentController, deploymentStrategy } = service;
  return [
    `Service: ${serviceName(ref.service)}${status === "ACTIVE" ? "" : ` (${status})`}`,
    `Cluster: ${clusterName(ref.cluster)}`,
    `TaskDefinition: ${taskDefinition === undefined ? "none" : shortName(taskDefinition)}`,
    ...(deploymentController === "ECS" ? [] : [`DeploymentController: ${deploymentController}`]),
    ...(deploymentStrategy === "ROLLING" ? [] : [`DeploymentStrategy: ${deploymentStrategy}`]),
    ...(shown.hold === undefined
      ? []
      : [`Held: ${describeHold(shown.hold)}; to end that: ${commandTo("releaseHold", ref)}`]),
    ...(shown.lastRollback === undefined ? [] : [`LastRollback: ${describeLastRollback(shown.lastRollback)}`]),
    ...renderWaitsRecord(shown),
    "Deployments:",
    ...deployments.map((deployment) => {
      const { rolloutState, rolloutStateReason: reason, failedTasks } = deployment;
      const failed = failedTasks === 0 ? "" : ` failed:${failedTasks}`;
      const state = rolloutState === undefined ? "" : ` ${rolloutState}`;
      return `  ${renderDeployment(deployment)}${failed}${state}${reason === undefined ? "" : `(${reason})`}`;
    }),
    ...(saysMore(serviceDeployment)
      ? [describeStage(serviceDeployment), ...renderHooks(serviceDeployment).map(([, text]) => text)]
      : []).map((line) => `  ${line}`),
    ...(taskSets.length === 0 ? [] : [
      "TaskSets:",
      ...taskSets.map((taskSet) => `  ${renderDeployment(taskSet)} ${taskSet.stabilityStatus ?? ""}`.trimEnd()),
    ]),
    ...renderMoved(shown),
    ...(scaling === undefined ? [] : renderScaling(scaling, ref)),
    "Events:",
    ...service.events.slice(0, events).toReversed().map(({ createdAtMs, message }) =>
      `${formatLocalTime(createdAtMs)} ${message}`
    ),
    ...renderRollout(shown),
  ];
}

/** At the end, since that is what a terminal shows. */
function renderRollout({ rollout, service, ref, containerLog }: Status): string[] {
  const lines = rollout === undefined ? [] : describeNewestRollout(rollout, service, ref, containerLog);
  return lines.length === 0 ? [] : ["Now:", ...lines.map((line) => `  ${line}`)];
}

/** Images whose tags were pushed again: those tags no longer name what runs. */
function renderMoved({ movedImages = [], ref }: Status): string[] {
  if (movedImages.length === 0) return [];
  const lines = renderShipped(movedImages);
  return ["Images:", ...[...lines, `what ran before: ${commandTo("seeHistory", ref)}`].map((line) => `  ${line}`)];
}

/** Whether the record says more than that a deployment is under way, which other lines say already. */
function saysMore(deployment: ServiceDeployment | undefined): deployment is ServiceDeployment {
  return deployment !== undefined && (deployment.lifecycleStage !== undefined || deployment.status !== "IN_PROGRESS");
}

/** Bake time, hooks and steps that an earlier run has not restored. */
function renderWaitsRecord({ ref, service, waitsRecord }: Status): string[] {
  if (waitsRecord === undefined || waitsRecord === "unread") return [];
  const { arn, taskDefinition } = service;
  if (!isReadable(waitsRecord)) return [`DeploymentSettings: the tags ${WAITS_KEY}... are not this program's`];
  const running = taskDefinition && shortName(taskDefinition);
  const record = { ...waitsRecord, arn, missing: missingWaits(waitsRecord.before, service) };
  const [what, remedy] = describeWaitsRecord(ref, record, formatLocalTime(waitsRecord.atMs), running);
  return [`DeploymentSettings: ${what}`, `  ${remedy}`];
}

function renderScaling({ target, record, unrecordable }: ScalingState, ref: ServiceRef): string[] {
  const { dynamicScalingInSuspended, dynamicScalingOutSuspended, scheduledScalingSuspended } = target.suspendedState;
  return [
    "AutoScaling:",
    `  Capacity min:${target.minCapacity} max:${target.maxCapacity}`,
    `  Suspended in:${dynamicScalingInSuspended} out:${dynamicScalingOutSuspended} scheduled:${scheduledScalingSuspended}`,
    ...(record === undefined ? [] : [
      `  Suspended by ecspresso since ${formatLocalTime(record.atMs)} (${record.by || "somebody"})` +
      `${record.runs.length === 0 ? "" : `, for run ${record.runs.join(" and ")}`}; to restore it: ${
        commandTo("resumeScaling", ref)
      }`,
    ]),
    ...(unrecordable === undefined
      ? []
      : [`  Not known whether ecspresso has suspended it: ${describeUnrecordable(unrecordable)}`]),
  ];
}

/**
 * Sums up a deployment that is under way or has failed: what happened and why, what runs now, and the command to type
 * next, one line each. Empty if tasks are missing only for a moment.
 */
export function describeNewestRollout(
  rollout: NewestRollout,
  service: ServiceSnapshot,
  ref: ServiceRef,
  log?: ContainerLog,
): string[] {
  const { stage, causes } = rollout;
  const [cause] = causes;
  if (stage === "short" && causes.length === 0) return [];
  const failing = failingDeploymentIn(ref, service.deployments, cause);
  return [
    describeHow(rollout, service),
    describeLive(rollout, service),
    ...describeWhy(rollout),
    ...(log === undefined ? [] : renderLog(log).map(([, text]) => text)),
    ...withAdvice(stepsOfRollout(rollout, failing), adviceOn(failing), failing).map(describeStepShortly),
  ];
}

function describeHow({ stage, of, causes, failedTasks, record }: NewestRollout, service: ServiceSnapshot): string {
  const name = of === undefined ? "the newest deployment" : shortName(of);
  const back = service.taskDefinition === undefined ? "" : ` to ${shortName(service.taskDefinition)}`;
  const why = describeEnd(record);
  // If neither circuit breaker nor alarm ended it, somebody may have stopped it.
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

/** Why ECS gave the deployment up, in parentheses. */
function describeEnd(record: ServiceDeployment | undefined): string {
  if (record === undefined) return "";
  const { triggeredAlarms: alarms, triggered, rollback, statusReason } = record;
  if (alarms.length > 0) return ` (alarm ${alarms.join(", ")})`;
  const why = triggered.length > 0
    ? triggered.map((one) => TRIGGERS[one]).join(", ")
    : rollback?.reason ?? statusReason;
  return inBrackets(why);
}

/** The primary cause, and the others in short. */
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

function describeLive({ of, stage, record }: NewestRollout, { deployments }: ServiceSnapshot): string {
  const traffic = record && trafficAfter(undefined, record);
  const isBad = stage === "failed" || stage === "goingBack";
  return describeLiveOf(deployments, { traffic, failed: isBad ? of?.arn : undefined, hasEnded: stage === "failed" });
}
