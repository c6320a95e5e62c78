/**
 * How CreateService and UpdateService put a deployment configuration together with the one that is there.
 *
 * UpdateService keeps the members that are left out. Inside a member it depends on the member: the circuit breaker keeps
 * its optional ones, the others are replaced and what is left out of them gets its default (measured against AWS in 2026:
 * github.com/go-to-k/cdkd, docs/provider-development.md; the defaults are in the API reference, too). Hooks go only by an
 * empty list: github.com/hashicorp/terraform-provider-aws/pull/47096.
 *
 * A service deployment shows the configuration that it began with (API reference, ServiceDeployment). That it also goes by
 * that, whatever the service is given meanwhile, AWS says nowhere: here it does.
 */
import { copyOf } from "./copy_of.ts";
import { invalidParameter } from "./failure.ts";
import type { Input } from "./input.ts";
import type { Json, JsonObject } from "./model.ts";

/** What AWS calls the members that belong to one strategy alone. */
const OF_STRATEGY = {
  linearConfiguration: { strategy: "LINEAR", name: "Linear", defaults: { stepPercent: 10, stepBakeTimeInMinutes: 6 } },
  canaryConfiguration: {
    strategy: "CANARY",
    name: "Canary",
    defaults: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 },
  },
} as const;

/** @throws InvalidParameterException for what does not go together */
export function mergeDeploymentConfiguration(before: JsonObject, input: Input): JsonObject {
  const given = copyOf(input.object("deploymentConfiguration") ?? {});
  const merged: JsonObject = { ...before, ...withoutAbsent(given) };
  checkPercentages(merged);
  if (isObject(given.deploymentCircuitBreaker)) {
    merged.deploymentCircuitBreaker = mergeBreaker(before.deploymentCircuitBreaker, given.deploymentCircuitBreaker);
  }
  if (isObject(given.alarms)) merged.alarms = { alarmNames: [], enable: false, rollback: false, ...given.alarms };
  if (Array.isArray(given.lifecycleHooks)) merged.lifecycleHooks = given.lifecycleHooks.map(completeHook);
  const strategy = merged.strategy ?? "ROLLING";
  for (const [member, { strategy: own, name, defaults }] of Object.entries(OF_STRATEGY)) {
    if (strategy !== own && isObject(given[member])) {
      throw invalidParameter(`${name} configuration can only be present with ${own} deployment strategy`);
    }
    if (strategy !== own) delete merged[member];
    else if (isObject(given[member])) {
      const complete: JsonObject = { ...defaults, ...given[member] };
      checkRanges(complete);
      merged[member] = complete;
    }
  }
  checkEarlySuccess(merged, given, strategy);
  return merged;
}

/**
 * "If your service is in the middle of a deployment, you can't migrate it to rolling deployments. Wait for all current
 * deployments to complete", and the other way round "wait for all current deployments to complete" is a prerequisite:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-bluegreen-to-rolling.html and
 * .../update-rolling-to-bluegreen.html. Of the strategies that shift traffic it says nothing; AWS's words are not known.
 */
export function checkStrategyStays(before: JsonObject, after: JsonObject, isUnderWay: boolean): void {
  const [from, to] = [before, after].map(({ strategy }) => strategy ?? "ROLLING");
  if (!isUnderWay || from === to) return;
  throw invalidParameter(
    `Cannot change the deployment strategy from ${from} to ${to} while a deployment is in progress.`,
  );
}

function checkPercentages({ minimumHealthyPercent: minimum, maximumPercent: maximum }: JsonObject): void {
  if (typeof minimum !== "number" || minimum < 0) throw invalidParameter("minimumHealthyPercent must not be negative.");
  if (typeof maximum !== "number" || maximum < 1) throw invalidParameter("maximumPercent must be at least 1.");
  // github.com/badmintoncryer/cdk-preflight, pf-ecs-service-deployment-percent and pf-ecs-svc-min-healthy-over-max-percent
  if (minimum > 100) throw invalidParameter("minimumHealthyPercent must be at most 100.");
  if (minimum === 100 && maximum === 100) {
    throw invalidParameter(
      "Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.",
    );
  }
  if (maximum <= minimum && maximum < 100) {
    throw invalidParameter("The maximumPercent must be greater than the minimumHealthyPercent.");
  }
}

/** API reference, LinearConfiguration and CanaryConfiguration, which say so in prose; AWS's words are not known. */
const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  stepPercent: [3, 100],
  stepBakeTimeInMinutes: [0, 1440],
  canaryPercent: [0.1, 100],
  canaryBakeTimeInMinutes: [0, 1440],
};

function checkRanges(configuration: JsonObject): void {
  for (const [member, value] of Object.entries(configuration)) {
    const [least, most] = RANGES[member] ?? [-Infinity, Infinity];
    if (Number(value) < least || Number(value) > most) {
      throw invalidParameter(`${member} must be between ${least} and ${most}.`);
    }
  }
}

function mergeBreaker(before: Json | undefined, given: JsonObject): JsonObject {
  const { enable, rollback, ...optional } = given;
  const { thresholdConfiguration } = optional;
  if (isObject(thresholdConfiguration) && thresholdConfiguration.value === undefined) {
    throw invalidParameter("Invalid deployment circuit breaker threshold value.");
  }
  return {
    ...(isObject(before) ? before : {}),
    ...withoutAbsent(optional),
    enable: enable ?? false,
    rollback: rollback ?? false,
  };
}

function completeHook(hook: Json): Json {
  if (!isObject(hook)) return hook;
  const { targetType = "AWS_LAMBDA", hookTargetArn, roleArn, lifecycleStages, timeoutConfiguration } = hook;
  if (!Array.isArray(lifecycleStages) || lifecycleStages.length === 0) {
    throw invalidParameter("Lifecycle stage cannot be null or empty for any deployment lifecycle hooks");
  }
  if (targetType === "AWS_LAMBDA" && (!hookTargetArn || !roleArn)) {
    throw invalidParameter("Role arn or Hook Target arn is missing for one or more deployment lifecycle hooks");
  }
  // API reference, DeploymentLifecycleHook: at these two stages, hooks run once more on the way back.
  const isShifting = ["TEST_TRAFFIC_SHIFT", "PRODUCTION_TRAFFIC_SHIFT"].find((stage) =>
    lifecycleStages.includes(stage)
  );
  if (targetType === "PAUSE" && isShifting !== undefined) {
    throw invalidParameter(`PAUSE hooks cannot be configured at ${isShifting}`);
  }
  if (!isObject(timeoutConfiguration)) return { ...hook, targetType };
  return {
    ...hook,
    targetType,
    timeoutConfiguration: { timeoutInMinutes: 1440, action: "ROLLBACK", ...timeoutConfiguration },
  };
}

/** API reference, DeploymentEarlySuccessCriteria: for rolling deployments only; AWS's words for it are not known. */
function checkEarlySuccess(merged: JsonObject, given: JsonObject, strategy: Json): void {
  const { earlySuccessCriteria } = merged;
  if (!isObject(earlySuccessCriteria) || earlySuccessCriteria.enable !== true) return;
  if (strategy !== "ROLLING" && isObject(given.earlySuccessCriteria)) {
    throw invalidParameter("Early success criteria can only be present with ROLLING deployment strategy");
  }
  const { healthyPercent, sourceServiceRevisionCleanup } = earlySuccessCriteria;
  if (healthyPercent === undefined || sourceServiceRevisionCleanup === undefined) {
    throw invalidParameter(
      "healthyPercent and sourceServiceRevisionCleanup must be specified with early success criteria",
    );
  }
  if (Number(healthyPercent) < Number(merged.minimumHealthyPercent)) {
    throw invalidParameter("healthyPercent must be greater than or equal to minimumHealthyPercent.");
  }
}

/** A member that is null counts as one that is left out. */
function withoutAbsent(members: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== undefined));
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
