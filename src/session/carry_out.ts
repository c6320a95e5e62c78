import type { Ecs } from "../aws/ecs.ts";
import type { ScalingPort } from "../model/ports.ts";
import type { Host } from "../host.ts";
import type { Outcome, OutcomeKind } from "../rollout/events.ts";
import { execute, type Limits } from "../rollout/run.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import { renderEvent, renderLeft, type Wording } from "../report/event_text.ts";
import { describeRefusal } from "../report/messages/refusal_text.ts";
import type { AnyRefusal } from "../report/run_event.ts";
import { keepLastWords } from "../report/last_words.ts";
import type { Line } from "../report/log.ts";
import { EXIT, exitCodeOfOutcome } from "../report/exit_code.ts";
import type { Session } from "./session.ts";

export interface PlanPorts {
  readonly ecs: Ecs;
  /** Needed only by plans with scaling steps. */
  readonly scaling: ScalingPort | undefined;
}

/** How a plan has ended. */
export interface End {
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** What is still to be said where it might have been taken back, and is not. */
  readonly left: readonly Line[];
}

/**
 * A failed deploy is live until it is taken back: auto scaling, which the way back restores too, is not waited for
 * longer.
 */
const RESTORE_BEFORE_WAY_BACK_WITHIN_MS = 30_000;

/**
 * Carries a plan out and logs what happens.
 *
 * @param limits those of the session, or the plan's own
 * @param mayBeTakenBack whether it is decided afterwards: then what comes next is left to be said
 */
export async function carryOut(
  plan: Plan,
  { ecs, scaling }: PlanPorts,
  session: Session,
  limits: Limits,
  mayBeTakenBack = false,
): Promise<End> {
  const { host, log } = session;
  const wording = wordingFor(plan, session, mayBeTakenBack);
  const { clock, random } = host;
  const ports = { ecs, scaling, clock, random, actor: nameActor(host), run: session.runId };
  let outcome: Outcome | undefined;
  session.changes.mayHaveBegun = true;
  const hurry = mayBeTakenBack ? { restoreAfterFailureWithinMs: RESTORE_BEFORE_WAY_BACK_WITHIN_MS } : {};
  for await (const event of execute(plan, ports, { ...limits, ...hurry })) {
    session.leaves.lastWords = keepLastWords(session.leaves.lastWords, event, wording);
    session.audience.tell({ kind: "rollout", event, plan, takesBack: wording.takesBack });
    for (const [level, message] of renderEvent(event, wording)) log[level](message);
    if (event.kind === "registered") session.changes.registered = event.taskDefinition;
    if (event.kind === "finished") outcome = event.outcome;
  }
  if (outcome === undefined) throw new Error(`the ${plan.intent} ended without an outcome`);
  const left = mayBeTakenBack ? renderLeft(outcome, wording) : [];
  return { outcome, exitCode: exitCodeOfOutcome(outcome, session.stoppedBy()), left };
}

function wordingFor(
  plan: Wording["plan"],
  { changes, timeoutMs, commandLine }: Session,
  mayBeTakenBack = false,
): Wording {
  const commands = {
    wait: commandLine("wait"),
    status: commandLine("status"),
    "rollback --revision previous": commandLine("rollback --revision previous"),
    "revisions --output table": commandLine("revisions --output table"),
  };
  return { plan, takesBack: changes.mayHaveBegun, mayBeTakenBack, timeoutMs, commands };
}

/** Says how it had ended before anything was done. Answers with the exit code. */
export function reportEnd(end: OutcomeKind, plan: Wording["plan"], session: Session): number {
  const outcome = { ...end, leftovers: [] };
  session.audience.tell({ kind: "hadEnded", outcome });
  const lines = renderEvent({ kind: "finished", outcome }, wordingFor(plan, session));
  for (const [level, message] of lines) session.log[level](message);
  return exitCodeOfOutcome(outcome, session.stoppedBy());
}

/** Says why nothing is done. Answers with the exit code. */
export function reportRefusal(refusal: AnyRefusal, { log, audience }: Session): number {
  const { message, advice } = describeRefusal(refusal);
  for (const line of [message, ...advice]) log.error(line);
  audience.tell({ kind: "refused", refusal });
  return EXIT.refused;
}

/** Who runs this: for the record of a suspension, read by people. */
function nameActor({ env }: Host): string {
  return env.get("GITHUB_ACTOR") || env.get("USER") || env.get("LOGNAME") || env.get("USERNAME") || "unknown";
}
