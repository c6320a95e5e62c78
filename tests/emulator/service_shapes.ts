/** Services, their deployments and their service deployments in the shapes of the ECS API. */
import { currentServiceRevisionArns, latestServiceDeployment } from "./deployments.ts";
import { groupedBy } from "./grouped.ts";
import type { Deployment, JsonObject, Service, Task, World } from "./model.ts";
import type { HookRun, ServiceDeployment, ServiceRevision } from "./service_deployment_model.ts";
import {
  filledDeployedMembers,
  filledDeploymentConfiguration,
  filledLaunch,
  filledService,
} from "./service_defaults.ts";
import { controllerOf } from "./service_settings.ts";
import { liveTasks } from "./tasks.ts";
import { shiftsTraffic } from "./traffic_shift.ts";
import { epochSeconds, tagList } from "./wire.ts";

const isRunning = (task: Task) => task.lastStatus === "RUNNING";
const isPending = (task: Task) => task.lastStatus === "PROVISIONING" || task.lastStatus === "PENDING";

/** ECS reports a rollout state for rolling deployments only, and not behind a Classic load balancer. */
const hasRolloutState = (service: Service) =>
  !shiftsTraffic(service) &&
  service.settings.loadBalancers.every(({ loadBalancerName }) => loadBalancerName === undefined);

const revisionsOf = groupedBy(({ arn }: ServiceRevision) => arn);

function revisionOf(world: World, { serviceRevisionArn }: Deployment) {
  return revisionsOf(world.serviceRevisions, serviceRevisionArn)[0];
}

function deploymentShape(world: World, service: Service, deployment: Deployment): JsonObject {
  const tasks = liveTasks(world, service).filter(({ startedBy }) => startedBy === deployment.id);
  const wanted = tasks.filter(({ desiredStatus }) => desiredStatus === "RUNNING").length;
  const settings = deployment.status === "PRIMARY" ? service.settings : revisionOf(world, deployment)?.settings;
  return {
    id: deployment.id,
    status: deployment.status === "ACTIVE" && world.settings.showsDraining && tasks.length > 0 && wanted === 0
      ? "DRAINING"
      : deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount: deployment.status === "PRIMARY" ? service.desiredCount : wanted,
    pendingCount: tasks.filter(isPending).length,
    runningCount: tasks.filter(isRunning).length,
    failedTasks: deployment.failedTasks,
    createdAt: epochSeconds(deployment.createdAtMs),
    updatedAt: epochSeconds(deployment.updatedAtMs),
    ...(settings ? filledLaunch(settings, world, "deployment") : {}),
    ...(settings ? filledDeployedMembers(settings, world) : {}),
    ...(hasRolloutState(service)
      ? { rolloutState: deployment.rolloutState, rolloutStateReason: deployment.rolloutStateReason }
      : {}),
  };
}

/** With another controller than ECS itself, the tasks come in task sets instead of deployments. */
function taskSetShape(world: World, service: Service, deployment: Deployment): JsonObject {
  const { id, status, taskDefinition, createdAtMs, updatedAtMs } = deployment;
  const shape = deploymentShape(world, service, deployment);
  const settings = revisionOf(world, deployment)?.settings ?? service.settings;
  const isSteady = shape.runningCount === shape.desiredCount && shape.pendingCount === 0;
  return {
    id,
    taskSetArn: service.arn.replace(":service/", ":task-set/") + `/${id}`,
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    ...(controllerOf(service) === "CODE_DEPLOY" ? { startedBy: "CODE_DEPLOY" } : {}),
    status,
    taskDefinition,
    computedDesiredCount: shape.desiredCount,
    pendingCount: shape.pendingCount,
    runningCount: shape.runningCount,
    createdAt: epochSeconds(createdAtMs),
    updatedAt: epochSeconds(updatedAtMs),
    ...filledLaunch(settings, world, "deployment"),
    loadBalancers: settings.loadBalancers,
    serviceRegistries: settings.serviceRegistries ?? [],
    scale: { value: 100, unit: "PERCENT" },
    stabilityStatus: isSteady ? "STEADY_STATE" : "STABILIZING",
    stabilityStatusAt: epochSeconds(updatedAtMs),
  };
}

/** The tasks of a service revision, counted as `requested`, `running` and `pending`. */
function revisionCounts(world: World, service: Service, serviceRevisionArn: string): JsonObject {
  const deployments = service.deployments.filter((one) => one.serviceRevisionArn === serviceRevisionArn);
  const tasks = liveTasks(world, service).filter(({ startedBy }) => deployments.some(({ id }) => id === startedBy));
  const isPrimary = deployments.some(({ status }) => status === "PRIMARY");
  return {
    arn: serviceRevisionArn,
    requestedTaskCount: isPrimary
      ? service.desiredCount
      : tasks.filter(({ desiredStatus }) => desiredStatus === "RUNNING").length,
    runningTaskCount: tasks.filter(isRunning).length,
    pendingTaskCount: tasks.filter(isPending).length,
  };
}

/** A service as DescribeServices, CreateService and UpdateService answer it. */
export function serviceShape(world: World, service: Service, withTags = false): JsonObject {
  const tasks = liveTasks(world, service);
  const hasTaskSets = controllerOf(service) !== "ECS";
  const tags = world.tags[service.arn] ?? {};
  const shapes = service.deployments.map((deployment) =>
    hasTaskSets ? taskSetShape(world, service, deployment) : deploymentShape(world, service, deployment)
  );
  return {
    ...filledService(service.settings, service.carried, world),
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: tasks.filter(isRunning).length,
    pendingCount: tasks.filter(isPending).length,
    // Where task sets have it, the service itself has none.
    ...(controllerOf(service) === "EXTERNAL" ? {} : {
      taskDefinition: service.taskDefinition,
      ...filledLaunch(service.settings, world, "service"),
    }),
    deploymentConfiguration: filledDeploymentConfiguration(service.deploymentConfiguration, world),
    deploymentController: service.deploymentController,
    deployments: hasTaskSets ? [] : shapes,
    taskSets: hasTaskSets ? shapes : [],
    events: service.events.map(({ id, createdAtMs, message }) => ({
      id,
      createdAt: epochSeconds(createdAtMs),
      message,
    })),
    createdAt: epochSeconds(service.createdAtMs),
    currentServiceDeployment: latestServiceDeployment(world, service)?.arn,
    currentServiceRevisions: currentServiceRevisionArns(service).map((arn) => revisionCounts(world, service, arn)),
    ...(withTags ? { tags: tagList(tags) } : {}),
  };
}

/** A service deployment as ListServiceDeployments answers it. */
export function serviceDeploymentBrief(deployment: ServiceDeployment): JsonObject {
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: deployment.serviceArn,
    clusterArn: deployment.clusterArn,
    targetServiceRevisionArn: deployment.targetServiceRevisionArn,
    status: deployment.status,
    statusReason: deployment.statusReason,
    createdAt: epochSeconds(deployment.createdAtMs),
    startedAt: epochSeconds(deployment.startedAtMs),
    finishedAt: epochSeconds(deployment.finishedAtMs),
  };
}

/** The text of AWS's model names this stage among those that are answered; its list of values does not have it. */
function stageShape(stage: string | undefined): string | undefined {
  return stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" ? "POST_TEST_TRAFFIC_SHIFT" : stage;
}

function hookShape({ hookId, targetType, targetArn, status, expiresAtMs, timeoutAction }: HookRun): JsonObject {
  return { hookId, targetType, targetArn, status, expiresAt: epochSeconds(expiresAtMs), timeoutAction };
}

/** A service deployment as DescribeServiceDeployments answers it. */
export function serviceDeploymentShape(world: World, service: Service, deployment: ServiceDeployment): JsonObject {
  const { targetServiceRevisionArn: _, ...brief } = serviceDeploymentBrief(deployment);
  const { rollback, breaker, alarms, hooks = [] } = deployment;
  return {
    ...brief,
    updatedAt: epochSeconds(deployment.updatedAtMs),
    stoppedAt: epochSeconds(deployment.stoppedAtMs),
    sourceServiceRevisions: deployment.sourceServiceRevisionArns.map((arn) => revisionCounts(world, service, arn)),
    targetServiceRevision: revisionCounts(world, service, deployment.targetServiceRevisionArn),
    deploymentConfiguration: deployment.deploymentConfiguration,
    lifecycleStage: stageShape(deployment.lifecycleStage),
    deploymentCircuitBreaker: {
      status: breaker.status,
      failureCount: breaker.failures,
      threshold: breaker.threshold,
    },
    alarms: { status: alarms.status, alarmNames: alarms.names, triggeredAlarmNames: alarms.triggered },
    ...(rollback
      ? {
        rollback: {
          reason: rollback.reason,
          startedAt: epochSeconds(rollback.startedAtMs),
          serviceRevisionArn: rollback.serviceRevisionArn,
        },
      }
      : {}),
    ...(hooks.length > 0 ? { lifecycleHookDetails: hooks.map(hookShape) } : {}),
  };
}
