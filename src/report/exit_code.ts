import type { Leftover, OutcomeKind } from "../rollout/events.ts";
import type { StopSignal } from "../host.ts";
import { numberOfSignal } from "../host/stop_signals.ts";

/** Every exit code there is; errors carry theirs. 2 to 4 promise that nothing was changed. */
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
  return 128 + numberOfSignal(signal);
}

/** The exit code for what ECS did. `signal` is the one that interrupted, where one did. */
export function exitCodeOfOutcome(
  { kind, leftovers }: { readonly kind: OutcomeKind["kind"]; readonly leftovers: readonly Leftover[] },
  signal: StopSignal | undefined,
): number {
  switch (kind) {
    case "succeeded":
    case "unchanged":
    case "submitted":
      return leftovers.length === 0 ? EXIT.ok : EXIT.incomplete;
    case "outdated":
      return EXIT.refused;
    case "copyIncomplete":
      return EXIT.aws;
    case "failed":
    case "rolledBackByEcs":
    case "superseded":
    case "gone":
      return EXIT.deploymentFailed;
    case "timedOut":
      return EXIT.timedOut;
    case "interrupted":
      return exitCodeOfSignal(signal ?? "SIGINT");
  }
}
