import type { Leftover, OutcomeKind } from "../rollout/events.ts";
import type { StopSignal } from "../host.ts";
import { SIGNAL_NUMBERS } from "../host/stop_signals.ts";
import { outcomeOf } from "./ending.ts";
import { type RunState, type ServiceState } from "./state.ts";

/** Every exit code there is. 2 to 4 promise that nothing was changed. */
export const EXIT = {
  ok: 0,
  unforeseen: 1,
  usage: 2,
  config: 3,
  refused: 4,
  aws: 5,
  deploymentFailed: 6,
  timedOut: 7,
  incomplete: 8,
  differences: 9,
} as const;

/** The exit code for a program that a signal ended: 128 + the signal's number, as shells have it. */
export function exitCodeOfSignal(signal: StopSignal): number {
  return 128 + SIGNAL_NUMBERS[signal];
}

/** The exit code for what ECS did. `signal` is the one that interrupted, where one did. */
export function exitCodeOfOutcome(
  { kind, leftovers }: { readonly kind: OutcomeKind["kind"]; readonly leftovers: readonly Leftover[] },
  signal: StopSignal | undefined,
): number {
  if (kind === "interrupted") return exitCodeOfSignal(signal ?? "SIGINT");
  const code = OUTCOMES[kind];
  return code === EXIT.ok && leftovers.length > 0 ? EXIT.incomplete : code;
}

const OUTCOMES: Readonly<Record<Exclude<OutcomeKind["kind"], "interrupted">, number>> = {
  ...{ succeeded: EXIT.ok, unchanged: EXIT.ok, submitted: EXIT.ok },
  stalePlan: EXIT.refused,
  copyIncomplete: EXIT.aws,
  failed: EXIT.deploymentFailed,
  rolledBackByEcs: EXIT.deploymentFailed,
  superseded: EXIT.deploymentFailed,
  gone: EXIT.deploymentFailed,
  timedOut: EXIT.timedOut,
};

/** What a service's end may be besides a stop signal, gravest first. */
const GRAVEST_FIRST: readonly number[] = [
  EXIT.deploymentFailed,
  EXIT.timedOut,
  EXIT.aws,
  EXIT.incomplete,
  EXIT.refused,
];

/** The exit code of a run so far, the gravest of its services': for none that has failed, `EXIT.ok`. */
export function exitCodeOfRun(state: RunState): number {
  const codes = state.services.map((service) => exitCodeOfService(service, state.signal));
  const gravest = codes.find((code) => code > 128) ?? GRAVEST_FIRST.find((code) => codes.includes(code)) ??
    codes.find((code) => code !== EXIT.ok) ?? EXIT.ok;
  // That one is refused does not say that nothing was changed of another.
  return gravest === EXIT.refused && codes.some((code) => code !== gravest) ? EXIT.incomplete : gravest;
}

function exitCodeOfService(service: ServiceState, signal: StopSignal | undefined): number {
  const { failure, refusal, isConfirmed, unfinished, rollback } = service;
  const outcome = outcomeOf(service);
  if (failure !== undefined) return failure.exitCode;
  if (!isConfirmed) return signal === undefined ? EXIT.refused : exitCodeOfSignal(signal);
  if (unfinished?.isInterrupted && signal !== undefined) return exitCodeOfSignal(signal);
  // Also of a deploy that timed out: nothing of it is under way any more.
  if (unfinished !== undefined || rollback !== undefined) return EXIT.deploymentFailed;
  if (outcome !== undefined) return exitCodeOfOutcome(outcome, signal);
  return refusal === undefined ? EXIT.ok : EXIT.refused;
}
