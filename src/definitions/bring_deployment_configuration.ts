import { CANARY_DEFAULTS, LINEAR_DEFAULTS } from "../model/deployment_settings.ts";
import { isObject, type Json, type JsonObject } from "../model/json.ts";
import { differingMembers } from "./canonicalize.ts";
import { normalizeService, percentageDefaults, THRESHOLD_DEFAULTS } from "./normalize_service.ts";

// What means the same as never having set it. AWS CLI reference, `update-service`, for the alarms; API reference, the pages
// of the members, for the others.
const OFF: JsonObject = {
  alarms: { alarmNames: [], enable: false, rollback: false },
  bakeTimeInMinutes: 0,
  deploymentCircuitBreaker: { enable: false, rollback: false },
  earlySuccessCriteria: { enable: false },
  lifecycleHooks: [],
  strategy: "ROLLING",
};
/** ECS takes these under their own strategy only. */
const OF_STRATEGY: Readonly<Record<string, { readonly strategy: string; readonly off: JsonObject }>> = {
  linearConfiguration: { strategy: "LINEAR", off: LINEAR_DEFAULTS },
  canaryConfiguration: { strategy: "CANARY", off: CANARY_DEFAULTS },
};
/** ECS also keeps what is left out of the circuit breaker. */
const BREAKER_OFF: JsonObject = { resetOnHealthyTask: true, thresholdConfiguration: THRESHOLD_DEFAULTS };

/**
 * What UpdateService has to be given for one deployment configuration to become another. ECS keeps what is left out, so what
 * `to` does not have is turned off explicitly. Empty where they mean the same. Pure.
 */
export function bringDeploymentConfiguration(from: JsonObject, to: JsonObject, isDaemon: boolean): JsonObject {
  const have = canonical(from, isDaemon);
  const want = canonical(to, isDaemon);
  const strategy = to.strategy ?? OFF.strategy!;
  const differing = differingMembers(have, want);
  const needed = differing.includes("strategy") ? membersWith(strategy).filter((name) => isGiven(to[name])) : [];
  return Object.fromEntries([...new Set([...differing, ...needed])].flatMap((name) => {
    const value = isGiven(to[name]) ? to[name]! : offValue(name, strategy, isDaemon);
    if (value === undefined) return [];
    return [[name, name === "deploymentCircuitBreaker" ? completeBreaker(value, have[name]) : value]];
  }));
}

// What a strategy is to be sent with, although it may not differ: ECS takes one that shifts traffic only together with its
// bake time, and forgets the steps of the one before.
function membersWith(strategy: Json): string[] {
  if (strategy === OFF.strategy) return [];
  const own = Object.entries(OF_STRATEGY).filter(([, member]) => member.strategy === strategy).map(([name]) => name);
  return ["bakeTimeInMinutes", ...own];
}

function offValue(name: string, strategy: Json, isDaemon: boolean): Json | undefined {
  const own = Object.hasOwn(OF_STRATEGY, name) ? OF_STRATEGY[name] : undefined;
  if (own !== undefined) return own.strategy === strategy ? own.off : undefined;
  return percentageDefaults(isDaemon)[name] ?? (Object.hasOwn(OFF, name) ? OFF[name] : undefined);
}

/** @param have the breaker as it is, in its canonical form: without what is at its default */
function completeBreaker(breaker: Json, have: Json | undefined): Json {
  if (!isObject(breaker) || !isObject(have)) return breaker;
  const kept = Object.entries(BREAKER_OFF).filter(([name]) => have[name] !== undefined && !isGiven(breaker[name]));
  return { ...breaker, ...Object.fromEntries(kept) };
}

function canonical(deploymentConfiguration: JsonObject, isDaemon: boolean): JsonObject {
  const schedulingStrategy = isDaemon ? "DAEMON" : "REPLICA";
  const normalized = normalizeService({ deploymentConfiguration, schedulingStrategy }).deploymentConfiguration;
  return isObject(normalized) ? normalized : {};
}

function isGiven(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}
