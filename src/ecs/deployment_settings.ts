import type { JsonObject } from "./json.ts";

/** What a service's `deploymentConfiguration` says of how its deployments move. Times in minutes, as AWS has them. */
export interface DeploymentSettings {
  /** How production traffic is shifted to the new tasks: in how many steps, and how long after each but the last. */
  readonly shift: { readonly steps: number; readonly stepMinutes: number };
  /** How long the old tasks are kept after that. */
  readonly bakeMinutes: number;
  readonly pauses: readonly PauseHook[];
  /** The alarms that end a deployment, by name; none where they are not enabled. */
  readonly armedAlarms: readonly string[];
  /** Whether ECS then goes back by itself. */
  readonly alarmsRollBack: boolean;
  /** The share of its tasks that completes a rolling deployment, where that is not all of them. */
  readonly earlySuccessPercent: number | undefined;
}

/** A lifecycle hook that waits for a person, and goes on or back by itself when that takes too long. */
export interface PauseHook {
  readonly stages: readonly string[];
  readonly timeoutMinutes: number;
  readonly timeoutAction: string;
}

/** The defaults of AWS's API reference: LinearConfiguration, CanaryConfiguration, DeploymentLifecycleHook. */
const DEFAULTS = { stepPercent: 10, stepMinutes: 6, canaryMinutes: 10, hookMinutes: 1_440, hookAction: "ROLLBACK" };

/** @param configuration as DescribeServices answers it; what it lacks, or says in a way that nobody knows, counts as left out */
export function readDeploymentSettings(configuration: JsonObject = {}): DeploymentSettings {
  const alarms = object(configuration.alarms);
  const early = object(configuration.earlySuccessCriteria);
  return {
    shift: readShift(configuration),
    bakeMinutes: number(configuration.bakeTimeInMinutes, 0),
    pauses: list(configuration.lifecycleHooks).map(object).filter(({ targetType }) => targetType === "PAUSE")
      .map(readPause),
    armedAlarms: alarms.enable === true ? texts(alarms.alarmNames) : [],
    alarmsRollBack: alarms.enable === true && alarms.rollback === true,
    earlySuccessPercent: early.enable === true ? number(early.healthyPercent, 100) : undefined,
  };
}

function readShift({ strategy, linearConfiguration, canaryConfiguration }: JsonObject): DeploymentSettings["shift"] {
  if (strategy === "CANARY") {
    const { canaryBakeTimeInMinutes } = object(canaryConfiguration);
    return { steps: 2, stepMinutes: number(canaryBakeTimeInMinutes, DEFAULTS.canaryMinutes) };
  }
  if (strategy !== "LINEAR") return { steps: 1, stepMinutes: 0 };
  const { stepPercent, stepBakeTimeInMinutes } = object(linearConfiguration);
  return {
    steps: Math.ceil(100 / Math.max(1, number(stepPercent, DEFAULTS.stepPercent))),
    stepMinutes: number(stepBakeTimeInMinutes, DEFAULTS.stepMinutes),
  };
}

function readPause({ lifecycleStages, timeoutConfiguration }: JsonObject): PauseHook {
  const { timeoutInMinutes, action } = object(timeoutConfiguration);
  return {
    stages: texts(lifecycleStages),
    timeoutMinutes: number(timeoutInMinutes, DEFAULTS.hookMinutes),
    timeoutAction: typeof action === "string" ? action : DEFAULTS.hookAction,
  };
}

function object(value: unknown): JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as JsonObject : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function texts(value: unknown): string[] {
  return list(value).filter((item) => typeof item === "string");
}

function number(value: unknown, otherwise: number): number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : otherwise;
}
