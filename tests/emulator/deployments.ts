/** Deployments: how one begins, what it replaces, and the service deployment and service revision that go with it. */
import { copyOf } from "./copy_of.ts";
import { breakerOf, breakerThreshold } from "./deployment_criteria.ts";
import { groupedBy } from "./grouped.ts";
import { ecsArn, nameOf, newNumber, newServiceDeploymentId } from "./identifiers.ts";
import type { Deployment, JsonObject, Service, ServiceSettings, World } from "./model.ts";
import type { ServiceDeployment, ServiceRevision } from "./service_deployment_model.ts";

/** How long the scheduler takes to notice a change. */
const SCHEDULER_DELAY_MS = 1_000;
/** The lifecycle stages in which the new tasks get all of the production traffic. */
const PRODUCTION_IS_SHIFTED = ["POST_PRODUCTION_TRAFFIC_SHIFT", "BAKE_TIME", "CLEAN_UP"];

/** The deployment that a service is at, or is moving to. */
export function primaryOf(service: Service): Deployment | undefined {
  return service.deployments.find(({ status }) => status === "PRIMARY");
}

/** Makes the scheduler look at the service at a time, or earlier if it already means to. */
export function wakeAt(service: Service, atMs: number): void {
  service.wakeAtMs = Math.min(service.wakeAtMs ?? atMs, atMs);
}

/** Makes the scheduler look at the service soon: something about it was changed. */
export function wakeSoon(world: World, service: Service): void {
  wakeAt(service, world.nowMs + SCHEDULER_DELAY_MS);
}

const recordsOf = groupedBy(({ serviceArn }: ServiceDeployment) => serviceArn);

/** The service deployment that brings a service revision about, while it is under way. */
export function serviceDeploymentInProgress(world: World, service: Service): ServiceDeployment | undefined {
  return recordsOf(world.serviceDeployments, service.arn).find(({ finishedAtMs }) => finishedAtMs === undefined);
}

/** The latest service deployment of a service, under way or not. */
export function latestServiceDeployment(world: World, service: Service): ServiceDeployment | undefined {
  return recordsOf(world.serviceDeployments, service.arn).at(-1);
}

/** How long ECS keeps its record of a deployment. */
const SERVICE_DEPLOYMENT_KEPT_MS = 90 * 24 * 3_600_000;

/** Forgets the service deployments that ECS would no longer show, and the service revisions that only they name. */
export function forgetOldServiceDeployments(world: World): void {
  const [oldest] = world.serviceDeployments;
  if (oldest === undefined || oldest.createdAtMs + SERVICE_DEPLOYMENT_KEPT_MS > world.nowMs) return;
  const kept = world.serviceDeployments.filter(({ finishedAtMs = Infinity }) =>
    finishedAtMs + SERVICE_DEPLOYMENT_KEPT_MS > world.nowMs
  );
  if (kept.length === world.serviceDeployments.length) return;
  world.serviceDeployments = kept;
  const named = new Set([
    ...kept.flatMap((one) => [one.targetServiceRevisionArn, ...one.sourceServiceRevisionArns]),
    ...world.services.flatMap((service) => [
      ...service.deployments.map(({ serviceRevisionArn }) => serviceRevisionArn),
      service.lastCompleted?.serviceRevisionArn,
    ]),
  ]);
  world.serviceRevisions = world.serviceRevisions.filter(({ arn }) => named.has(arn));
}

/** Ends a service deployment with its final status. */
export function finishServiceDeployment(
  world: World,
  deployment: ServiceDeployment,
  status: ServiceDeployment["status"],
  statusReason?: string,
): void {
  deployment.status = status;
  deployment.updatedAtMs = deployment.finishedAtMs = world.nowMs;
  if (statusReason) deployment.statusReason = statusReason;
  if (status === "STOPPED") deployment.stoppedAtMs = world.nowMs;
  for (const monitor of [deployment.breaker, deployment.alarms]) {
    if (monitor.status === "MONITORING") monitor.status = "MONITORING_COMPLETE";
  }
}

function newServiceRevision(world: World, service: Service): ServiceRevision {
  const revision: ServiceRevision = {
    arn: ecsArn(world, `service-revision/${nameOf(service.clusterArn)}/${service.name}/${newNumber(world)}`),
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    taskDefinition: service.taskDefinition,
    settings: copyOf(service.settings),
    imageDigests: {},
    createdAtMs: world.nowMs,
  };
  world.serviceRevisions.push(revision);
  return revision;
}

/** The service revisions that have tasks or are being rolled out. */
export function currentServiceRevisionArns(service: Service): string[] {
  return [...new Set(service.deployments.map(({ serviceRevisionArn }) => serviceRevisionArn))];
}

/** Where one is in ALARM already, none is watched for this deployment: it would end whatever it brings. */
function alarmsAtStart(world: World, service: Service): ServiceDeployment["alarms"] {
  const { enable, alarmNames } = (service.deploymentConfiguration.alarms ?? {}) as JsonObject;
  const names = enable === true ? (alarmNames ?? []) as string[] : [];
  const isWatched = names.length > 0 && !names.some((name) => world.alarms[name]?.state === "ALARM");
  return { status: isWatched ? "MONITORING" : "DISABLED", names, triggered: [] };
}

/** A service deployment is PENDING until ECS begins it: at once, unless the settings say otherwise. */
function beginning(
  { nowMs, settings: { pendingMs } }: World,
): Pick<ServiceDeployment, "status" | "beginsAtMs" | "startedAtMs"> {
  return pendingMs > 0
    ? { status: "PENDING", beginsAtMs: nowMs + pendingMs }
    : { status: "IN_PROGRESS", startedAtMs: nowMs };
}

/** Begins the service deployment whose time has come. Returns whether one is still PENDING. */
export function beginIfDue(world: World, service: Service): boolean {
  const deployment = serviceDeploymentInProgress(world, service);
  if (deployment?.status !== "PENDING" || deployment.beginsAtMs === undefined) return false;
  if (world.nowMs < deployment.beginsAtMs) {
    wakeAt(service, deployment.beginsAtMs);
    return true;
  }
  deployment.status = "IN_PROGRESS";
  deployment.startedAtMs = deployment.updatedAtMs = world.nowMs;
  return false;
}

function newServiceDeployment(world: World, service: Service, sources: string[], target: ServiceRevision): void {
  const previous = serviceDeploymentInProgress(world, service);
  // A rollback that is overtaken has not rolled back; any other service deployment that is overtaken was stopped.
  if (previous) finishServiceDeployment(world, previous, previous.rollback ? "ROLLBACK_FAILED" : "STOPPED");
  world.serviceDeployments.push({
    arn: ecsArn(
      world,
      `service-deployment/${nameOf(service.clusterArn)}/${service.name}/${newServiceDeploymentId(world)}`,
    ),
    serviceArn: service.arn,
    clusterArn: service.clusterArn,
    ...beginning(world),
    sourceServiceRevisionArns: sources,
    targetServiceRevisionArn: target.arn,
    createdAtMs: world.nowMs,
    updatedAtMs: world.nowMs,
    breaker: {
      status: breakerOf(service).enable ? "MONITORING" : "DISABLED",
      threshold: breakerThreshold(service),
      failures: 0,
    },
    alarms: alarmsAtStart(world, service),
    deploymentConfiguration: copyOf(service.deploymentConfiguration),
  });
}

/** Puts a deployment first: what was PRIMARY becomes ACTIVE, and everything about steadiness starts anew. */
function makePrimary(world: World, service: Service, deployment: Deployment): void {
  for (const other of service.deployments) other.status = "ACTIVE";
  deployment.status = "PRIMARY";
  service.deployments = [deployment, ...service.deployments.filter((other) => other !== deployment)];
  service.startNotBeforeMs = 0;
  delete service.completableSinceMs;
  delete service.steadySinceMs;
  delete service.steadyReportedAtMs;
  wakeSoon(world, service);
}

function newDeployment(world: World, serviceRevision: ServiceRevision): Deployment {
  const id = `ecs-svc/${newNumber(world)}`;
  return {
    id,
    status: "PRIMARY",
    taskDefinition: serviceRevision.taskDefinition,
    serviceRevisionArn: serviceRevision.arn,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    failedTasks: 0,
    breakerFailures: 0,
    createdAtMs: world.nowMs,
    updatedAtMs: world.nowMs,
    isRollback: false,
  };
}

/** The service revision that gets the production traffic; none before the first deployment of a service. */
function servingRevisionArn(world: World, service: Service): string | undefined {
  const latest = latestServiceDeployment(world, service);
  const hasShifted = latest && !latest.rollback && PRODUCTION_IS_SHIFTED.includes(latest.lifecycleStage ?? "");
  return hasShifted ? latest.targetServiceRevisionArn : service.blueRevisionArn;
}

/** Starts a deployment of the service's present settings, in place of whatever was being deployed. */
export function startDeployment(world: World, service: Service): Deployment {
  const sources = currentServiceRevisionArns(service);
  const revision = newServiceRevision(world, service);
  const deployment = newDeployment(world, revision);
  service.blueRevisionArn = servingRevisionArn(world, service) ?? revision.arn;
  makePrimary(world, service, deployment);
  newServiceDeployment(world, service, sources, revision);
  return deployment;
}

/**
 * Goes back to an earlier service revision: its task definition, network and load-balancer settings.
 *
 * Where the old deployment still has tasks it can come back under its own id (a setting: AWS does not say).
 */
export function rollBackTo(world: World, service: Service, revision: ServiceRevision, reason: string): Deployment {
  const old = service.deployments.find(({ serviceRevisionArn }) => serviceRevisionArn === revision.arn);
  const deployment = old && world.settings.rollbackReusesDeploymentId ? old : newDeployment(world, revision);
  deployment.rolloutState = "IN_PROGRESS";
  deployment.updatedAtMs = world.nowMs;
  deployment.failedTasks = 0;
  deployment.breakerFailures = 0;
  if (world.settings.rollbackRenewsCreatedAt) deployment.createdAtMs = world.nowMs;
  deployment.isRollback = true;
  service.taskDefinition = revision.taskDefinition;
  service.settings = copyOf(revision.settings) as ServiceSettings;
  makePrimary(world, service, deployment);
  const serviceDeployment = serviceDeploymentInProgress(world, service);
  if (serviceDeployment) {
    serviceDeployment.status = "ROLLBACK_IN_PROGRESS";
    serviceDeployment.updatedAtMs = world.nowMs;
    serviceDeployment.rollback = { reason, startedAtMs: world.nowMs, serviceRevisionArn: revision.arn };
  }
  return deployment;
}
