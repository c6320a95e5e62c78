import { CANARY_DEFAULTS, LINEAR_DEFAULTS, THRESHOLD_DEFAULTS } from "../model/deployment_settings.ts";
import { isObject, type Json, type JsonObject, objectIn } from "../model/json.ts";
import { differingMembers, isGiven, own } from "./canonicalize.ts";
import { normalizeService, percentageDefaults } from "./normalize_service.ts";

// Values that mean the same as never having set the member. Sources: AWS CLI reference, `update-service`, for the
// alarms; the members' pages in the API reference for the others.
const OFF: JsonObject = {
  alarms: { alarmNames: [], enable: false, rollback: false },
  bakeTimeInMinutes: 0,
  deploymentCircuitBreaker: { enable: false, rollback: false },
  earlySuccessCriteria: { enable: false },
  lifecycleHooks: [],
  strategy: "ROLLING",
};
/** ECS takes these only with their own strategy. */
const OF_STRATEGY: Readonly<Record<string, { readonly strategy: string; readonly off: JsonObject }>> = {
  linearConfiguration: { strategy: "LINEAR", off: LINEAR_DEFAULTS },
  canaryConfiguration: { strategy: "CANARY", off: CANARY_DEFAULTS },
};

/**
 * The members of UpdateService that turn one deployment configuration into another. ECS keeps what is left out, so what
 * `to` lacks is turned off explicitly. Empty where the two mean the same. Pure.
 */
export function configurationUpdate(from: JsonObject, to: JsonObject, isDaemon: boolean): JsonObject {
  const have = canonicalConfiguration(from, isDaemon);
  const differing = differingMembers(have, canonicalConfiguration(to, isDaemon));
  const strategy = to.strategy ?? OFF.strategy!;
  const needed = differing.includes("strategy") ? membersWith(strategy).filter((name) => isGiven(to, name)) : [];
  return Object.fromEntries([...new Set([...differing, ...needed])].flatMap((name) => {
    const value = isGiven(to, name) ? to[name]! : offValue(name, strategy, isDaemon);
    if (value === undefined) return [];
    return [[name, name === "deploymentCircuitBreaker" ? completeBreaker(value, have[name]) : value]];
  }));
}

// Members that go with a strategy even where they do not differ: ECS takes a strategy that shifts traffic only together
// with its bake time, and forgets the steps of the one before.
function membersWith(strategy: Json): string[] {
  if (strategy === OFF.strategy) return [];
  const ofStrategy = Object.keys(OF_STRATEGY).filter((name) => OF_STRATEGY[name]!.strategy === strategy);
  return ["bakeTimeInMinutes", ...ofStrategy];
}

function offValue(name: string, strategy: Json, isDaemon: boolean): Json | undefined {
  const ofStrategy = own(OF_STRATEGY, name);
  if (ofStrategy !== undefined) return ofStrategy.strategy === strategy ? ofStrategy.off : undefined;
  return own({ ...OFF, ...percentageDefaults(isDaemon) }, name);
}

/**
 * ECS keeps what is left out of the circuit breaker, too.
 *
 * @param have the present circuit breaker in its canonical form: without what is at its default
 */
function completeBreaker(breaker: Json, have: Json | undefined): Json {
  if (!isObject(breaker) || !isObject(have)) return breaker;
  const kept = Object.entries({ resetOnHealthyTask: true, thresholdConfiguration: THRESHOLD_DEFAULTS })
    .filter(([name]) => have[name] !== undefined && !isGiven(breaker, name));
  return { ...breaker, ...Object.fromEntries(kept) };
}

function canonicalConfiguration(deploymentConfiguration: JsonObject, isDaemon: boolean): JsonObject {
  const schedulingStrategy = isDaemon ? "DAEMON" : "REPLICA";
  return objectIn(normalizeService({ deploymentConfiguration, schedulingStrategy }).deploymentConfiguration);
}
