import { MINUTE_MS } from "../../model/metrics.ts";
import type { TypedOption } from "../../model/service.ts";
import type { Policy } from "../../rollout/outcome.ts";
import { formatDuration } from "../messages/log.ts";
import type { RunState, ServiceState } from "../state.ts";
import { isStuck, resultOf } from "./service_result.ts";
import { isTyped } from "./typed_again.ts";

/** The default of --timeout. */
const DEFAULT_TIMEOUT_MS = 600_000;
/** The remaining services may take longer than those that are done. */
const MARGIN = 1.5;

/**
 * The `--timeout` for the command that does the rest: the one that was typed if that is long enough, judging by this
 * run; otherwise a longer one.
 *
 * @returns no option if the default is enough
 */
export function timeoutFor(left: readonly ServiceState[], state: RunState): TypedOption[] {
  const [first] = left;
  if (first === undefined || state.all === undefined) return [];
  const { timeoutMs } = first;
  const isGiven = isTyped(state, "--timeout");
  if (timeoutMs === 0) return isGiven ? [["--timeout", "0"]] : [];
  const neededMs = estimateMs(left, state);
  if (timeoutMs >= neededMs) return isGiven ? [["--timeout", nameLimit(timeoutMs)]] : [];
  return [["--timeout", `${Math.ceil(Math.max(neededMs, DEFAULT_TIMEOUT_MS) / MINUTE_MS)}m`]];
}

function nameLimit(ms: number): string {
  return ms % MINUTE_MS === 0 ? `${ms / MINUTE_MS}m` : `${ms / 1_000}s`;
}

/** How long the rest may take: as many rounds as are needed, each as long as the slowest service so far. */
function estimateMs(left: readonly ServiceState[], { services, all, nowMs }: RunState): number {
  const { parallel = 1 } = all?.policy ?? {};
  const tookMs = services.map((service) => {
    const [result, { beganAtMs, endedAtMs }] = [resultOf(service), service];
    if (beganAtMs === undefined || isStuck(service) || (result !== "done" && result !== "underWay")) return 0;
    return (result === "done" ? endedAtMs ?? nowMs : nowMs) - beganAtMs;
  });
  return Math.max(0, ...tookMs) * countRounds(left, parallel) * MARGIN;
}

/** How many rounds the services take, at `parallel` services a time and wave by wave. */
function countRounds(services: readonly Pick<ServiceState, "wave">[], parallel: number): number {
  return [...Map.groupBy(services, ({ wave }) => wave ?? 1).values()]
    .reduce((sum, { length }) => sum + Math.ceil(length / parallel), 0);
}

/** ECS rarely starts new tasks and drains the old ones in less time. */
const ROUND_TAKES_MS = 120_000;

/** A warning if the time limit probably ends the run before the last services begin. */
export function warnOfTime(planned: readonly ServiceState[], { parallel }: Policy, timeoutMs: number): string[] {
  const rounds = countRounds(planned, parallel);
  if (timeoutMs === 0 || rounds === 1 || rounds * ROUND_TAKES_MS <= timeoutMs) return [];
  const each = formatDuration(Math.floor(timeoutMs / rounds / 1_000) * 1_000);
  const enough = `--timeout ${Math.ceil(rounds * ROUND_TAKES_MS * MARGIN / MINUTE_MS)}m`;
  return [`With ${each} for each ${parallel}, the time may be up before all are begun: add ${enough}.`];
}
