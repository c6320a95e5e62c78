import { clusterName, parseTaskDefinitionArn, serviceName, shortName } from "../model/arn.ts";
import type { ContainerImage } from "../model/images.ts";
import type { ContainerLog } from "../model/log_place.ts";
import type { Hold } from "../model/hold.ts";
import type { ServiceRef, ServiceSnapshot } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type { PlannedImage } from "../rollout/plan/plan_images.ts";
import type { Back } from "../rollout/read/find_back.ts";
import type { NewestRollout } from "../rollout/read/read_newest_rollout.ts";
import type { ScalingState } from "../rollout/read/read_service.ts";
import { renderShipped } from "./messages/image_text.ts";
import { describeHold } from "./messages/phrases.ts";
import { describeNewestRollout } from "./newest_rollout_text.ts";
import { describeStage, renderDeployment, renderHooks } from "./progress_text.ts";
import { formatLocalTime } from "./log.ts";
import { describeUnrecordable } from "./run_notice_text.ts";

/** Everything that `status` shows. */
export interface Status {
  readonly ref: ServiceRef;
  readonly service: ServiceSnapshot;
  /** Where it says more than the service does. */
  readonly serviceDeployment: ServiceDeployment | undefined;
  readonly scaling: ScalingState | undefined;
  /** The images that run by tags which name other ones today. */
  readonly movedImages?: readonly PlannedImage[];
  /** What runs, where that is on record. */
  readonly images?: readonly ContainerImage[];
  /** Of many services: whether it was rolled back, and not deployed since. */
  readonly back?: Back | undefined;
  /** The newest deployment, where it is under way or has failed. */
  readonly rollout?: NewestRollout | undefined;
  /** What the container that failed has written last. */
  readonly containerLog?: ContainerLog | undefined;
  /** Who holds what the service runs, and what to type to end that. */
  readonly hold?: { readonly hold: Hold; readonly releaseCommand: string } | undefined;
  /** How many of the newest events. */
  readonly events: number;
  /** What to type to resume scaling that an earlier run has suspended. */
  readonly resumeCommand: string;
  /** What to type to see what ran before. */
  readonly historyCommand?: string;
}

/** The service's state as lines of text, in the order of the reference: the newest event comes last. */
export function renderStatus(shown: Status): string[] {
  const { ref, service, serviceDeployment, scaling, events, resumeCommand } = shown;
  const { taskDefinition, deployments, taskSets, status, deploymentController, deploymentStrategy } = service;
  return [
    `Service: ${serviceName(ref.service)}${status === "ACTIVE" ? "" : ` (${status})`}`,
    `Cluster: ${clusterName(ref.cluster)}`,
    `TaskDefinition: ${taskDefinition === undefined ? "none" : shortName(parseTaskDefinitionArn(taskDefinition))}`,
    ...(deploymentController === "ECS" ? [] : [`DeploymentController: ${deploymentController}`]),
    ...(deploymentStrategy === "ROLLING" ? [] : [`DeploymentStrategy: ${deploymentStrategy}`]),
    ...(shown.hold === undefined
      ? []
      : [`Held: ${describeHold(shown.hold.hold)}; to end that: ${shown.hold.releaseCommand}`]),
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
    ...(scaling === undefined ? [] : renderScaling(scaling, resumeCommand)),
    "Events:",
    ...service.events.slice(0, events).toReversed().map(({ createdAtMs, message }) =>
      `${formatLocalTime(createdAtMs)} ${message}`
    ),
    ...renderRollout(shown),
  ];
}

/** Last, since a terminal shows the end. */
function renderRollout({ rollout, service, ref, containerLog }: Status): string[] {
  const lines = rollout === undefined ? [] : describeNewestRollout(rollout, service, ref, containerLog);
  return lines.length === 0 ? [] : ["Now:", ...lines.map((line) => `  ${line}`)];
}

/** A tag that was pushed again says no more what runs. */
function renderMoved({ movedImages = [], historyCommand }: Status): string[] {
  if (movedImages.length === 0) return [];
  const lines = renderShipped(movedImages);
  const history = historyCommand === undefined ? [] : [`what ran before: ${historyCommand}`];
  return ["Images:", ...[...lines, ...history].map((line) => `  ${line}`)];
}

/** That a deployment is in progress, its own line says already. */
function saysMore(deployment: ServiceDeployment | undefined): deployment is ServiceDeployment {
  return deployment !== undefined && (deployment.lifecycleStage !== undefined || deployment.status !== "IN_PROGRESS");
}

function renderScaling({ target, record, unrecordable }: ScalingState, resumeCommand: string): string[] {
  const { dynamicScalingInSuspended, dynamicScalingOutSuspended, scheduledScalingSuspended } = target.suspendedState;
  return [
    "AutoScaling:",
    `  Capacity min:${target.minCapacity} max:${target.maxCapacity}`,
    `  Suspended in:${dynamicScalingInSuspended} out:${dynamicScalingOutSuspended} scheduled:${scheduledScalingSuspended}`,
    ...(record === undefined ? [] : [
      `  Suspended by ecspresso since ${formatLocalTime(record.atMs)} (${record.by || "somebody"})` +
      `${record.runs.length === 0 ? "" : `, for run ${record.runs.join(" and ")}`}; to restore it: ${resumeCommand}`,
    ]),
    ...(unrecordable === undefined
      ? []
      : [`  Not known whether ecspresso has suspended it: ${describeUnrecordable(unrecordable)}`]),
  ];
}
