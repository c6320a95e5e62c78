import { shortName } from "../model/arn.ts";
import { describeAlarmsCommand, ecspressoCommand, updateServiceCommand } from "../model/typed_commands.ts";
import type { ServiceRef } from "../model/service.ts";
import type { RollbackCheck, RolloutEvent, RunEvent, RunNotice } from "../rollout/events.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { PlannedImage } from "../rollout/plan/plan_images.ts";
import type { RollbackEvent } from "../rollout/assess.ts";
import { byKind, type Named } from "./cases.ts";
import { isWhole } from "./ending.ts";
import { describeFailure } from "./failure_text.ts";
import { error, formatDuration, info, type Line, warn } from "./log.ts";
import { renderLog } from "./messages/log_text.ts";
import { describePlanNotice } from "./messages/notice_text.ts";
import { nameFrom, repeatableCommand } from "./messages/phrases.ts";
import { describeChoice } from "./messages/reason_text.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { describeDetached, watch } from "./next_steps.ts";
import { describeLeftovers, describeOutcome, describeReason, describeStaying } from "./outcome_text.ts";
import { renderImages, renderShipped } from "./messages/image_text.ts";
import { announceStep, renderChangesByScope } from "./plan_text.ts";
import { describeRunNotice } from "./run_notice_text.ts";
import { currentPlan, intentOf, type RunState, serviceIn, type ServiceState } from "./state.ts";

/**
 * Puts an event into lines of the log.
 *
 * @param state after the event
 */
export function describeEvent(event: RunEvent, state: RunState): Line[] {
  switch (event.kind) {
    case "logged":
      return [[event.level, event.message]];
    case "failed":
      return error(...describeFailure(event.failure, event.region));
    case "stoppedEarly": {
      const unchanged = `nothing has been changed${event.waitedFor === undefined ? "" : `; ${event.waitedFor}`}`;
      return event.by === "signal"
        ? warn(`Interrupted: ${unchanged}`)
        : error(`Timed out after ${formatDuration(event.timeoutMs)}: ${unchanged}`);
    }
    case "stopSignal":
    case "finished":
      return [];
    default:
      return describeRolloutEvent(event, serviceIn(state, event.service));
  }
}

const describeRolloutEvent = byKind<RolloutEvent, Line[], [service: ServiceState]>({
  started: ({ command, isDryRun }) => info(`Starting ${command}${isDryRun ? " (dry run)" : ""}`),
  refused: ({ refusal }) => error(...describeRefusal(refusal)),
  notConfirmed: () => warn("Not confirmed: nothing has been changed"),
  alreadyEnded: ({ outcome }, service) => describeOutcome({ ...outcome, leftovers: [] }, service),
  compared: () => [],
  scalingRestored: () => [],
  // The plan of a dry run is the command's result, and stands on stdout.
  planned: ({ plan, isAutomaticRollback }, { isDryRun }) => isDryRun ? [] : announcePlan(plan, isAutomaticRollback),
  stepStarted: ({ step }, service) => info(...announceStep(step, intentOf(service), currentPlan(service)?.plan.until)),
  registered({ taskDefinition }, service) {
    const name = intentOf(service) === "deploy" ? ` ${shortName(taskDefinition)}` : `: ${taskDefinition.arn}`;
    return info(`Task definition is registered${name}`);
  },
  // What the log says of these depends on what it has said before (`RunLog`).
  progress: () => [],
  causes: () => [],
  containerLog: ({ log }) => renderLog(log),
  detached: ({ ordered }, service) => warn(...describeDetached(ordered, service)),
  notice({ notice }, { ref }) {
    if (notice.code === "leftToDo") return describeLeftovers([notice.leftover], ref);
    return (isError(notice) ? error : warn)(describeRunNotice(notice, ref));
  },
  rolloutEnded: ({ outcome }, service) => describeOutcome(outcome, service),
  alarmsTriggered({ names }, { ref }) {
    const command = describeAlarmsCommand(ref, names);
    return warn(`ended by the alarm${names.length === 1 ? "" : "s"} ${names.join(", ")}; to see why: ${command}`);
  },
  rollbackDecided: describeDecision,
  rollbackVerified: describeCheck,
  rollbackUnfinished: describeUnfinished,
  deregisteredFailed: ({ leftover, taskDefinition }, { ref }) =>
    leftover === undefined
      ? info(`Task definition is deregistered: ${taskDefinition.arn}`)
      : describeLeftovers([leftover], ref),
});

/** Whether a notice is about how the run has ended. */
export function isError({ code }: RunNotice): boolean {
  return code === "serviceUnchanged" || code === "leftToDo";
}

/** What a plan changes, before it changes it. */
function announcePlan(plan: Plan, isAutomaticRollback: boolean): Line[] {
  const { intent, from, to, reason, notices, repeatedBy, steps, changes, images = [] } = plan;
  const warnings = warn(...notices.map(describePlanNotice));
  if (intent === "wait") return warnings;
  if (isAutomaticRollback) {
    return [
      ...warnings,
      ...info(...renderImages(images.filter(({ pinnedTo }) => pinnedTo), to)),
    ];
  }
  const why = reason === undefined || to === undefined ? undefined : describeChoice(reason);
  const because = (what: string) => why === undefined ? [] : info(`${what}: ${why}`);
  if (intent === "deploy") {
    const started = images.filter(({ running, starts }) => starts !== undefined && starts !== running);
    return [
      ...warnings,
      ...because(`Task definition ${to && shortName(to)}`),
      ...info(...renderShipped(started)),
    ];
  }
  return [
    ...because(`Revision ${to && nameFrom(from ?? to, to)}`),
    ...warnings,
    ...(repeatedBy === undefined
      ? []
      : info(`Safe to repeat: ${repeatableCommand(plan.subject, repeatedBy, plan.carried)}`)),
    ...(steps.length === 0 ? [] : info(...renderImages(images.filter(isNotByTag), to))),
    ...(steps.length === 0 || changes.length === 0 ? [] : info(
      `Changes from ${from && shortName(from)} to ${to && shortName(to)}:`,
      ...renderChangesByScope(changes).map((line) => `  ${line}`),
    )),
  ];
}

/** Whether it takes more than the tag to know which image starts, or it is not known to be the one that ran. */
function isNotByTag({ ran, today, starts, pinnedTo, isConsistent }: PlannedImage): boolean {
  return pinnedTo !== undefined || today === "missing" || !isConsistent || starts !== ran;
}

/** What has happened, by its name in CodeDeploy. */
const TRIGGERS: Readonly<Record<RollbackEvent, string>> = {
  DEPLOYMENT_FAILURE: "this deploy failed",
  DEPLOYMENT_STOP_ON_ALARM: "an alarm failed this deploy",
  DEPLOYMENT_STOP_ON_REQUEST: "somebody stopped this deploy",
};

function describeDecision({ trigger, unless, named }: Of<"rollbackDecided">, service: ServiceState): Line[] {
  if (unless === undefined) return warn(`${trigger}: rolling the deploy back`);
  const why = {
    noEvent: "",
    interrupted: "the run was interrupted",
    nothingBefore: "there was no service before this deploy",
    notNamed: `${trigger && TRIGGERS[trigger]} (${trigger}), and --rollback-events names only ${named.join(", ")}`,
  }[unless];
  const outcome = service.main?.outcome;
  return [
    ...(why === "" ? [] : (unless === "nothingBefore" ? error : warn)(`NOT rolled back: ${why}`)),
    ...(outcome === undefined ? [] : describeStaying(outcome, service)),
  ];
}

type Of<Kind extends RolloutEvent["kind"]> = Named<RolloutEvent, "kind", Kind>;

/** That the deploy is rolled back is said only of what was read to be so. */
function describeCheck({ check }: Of<"rollbackVerified">, service: ServiceState): Line[] {
  const { to, failedBefore, unrestored, unknown, reason } = check;
  const name = shortName(to);
  const copy = service.rollback?.registered;
  const where = failedBefore === undefined
    ? `the service runs ${copy === undefined ? name : `${shortName(copy)}, a copy of ${name}`}`
    : `deployment ${failedBefore} to ${name}, which had failed before, is in place`;
  const failed = `The deploy failed${describeCause(service)}.`;
  if (isWhole(check)) {
    const what = failedBefore === undefined ? "Rolled back: " : "The service's attributes are restored; ";
    return error(`${failed} ${what}${where}`);
  }
  const why = reason === undefined ? "" : ` (${reason})`;
  const but = [
    ...(unrestored.length > 0 ? [`not restored: ${unrestored.map(({ name }) => name).join(", ")}`] : []),
    ...(unknown.length > 0 ? [`not known whether restored: ${unknown.join(", ")}${why}`] : []),
  ];
  return error(
    `${failed} Now ${where} again; ${but.join("; ")}`,
    ...unrestored.map((member) => restoreMember(member, service.ref)),
    ...(unknown.length > 0 ? [`compare: ${ecspressoCommand(service.ref, "diff")}`] : []),
  );
}

/** The command that restores a member of the service, or why there is none. */
function restoreMember({ name, before }: RollbackCheck["unrestored"][number], ref: ServiceRef): string {
  if (before === undefined) return `${name} was not there before, and no update removes it: change it by hand`;
  return `to restore it: ${updateServiceCommand(ref, name, before)}`;
}

const UNFINISHED = {
  no: "and could not be rolled back to",
  yes: "and ECS is still rolling back to",
  unknown: "and ECS may be rolling back to",
};

function describeUnfinished(event: Of<"rollbackUnfinished">, service: ServiceState): Line[] {
  const { to, ordered, failure, isInterrupted } = event;
  const { purpose, command } = watch(ordered, service.ref);
  return [
    // A call that the stop has cut off is no failure of AWS's.
    ...(failure === undefined
      ? []
      : isInterrupted
      ? warn("Interrupted during the rollback")
      : error(...describeFailure(failure, service.ref.region))),
    ...error(
      `The deploy failed${describeCause(service)}, ${UNFINISHED[ordered]} ${shortName(to)}`,
      `${purpose}: ${command}`,
    ),
  ];
}

/** Why the deploy failed, in brackets. */
function describeCause({ main }: ServiceState): string {
  const outcome = main?.outcome;
  if (outcome?.kind === "timedOut") return " (it timed out while its tasks kept crashing)";
  return outcome?.kind === "failed" || outcome?.kind === "rolledBackByEcs"
    ? ` (${describeReason(outcome.reason)})`
    : "";
}
