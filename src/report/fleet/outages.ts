import { targetOf } from "../ending.ts";
import { countTasks, hasNoTask, lastSeen, nameOf, primarySeen } from "../live_now.ts";
import { formatDuration } from "../messages/log.ts";
import { describeOutage, nameOutage } from "../outage.ts";
import type { RunState, ServiceState } from "../state.ts";
import { resultOf } from "./service_result.ts";
import { listNames, nameIn } from "./names.ts";

/** If the last look is older than this, its age is said. */
const FRESH_MS = 10_000;

/** How long ago a service was last seen, in words; empty if that was just now. */
export function describeAge({ lookedAtMs, endedAtMs }: ServiceState, nowMs: number): string {
  const seenAtMs = lookedAtMs ?? endedAtMs ?? nowMs;
  return nowMs - seenAtMs < FRESH_MS ? "" : `${formatDuration(nowMs - seenAtMs)} ago`;
}

/** Whether no task runs; or no task ran, and all that run now belong to the deployment that ECS keeps trying. */
export function isDown(service: ServiceState): boolean {
  const { main, outage } = service;
  if (main === undefined) return false;
  const target = targetOf(main)?.arn;
  const isOnlyItsOwn = lastSeen(service).every(({ taskDefinition, rolloutState, runningCount }) =>
    runningCount === 0 || (taskDefinition === target && rolloutState === "IN_PROGRESS")
  );
  const wasDown = outage !== undefined && (outage.earlierMs > 0 || outage.sinceMs !== undefined);
  return hasNoTask(service) || (wasDown && ecsKeepsTrying(service) && isOnlyItsOwn);
}

/**
 * Whether only tasks of the failed deployment run, and ECS keeps trying it: those that ran in the last look may crash
 * next.
 */
export function isCrashing(service: ServiceState): boolean {
  const { main } = service;
  if (main === undefined || main.causes.length === 0 || !ecsKeepsTrying(service) || resultOf(service) !== "failed") {
    return false;
  }
  const target = targetOf(main)?.arn;
  const running = lastSeen(service).filter(({ runningCount }) => runningCount > 0);
  return running.every(({ taskDefinition }) => taskDefinition === target);
}

/** The services without a running task at the end of a run, failed ones first. */
export function findOutages({ services }: RunState): ServiceState[] {
  return services.filter(isDown)
    .toSorted((one, other) => Number(resultOf(other) === "failed") - Number(resultOf(one) === "failed"));
}

/** `OUTAGE of api/prod: no task has run for about 1m25s, web:3 has 0 of 2.`: how the closing message of many begins. */
export function describeOutages(state: RunState): string {
  const [first, ...others] = findOutages(state);
  if (first === undefined) return "";
  const name = nameIn(state, first.ref);
  const seen = nameOutage(first.outage, state.nowMs, first.epochMs, name);
  const primary = primarySeen(first);
  const has = primary === undefined ? "" : `, ${nameOf(primary)} has ${countTasks(primary)}`;
  const age = describeAge(first, state.nowMs);
  const also = others.length === 0 ? "" : ` The same of ${listNames(state, others)}.`;
  const tried = ecsKeepsTrying(first) ? "; ECS keeps trying" : "";
  const lasts = `${seen === "" ? `OUTAGE of ${name}: no task runs` : seen}${has}`;
  return `${lasts}${age === "" ? "" : ` (as seen ${age})`}${tried}.${also}`;
}

/** Whether ECS goes on with a deployment that the run has given up or stopped watching. */
export function ecsKeepsTrying(service: ServiceState): boolean {
  const { rollback, main } = service;
  const outcome = rollback === undefined ? main?.outcome : undefined;
  const primary = primarySeen(service);
  // The deployment may have ended since.
  if (primary?.rolloutState === "COMPLETED" || primary?.rolloutState === "FAILED") return false;
  return outcome?.kind === "givenUp" || (outcome?.kind === "timedOut" && outcome.ordered === "yes");
}

/** Outages that are over, of services that failed or were undone: `OUTAGE of api/prod: no task ran for about 56s.` */
export function describePastOutages(state: RunState): string[] {
  return state.services.filter((service) => {
    const isBad = resultOf(service) === "failed" || resultOf(service) === "undone";
    return isBad && !isDown(service);
  }).map((service) => describeOutage(service.outage, state.nowMs, service.epochMs, nameIn(state, service.ref)))
    .filter((text) => text !== "");
}
