import { ecspressoCommand } from "../../model/typed_commands.ts";
import { ranBefore, targetOf } from "../ending.ts";
import { countTasks, isWithoutAny, lastSeen, nameOf, primarySeen } from "../live_now.ts";
import { formatDuration } from "../log.ts";
import { describeOutage } from "../outage.ts";
import type { RunState, ServiceState } from "../state.ts";
import { renderWayOut } from "../way_out.ts";
import { fateOf } from "./fate.ts";
import { listNames, nameIn } from "./names.ts";

/** What is older than this is said to be. */
const FRESH_MS = 10_000;

/** How long ago a service was last seen, in words; empty where that is now. */
export function describeAge({ lookedAtMs, endedAtMs }: ServiceState, nowMs: number): string {
  const seenAtMs = lookedAtMs ?? endedAtMs ?? nowMs;
  return nowMs - seenAtMs < FRESH_MS ? "" : `${formatDuration(nowMs - seenAtMs)} ago`;
}

/** Whether no task runs, or only such of a deployment that was given up as have left the service without any before. */
export function isOut(service: ServiceState): boolean {
  const { main, outage } = service;
  if (main === undefined) return false;
  const target = targetOf(main)?.arn;
  const isOnlyItsOwn = lastSeen(service).every(({ taskDefinition, rolloutState, runningCount }) =>
    runningCount === 0 || (taskDefinition === target && rolloutState === "IN_PROGRESS")
  );
  const wasOut = outage !== undefined && (outage.earlierMs > 0 || outage.sinceMs !== undefined);
  return isWithoutAny(service) || (wasOut && isTriedOn(service) && isOnlyItsOwn);
}

/**
 * Whether nothing runs but what has failed, and ECS tries it again and again: its tasks that ran in the last look may be
 * those that crash next.
 */
export function isCrashing(service: ServiceState): boolean {
  const { main } = service;
  if (main === undefined || main.causes.length === 0 || !isTriedOn(service) || fateOf(service) !== "failed") {
    return false;
  }
  const target = targetOf(main)?.arn;
  const running = lastSeen(service).filter(({ runningCount }) => runningCount > 0);
  return running.every(({ taskDefinition }) => taskDefinition === target);
}

/** The services of which no task runs at the end of a run, those that failed first before the others. */
export function findOutages({ services }: RunState): ServiceState[] {
  return services.filter(isOut)
    .toSorted((one, other) => Number(fateOf(other) === "failed") - Number(fateOf(one) === "failed"));
}

/** `OUTAGE of api/prod: no task has run for about 1m25s, web:3 has 0 of 2.`: the first words of how many have ended. */
export function describeOutages(state: RunState): string {
  const [first, ...others] = findOutages(state);
  if (first === undefined) return "";
  const name = nameIn(state, first.ref);
  const seen = describeOutage(first.outage, state.nowMs, first.epochMs, name).replace(/\.$/, "");
  const primary = primarySeen(first);
  const has = primary === undefined ? "" : `, ${nameOf(primary)} has ${countTasks(primary)}`;
  const age = describeAge(first, state.nowMs);
  const also = others.length === 0 ? "" : ` The same of ${listNames(state, others)}.`;
  const tried = isTriedOn(first) ? "; ECS keeps trying" : "";
  const lasts = `${seen === "" ? `OUTAGE of ${name}: no task runs` : seen}${has}`;
  return `${lasts}${age === "" ? "" : ` (as seen ${age})`}${tried}.${also}`;
}

/** Whether ECS goes on with what has been given up. */
export function isTriedOn(service: ServiceState): boolean {
  const { rollback, main } = service;
  const outcome = rollback === undefined ? main?.outcome : undefined;
  const primary = primarySeen(service);
  // It may have come to an end since.
  if (primary?.rolloutState === "COMPLETED" || primary?.rolloutState === "FAILED") return false;
  return outcome?.kind === "givenUp" || (outcome?.kind === "timedOut" && outcome.ordered === "yes");
}

/** The outages that are over, of those that have failed or went back: `OUTAGE of api/prod: no task ran for about 56s.` */
export function describePastOutages(state: RunState): string[] {
  return state.services.filter((service) => {
    const isBad = fateOf(service) === "failed" || fateOf(service) === "undone";
    return isBad && !isOut(service);
  }).map((service) => describeOutage(service.outage, state.nowMs, service.epochMs, nameIn(state, service.ref)))
    .filter((text) => text !== "");
}

/** What ends an outage: back to the release that was to be left, where that was seen to run. `undefined`: nothing is known that would. */
export function endOutage({ main, ref, hasRunBefore, rollback }: ServiceState): string | undefined {
  const from = main && ranBefore(main.plan);
  if (from === undefined || hasRunBefore !== true || rollback !== undefined) return undefined;
  const target = targetOf(main!);
  if (target === undefined || target.arn === from.arn) return undefined;
  const way = { to: from, from: target, isLive: false, sharesNetwork: undefined };
  return ecspressoCommand(ref, renderWayOut(way));
}
