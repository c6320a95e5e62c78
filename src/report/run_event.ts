import type { RunScope, ServiceRef } from "../model/service.ts";
import type { FilePosition } from "../errors.ts";
import type { Outcome, RolloutEvent } from "../rollout/events.ts";
import type { DeregisterRefusal } from "../registry/plan_deregister.ts";
import type { Intent, Plan } from "../rollout/plan/plan.ts";
import type { Refusal } from "../rollout/plan/refusal.ts";
import type { RollbackEvent } from "../rollout/rollback_events.ts";
import type { Level } from "./log.ts";

/**
 * What happens in one run of `rollback`, `deploy` or `wait`, from the command line to the exit code. The plain log is
 * written for people as things happen; everything else that shows a run (NDJSON, GitHub's output, the live display) is
 * made from these.
 */
export type RunEvent =
  /** `timeoutMs`: for the whole command, and once more for the way back after a deploy that failed; 0: no limit. */
  | {
    readonly kind: "started";
    readonly command: Intent;
    readonly subject: ServiceRef;
    readonly isDryRun: boolean;
    readonly timeoutMs: number;
  }
  /** A plan is about to be carried out, or shown by a dry run. `takesBack`: of the way back after a deploy that failed. */
  | { readonly kind: "planned"; readonly plan: Plan; readonly takesBack: boolean }
  /** How the files of a deploy differ from what runs: the lines of a unified diff, which anybody may see. */
  | { readonly kind: "compared"; readonly lines: readonly string[] }
  /** A deploy has failed in a way at which it is taken back. */
  | { readonly kind: "takingBack"; readonly event: RollbackEvent }
  | { readonly kind: "rollout"; readonly event: RolloutEvent; readonly plan: Plan; readonly takesBack: boolean }
  /** The service was read after a way back. `isBack`: all that the deploy had changed is as it was before. */
  | { readonly kind: "readBack"; readonly isBack: boolean }
  /** There was nothing to carry out: this is how it had ended before anybody waited. */
  | { readonly kind: "hadEnded"; readonly outcome: Outcome }
  /** Nothing has been changed. */
  | { readonly kind: "refused"; readonly refusal: AnyRefusal }
  /** The program could not do it. */
  | { readonly kind: "failed"; readonly failure: Failure }
  /** A line of the log. */
  | { readonly kind: "logged"; readonly level: Level; readonly message: string }
  /** The last one, always. */
  | { readonly kind: "finished"; readonly exitCode: number };

/** `noSuchTaskDefinition`: the one that was named, or that the service was to run, is not there. */
export type AnyRefusal =
  | Refusal
  | DeregisterRefusal
  | { readonly code: "noSuchTaskDefinition"; readonly name: string | undefined; readonly scope: RunScope };

/** An error that ends the program. */
export interface Failure {
  readonly kind: "usage" | "config" | "aws" | "unforeseen";
  /** One line. */
  readonly message: string;
  /** What to do about it, a line each. */
  readonly advice: readonly string[];
  /** Where in a file of the user's; the message begins with it. */
  readonly position?: FilePosition | undefined;
}

/** Shows a run, or makes something of it. */
export interface Viewer {
  /** `atMs`: milliseconds since the epoch. Must not throw: a rollback does not end because of how it is shown. */
  see(event: RunEvent, atMs: number): void;
}
