import { type JsonObject, numberIn, objectIn, objectsIn, textIn, textsIn } from "./json.ts";

/** What a service's `deploymentConfiguration` says; times in minutes, as AWS has them. */
export interface DeploymentSettings {
  /** How production traffic is shifted to the new tasks: in how many steps, and how long after each but the last. */
  readonly shift: { readonly steps: number; readonly stepMinutes: number };
  /** How long the old tasks are kept after that. */
  readonly bakeMinutes: number;
  readonly pauses: readonly PauseHook[];
  /** The alarms that end a deployment, by name; none where they are not enabled. */
  readonly armedAlarms: readonly string[];
  /** Whether ECS rolls back a deployment that one of these alarms has ended. */
  readonly alarmsRollBack: boolean;
  /** At which share of its tasks ECS counts a rolling deployment as complete; `undefined`: at all of them. */
  readonly earlySuccessPercent: number | undefined;
  /** How many failures trip the circuit breaker, whether or not it is enabled. */
  readonly breakerThreshold: BreakerThreshold;
}

/** `thresholdConfiguration` of the circuit breaker: `COUNT`, or a share in percent of the desired count. */
interface BreakerThreshold {
  /** `COUNT`, `BOUNDED_PERCENT` (3 at least, 200 at most) or `UNBOUNDED_PERCENT`. */
  readonly type: string;
  readonly value: number;
}

/** A lifecycle hook at which the deployment waits for a person; after its timeout, ECS goes on or rolls back. */
export interface PauseHook {
  readonly stages: readonly string[];
  readonly timeoutMinutes: number;
  readonly timeoutAction: string;
}

// Defaults of AWS's API reference: LinearConfiguration, CanaryConfiguration, DeploymentCircuitBreaker and
// ThresholdConfiguration, DeploymentLifecycleHookTimeoutConfiguration.
export const LINEAR_DEFAULTS = { stepPercent: 10, stepBakeTimeInMinutes: 6 };
export const CANARY_DEFAULTS = { canaryPercent: 5, canaryBakeTimeInMinutes: 10 };
export const THRESHOLD_DEFAULTS = { type: "BOUNDED_PERCENT", value: 50 };
export const HOOK_TIMEOUT_DEFAULTS = { timeoutInMinutes: 1_440, action: "ROLLBACK" };

/** @param configuration as DescribeServices returns it; a value of an unknown kind counts as left out */
export function readDeploymentSettings(configuration: JsonObject = {}): DeploymentSettings {
  const alarms = objectIn(configuration.alarms);
  const early = objectIn(configuration.earlySuccessCriteria);
  return {
    shift: readShift(configuration),
    bakeMinutes: amountIn(configuration.bakeTimeInMinutes, 0),
    pauses: objectsIn(configuration.lifecycleHooks).filter(({ targetType }) => targetType === "PAUSE")
      .map(readPause),
    armedAlarms: alarms.enable === true ? textsIn(alarms.alarmNames) : [],
    alarmsRollBack: alarms.enable === true && alarms.rollback === true,
    earlySuccessPercent: early.enable === true ? amountIn(early.healthyPercent, 100) : undefined,
    breakerThreshold: readThreshold(objectIn(configuration.deploymentCircuitBreaker)),
  };
}

function readThreshold({ thresholdConfiguration }: JsonObject): BreakerThreshold {
  const { type, value } = objectIn(thresholdConfiguration);
  const { type: otherwise, value: amount } = THRESHOLD_DEFAULTS;
  return { type: textIn(type) ?? otherwise, value: amountIn(value, amount) };
}

/**
 * How many failures in a row trip ECS's circuit breaker; at least 1.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ThresholdConfiguration.html
 */
export function failuresThatTrip({ type, value }: BreakerThreshold, desiredCount: number): number {
  if (type === "COUNT") return Math.max(1, value);
  const share = Math.ceil((desiredCount * value) / 100);
  return type === "UNBOUNDED_PERCENT" ? Math.max(1, share) : Math.min(200, Math.max(3, share));
}

/**
 * The settings after an UpdateService with this `deploymentConfiguration`: ECS keeps what it leaves out.
 *
 * @param strategy the one after the update
 */
export function updatedSettings(
  settings: DeploymentSettings,
  configuration: JsonObject,
  strategy: string,
): DeploymentSettings {
  const { shift, bakeMinutes, pauses } = readDeploymentSettings({ ...configuration, strategy });
  const changes = (...names: string[]) => names.some((name) => Object.hasOwn(configuration, name));
  return {
    ...settings,
    ...(changes("strategy", "linearConfiguration", "canaryConfiguration") && { shift }),
    ...(changes("bakeTimeInMinutes") && { bakeMinutes }),
    ...(changes("lifecycleHooks") && { pauses }),
  };
}

function readShift({ strategy, linearConfiguration, canaryConfiguration }: JsonObject): DeploymentSettings["shift"] {
  if (strategy === "CANARY") {
    const { canaryBakeTimeInMinutes } = objectIn(canaryConfiguration);
    return { steps: 2, stepMinutes: amountIn(canaryBakeTimeInMinutes, CANARY_DEFAULTS.canaryBakeTimeInMinutes) };
  }
  if (strategy !== "LINEAR") return { steps: 1, stepMinutes: 0 };
  const { stepPercent, stepBakeTimeInMinutes } = objectIn(linearConfiguration);
  return {
    steps: Math.ceil(100 / Math.max(1, amountIn(stepPercent, LINEAR_DEFAULTS.stepPercent))),
    stepMinutes: amountIn(stepBakeTimeInMinutes, LINEAR_DEFAULTS.stepBakeTimeInMinutes),
  };
}

function readPause({ lifecycleStages, timeoutConfiguration }: JsonObject): PauseHook {
  const { timeoutInMinutes, action } = objectIn(timeoutConfiguration);
  return {
    stages: textsIn(lifecycleStages),
    timeoutMinutes: amountIn(timeoutInMinutes, HOOK_TIMEOUT_DEFAULTS.timeoutInMinutes),
    timeoutAction: textIn(action) ?? HOOK_TIMEOUT_DEFAULTS.action,
  };
}

/** AWS's values here are percentages and minutes: a negative one counts as left out. */
function amountIn(value: unknown, otherwise: number): number {
  const amount = numberIn(value);
  return amount !== undefined && amount >= 0 ? amount : otherwise;
}
