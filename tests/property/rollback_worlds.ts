/** Random worlds for the properties of the rollback: plain data, so that a failing one can be printed and made smaller. */
import fc from "fast-check";
import {
  type Behaviour,
  cannotPullContainer,
  crashLoop,
  failingHealthCheck,
  healthy,
  secretNotFound,
  unplaceable,
} from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { imageOf, myservice, RESOURCE_ID, SERVICE, UNTIL_STEADY_MS } from "../emulator/myservice.ts";
import type { JsonObject } from "../emulator/model.ts";

/** In the order scale-in, scale-out, scheduled actions. */
export type Flags = readonly [boolean, boolean, boolean];

/** The alarm that ends deployments, where one does. */
export const ALARM = "myservice-5xx";

export interface ScalingSpec {
  readonly hasArn: boolean;
  readonly min: number;
  readonly max: number;
  readonly flags: Flags;
  /** What an earlier run has left, when it was killed; `foreign` is a tag with another program's value. */
  readonly record: Flags | "foreign" | null;
}

export interface WorldSpec {
  /** The revisions that were deployed, in order. */
  readonly history: readonly number[];
  /** How long ago the last of them was deployed: shorter than it takes, or long enough. */
  readonly afterLastMs: number;
  readonly behaviours: Readonly<Record<number, keyof typeof BEHAVIOURS>>;
  readonly breaker: "none" | "stop" | "rollback";
  /** What else is configured of the breaker. */
  readonly breakerMembers: JsonObject;
  readonly strategy: "ROLLING" | "BLUE_GREEN" | "CANARY" | "LINEAR";
  /** The share of its tasks that completes a rolling deployment, and whether ECS waits for the old ones to go. */
  readonly earlySuccess: { readonly percent: number; readonly waits: boolean } | null;
  /** Whether an alarm ends deployments, and whether ECS then goes back; `off`: it is in ALARM already. */
  readonly alarm: "none" | "stop" | "rollback" | "off";
  readonly bounds: readonly [minimumHealthyPercent: number, maximumPercent: number];
  readonly desiredCount: number;
  readonly pageSize: number;
  readonly inactive: readonly number[];
  readonly enforcementDelayMs: number;
  readonly reusesDeploymentId: boolean;
  readonly renewsCreatedAt: boolean;
  readonly showsDraining: boolean;
  readonly rollbackTakesSteps: boolean;
  readonly pendingMs: number;
  readonly rollbackRequestedMs: number;
  readonly scaling: ScalingSpec | null;
  /** The revision that another service of the cluster runs. */
  readonly elsewhere: number | null;
  /** In how many tasks. */
  readonly elsewhereCount: number;
  /** What the service consists of besides; none where it is left out. */
  readonly settings?: JsonObject;
  /** Whether ECS starts a deployment for what only service revisions show. */
  readonly revisionMembersRollOut?: boolean;
}

const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";

const BEHAVIOURS = {
  healthy: () => healthy({ startMs: 5_000, stopMs: 10_000 }),
  slow: () => healthy({ startMs: 60_000, stopMs: 90_000 }),
  crash: () => crashLoop({ afterMs: 8_000 }),
  secret: () => secretNotFound(SECRET),
  image: () => cannotPullContainer(imageOf(3)),
  unplaceable: () => unplaceable(),
  unhealthy: () => failingHealthCheck(),
} satisfies Record<string, () => Behaviour>;

export const SCALING = "AnyScaleFrontendService";
export const ECS = "AmazonEC2ContainerServiceV20141113";
export const RECORD_KEY = "ecspresso:auto-scaling-suspended";

export function suspendedState([scaleIn, scaleOut, scheduled]: Flags) {
  return {
    DynamicScalingInSuspended: scaleIn,
    DynamicScalingOutSuspended: scaleOut,
    ScheduledScalingSuspended: scheduled,
  };
}

export const ALL: Flags = [true, true, true];
export const NONE: Flags = [false, false, false];

/** The record of an earlier run, as this program writes it. */
export function recordOf(flags: Flags): string {
  const [scaleIn, scaleOut, scheduled] = flags.map(Number);
  return `v1 in=${scaleIn} out=${scaleOut} scheduled=${scheduled} at=2023-01-01T11:00:00.000Z by=ci`;
}

const FOREIGN_RECORD = "keep me";

/** Brings a world about, by really deploying its history. */
export function createWorld(spec: WorldSpec): Emulator {
  const { scaling } = spec;
  const { deploymentConfiguration = {}, placementConstraints, placementStrategy, ...settings } = spec.settings ?? {};
  const emulator = myservice({
    options: {
      revisionMembersRollOut: spec.revisionMembersRollOut ?? true,
      pageSize: spec.pageSize,
      inactiveEnforcementDelayMs: spec.enforcementDelayMs,
      rollbackReusesDeploymentId: spec.reusesDeploymentId,
      rollbackRenewsCreatedAt: spec.renewsCreatedAt,
      rollbackTakesSteps: spec.rollbackTakesSteps,
      showsDraining: spec.showsDraining,
      pendingMs: spec.pendingMs,
      rollbackRequestedMs: spec.rollbackRequestedMs,
    },
    behaviours: Object.fromEntries([1, 2, 3, 4, 5].map((revision) => {
      return [revision, BEHAVIOURS[spec.behaviours[revision] ?? "healthy"]()];
    })),
    history: [...spec.history],
    service: {
      ...settings,
      desiredCount: Math.max(1, spec.desiredCount),
      deploymentConfiguration: { ...deploymentConfiguration as JsonObject, ...configurationOf(spec) },
    },
    afterLastMs: 0,
    // Before the history: one that goes off in the middle of a deployment ends it.
    alarms: { [ALARM]: spec.alarm === "off" ? "ALARM" : "OK" },
  });
  setUpScaling(emulator, scaling);
  // Of placement, only UpdateService takes anything for a service on Fargate.
  const placement = {
    ...(placementConstraints !== undefined && { placementConstraints }),
    ...(placementStrategy !== undefined && { placementStrategy }),
  };
  emulator.updateService({ service: SERVICE, desiredCount: spec.desiredCount, ...placement });
  if (spec.elsewhere !== null) {
    const taskDefinition = `${SERVICE}:${spec.elsewhere}`;
    const { launchType, networkConfiguration } = emulator.describeService(SERVICE);
    emulator.createService({
      serviceName: "elsewhere",
      taskDefinition,
      desiredCount: spec.elsewhereCount,
      launchType,
      networkConfiguration,
    });
  }
  for (const revision of spec.inactive) emulator.deregisterTaskDefinition(`${SERVICE}:${revision}`);
  emulator.advance(spec.afterLastMs);
  return emulator;
}

function configurationOf(
  { breaker, breakerMembers, strategy, earlySuccess, alarm, bounds: [minimumHealthyPercent, maximumPercent] }:
    WorldSpec,
): JsonObject {
  const ofStrategy: Record<WorldSpec["strategy"], JsonObject> = {
    ROLLING: {
      minimumHealthyPercent,
      maximumPercent,
      ...(earlySuccess !== null && {
        earlySuccessCriteria: {
          enable: true,
          healthyPercent: Math.max(earlySuccess.percent, minimumHealthyPercent),
          sourceServiceRevisionCleanup: earlySuccess.waits ? "BLOCKING" : "DEFERRED",
        },
      }),
    },
    BLUE_GREEN: { bakeTimeInMinutes: 1 },
    CANARY: { bakeTimeInMinutes: 0, canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 1 } },
    LINEAR: { bakeTimeInMinutes: 0, linearConfiguration: { stepPercent: 50, stepBakeTimeInMinutes: 1 } },
  };
  return {
    strategy,
    ...ofStrategy[strategy],
    deploymentCircuitBreaker: { enable: breaker !== "none", rollback: breaker === "rollback", ...breakerMembers },
    ...(alarm !== "none" && { alarms: { alarmNames: [ALARM], enable: true, rollback: alarm === "rollback" } }),
  };
}

function setUpScaling(emulator: Emulator, scaling: ScalingSpec | null): void {
  if (scaling === null) {
    const key = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount", ResourceId: RESOURCE_ID };
    emulator.call(`${SCALING}.DeregisterScalableTarget`, key);
    return;
  }
  const { record, min, max, flags, hasArn } = scaling;
  const output = emulator.registerScalableTarget({
    ResourceId: RESOURCE_ID,
    MinCapacity: min,
    MaxCapacity: max,
    SuspendedState: suspendedState(flags),
  });
  if (record !== null && hasArn) {
    const value = record === "foreign" ? FOREIGN_RECORD : recordOf(record);
    emulator.call(`${SCALING}.TagResource`, {
      ResourceARN: output.ScalableTargetARN,
      Tags: { [RECORD_KEY]: value } as JsonObject,
    });
  }
  if (!hasArn) emulator.registerScalableTarget({ ResourceId: RESOURCE_ID }, { withoutArn: true });
  emulator.putScalingPolicy(RESOURCE_ID);
}

export const arbitraryFlags: fc.Arbitrary<Flags> = fc.oneof(
  fc.constant(NONE),
  fc.constant(ALL),
  fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
);

const arbitraryScaling: fc.Arbitrary<ScalingSpec> = fc.record({
  hasArn: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  limits: fc.oneof(
    { weight: 6, arbitrary: fc.constant({ min: 0, max: 10 }) },
    { weight: 1, arbitrary: fc.constant({ min: 2, max: 3 }) },
    { weight: 1, arbitrary: fc.constant({ min: 1, max: 1 }) },
  ),
  flags: arbitraryFlags,
  record: fc.oneof(
    { weight: 6, arbitrary: fc.constant(null) },
    { weight: 3, arbitrary: arbitraryFlags },
    { weight: 1, arbitrary: fc.constant("foreign" as const) },
  ),
  wasSuspended: fc.boolean(),
}).map(({ hasArn, limits: { min, max }, flags, record, wasSuspended }) => ({
  hasArn,
  min,
  max,
  record,
  // A run that was killed between its record and the suspension leaves the earlier flags, one killed later all three.
  flags: record === null || record === "foreign" || !hasArn ? flags : wasSuspended ? ALL : record,
}));

const BEHAVIOUR_NAMES = Object.keys(BEHAVIOURS) as (keyof typeof BEHAVIOURS)[];

const arbitraryBehaviour = fc.oneof(
  { weight: 8, arbitrary: fc.constant("healthy" as const) },
  { weight: 4, arbitrary: fc.constantFrom(...BEHAVIOUR_NAMES) },
);

export const arbitraryWorld: fc.Arbitrary<WorldSpec> = fc.record({
  history: fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom([3, 4], [2, 4], [4], [3, 2], [2, 3, 4], [4, 3]) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }) },
  ),
  afterLastMs: fc.oneof(fc.constant(UNTIL_STEADY_MS), fc.integer({ min: 0, max: 150_000 })),
  behaviours: fc.record({
    1: arbitraryBehaviour,
    2: arbitraryBehaviour,
    3: arbitraryBehaviour,
    4: arbitraryBehaviour,
    // What is registered by the command under test.
    5: arbitraryBehaviour,
  }),
  breaker: fc.constantFrom("none", "stop", "rollback"),
  strategy: fc.oneof(
    { weight: 10, arbitrary: fc.constant("ROLLING" as const) },
    { weight: 2, arbitrary: fc.constant("BLUE_GREEN" as const) },
    { weight: 1, arbitrary: fc.constantFrom("CANARY" as const, "LINEAR") },
  ),
  breakerMembers: fc.oneof(
    { weight: 3, arbitrary: fc.constant<JsonObject>({}) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<JsonObject>(
        { thresholdConfiguration: { type: "COUNT", value: 1 } },
        { thresholdConfiguration: { type: "UNBOUNDED_PERCENT", value: 100 }, resetOnHealthyTask: false },
      ),
    },
  ),
  earlySuccess: fc.oneof(
    { weight: 4, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.record({ percent: fc.constantFrom(0, 50, 100), waits: fc.boolean() }) },
  ),
  alarm: fc.oneof(
    { weight: 4, arbitrary: fc.constant("none" as const) },
    { weight: 1, arbitrary: fc.constantFrom("stop" as const, "rollback", "off") },
  ),
  bounds: fc.oneof(
    { weight: 5, arbitrary: fc.constant([100, 200] as const) },
    { weight: 1, arbitrary: fc.constant([50, 100] as const) },
    { weight: 1, arbitrary: fc.constant([0, 150] as const) },
  ),
  desiredCount: fc.integer({ min: 0, max: 4 }),
  pageSize: fc.constantFrom(0, 2),
  inactive: fc.oneof(
    { weight: 4, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray([1, 2, 3, 4], { maxLength: 2 }) },
  ),
  enforcementDelayMs: fc.constantFrom(0, 600_000),
  reusesDeploymentId: fc.boolean(),
  renewsCreatedAt: fc.boolean(),
  showsDraining: fc.boolean(),
  rollbackTakesSteps: fc.boolean(),
  pendingMs: fc.constantFrom(0, 0, 4_000),
  rollbackRequestedMs: fc.constantFrom(0, 3_000, 40_000),
  scaling: fc.oneof(
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 5, arbitrary: arbitraryScaling },
  ),
  elsewhere: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.integer({ min: 2, max: 4 }) },
  ),
  elsewhereCount: fc.constantFrom(0, 1),
});
