import { MINUTE_MS } from "../../model/metrics.ts";
import type { TypedOption } from "../../model/service.ts";
import type { Policy } from "../../rollout/outcome.ts";
import { formatDuration } from "../log.ts";
import type { RunState, ServiceState } from "../state.ts";
import { fateOf, isStuck } from "./fate.ts";
import { isTyped } from "./typed_again.ts";

/** As it is where nobody says otherwise. */
const USUAL_MS = 600_000;
/** What is left may take longer than what was done. */
const MARGIN = 1.5;

/**
 * The time limit of the command that does the rest: the one that was typed, where that is enough by what this run has seen;
 * otherwise one that is.
 *
 * @returns none where the limit that there is anyway will do
 */
export function timeoutFor(left: readonly ServiceState[], state: RunState): TypedOption[] {
  const [first] = left;
  if (first === undefined || state.all === undefined) return [];
  const { timeoutMs } = first;
  const isGiven = isTyped(state, "--timeout");
  if (timeoutMs === 0) return isGiven ? [["--timeout", "0"]] : [];
  const neededMs = estimateMs(left, state);
  if (timeoutMs >= neededMs) return isGiven ? [["--timeout", nameLimit(timeoutMs)]] : [];
  return [["--timeout", `${Math.ceil(Math.max(neededMs, USUAL_MS) / MINUTE_MS)}m`]];
}

function nameLimit(ms: number): string {
  return ms % MINUTE_MS === 0 ? `${ms / MINUTE_MS}m` : `${ms / 1_000}s`;
}

/** How long the rest may take: as long as the slowest one that is done, so many at a time, wave by wave. */
function estimateMs(left: readonly ServiceState[], { services, all, nowMs }: RunState): number {
  const { parallel = 1 } = all?.policy ?? {};
  const tookMs = services.map((service) => {
    const [fate, { beganAtMs, endedAtMs }] = [fateOf(service), service];
    if (beganAtMs === undefined || isStuck(service) || (fate !== "done" && fate !== "underWay")) return 0;
    return (fate === "done" ? endedAtMs ?? nowMs : nowMs) - beganAtMs;
  });
  return Math.max(0, ...tookMs) * countRounds(left, parallel) * MARGIN;
}

/** How often so many are begun at a time, wave by wave. */
function countRounds(services: readonly Pick<ServiceState, "wave">[], parallel: number): number {
  return [...Map.groupBy(services, ({ wave }) => wave ?? 1).values()]
    .reduce((sum, { length }) => sum + Math.ceil(length / parallel), 0);
}

/** ECS rarely brings up new tasks, and drains old ones, in less. */
const ROUND_TAKES_MS = 120_000;

/** Where the time limit ends the run before the last ones are begun, most likely. */
export function warnOfTime(planned: readonly ServiceState[], { parallel }: Policy, timeoutMs: number): string[] {
  const rounds = countRounds(planned, parallel);
  if (timeoutMs === 0 || rounds === 1 || rounds * ROUND_TAKES_MS <= timeoutMs) return [];
  const each = formatDuration(Math.floor(timeoutMs / rounds / 1_000) * 1_000);
  const enough = `--timeout ${Math.ceil(rounds * ROUND_TAKES_MS * MARGIN / MINUTE_MS)}m`;
  return [`With ${each} for each ${parallel}, the time may be up before all are begun: add ${enough}.`];
}
