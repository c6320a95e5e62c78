import type { RollbackEvent } from "../rollout/judge/assess.ts";
import type { NotBegunBecause } from "../rollout/events.ts";
import { abandonedBy, describeDetached } from "./abandoned.ts";
import { endOf, outcomeOf } from "./ending.ts";
import { describeFailure } from "./failure_text.ts";
import { describeLive } from "./live_now.ts";
import { formatDuration, type Level, type Line, linesAt, warn } from "./messages/log.ts";
import { describeWaitedFor } from "./messages/machine_problem_text.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { goOnWithPlan } from "./next_steps.ts";
import { type OrderedStep, orderSteps } from "./order_steps.ts";
import { describeNextStep, describeStep } from "./step_text.ts";
import { describeOutage } from "./outage.ts";
import { describeOutcome } from "./outcome_text.ts";
import { describeRunNotice } from "./messages/run_notice_text.ts";
import { joinSaid, type Said, sayAll, sayNext, sentencesOf } from "./messages/said.ts";
import type { RunState, ServiceState } from "./state.ts";
import { sayRolledBack, sayUnfinished } from "./way_back_text.ts";

/** How a run ended: the last lines of its log; a job summary and NDJSON have them, too. */
export interface Closing {
  readonly level: Level;
  /** What happened and why, and what is live now, on one line. */
  readonly message: string;
  /** What else there is to know; last, the command to type next. */
  readonly more: readonly Line[];
}

export function linesOf({ level, message, more }: Closing): Line[] {
  return [[level, message, undefined, "message"], ...more];
}

/** The log ends with at most this many lines, unless more is left to do. */
const MOST_LINES = 5;

/**
 * How a run ended for a service, or before it had one; `undefined` if there is nothing to say, for example if a command
 * has just printed its result.
 *
 * @param state of a run that has ended
 */
export function closingOf(state: RunState, service: ServiceState | undefined): Closing | undefined {
  const said = sayStopAtOnce(state, service) ?? (service && sayOfService(service, state)) ?? sayOfRun(state, service);
  if (said === undefined) return undefined;
  const { more = [] } = said;
  const level = levelOf(state);
  const services = service === undefined ? [] : [service];
  const left = leftBy(services);
  const onward = services.flatMap((one) => goOnWithPlan(one, state)).map(describeNextStep);
  const room = MOST_LINES - 1 - more.length - left.length - onward.length;
  const steps = services.flatMap(orderSteps).slice(0, Math.max(1, room));
  return {
    level,
    message: joinSaid(sayNext(said, describeOutageOf(service, state), ...services.flatMap(describeUnchanged))),
    more: [
      ...linesAt(level, more),
      ...left,
      ...steps.map((step): Line => [level, describeStep(step), undefined, partOf(step)]),
      ...linesAt(level, onward),
    ],
  };
}

/** Marks advice only if a summary shows all of it elsewhere: not when to follow it, nor what to type after it. */
function partOf({ when, advice, typed }: OrderedStep): Line[3] {
  if (advice === undefined) return "nextStep";
  const isOfCauseAlone = advice.isOfCauseAlone && typed === undefined;
  return isOfCauseAlone && (when === "now" || when === "beforeNextDeploy") ? "advice" : undefined;
}

/**
 * What happened to one of many services and why, and what is live now; `undefined` if nothing happened.
 *
 * @param isFailureSaid leaves the first sentence out
 */
export function messageOf(state: RunState, service: ServiceState, isFailureSaid = false): string | undefined {
  const said = sayOfService(service, state);
  if (said === undefined) return undefined;
  const whole = sayNext(said, describeOutageOf(service, state), ...describeUnchanged(service));
  return joinSaid(isFailureSaid ? { sentences: sentencesOf(whole).slice(1) } : whole);
}

/** It is said right after what is said first, since it is graver than what follows. */
function describeOutageOf(service: ServiceState | undefined, state: RunState): string {
  return describeOutage(service?.outage, state.nowMs, service?.epochMs);
}

/** Says that ECS got no order, so that the service is unchanged. */
function describeUnchanged({ ref, reminders }: ServiceState): string[] {
  return reminders.filter(({ code }) => code === "serviceUnchanged").map((notice) => describeRunNotice(notice, ref));
}

export function levelOf(state: RunState): Level {
  const ending = endOf(state);
  if (ending === "ok") return "info";
  return ending === "stopped" ? "warn" : "error";
}

/** Notices about the state in which services stay, then what is left to do by hand. */
export function leftBy(services: readonly ServiceState[]): Line[] {
  const remembered = services.flatMap(({ reminders, ref }) =>
    reminders.filter(({ code }) => code !== "serviceUnchanged").map((notice) => describeRunNotice(notice, ref))
  );
  const toDo = services.flatMap(({ leftovers, ref }) => {
    // A deploy and its rollback may leave the same behind.
    const byData = new Map(leftovers.map((leftover) => [JSON.stringify(leftover), leftover]));
    return [...byData.values()].map((leftover) => describeRunNotice({ code: "leftToDo", leftover }, ref));
  });
  return [...warn(...remembered), ...toDo.map((text): Line => ["error", text, undefined, "leftover"])];
}

/** What a run leaves that was stopped at once, for example in the middle of an automatic rollback. */
function sayStopAtOnce(state: RunState, service: ServiceState | undefined): Said | undefined {
  if (service === undefined || state.stoppedAtOnceBy === undefined) return undefined;
  const left = abandonedBy(service);
  if (left.length > 0) return sayAll(left);
  const said = sayOfService(service, state);
  return said && sayNext(said, "", "Stopped at once.");
}

/** What ended a run if no service's plan did. */
function sayOfRun(state: RunState, service: ServiceState | undefined): Said | undefined {
  const { failure, stoppedEarly, signal, region } = state;
  if (failure !== undefined) return sayAll(describeFailure(failure, region));
  if (stoppedEarly !== undefined) {
    const { by, waitedFor, timeoutMs } = stoppedEarly;
    const why = by === "signal" ? "Interrupted" : `Timed out after ${formatDuration(timeoutMs)}`;
    const waiting = waitedFor === undefined ? "" : `; ${describeWaitedFor(waitedFor)}`;
    return sayAll([`${why}: nothing has been changed${waiting}`]);
  }
  if (signal === undefined || service === undefined) return undefined;
  const left = abandonedBy(service);
  return sayAll(left.length === 0 ? ["Interrupted: stopped at once"] : left);
}

/** Why a service with a plan was not begun. */
export const NOT_BEGUN: Readonly<Record<NotBegunBecause, string>> = {
  otherFailed: "another service failed",
  otherRefused: "another service is refused",
  stopSignal: "interrupted",
  timeLimit: "the time was up",
};

/** Why a service that this run has changed is not undone. */
export const LEFT: Readonly<Record<NonNullable<NonNullable<ServiceState["undo"]>["unless"]>, string>> = {
  interrupted: "the run was interrupted",
  nothingBefore: "there was no service before this run",
  wasFailing: "it was failing before this run, and would fail again",
};

/** What ended the run for this service; `undefined` if nothing did. */
function sayOfService(service: ServiceState, state: RunState): Said | undefined {
  const { failure = state.failure, unfinished, check, refusal, isConfirmed, main, notBegun } = service;
  const outcome = outcomeOf(service);
  if (unfinished !== undefined && main !== undefined) return sayUnfinished(main, unfinished, service, state);
  if (failure !== undefined) {
    const region = service.failure === undefined ? state.region : service.ref.region;
    return sayError(describeFailure(failure, region), service);
  }
  if (check !== undefined && main !== undefined) return sayRolledBack(main, check, service, state);
  if (outcome !== undefined) return withDecision(describeOutcome(outcome, service, state), service);
  if (refusal !== undefined) return sayAll(describeRefusal(refusal));
  if (notBegun !== undefined) return { sentences: [`Not begun: ${NOT_BEGUN[notBegun]}.`] };
  if (service.isDryRun && main !== undefined) return { sentences: ["Dry run: nothing has been changed."] };
  return isConfirmed ? undefined : sayAll(["Not confirmed: nothing has been changed"]);
}

/** An error, and what ECS goes on with nevertheless. */
function sayError(error: readonly string[], service: ServiceState): Said {
  if (service.detached === undefined) return sayAll(error);
  const [goesOn = ""] = describeDetached(service.detached, service);
  return sayAll([...error, joinSaid({ line: goesOn, sentences: [describeLive(service)] })]);
}

/** What happened, by the name of CodeDeploy's event. */
const TRIGGERS: Readonly<Record<RollbackEvent, string>> = {
  DEPLOYMENT_FAILURE: "this deploy failed",
  DEPLOYMENT_STOP_ON_ALARM: "an alarm failed this deploy",
  DEPLOYMENT_STOP_ON_REQUEST: "somebody stopped this deploy",
};

/** Adds why a failed deploy is not rolled back (second sentence), or why a service is not undone (last one). */
function withDecision(said: Said, { decision, undo }: ServiceState): Said {
  const { unless, trigger, named } = decision ?? {};
  const why = {
    notNamed: `${trigger && TRIGGERS[trigger]} (${trigger}), and --rollback-events names only ${named?.join(", ")}`,
    nothingBefore: "there was no service before this deploy",
    interrupted: "the run was interrupted",
    noEvent: undefined,
  }[unless ?? "noEvent"];
  const notUndone = undo?.unless === undefined ? "" : `NOT undone: ${LEFT[undo.unless]}.`;
  return sayNext(said, why === undefined ? "" : `NOT rolled back: ${why}.`, notUndone);
}
