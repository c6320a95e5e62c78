/**
 * The world that the emulator simulates, as plain data.
 *
 * Everything lives in one JSON-able value, so that a world can be copied (stale reads), compared (tests) and replayed
 * (determinism). Times are milliseconds of the world's own clock; only `wire.ts` turns them into AWS's epoch seconds.
 */
import type { ScalingPolicy } from "./auto_scaling.ts";
import type { Behaviour, ContainerEnding, Stop, StopCode } from "./behaviours.ts";
import type { Alarm } from "./deployment_alarms.ts";
import type { Stores } from "./stores.ts";

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

/** A JSON object, as received from a client or sent to one. */
export interface JsonObject {
  [key: string]: Json | undefined;
}

/** What differs from one emulated account to another. */
export interface Settings {
  region: string;
  accountId: string;
  /** The largest page any listing returns, below AWS's own limits; 0 leaves AWS's limits alone. */
  pageSize: number;
  /** How long UpdateService still accepts a task definition after it was deregistered (AWS: up to ten minutes). */
  inactiveEnforcementDelayMs: number;
  /** Whether an automatic rollback brings back the old deployment under its own id or makes a new one: AWS does not say. */
  rollbackReusesDeploymentId: boolean;
  /**
   * Whether a change of what only service revisions answer (`monitoring`, `gatewayConnectors`) starts a deployment: AWS does
   * not say.
   */
  revisionMembersRollOut: boolean;
  /** How long a service deployment is PENDING before ECS begins it: AWS does not say. */
  pendingMs: number;
  /** How long a service deployment that was asked to stop is ROLLBACK_REQUESTED before ECS goes back: AWS does not say. */
  rollbackRequestedMs: number;
  /**
   * Whether ECS leaves out of its answers what sources disagree about, or gives it in its other form: the number of the
   * platform in place of LATEST, the namespace as it was written, defaults of the deployment configuration.
   */
  terseAnswers: boolean;
  /** How many tasks a DAEMON service runs: one for each container instance. */
  containerInstances: number;
  /** Whether the deployment that ECS goes back to, under its own id, gets a new `createdAt`: AWS does not say. */
  rollbackRenewsCreatedAt: boolean;
  /** Whether ECS takes the steps and the bake time also when it shifts traffic back by itself: AWS does not say. */
  rollbackTakesSteps: boolean;
  /** Whether a deployment whose tasks are all on their way out is shown as DRAINING; as ACTIVE otherwise. */
  showsDraining: boolean;
  /** How long after a minute CloudWatch knows of it. */
  metricDelayMs: number;
  /** Whether ListServiceDeployments begins with the oldest one: AWS promises no order. */
  listsOldestDeploymentsFirst: boolean;
  /**
   * Whether a task definition is answered also with those defaults of its API reference of which no public answer shows
   * whether ECS fills them in.
   */
  fillsInAllDefaults: boolean;
  /**
   * Whether a service event says, too, why a task failed to start: public reports since 2024 show it for Fargate, others
   * show none.
   */
  startFailuresHaveEvents: boolean;
  /**
   * Whether an event that says the same as the one before it is left out: so says AWS's page on service events, for six
   * hours; public reports show repeated ones.
   */
  leavesOutRepeatedEvents: boolean;
  /** Whether the per-action token buckets are enforced. */
  rateLimits: boolean;
  /**
   * Members that this account's ECS knows besides those in `api/tables.json`, as a newer ECS would: by structure, then by
   * member the shape of its value. They are checked, stored and answered like all others. Structures that the table does
   * not have are made of what is said here. For a container:
   *
   * ```ts
   * new Emulator({ furtherMembers: { ContainerDefinition: { isolation: "Isolation" }, Isolation: { level: "String" } } })
   * ```
   *
   * A member of the task definition itself is one of both `RegisterTaskDefinitionRequest` and `TaskDefinition`.
   */
  furtherMembers: Record<string, Record<string, string>>;
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

export interface ServiceEvent {
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

export interface ServiceRevision {
  arn: string;
  serviceArn: string;
  clusterArn: string;
  taskDefinition: string;
  settings: ServiceSettings;
  /** What the tags of the images stand for in this revision, by container, as soon as its first task was started. */
  imageDigests: Record<string, string>;
  createdAtMs: number;
}

export type ServiceDeploymentStatus =
  | "PENDING"
  | "IN_PROGRESS"
  | "STOP_REQUESTED"
  | "STOPPED"
  | "SUCCESSFUL"
  | "ROLLBACK_REQUESTED"
  | "ROLLBACK_IN_PROGRESS"
  | "ROLLBACK_SUCCESSFUL"
  | "ROLLBACK_FAILED";

/** A lifecycle hook at the stage that a service deployment is at. */
export interface HookRun {
  hookId: string;
  targetType: "PAUSE" | "AWS_LAMBDA";
  targetArn?: string;
  status: "AWAITING_ACTION" | "IN_PROGRESS" | "SUCCEEDED" | "FAILED" | "TIMED_OUT";
  /** When a function answers, and what. */
  answer?: { atMs: number; status: "SUCCEEDED" | "FAILED" };
  expiresAtMs: number;
  timeoutAction: string;
}

/** What has become of that which may end a service deployment: circuit breaker, alarms. */
export type MonitorStatus = "DISABLED" | "MONITORING" | "MONITORING_COMPLETE" | "TRIGGERED";

export interface ServiceDeployment {
  arn: string;
  serviceArn: string;
  clusterArn: string;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  sourceServiceRevisionArns: string[];
  targetServiceRevisionArn: string;
  createdAtMs: number;
  startedAtMs?: number;
  updatedAtMs: number;
  finishedAtMs?: number;
  stoppedAtMs?: number;
  /** When ECS begins it, while it is PENDING. */
  beginsAtMs?: number;
  /** When ECS goes back, after it was asked to stop. */
  goesBackAtMs?: number;
  rollback?: { reason: string; startedAtMs: number; serviceRevisionArn: string };
  breaker: { status: MonitorStatus; threshold: number; failures: number };
  alarms: { status: MonitorStatus; names: string[]; triggered: string[] };
  deploymentConfiguration: JsonObject;
  /** Where a blue/green, linear or canary deployment is, and since when. */
  lifecycleStage?: string;
  stageEnteredAtMs?: number;
  /** Of a linear or canary deployment: how many steps the production traffic has been shifted by, or is being. */
  step?: number;
  /** The hooks of this stage. */
  hooks?: HookRun[];
  /** The stages that are left of the way back, where traffic is shifted back. */
  stagesBack?: string[];
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
