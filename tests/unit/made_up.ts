import { ok } from "node:assert/strict";
import { inFull } from "../../src/model/arn.ts";
import { readDeploymentSettings } from "../../src/model/deployment_settings.ts";
import { NONE_SUSPENDED, type ScalableTarget } from "../../src/model/scalable_target.ts";
import type { Deployment, ServiceEvent, ServiceSnapshot, TaskSet } from "../../src/model/service.ts";
import type { ServiceDeployment, ServiceRevision } from "../../src/model/service_deployment.ts";
import type { ContainerCapabilities, TaskDefinition } from "../../src/model/task_definition.ts";
import type { RollbackOptions } from "../../src/rollout/plan/options.ts";
import type { Refusal, Refused } from "../../src/rollout/plan/refusal.ts";
import type { CurrentState } from "../../src/rollout/read/current_state.ts";
import type { ScalingState } from "../../src/rollout/read/read_service.ts";
import type { ChoiceReason, ChosenRevision, Doubt } from "../../src/rollout/read/chosen_revision.ts";
import type { AwsFailure } from "../../src/problems/aws_failure.ts";

/** Made-up ECS objects: a healthy `myservice` of two tasks at revision 4, of which a test changes what it is about. */

export const REF = { cluster: "default", service: "myservice" };

const ARN_1 = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:1";

export function revision(number: number) {
  return inFull({ revision: number }, { arn: ARN_1, family: "myservice", revision: 1 });
}

export function deployment(changes: Partial<Deployment> = {}): Deployment {
  return {
    id: "ecs-svc/4",
    status: "PRIMARY",
    taskDefinition: revision(4).arn,
    desiredCount: 2,
    pendingCount: 0,
    runningCount: 2,
    failedTasks: 0,
    createdAtMs: 4_000,
    rolloutState: "COMPLETED",
    rolloutStateReason: undefined,
    ...changes,
  };
}

export function taskSet(changes: Partial<TaskSet> = {}): TaskSet {
  return {
    id: "ecs-svc/7",
    status: "PRIMARY",
    taskDefinition: revision(4).arn,
    externalId: undefined,
    desiredCount: 2,
    pendingCount: 0,
    runningCount: 2,
    stabilityStatus: "STEADY_STATE",
    ...changes,
  };
}

export function service(changes: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  return {
    arn: "arn:aws:ecs:ap-northeast-1:123456789012:service/default/myservice",
    clusterArn: "arn:aws:ecs:ap-northeast-1:123456789012:cluster/default",
    name: "myservice",
    status: "ACTIVE",
    desiredCount: 2,
    runningCount: 2,
    taskDefinition: revision(4).arn,
    deploymentController: "ECS",
    schedulingStrategy: "REPLICA",
    launchType: "FARGATE",
    platformFamily: undefined,
    hasAwsvpcConfiguration: true,
    attachments: [],
    volumeNames: [],
    namedPorts: [],
    deployments: [deployment()],
    deploymentStrategy: "ROLLING",
    deploymentSettings: readDeploymentSettings(),
    waits: {},
    currentServiceDeployment: undefined,
    serviceRevisionArns: [],
    taskSets: [],
    events: [],
    ...changes,
  };
}

export function serviceEvent(id: string, message: string, createdAtMs = 5_000): ServiceEvent {
  return { id, message: `(service myservice) ${message}`, createdAtMs };
}

export function container(changes: Partial<ContainerCapabilities> = {}): ContainerCapabilities {
  return { name: "app", containerPorts: [8080], portRanges: [], portNames: [], ...changes };
}

export function taskDefinition(number: number, changes: Partial<TaskDefinition> = {}): TaskDefinition {
  return {
    ...revision(number),
    status: "ACTIVE",
    registeredAtMs: number * 1_000,
    networkMode: "awsvpc",
    requiresCompatibilities: ["FARGATE"],
    compatibilities: ["EC2", "FARGATE"],
    operatingSystem: undefined,
    launchVolumes: [],
    containers: [container()],
    raw: { family: "myservice", containerDefinitions: [{ name: "app", image: `example/app:${number}` }] },
    unknownMembers: [],
    ...changes,
  };
}

/** The deployment of revision 4, still under way. */
export function serviceDeployment(changes: Partial<ServiceDeployment> = {}): ServiceDeployment {
  return {
    arn: "arn:service-deployment/4",
    status: "IN_PROGRESS",
    statusReason: undefined,
    strategy: "ROLLING",
    bakeTimeInMinutes: undefined,
    lifecycleStage: undefined,
    sourceRevisionArns: ["arn:service-revision/3"],
    targetRevisionArn: "arn:service-revision/4",
    rollback: undefined,
    triggered: [],
    triggeredAlarms: [],
    awaitingHooks: [],
    createdAtMs: 4_000,
    finishedAtMs: undefined,
    ...changes,
  };
}

/** The service revision by which a task definition was deployed; its container ran an image with a digest. */
export function serviceRevision(number: number, digest?: string): ServiceRevision {
  return {
    arn: `arn:service-revision/${number}`,
    taskDefinition: revision(number).arn,
    createdAtMs: number * 1_000,
    images: digest === undefined ? [] : [{ container: "app", image: "example/app:latest", digest }],
    raw: {},
  };
}

export function scalableTarget(changes: Partial<ScalableTarget> = {}): ScalableTarget {
  return {
    resourceId: "service/default/myservice",
    arn: "arn:aws:application-autoscaling:ap-northeast-1:123456789012:scalable-target/1234",
    minCapacity: 1,
    maxCapacity: 10,
    suspendedState: NONE_SUSPENDED,
    ...changes,
  };
}

export function scalingState(changes: Partial<ScalingState> = {}): ScalingState {
  return { target: scalableTarget(), record: undefined, unrecordable: undefined, ...changes };
}

export function chosen(number: number, reason?: ChoiceReason, doubts: readonly Doubt[] = []): ChosenRevision {
  return { kind: "chosen", ...revision(number), reason, doubts };
}

/** What is read for a rollback from 4 to 3. */
export function currentState(changes: Partial<CurrentState> = {}): CurrentState {
  return {
    ref: REF,
    choice: { kind: "number", revision: 3 },
    chosen: chosen(3),
    service: service(),
    current: taskDefinition(4),
    target: taskDefinition(3),
    scaling: undefined,
    newest: undefined,
    denied: [],
    ...changes,
  };
}

/** The options of a rollback that nobody has given any options. */
export const ROLLBACK_OPTIONS: RollbackOptions = {
  pin: "auto",
  wait: true,
  deregister: false,
  reregister: false,
  suspendAutoScaling: false,
  resumeAutoScaling: false,
  allowUnproven: false,
  mayAsk: false,
  configuredFamily: undefined,
};

/** The plan; fails where there is none. */
export function planOf<Made extends { readonly kind: string }>(planned: Made): Extract<Made, { kind: "plan" }> {
  ok(planned.kind === "plan", JSON.stringify(planned));
  return planned as Extract<Made, { kind: "plan" }>;
}

/** The refusal; fails where there is a plan. */
export function refusalOf(planned: { readonly kind: "plan" } | Refused | { kind: "ended" }): Refusal {
  ok(planned.kind === "refused", planned.kind);
  return planned.refusal;
}

/** A call that AWS has denied; the report says of it `ListThings failed: AccessDenied`. */
export const DENIED: AwsFailure = { operation: "ListThings", kind: "denied", code: "AccessDenied", detail: "" };
