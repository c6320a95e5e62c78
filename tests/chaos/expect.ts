import type { Cell } from "./matrix.ts";
import type { Tried } from "./tried.ts";

/** What a run of a cell may end as. */

/** Orders that cannot be given again where it is not known whether they have arrived. */
const UNREPEATABLE = /^(UpdateService|RegisterTaskDefinition)$/;
/** What an answer that never comes costs: two attempts, and looking for what may have begun. */
const SLOW_LIMIT_MS = 90_000;
const PASSING_LIMIT_MS = 60_000;
/** An order of which nobody knows whether it has arrived is looked for for half a minute: here, no longer than this. */
const LOOKING_LIMIT_MS = 12_000;
const LASTING_LIMIT_MS = 7_000;

const TIMED_OUT = 7;

/** Whether the trouble passes by itself. */
export function isPassing({ times, misbehaviour }: Cell): boolean {
  return times === "once" || times === "twice" || misbehaviour.means === "harmless";
}

/** The time limit of the run: what comes to its end by itself has more than it needs, also on a machine under load. */
export function limitOf(cell: Cell): number {
  const { misbehaviour, operation, isCarriedOut } = cell;
  if (!isPassing(cell)) return LASTING_LIMIT_MS;
  const isUnknown = misbehaviour.means === "trouble" && !isCarriedOut && operation === "UpdateService";
  if (isUnknown) return LOOKING_LIMIT_MS;
  return misbehaviour.isSlow ? SLOW_LIMIT_MS : PASSING_LIMIT_MS;
}

/** Whether the run has to end as an undisturbed one does. */
export function isCalmEndDue(tried: Tried): boolean {
  const { cell, hits } = tried;
  const { means } = cell.misbehaviour;
  if (means === "harmless") return true;
  // A limit that is short on purpose may be up before the trouble comes, where the machine has much to do.
  if (hits.length === 0) return !(isTimedOut(tried) && limitOf(cell) < PASSING_LIMIT_MS);
  if (!isPassing(cell)) return false;
  // One refusal may be an error of AWS's: a deployment under way is looked at once more.
  if (means === "refused") return hits.length === 1 && hits[0]!.isWatching;
  // Until AWS has answered once, a wrong endpoint is more likely.
  if (hits.some(({ answeredBefore }) => answeredBefore === 0)) return false;
  if (means === "busy") return true;
  return !hits.some((hit) =>
    hit.operation === "RegisterTaskDefinition" || (UNREPEATABLE.test(hit.operation) && !hit.isCarriedOut)
  );
}

/** Whether the run has ended because its limit was up. */
export function isTimedOut({ code }: { readonly code: number }): boolean {
  return code === TIMED_OUT;
}
