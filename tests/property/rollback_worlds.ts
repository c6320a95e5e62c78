/** Random worlds for the properties of the rollback: plain data, so that a failing one can be printed and made smaller. */
import type { Emulator, EmulatorOptions } from "../emulator/emulator.ts";
import type { JsonObject } from "../emulator/model.ts";
import { myservice, RESOURCE_ID, SERVICE } from "../emulator/myservice.ts";
import { ALARM, BEHAVIOURS, type Flags, type ScalingSpec, type WorldSpec } from "./world_spec.ts";

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
    options: optionsOf(spec),
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

function optionsOf(spec: WorldSpec): EmulatorOptions {
  return {
    revisionMembersRollOut: spec.revisionMembersRollOut ?? true,
    pageSize: spec.pageSize,
    inactiveEnforcementDelayMs: spec.enforcementDelayMs,
    rollbackReusesDeploymentId: spec.reusesDeploymentId,
    rollbackRenewsCreatedAt: spec.renewsCreatedAt,
    rollbackTakesSteps: spec.rollbackTakesSteps,
    showsDraining: spec.showsDraining,
    pendingMs: spec.pendingMs,
    rollbackRequestedMs: spec.rollbackRequestedMs,
  };
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
