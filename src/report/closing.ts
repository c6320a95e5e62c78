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
import { addSentences, type EndMessage, endMessageOf, joinMessage, sentencesOf } from "./messages/end_message.ts";
import type { RunState, ServiceState } from "./state.ts";
import { describeRolledBack, describeUnfinished } from "./rolled_back_text.ts";

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
const MAX_LINES = 5;

/**
 * How a run ended for a service, or before it had one; `undefined` if there is nothing to say, for example if a command
 * has just printed its result.
 *
 * @param state of a run that has ended
 */
export function closingOf(state: RunState, service: ServiceState | undefined): Closing | undefined {
  const end = describeStopAtOnce(state, service) ?? (service && describeServiceEnd(service, state)) ??
    describeRunEnd(state, service);
  if (end === undefined) return undefined;
  const { more = [] } = end;
  const level = levelOf(state);
  const services = service === undefined ? [] : [service];
  const left = leftoverLines(services);
  const onward = services.flatMap((one) => goOnWithPlan(one, state)).map(describeNextStep);
  const room = MAX_LINES - 1 - more.length - left.length - onward.length;
  const steps = services.flatMap(orderSteps).slice(0, Math.max(1, room));
  return {
    level,
    message: joinMessage(addSentences(end, describeOutageOf(service, state), ...services.flatMap(describeUnchanged))),
    more: [
      ...linesAt(level, more),
      ...left,
      ...steps.map((step): Line => [level, describeStep(step), undefined, partOf(step)]),
      ...linesAt(level, onward),
    ],
  };
}

/** Marks advice that a summary shows elsewhere: only without a condition when to follow it or a command to type after it. */
function partOf({ when, advice, typed }: OrderedStep): Line[3] {
  if (advice === undefined) return "nextStep";
  const isStandard = advice.isStandard && typed === undefined;
  return isStandard && (when === "now" || when === "beforeNextDeploy") ? "advice" : undefined;
}

/**
 * What happened to one of many services and why, and what is live now; `undefined` if nothing happened.
 *
 * @param isFailureSaid leaves the first sentence out
 */
export function messageOf(state: RunState, service: ServiceState, isFailureSaid = false): string | undefined {
  const end = describeServiceEnd(service, state);
  if (end === undefined) return undefined;
  const whole = addSentences(end, describeOutageOf(service, state), ...describeUnchanged(service));
  return joinMessage(isFailureSaid ? { sentences: sentencesOf(whole).slice(1) } : whole);
}

/** Goes right after the first sentence, since an outage matters more than the rest. */
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

/** Notices about the state in which services are left, then what is left to do by hand. */
export function leftoverLines(services: readonly ServiceState[]): Line[] {
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
function describeStopAtOnce(state: RunState, service: ServiceState | undefined): EndMessage | undefined {
  if (service === undefined || state.stoppedAtOnceBy === undefined) return undefined;
  const left = abandonedBy(service);
  const end = describeServiceEnd(service, state);
  const isUnderWay = end === undefined || service.leftBehind.order !== "no";
  if (isUnderWay) return left.length === 0 ? undefined : endMessageOf(left);
  return left.length === 0 ? addSentences(end, "", "Stopped at once.") : { ...end, more: [...end.more ?? [], ...left] };
}

/** What ended a run if no service's plan did. */
function describeRunEnd(state: RunState, service: ServiceState | undefined): EndMessage | undefined {
  const { failure, stoppedEarly, signal, region } = state;
  if (failure !== undefined) return endMessageOf(describeFailure(failure, region));
  if (stoppedEarly !== undefined) {
    const { by, waitedFor, timeoutMs } = stoppedEarly;
    const why = by === "signal" ? "Interrupted" : `Timed out after ${formatDuration(timeoutMs)}`;
    const waiting = waitedFor === undefined ? "" : `; ${describeWaitedFor(waitedFor)}`;
    return endMessageOf([`${why}: nothing has been changed${waiting}`]);
  }
  if (signal === undefined || service === undefined) return undefined;
  const left = abandonedBy(service);
  return endMessageOf(left.length === 0 ? ["Interrupted: stopped at once"] : left);
}

/** Why a service with a plan was not begun. */
export const NOT_BEGUN: Readonly<Record<NotBegunBecause, string>> = {
  otherFailed: "another service failed",
  otherRefused: "another service is refused",
  stopSignal: "interrupted",
  timeLimit: "the time was up",
};

/** Why a service that this run has changed is not undone. */
export const NOT_UNDONE: Readonly<Record<NonNullable<NonNullable<ServiceState["undo"]>["unless"]>, string>> = {
  interrupted: "the run was interrupted",
  nothingBefore: "there was no service before this run",
  wasFailing: "it was failing before this run, and would fail again",
};

/** What ended the run for this service; `undefined` if nothing did. */
function describeServiceEnd(service: ServiceState, state: RunState): EndMessage | undefined {
  const { failure = state.failure, unfinished, check, refusal, isConfirmed, main, notBegun } = service;
  const outcome = outcomeOf(service);
  if (unfinished !== undefined && main !== undefined) return describeUnfinished(main, unfinished, service, state);
  if (failure !== undefined) {
    const region = service.failure === undefined ? state.region : service.ref.region;
    return describeErrorEnd(describeFailure(failure, region), service);
  }
  if (check !== undefined && main !== undefined) return describeRolledBack(main, check, service, state);
  if (outcome !== undefined) return withDecision(describeOutcome(outcome, service, state), service);
  if (refusal !== undefined) return endMessageOf(describeRefusal(refusal));
  if (notBegun !== undefined) return { sentences: [`Not begun: ${NOT_BEGUN[notBegun]}.`] };
  if (service.isDryRun && main !== undefined) return { sentences: ["Dry run: nothing has been changed."] };
  return isConfirmed ? undefined : endMessageOf(["Not confirmed: nothing has been changed"]);
}

/** An error, and what ECS goes on with nevertheless. */
function describeErrorEnd(error: readonly string[], service: ServiceState): EndMessage {
  if (service.detached === undefined) return endMessageOf(error);
  const [goesOn = ""] = describeDetached(service.detached, service);
  return endMessageOf([...error, joinMessage({ line: goesOn, sentences: [describeLive(service)] })]);
}

/** What happened, by the name of CodeDeploy's event. */
const TRIGGERS: Readonly<Record<RollbackEvent, string>> = {
  DEPLOYMENT_FAILURE: "this deploy failed",
  DEPLOYMENT_STOP_ON_ALARM: "an alarm failed this deploy",
  DEPLOYMENT_STOP_ON_REQUEST: "somebody stopped this deploy",
};

/** Adds why a failed deploy is not rolled back (second sentence), or why a service is not undone (last one). */
function withDecision(end: EndMessage, { decision, undo }: ServiceState): EndMessage {
  const { unless, trigger, named } = decision ?? {};
  const why = {
    notNamed: `${trigger && TRIGGERS[trigger]} (${trigger}), and --rollback-events names only ${named?.join(", ")}`,
    nothingBefore: "there was no service before this deploy",
    interrupted: "the run was interrupted",
    noEvent: undefined,
  }[unless ?? "noEvent"];
  const notUndone = undo?.unless === undefined ? "" : `NOT undone: ${NOT_UNDONE[undo.unless]}.`;
  return addSentences(end, why === undefined ? "" : `NOT rolled back: ${why}.`, notUndone);
}
