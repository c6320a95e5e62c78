import type { TypedOption } from "../../model/service.ts";
import type { Intent } from "../../rollout/plan/refusal.ts";
import type { RevisionChoice } from "../../rollout/read/revision_choice.ts";
import { policyOf, type PolicyOptions } from "../policy.ts";
import type { Session } from "../session.ts";

interface HowToPlan extends PolicyOptions {
  readonly dryRun: boolean;
  /** Why the command was given, in the user's words. */
  readonly reason?: string | undefined;
  readonly skipRefused: boolean;
}

/** Reports that a command begins with each of its services. */
export function reportStarted(
  sessions: readonly Session[],
  command: Intent,
  { dryRun, reason }: Pick<HowToPlan, "dryRun" | "reason">,
): void {
  for (const { emit, host, timeoutMs, wave, runId } of sessions) {
    const ofMany = sessions.length > 1 && { wave };
    const atMs = host.clock.now();
    emit({
      kind: "started",
      command,
      isDryRun: dryRun,
      timeoutMs,
      atMs,
      reason: reason || undefined,
      runId,
      ...ofMany,
    });
  }
}

/**
 * Reports, where there are many services, that all are planned or refused. Returns whether nothing may be done: because
 * one is refused, and refused ones are not to be skipped, or because all are refused.
 *
 * @param planned the services that have a plan
 * @param choice where all of them go
 */
export function reportPlanned(
  sessions: readonly Session[],
  planned: readonly { readonly session: Session }[],
  how: HowToPlan,
  choice?: RevisionChoice,
): boolean {
  const { parallel, onFailure } = policyOf(how);
  const [{ reporter, host, typed }] = sessions as [Session];
  if (sessions.length > 1) {
    const again = { policy: { parallel, onFailure }, skipsRefused: how.skipRefused, typed: withMoment(typed, choice) };
    reporter.emit({ kind: "allPlanned", isDryRun: how.dryRun, atMs: host.clock.now(), ...again });
  }
  const isRefused = planned.length < sessions.length && (!how.skipRefused || planned.length === 0);
  if (isRefused) { for (const { session } of planned) session.emit({ kind: "notBegun", because: "otherRefused" }); }
  return isRefused;
}

/** Replaces `--at` by the moment itself: `-2h` would soon mean another one. */
function withMoment(typed: readonly TypedOption[], choice: RevisionChoice | undefined): readonly TypedOption[] {
  if (choice?.kind !== "at") return typed;
  return typed.map((option) => option[0] === "--at" ? ["--at", new Date(choice.atMs).toISOString()] : option);
}
