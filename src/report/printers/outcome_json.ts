import { type Cause, isOfPlatform } from "../../diagnosis/cause.ts";
import type { Deployment, ServiceRef } from "../../model/service.ts";
import { hasFailed, isCutShort } from "../../model/outcome_kinds.ts";
import type { BakeEvidence } from "../../rollout/judge/judge_bake.ts";
import type { Outcome, OutcomeKind } from "../../rollout/outcome.ts";
import { byCode, byKind } from "../messages/cases.ts";
import { messageOf } from "../closing.ts";
import {
  isRolledBack,
  nameOutcome,
  nameOutcomeOfRun,
  type OutcomeName,
  outcomeOf,
  ranBefore,
  targetOf,
} from "../ending.ts";
import { groupByResult, SERVICE_RESULTS, type ServiceResult } from "../fleet/service_result.ts";
import { closingOfRun } from "../fleet/fleet_closing.ts";
import { isoTime, nameService } from "../messages/log.ts";
import { describeCall } from "../messages/aws_failure_text.ts";
import { adviseOnCause, describeCause } from "../messages/causes/cause_text.ts";
import { describeReason } from "../messages/failure_reason_text.ts";
import { type Fields, revisionToJson } from "./plan_json.ts";
import { describeLeftover } from "../messages/run_notice_text.ts";
import type { RunState, ServiceState } from "../state.ts";
import type { SkipReason } from "../../rollout/read/find_release.ts";

/** How the run ended, for the `finished` event. */
export function endToJson(state: RunState): Fields {
  const { services: [service, ...others] } = state;
  if (others.length > 0) return fleetToJson(state);
  const message = closingOfRun(state)?.message;
  const outcome = nameOutcomeOfRun(state);
  return service === undefined ? { outcome, message, leftovers: [] } : serviceToJson(service, outcome, message);
}

/** How the run ended for one service. */
function serviceToJson(
  service: ServiceState,
  outcome: OutcomeName | undefined,
  message: string | undefined,
): Fields {
  const { main, leftovers, ref } = service;
  const seen = outcomeOf(service);
  const [cause] = main?.causes ?? [];
  const hasCause = cause !== undefined && seen !== undefined && (hasFailed(seen) || isCutShort(seen));
  return {
    outcome,
    message,
    from: main && revisionToJson(ranBefore(main.plan)),
    to: main && revisionToJson(targetOf(main)),
    isRolledBack: isRolledBack(service),
    helped: service.bake?.verdict?.kind,
    ...(hasCause && { cause: causeToJson(cause) }),
    ...(seen !== undefined && describeDetails(seen)),
    leftovers: leftovers.map((leftover) => describeLeftover(leftover, ref)),
  };
}

/** Names in NDJSON, if they differ from those of the results. */
const NAMES: Readonly<Partial<Record<ServiceResult, string>>> = { leftChanged: "notUndone", done: "succeeded" };

/** How a run of many services ended: the number of services by how they ended, and each service. */
function fleetToJson(state: RunState): Fields {
  const { services } = state;
  const results = groupByResult(state);
  return {
    outcome: nameOutcomeOfRun(state),
    message: closingOfRun(state)?.message,
    services: {
      total: services.length,
      ...Object.fromEntries(SERVICE_RESULTS.map((result) => [NAMES[result] ?? result, results[result].length])),
      // Includes services that count as failed, too.
      undone: services.filter((service) => isRolledBack(service) === true).length,
    },
    results: services.map((service) => ({
      ...nameService(service.ref),
      ...serviceToJson(service, nameOutcome(state, service), messageOf(state, service)),
    })),
    leftovers: services.flatMap(({ leftovers, ref }) => leftovers.map((leftover) => describeLeftover(leftover, ref))),
  };
}

/** How one plan ended. */
export function outcomeToJson(outcome: Outcome, ref: ServiceRef): Fields {
  return {
    event: "rolloutEnded",
    outcome: outcome.kind,
    ...describeDetails(outcome),
    leftovers: outcome.leftovers.map((leftover) => describeLeftover(leftover, ref)),
  };
}

/** What a bake has seen so far: minutes of load balancer metrics, and alarms. */
export function evidenceToJson({ windows, minutes, alarms }: BakeEvidence): Fields {
  return {
    ...Object.fromEntries(Object.entries(windows).map(([name, atMs]) => [name.replace(/Ms$/, ""), isoTime(atMs)])),
    minutes: minutes.map(({ atMs, ...counts }) => ({ at: isoTime(atMs), ...counts })),
    alarms,
  };
}

/** The members of an outcome besides its name. */
const describeDetails = byKind<OutcomeKind, Fields>({
  succeeded: () => ({}),
  unchanged: ({ because }) => ({ because: because && describeSkipped(because) }),
  submitted: ({ leftTo }) => ({ leftTo }),
  stalePlan: ({ by, hasSuspensionChanged, haveWaitsChanged }) => ({
    by: by && deploymentToJson(by),
    hasSuspensionChanged,
    haveWaitsChanged,
  }),
  copyIncomplete: ({ copy, lost }) => ({ copy: revisionToJson(copy), lost }),
  cannotPin: ({ error }) => ({ error: describeCall(error) }),
  failed: ({ reason, of }) => ({ reason: describeReason(reason), of }),
  rolledBackByEcs: ({ reason, of, to }) => ({ reason: describeReason(reason), of, runs: to?.taskDefinition }),
  givenUp: ({ stopped, unstarted, limit }) => ({ stopped, unstarted, limit }),
  superseded: ({ by }) => ({ by: deploymentToJson(by) }),
  gone: ({ status }) => ({ status }),
  timedOut: ({ ordered, isCrashLooping }) => ({ ordered, tasksKeepFailing: isCrashLooping }),
  interrupted: ({ ordered }) => ({ ordered }),
});

function describeSkipped(skipped: SkipReason): Fields {
  const { code, running } = skipped;
  const details = byCode<SkipReason, Fields>({
    deployedEarlier: ({ beganAtMs, withinMs }) => ({ deployedAt: isoTime(beganAtMs), withinMs }),
    goesBackAlready: ({ from, state }) => ({ from: revisionToJson(from), state }),
    overtaken: ({ deployment }) => ({ deployment }),
  })(skipped);
  return { code, running: revisionToJson(running), ...details };
}

/** The members in version 1 of the events, in their order. */
export const SERVICE_DEPLOYMENT = ["arn", "status", "statusReason", "lifecycleStage", "awaitingHooks"] as const;
const DEPLOYMENT = [
  ...["id", "status", "taskDefinition", "desiredCount", "pendingCount", "runningCount", "failedTasks"] as const,
  ...["rolloutState", "rolloutStateReason"] as const,
];

/** A deployment in NDJSON. */
export function deploymentToJson(deployment: Deployment): Fields {
  return pick(deployment, DEPLOYMENT);
}

/** Some members of a value. */
export function pick<Value>(value: Value, names: readonly (keyof Value & string)[]): Fields {
  return Object.fromEntries(names.map((name) => [name, value[name]]));
}

/** A cause in NDJSON. `kind` and `reason` are from version 1 of the events; `code` is more precise than `kind`. */
export function causeToJson(cause: Cause): Fields {
  const { code, container, exitCode, count, said, about, taskArn, atMs } = cause;
  return {
    code,
    kind: KINDS.find(([, codes]) => codes.test(code))?.[0] ?? "other",
    container,
    exitCode,
    reason: said,
    count,
    message: describeCause(cause),
    advice: adviseOnCause(cause),
    isOfPlatform: isOfPlatform(cause),
    about,
    taskArn,
    at: isoTime(atMs),
  };
}

/** The kinds in version 1 of the events, with the codes that belong to them. */
const KINDS: readonly (readonly [kind: string, codes: RegExp])[] = [
  ["outOfMemory", /^outOfMemory$/],
  ["imagePull", /^(?:image|registry|repository)/],
  ["secret", /^(?:secret|key)/],
  ["exited", /^(?:exited|killed|terminated|crashed|entrypointFailed|commandNot)/],
  ["healthCheck", /[uU]nhealthy$/],
  ["placement", /^(?:no(?:Room|Instances|NetworkSlot|tPlaced)|port|attribute|constraint|capacity|quota|subnetFull)/],
  ["resourceInitialization", /^(?:log|efs|ebs|volume|network|envFile|credentialSpec|serviceConnect|resource)/],
];
