import type { Revision } from "../model/arn.ts";
import type { ServiceRef } from "../model/service.ts";
import type { Outcome, OutcomeKind } from "../rollout/events.ts";
import type { Cause } from "../rollout/find_causes.ts";
import type { Intent, Plan } from "../rollout/plan/plan.ts";
import type { AnyRefusal, Failure, RunEvent } from "./run_event.ts";

/** What is known of a run so far; whoever shows its end shows this. */
export interface RunRecord {
  readonly command: Intent | undefined;
  readonly subject: ServiceRef | undefined;
  readonly isDryRun: boolean;
  /** The lines of a unified diff; `undefined` where nothing was compared. */
  readonly differences: readonly string[] | undefined;
  /** The plan that the command was for. */
  readonly main: PlanRecord | undefined;
  /** The way back after a deploy that failed. */
  readonly back: PlanRecord | undefined;
  /** Whether what the deploy had changed was read to be as before, after the way back. */
  readonly isReadBack: boolean | undefined;
  /** How it had ended before there was anything to carry out. */
  readonly hadEnded: Outcome | undefined;
  readonly refusal: AnyRefusal | undefined;
  readonly failure: Failure | undefined;
  /** `undefined` while it goes on. */
  readonly exitCode: number | undefined;
}

export interface PlanRecord {
  readonly plan: Plan;
  readonly registered: Revision | undefined;
  /** Why tasks have stopped, as it was last told. */
  readonly causes: readonly Cause[];
  /** `undefined` when nothing was carried out, or an error has ended it. */
  readonly outcome: Outcome | undefined;
}

export const EMPTY_RECORD: RunRecord = {
  command: undefined,
  subject: undefined,
  isDryRun: false,
  differences: undefined,
  main: undefined,
  back: undefined,
  isReadBack: undefined,
  hadEnded: undefined,
  refusal: undefined,
  failure: undefined,
  exitCode: undefined,
};

/** The record after one more event. */
export function addToRecord(record: RunRecord, event: RunEvent): RunRecord {
  switch (event.kind) {
    case "started":
      return { ...record, command: event.command, subject: event.subject, isDryRun: event.isDryRun };
    case "planned": {
      const planned = { plan: event.plan, registered: undefined, causes: [], outcome: undefined };
      return event.takesBack ? { ...record, back: planned } : { ...record, main: planned };
    }
    case "rollout": {
      const which = event.takesBack ? "back" : "main";
      const known = record[which];
      return known === undefined ? record : { ...record, [which]: addRolloutEvent(known, event.event) };
    }
    case "compared":
      return { ...record, differences: event.lines };
    case "readBack":
      return { ...record, isReadBack: event.isBack };
    case "hadEnded":
      return { ...record, hadEnded: event.outcome };
    case "refused":
      return { ...record, refusal: event.refusal };
    case "failed":
      return { ...record, failure: event.failure };
    case "finished":
      return { ...record, exitCode: event.exitCode };
    case "takingBack":
    case "logged":
      return record;
  }
}

function addRolloutEvent(known: PlanRecord, event: Extract<RunEvent, { kind: "rollout" }>["event"]): PlanRecord {
  switch (event.kind) {
    case "registered":
      return { ...known, registered: event.taskDefinition };
    case "causes":
      return { ...known, causes: event.causes };
    case "finished":
      return { ...known, outcome: event.outcome };
    default:
      return known;
  }
}

/** How a run has ended, in one word. */
export type RunOutcome = OutcomeKind["kind"] | "planned" | "refused" | "error";

/** `planned`: a dry run to its end. `error`: the program could not do it. `undefined` while the run goes on. */
export function runOutcome(record: RunRecord): RunOutcome | undefined {
  const { exitCode, refusal, isDryRun } = record;
  if (exitCode === undefined) return undefined;
  const outcome = outcomeOf(record);
  if (outcome !== undefined) return outcome.kind;
  if (refusal !== undefined) return "refused";
  if (exitCode === 0 && isDryRun) return "planned";
  // Stopped, or out of time, before there was a plan that could have ended.
  if (exitCode > 128) return "interrupted";
  return exitCode === 7 ? "timedOut" : "error";
}

/** What ECS did, as far as it was seen; of a deploy also when it was taken back. */
export function outcomeOf({ main, hadEnded }: RunRecord): Outcome | undefined {
  return main?.outcome ?? hadEnded;
}

/** Whether a deploy that failed was taken back; `undefined` where that was not tried. */
export function wasTakenBack({ back, isReadBack }: RunRecord): boolean | undefined {
  if (back === undefined) return undefined;
  if (isReadBack === false) return false;
  // A way back that does not wait has nothing to wait for.
  return back.outcome !== undefined && ["succeeded", "unchanged", "submitted"].includes(back.outcome.kind);
}

/** What the service ran before; `undefined` where there was no service, and for `wait`, which comes when it has begun. */
export function ranBefore({ intent, from }: Plan): Revision | undefined {
  return intent === "wait" ? undefined : from;
}

/** What the service was to get: the named task definition, or the one that was registered for it. */
export function broughtBy({ plan, registered }: PlanRecord): Revision | undefined {
  return plan.to ?? registered;
}
