import { shortName } from "../model/arn.ts";
import { ecspressoCommand, updateServiceCommand } from "../model/typed_commands.ts";
import type { ServiceRef } from "../model/service.ts";
import type { Level, RollbackCheck } from "../rollout/events.ts";
import type { RollbackEvent } from "../rollout/assess.ts";
import { endsWell, isWhole, outcomeOf } from "./ending.ts";
import { describeFailure } from "./failure_text.ts";
import { countTasks, describeLastSeen, lastSeen, nameOf } from "./live_now.ts";
import { error, formatDuration, type Line, warn } from "./log.ts";
import { adviseOnCause } from "./messages/cause_text.ts";
import { describeWaitedFor } from "./messages/machine_problem_text.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { describeDetached, ifAbandoned, nextSteps } from "./next_steps.ts";
import { describeFailed, describeOutcome } from "./outcome_text.ts";
import { LEFT, NOT_BEGUN } from "./fleet/policy_text.ts";
import { describeLeftover, describeRunNotice } from "./run_notice_text.ts";
import { describeOutage } from "./outage.ts";
import type { Said } from "./said.ts";
import type { PlanState, RunState, ServiceState } from "./state.ts";

/** How a run has ended: the last lines of its log, and what a job summary and NDJSON begin and end with. */
export interface Closing {
  readonly level: Level;
  /** What happened and why, and what is live now: one line. */
  readonly message: string;
  /** What else is to be known, and last the command to type next. */
  readonly more: readonly Line[];
}

/** The last lines of the log. */
export function linesOf({ level, message, more }: Closing): Line[] {
  return [[level, message], ...more];
}

/** The log ends with as many lines, unless more than that is left to do. */
const MOST_LINES = 5;

/**
 * How a run has ended for a service, or before it began with one; `undefined` where there is nothing to say, as of a
 * command that has shown what it was asked for.
 *
 * @param state of a run that has ended
 */
export function closingOf(state: RunState, service: ServiceState | undefined): Closing | undefined {
  const said = (service && sayOfService(service, state)) ?? sayOfRun(state, service);
  if (said === undefined) return undefined;
  const { sentences, more = [] } = said;
  const level = levelOf(state);
  const unchanged = service === undefined ? [] : describeUnchanged(service);
  const left = service === undefined ? [] : leftBy(service, level);
  // It stands above, where the cause was named.
  const hasRoom = 1 + 1 + more.length + left.length <= MOST_LINES;
  const advice = service === undefined || !hasRoom ? [] : adviseOn(service);
  return {
    level,
    message: join([...sentences, describeOutage(service?.outage, state.nowMs), ...unchanged]),
    more: [...[...advice, ...more].map((line): Line => [level, line]), ...left],
  };
}

/** How one of many services has ended: what happened and why, and what is live now; `undefined` where nothing has. */
export function messageOf(state: RunState, service: ServiceState): string | undefined {
  const said = sayOfService(service, state);
  return said && join([...said.sentences, describeOutage(service.outage, state.nowMs), ...describeUnchanged(service)]);
}

/** On one line, each sentence but the last one with its full stop. */
function join(sentences: readonly string[]): string {
  const said = sentences.filter((sentence) => sentence !== "");
  return said.map((text, index) => index === said.length - 1 || text.endsWith(".") ? text : `${text}.`).join(" ");
}

/** That no order has reached ECS, so that the service is what it was. */
function describeUnchanged({ ref, reminders }: ServiceState): string[] {
  return reminders.filter(({ code }) => code === "serviceUnchanged").map((notice) => describeRunNotice(notice, ref));
}

export function levelOf({ exitCode = 0 }: RunState): Level {
  if (exitCode === 0) return "info";
  return exitCode > 128 ? "warn" : "error";
}

/** What to do about the cause of a failure. */
export function adviseOn(service: ServiceState): string[] {
  const kind = outcomeOf(service)?.kind;
  const [cause] = service.main?.causes ?? [];
  const hasFailed = kind === "failed" || kind === "rolledBackByEcs" || kind === "givenUp" || kind === "timedOut";
  const advice = hasFailed && cause !== undefined && service.alarms.length === 0 ? adviseOnCause(cause) : undefined;
  return advice === undefined ? [] : [`advice: ${advice}`];
}

/** What is to be remembered, what is left to do, and the command to type next. */
function leftBy(service: ServiceState, level: Level): Line[] {
  const { ref, reminders, leftovers } = service;
  const toDo = leftovers.map((leftover) => {
    const { problem, command } = describeLeftover(leftover, ref);
    return `${problem}; still to do: ${command}`;
  });
  const next = nextSteps(service).find(({ kind }) => kind !== "leftover");
  return [
    ...warn(
      ...reminders.filter(({ code }) => code !== "serviceUnchanged").map((notice) => describeRunNotice(notice, ref)),
    ),
    ...error(...new Set(toDo)),
    ...(next === undefined ? [] : [[level, `${next.purpose}: ${next.command}`] as const]),
  ];
}

/** What ended the run where no plan of a service did. */
function sayOfRun(state: RunState, service: ServiceState | undefined): Said | undefined {
  const { failure, stoppedEarly, signal, region } = state;
  if (failure !== undefined) return sayAll(describeFailure(failure, region));
  if (stoppedEarly !== undefined) {
    const { by, waitedFor, timeoutMs } = stoppedEarly;
    const unchanged = `nothing has been changed${waitedFor === undefined ? "" : `; ${describeWaitedFor(waitedFor)}`}`;
    return {
      sentences: [`${by === "signal" ? "Interrupted" : `Timed out after ${formatDuration(timeoutMs)}`}: ${unchanged}`],
    };
  }
  if (signal === undefined || service === undefined) return undefined;
  const left = ifAbandoned(state);
  return sayAll(left.length === 0 ? ["Interrupted: stopped at once"] : left);
}

function sayAll([first = "", ...more]: readonly string[]): Said {
  return { sentences: [first], more };
}

/** `undefined` where nothing that happened to the service has ended the run. */
function sayOfService(service: ServiceState, state: RunState): Said | undefined {
  const { failure = state.failure, unfinished, check, refusal, isConfirmed, main, notBegun, undo } = service;
  const outcome = outcomeOf(service);
  if (unfinished !== undefined && main !== undefined) return sayUnfinished(main, unfinished, service, state);
  if (failure !== undefined) {
    return sayError(
      describeFailure(failure, service.failure === undefined ? state.region : service.ref.region),
      service,
    );
  }
  if (check !== undefined && main !== undefined) return sayRolledBack(main, check, service, state);
  if (outcome !== undefined) return withUndo(withDecision(describeOutcome(outcome, service, state), service), undo);
  if (refusal !== undefined) return sayAll(describeRefusal(refusal));
  if (notBegun !== undefined) return { sentences: [`Not begun: ${NOT_BEGUN[notBegun]}.`] };
  if (service.isDryRun && main !== undefined) return { sentences: ["Dry run: nothing has been changed."] };
  return isConfirmed ? undefined : { sentences: ["Not confirmed: nothing has been changed"] };
}

/** An error, and what ECS goes on with all the same. */
function sayError([message = "", ...advice]: readonly string[], service: ServiceState): Said {
  if (service.detached === undefined) return { sentences: [message], more: advice };
  const [goesOn = ""] = describeDetached(service.detached, service);
  return { sentences: [message], more: [...advice, join([goesOn, describeLastSeen(service)])] };
}

/** What has happened, by its name in CodeDeploy. */
const TRIGGERS: Readonly<Record<RollbackEvent, string>> = {
  DEPLOYMENT_FAILURE: "this deploy failed",
  DEPLOYMENT_STOP_ON_ALARM: "an alarm failed this deploy",
  DEPLOYMENT_STOP_ON_REQUEST: "somebody stopped this deploy",
};

/** Why a deploy that failed is not rolled back, behind the first sentence. */
function withDecision({ sentences: [first = "", ...rest], more }: Said, { decision }: ServiceState): Said {
  const { unless, trigger, named } = decision ?? {};
  const why = {
    notNamed: `${trigger && TRIGGERS[trigger]} (${trigger}), and --rollback-events names only ${named?.join(", ")}`,
    nothingBefore: "there was no service before this deploy",
    interrupted: "the run was interrupted",
    noEvent: undefined,
  }[unless ?? "noEvent"];
  return { sentences: [first, why === undefined ? "" : `NOT rolled back: ${why}.`, ...rest], ...(more && { more }) };
}

/** Why a service does not go back with the others of its run. */
function withUndo({ sentences, more }: Said, undo: ServiceState["undo"]): Said {
  if (undo?.unless === undefined) return { sentences, ...(more && { more }) };
  return { sentences: [...sentences, `NOT undone: ${LEFT[undo.unless]}.`], ...(more && { more }) };
}

/** What was done to a service, that it is to go back from. */
function describeUndone(main: PlanState, service: ServiceState): string {
  const isOfOther = service.undo !== undefined && main.outcome !== undefined && endsWell(main.outcome);
  return isOfOther ? "Undone, because another service failed." : describeFailed(main, service);
}

/** That the service is back is said only of what was read to be so. */
function sayRolledBack(main: PlanState, check: RollbackCheck, service: ServiceState, state: RunState): Said {
  const { to, failedBefore, unrestored, unknown, reason } = check;
  const copy = service.rollback?.registered;
  const name = copy === undefined ? shortName(to) : `${shortName(copy)}, a copy of ${shortName(to)},`;
  const primary = lastSeen(service).find((each) => each.status === "PRIMARY" && nameOf(each) === shortName(copy ?? to));
  const tasks = primary === undefined ? "" : `: ${countTasks(primary)}`;
  const isOfOther = service.undo !== undefined;
  const tookMs = service.beganAtMs === undefined || isOfOther
    ? 0
    : (service.endedAtMs ?? state.nowMs) - service.beganAtMs;
  const back = failedBefore === undefined
    ? `${name} is live again${tasks}${tookMs < 1_000 ? "" : `, ${formatDuration(tookMs)} after the deploy began`}`
    : `The service's attributes are restored; deployment ${failedBefore} to ${name}, which had failed before, is in place`;
  const but = [
    ...(unrestored.length > 0 ? [`NOT restored: ${unrestored.map(({ name }) => name).join(", ")}.`] : []),
    ...(unknown.length > 0
      ? [`Not known whether restored: ${unknown.join(", ")}${reason === undefined ? "" : ` (${reason})`}.`]
      : []),
  ];
  return {
    sentences: [describeUndone(main, service), `${back}.`, ...but],
    more: isWhole(check) ? [] : [
      ...unrestored.map((member) => restoreMember(member, service.ref)),
      ...(unknown.length > 0 ? [`compare: ${ecspressoCommand(service.ref, "diff")}`] : []),
    ],
  };
}

/** The command that restores a member of the service, or why there is none. */
function restoreMember({ name, before }: RollbackCheck["unrestored"][number], ref: ServiceRef): string {
  if (before === undefined) return `${name} was not there before, and no update removes it: change it by hand`;
  return `to restore it: ${updateServiceCommand(ref, name, before)}`;
}

const UNFINISHED = {
  no: "NOT rolled back to",
  yes: "ECS is still rolling back to",
  unknown: "ECS may be rolling back to",
};

function sayUnfinished(
  main: PlanState,
  { to, ordered, failure, isInterrupted }: NonNullable<ServiceState["unfinished"]>,
  service: ServiceState,
  state: RunState,
): Said {
  const ended = service.rollback?.outcome;
  const { sentences: [why = "", ...rest], more }: Said = failure !== undefined
    ? isInterrupted ? { sentences: ["the run was interrupted"] } : sayAll(describeFailure(failure, service.ref.region))
    : ended !== undefined
    ? describeOutcome(ended, service, state)
    : sayAll(service.refusal === undefined ? [] : describeRefusal(service.refusal));
  const lastSeen = describeLastSeen(service);
  const back = `${UNFINISHED[ordered]} ${shortName(to)}`;
  return {
    sentences: [
      describeUndone(main, service),
      why === "" ? `${back}.` : `${back}: ${why.replace(/\.$/, "")}.`,
      ...rest,
      ...(rest.includes(lastSeen) ? [] : [lastSeen]),
    ],
    ...(more && { more }),
  };
}
