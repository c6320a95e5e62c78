/**
 * The world that the emulator simulates, as plain data.
 *
 * Everything lives in one JSON-able value, so that a world can be copied (stale reads), compared (tests) and replayed
 * (determinism). Times are milliseconds of the world's own clock; only `wire.ts` turns them into AWS's epoch seconds.
 */
import type { ScalingPolicy } from "./auto_scaling.ts";
import type { Behaviour, ContainerEnding, Stop, StopCode } from "./behaviours.ts";
import type { Alarm } from "./deployment_alarms.ts";
import type { ServiceDeployment, ServiceRevision } from "./service_deployment_model.ts";
import type { Settings } from "./settings.ts";
import type { Stores } from "./stores.ts";

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object, as received from a client or sent to one. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** A registered revision of a task definition family. */
export interface TaskDefinition {
  family: string;
  revision: number;
  arn: string;
  status: "ACTIVE" | "INACTIVE" | "DELETE_IN_PROGRESS";
  /** The members of RegisterTaskDefinition, as they were sent. */
  registered: JsonObject;
  registeredAtMs: number;
  deregisteredAtMs?: number;
  deleteRequestedAtMs?: number;
}

export interface Cluster {
  name: string;
  arn: string;
  /** The names of the capacity providers that are associated with it. */
  capacityProviders: string[];
}

interface ServiceEvent {
  id: string;
  createdAtMs: number;
  message: string;
}

/** One entry of a service's `deployments[]`. */
export interface Deployment {
  id: string;
  status: "PRIMARY" | "ACTIVE";
  taskDefinition: string;
  /** The service revision that this deployment rolls out. */
  serviceRevisionArn: string;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  failedTasks: number;
  /** What the circuit breaker has counted. */
  breakerFailures: number;
  createdAtMs: number;
  updatedAtMs: number;
  /** A rollback that fails is not rolled back again. */
  isRollback: boolean;
  /** How many tasks it still had when a later deployment failed: so many it keeps. */
  keeps?: number;
}

/** The settings of a service that a service revision records and a rollback of a service deployment restores. */
export interface ServiceSettings {
  launchType?: string;
  platformVersion?: string;
  /** Where it has entries, they take the place of the launch type. */
  capacityProviderStrategy?: JsonObject[];
  networkConfiguration?: JsonObject;
  loadBalancers: JsonObject[];
  serviceRegistries?: JsonObject[];
  serviceConnectConfiguration?: JsonObject;
  volumeConfigurations?: JsonObject[];
  vpcLatticeConfigurations?: JsonObject[];
  /** Answered in service revisions only, as are the gateway connectors. */
  monitoring?: JsonObject;
  gatewayConnectors?: JsonObject[];
}

export interface Service {
  name: string;
  arn: string;
  clusterArn: string;
  status: "ACTIVE" | "DRAINING" | "INACTIVE";
  desiredCount: number;
  createdAtMs: number;
  settings: ServiceSettings;
  deploymentConfiguration: JsonObject;
  /** Absent unless CreateService named one, as AWS answers it. */
  deploymentController?: JsonObject;
  /** Members that the simulation only carries: tags policy, grace period, execute command and the like. */
  carried: JsonObject;
  /** The request that made it, to know it again when it is repeated. */
  createdWith: string;
  /** Empty while there is no task set (controller EXTERNAL). */
  taskDefinition: string;
  /** Newest first; the PRIMARY one is always the first. */
  deployments: Deployment[];
  /** Newest first, at most 100. */
  events: ServiceEvent[];
  /** What a circuit breaker returns to: the latest deployment that completed. */
  lastCompleted?: { deploymentId: string; taskDefinition: string; serviceRevisionArn: string };
  /** The service revision that got the production traffic before the present deployment: blue, where traffic is shifted. */
  blueRevisionArn?: string;
  /** When the scheduler looks at this service next. */
  wakeAtMs?: number;
  /** No task is started before this moment (back-off after repeated failures, or placement retry). */
  startNotBeforeMs: number;
  /** Since when as much of the deployment in progress has been healthy as completes it, while it is. */
  completableSinceMs?: number;
  /** Since when everything desired has been running, while it is. */
  steadySinceMs?: number;
  /** When "has reached a steady state" was last said about the present steadiness. */
  steadyReportedAtMs?: number;
}

/** What happens to a task next, and when. */
export interface TaskStep {
  atMs: number;
  to: "PENDING" | "RUNNING" | "HEALTHY" | "UNHEALTHY" | "STOPS" | "FAILED_TO_START" | "STOPPED";
  /** Why it fails to start, is found unhealthy, or stops. */
  because?: Stop;
}

export interface Task {
  id: string;
  arn: string;
  clusterArn: string;
  serviceName: string;
  /** The deployment's id: ECS's `startedBy`. */
  startedBy: string;
  taskDefinitionArn: string;
  lastStatus: "PROVISIONING" | "PENDING" | "RUNNING" | "DEACTIVATING" | "STOPPING" | "STOPPED";
  desiredStatus: "RUNNING" | "STOPPED";
  /** Counts as healthy: RUNNING where there is no health check, else the check has passed. */
  healthy: boolean;
  createdAtMs: number;
  startedAtMs?: number;
  stoppingAtMs?: number;
  stoppedAtMs?: number;
  /** When the last of its containers had ended; only where one has run. */
  executionStoppedAtMs?: number;
  stopCode?: StopCode;
  stoppedReason?: string;
  /** How its containers end, by name, from the moment on when it begins to stop. */
  endings?: Record<string, Omit<ContainerEnding, "name"> & { endsAtMs: number }>;
  /** The digests of the images that were pulled, by container. */
  imageDigests?: Record<string, string>;
  next?: TaskStep;
}

export interface SuspendedState {
  DynamicScalingInSuspended: boolean;
  DynamicScalingOutSuspended: boolean;
  ScheduledScalingSuspended: boolean;
}

export interface ScalableTarget {
  serviceNamespace: string;
  resourceId: string;
  scalableDimension: string;
  minCapacity: number;
  maxCapacity: number;
  roleArn: string;
  createdAtMs: number;
  suspendedState: SuspendedState;
  /** Absent on targets that are older than 2023-03-20. */
  arn?: string;
  tags: Record<string, string>;
}

/** One emulated account in one region. */
export interface World extends Stores {
  nowMs: number;
  /** The source of every id: the next one is derived from it. */
  sequence: number;
  settings: Settings;
  clusters: Cluster[];
  taskDefinitions: TaskDefinition[];
  /** The highest number that each family has given out. */
  lastRevisions: Record<string, number>;
  services: Service[];
  tasks: Task[];
  serviceDeployments: ServiceDeployment[];
  serviceRevisions: ServiceRevision[];
  scalableTargets: ScalableTarget[];
  scalingPolicies: ScalingPolicy[];
  /** How many tasks the load calls for, by the resource id of a scalable target. */
  loads: Record<string, number>;
  /** Tags of ECS resources by ARN. */
  tags: Record<string, Record<string, string>>;
  /** How tasks of a revision (`family:revision`), or with an image (its digest), behave; without an entry they are healthy. */
  behaviours: Record<string, Behaviour>;
  /** By name. */
  alarms: Record<string, Alarm>;
  /** What the functions of lifecycle hooks answer, by ARN; one without an entry succeeds. */
  functions: Record<string, { afterMs: number; status: "SUCCEEDED" | "FAILED" }>;
  /** What is wrong with the listener rules of a service that shifts traffic, in ECS's words, by the service's name. */
  misrouted: Record<string, string>;
  /** Tokens left in each rate-limit bucket, and since when. */
  buckets: Record<string, { tokens: number; atMs: number }>;
}
