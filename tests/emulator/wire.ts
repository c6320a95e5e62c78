/** The world's data in the shapes and units of the ECS and Application Auto Scaling APIs. */
import { currentServiceRevisionArns, latestServiceDeployment } from "./deployments.ts";
import type {
  Deployment,
  JsonObject,
  ScalableTarget,
  Service,
  ServiceDeployment,
  ServiceRevision,
  Task,
  TaskDefinition,
  World,
} from "./model.ts";
import { liveTasks } from "./tasks.ts";
import { shiftsTraffic } from "./traffic_shift.ts";

/** Epoch seconds with fractions; absent stays absent. */
export function epochSeconds(atMs: number | undefined): number | undefined {
  return atMs === undefined ? undefined : atMs / 1000;
}

const isRunning = (task: Task) => task.lastStatus === "RUNNING";
const isPending = (task: Task) => task.lastStatus === "PROVISIONING" || task.lastStatus === "PENDING";

/** A task definition as RegisterTaskDefinition and DescribeTaskDefinition answer it. */
export function taskDefinitionShape(definition: TaskDefinition): JsonObject {
  return {
    ...definition.registered,
    taskDefinitionArn: definition.arn,
    family: definition.family,
    revision: definition.revision,
    status: definition.status,
    registeredAt: epochSeconds(definition.registeredAtMs),
    deregisteredAt: epochSeconds(definition.deregisteredAtMs),
  };
}

/** ECS reports a rollout state for rolling deployments only, and not behind a Classic load balancer. */
const hasRolloutState = (service: Service) =>
  !shiftsTraffic(service) &&
  service.settings.loadBalancers.every(({ loadBalancerName }) => loadBalancerName === undefined);

function deploymentShape(world: World, service: Service, deployment: Deployment): JsonObject {
  const tasks = liveTasks(world, service).filter(({ startedBy }) => startedBy === deployment.id);
  const wanted = tasks.filter(({ desiredStatus }) => desiredStatus === "RUNNING").length;
  const { launchType, platformVersion, networkConfiguration, capacityProviderStrategy } = service.settings;
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.taskDefinition,
    desiredCount: deployment.status === "PRIMARY" ? service.desiredCount : wanted,
    pendingCount: tasks.filter(isPending).length,
    runningCount: tasks.filter(isRunning).length,
    failedTasks: deployment.failedTasks,
    createdAt: epochSeconds(deployment.createdAtMs),
    updatedAt: epochSeconds(deployment.updatedAtMs),
    launchType,
    platformVersion,
    networkConfiguration,
    capacityProviderStrategy,
    ...(hasRolloutState(service)
      ? { rolloutState: deployment.rolloutState, rolloutStateReason: deployment.rolloutStateReason }
      : {}),
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
  const tags = world.tags[service.arn] ?? {};
  return {
    ...service.carried,
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.clusterArn,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: tasks.filter(isRunning).length,
    pendingCount: tasks.filter(isPending).length,
    taskDefinition: service.taskDefinition,
    ...service.settings,
    deploymentConfiguration: service.deploymentConfiguration,
    deploymentController: service.deploymentController,
    deployments: service.deployments.map((deployment) => deploymentShape(world, service, deployment)),
    taskSets: [],
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

/** Tags in ECS's spelling: `key` and `value`. */
export function tagList(tags: Record<string, string>): JsonObject[] {
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** A task as DescribeTasks answers it. */
export function taskShape(task: Task, definition: TaskDefinition | undefined): JsonObject {
  const containers = (definition?.registered.containerDefinitions ?? []) as JsonObject[];
  return {
    taskArn: task.arn,
    clusterArn: task.clusterArn,
    taskDefinitionArn: task.taskDefinitionArn,
    group: `service:${task.serviceName}`,
    startedBy: task.startedBy,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: task.healthy ? "HEALTHY" : "UNKNOWN",
    createdAt: epochSeconds(task.createdAtMs),
    startedAt: epochSeconds(task.startedAtMs),
    stoppingAt: epochSeconds(task.stoppingAtMs),
    stoppedAt: epochSeconds(task.stoppedAtMs),
    stopCode: task.stopCode,
    stoppedReason: task.stoppedReason,
    containers: containers.map(({ name, image }) => ({
      containerArn: `${task.arn.replace(":task/", ":container/")}/${name}`,
      name,
      image,
      taskArn: task.arn,
      lastStatus: task.lastStatus === "PROVISIONING" ? "PENDING" : task.lastStatus,
      exitCode: task.exitCode,
      reason: task.containerReason,
    })),
    attributes: [],
    tags: [],
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

/** A service deployment as DescribeServiceDeployments answers it. */
export function serviceDeploymentShape(world: World, service: Service, deployment: ServiceDeployment): JsonObject {
  const { targetServiceRevisionArn: _, ...brief } = serviceDeploymentBrief(deployment);
  const { rollback, breaker, pausedHook } = deployment;
  return {
    ...brief,
    updatedAt: epochSeconds(deployment.updatedAtMs),
    stoppedAt: epochSeconds(deployment.stoppedAtMs),
    sourceServiceRevisions: deployment.sourceServiceRevisionArns.map((arn) => revisionCounts(world, service, arn)),
    targetServiceRevision: revisionCounts(world, service, deployment.targetServiceRevisionArn),
    deploymentConfiguration: deployment.deploymentConfiguration,
    lifecycleStage: deployment.lifecycleStage,
    deploymentCircuitBreaker: {
      status: breaker.status,
      failureCount: breaker.failures,
      threshold: breaker.threshold,
    },
    ...(rollback
      ? {
        rollback: {
          reason: rollback.reason,
          startedAt: epochSeconds(rollback.startedAtMs),
          serviceRevisionArn: rollback.serviceRevisionArn,
        },
      }
      : {}),
    ...(pausedHook
      ? {
        lifecycleHookDetails: [{
          hookId: pausedHook.hookId,
          targetType: "PAUSE",
          status: pausedHook.status,
          expiresAt: epochSeconds(pausedHook.expiresAtMs),
          timeoutAction: pausedHook.timeoutAction,
        }],
      }
      : {}),
  };
}

/** A service revision as DescribeServiceRevisions answers it. */
export function serviceRevisionShape(revision: ServiceRevision, definition: TaskDefinition | undefined): JsonObject {
  const containers = (definition?.registered.containerDefinitions ?? []) as JsonObject[];
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: revision.serviceArn,
    clusterArn: revision.clusterArn,
    taskDefinition: revision.taskDefinition,
    ...revision.settings,
    containerImages: containers.map(({ name, image }) => ({ containerName: name, image })),
    createdAt: epochSeconds(revision.createdAtMs),
  };
}

/** A scalable target as DescribeScalableTargets answers it. */
export function scalableTargetShape(target: ScalableTarget): JsonObject {
  return {
    ServiceNamespace: target.serviceNamespace,
    ResourceId: target.resourceId,
    ScalableDimension: target.scalableDimension,
    MinCapacity: target.minCapacity,
    MaxCapacity: target.maxCapacity,
    RoleARN: target.roleArn,
    CreationTime: epochSeconds(target.createdAtMs),
    SuspendedState: { ...target.suspendedState },
    ScalableTargetARN: target.arn,
  };
}
