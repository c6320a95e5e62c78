import { nameFrom, repeatableCommand } from "../messages/own_commands.ts";
import type { PrintedEvent } from "../printer.ts";
import { shortName } from "../../model/arn.ts";
import type { RolloutEvent } from "../../rollout/events.ts";
import type { OutcomeKind } from "../../rollout/outcome.ts";
import type { Bake } from "../../rollout/judge/judge_bake.ts";
import type { Plan } from "../../rollout/plan/plan.ts";
import type { PlannedImage } from "../../rollout/judge/planned_images.ts";
import { describeBakeNow, renderChart } from "../bake_text.ts";
import { byKind } from "../messages/cases.ts";
import { linesOf, messageOf } from "../closing.ts";
import { endOf, endsBeforeDeployment, outcomeOf } from "../ending.ts";
import { describeFailure } from "../failure_text.ts";
import { renderFleetEnd } from "../fleet/end_table.ts";
import { resultOf } from "../fleet/service_result.ts";
import { closingOfRun } from "../fleet/fleet_closing.ts";
import { announceFleet, asTable, describeOfMany } from "../fleet/fleet_log.ts";
import { info, type Line, warn } from "../messages/log.ts";
import { renderChangesByScope } from "../messages/change_text.ts";
import { renderImages, renderShipped } from "../messages/image_text.ts";
import { renderLog } from "../messages/log_text.ts";
import { describePlanNotice } from "../messages/notice_text.ts";
import { describeChoice } from "../messages/reason_text.ts";
import { describeFailed, describeSuccess } from "../outcome_text.ts";
import { describePlanFile } from "../plan_file_text.ts";
import { announceStep } from "../plan_text.ts";
import { isReminder } from "../reduce.ts";
import { describeRunNotice } from "../messages/run_notice_text.ts";
import { currentPlan, EMPTY_STATE, intentOf, type RunState, serviceIn, type ServiceState } from "../state.ts";
import type { RunNotice } from "../../rollout/run_notice.ts";

/**
 * The lines that the log has for an event.
 *
 * @param state after the event
 */
export function describeEvent(event: PrintedEvent, state: RunState): Line[] {
  switch (event.kind) {
    case "logged":
      return [[event.level, event.message]];
    // An error is logged once, at the end of the run. In a run of many, one service's error is logged at once, since the
    // others may go on.
    case "failed": {
      const { service, failure, region } = event;
      const isOfMany = service !== undefined && state.services.length > 1;
      if (!isOfMany || serviceIn(state, service).beganAtMs === undefined) return [];
      return [["error", describeFailure(failure, region)[0]]];
    }
    case "stoppedEarly":
    case "stopSignal":
      return [];
    case "finished":
      return describeFinished(state);
    case "started":
      // In a run of many services, only the first one is announced.
      return state.services.length > 1 ? [] : describeRolloutEvent(event, serviceIn(state, event.service))
        .map(([level, text]) => event.wave === undefined ? [level, text] : [level, text, "run"]);
    case "planFile":
      return describePlanFile(event);
    case "allPlanned":
      return announceFleet(state);
    default: {
      const service = serviceIn(state, event.service);
      const ofMany = state.services.length > 1 ? describeOfMany(event, service, state) : undefined;
      return ofMany ?? describeRolloutEvent(event, service);
    }
  }
}

/** The last lines: how the run ended, and what to type next. */
function describeFinished(state: RunState): Line[] {
  const closing = closingOfRun(state);
  const { services: [service, ...others] } = state;
  const isOfMany = others.length > 0 && state.services.some(({ beganAtMs }) => beganAtMs !== undefined);
  // If all services ended in the same way, each has said so, and the last line covers all of them.
  const [result, ...results] = new Set(state.services.map(resultOf));
  const isSaid = results.length === 0 && (result === "done" || result === "submitted");
  return [
    ...(isOfMany && !isSaid ? asTable(renderFleetEnd(state)) : []),
    ...(closing === undefined ? [] : linesOf({ ...closing, message: withoutAnnouncedSuccess(closing.message, state) })),
    ...(service === undefined || others.length > 0 || endOf(state) !== "ok" ? [] : describeCompleted(service)),
  ];
}

/** Leaves out that the service is back if that was said when the bake began. */
function withoutAnnouncedSuccess(message: string, state: RunState): string {
  const { services: [service, ...others] } = state;
  const { step, verdict } = service?.bake ?? {};
  if (service === undefined || step === undefined) return message;
  const isSaid = others.length === 0 && verdict !== undefined && isWatching(step) && !step.isInPlace;
  return isSaid ? messageOf(state, service, true) ?? message : message;
}

const describeRolloutEvent = byKind<RolloutEvent, Line[], [service: ServiceState]>({
  started: ({ command, isDryRun, reason }) =>
    info(`Starting ${command}${isDryRun ? " (dry run)" : ""}`, ...(reason === undefined ? [] : [`Reason: ${reason}`])),
  compared: () => [],
  serviceTagged: () => [],
  waitsRestored: () => [],
  scalingRestored: () => [],
  // In a dry run, the plan is the command's result, which goes to stdout.
  planned: ({ plan, isAutomaticRollback }, { isDryRun }) => isDryRun ? [] : announcePlan(plan, isAutomaticRollback),
  stepStarted: ({ step }, service) => {
    const about = { until: currentPlan(service)?.plan.until, changes: service.rollback?.plan.changes };
    return info(...announceStep(step, intentOf(service), about));
  },
  registered({ taskDefinition }, service) {
    const name = intentOf(service) === "deploy" ? ` ${shortName(taskDefinition)}` : `: ${taskDefinition.arn}`;
    return info(`Task definition is registered${name}`);
  },
  // What the log says of these events depends on earlier lines (`RunLog`).
  progress: () => [],
  causes: () => [],
  baking: () => [],
  containerLog: ({ log }) => renderLog(log),
  notice({ notice }, { ref }) {
    return notice.code === "leftToDo" || isReminder(notice) ? [] : warn(describeRunNotice(notice, ref));
  },
  rolloutEnded: ({ outcome }, service) =>
    outcome.leftovers.length === 0 ? [] : info(...describeStability(outcome, service)),
  rollbackDecided({ trigger, unless }, service) {
    if (unless !== undefined || service.main === undefined) return [];
    return warn(
      `${describeFailed(service.main, service)} Rolling back to what ran before (--rollback-events ${trigger})`,
    );
  },
  deregisteredFailed: ({ leftover, taskDefinition }) =>
    leftover === undefined ? info(`Task definition is deregistered: ${taskDefinition.arn}`) : [],
  bakeStarted: ({ step }, service) => info(...describeBakeStart(step, service)),
  // The verdict is in the closing lines.
  baked: (_, { bake }) => info(...renderChart(bake?.evidence)),
  undoDecided: ({ unless }) => unless === undefined ? info("Going back, because another service failed") : [],
  // The closing lines say these (`closingOf`).
  alreadyEnded: () => [],
  refused: () => [],
  notConfirmed: () => [],
  detached: () => [],
  alarmsTriggered: () => [],
  rollbackVerified: () => [],
  rollbackUnfinished: () => [],
  notBegun: () => [],
  lookedAgain: () => [],
});

/** Whether a notice belongs to the closing lines, not to the warnings. */
export function isError({ code }: RunNotice): boolean {
  return code === "serviceUnchanged" || code === "leftToDo";
}

/** What a plan is about to change. */
function announcePlan(plan: Plan, isAutomaticRollback: boolean): Line[] {
  const { intent, from, to, reason, notices, repeatedBy, steps, images = [] } = plan;
  const warnings = warn(...notices.map(describePlanNotice));
  if (intent === "wait" || intent === "scale") return warnings;
  if (isAutomaticRollback) {
    return [...warnings, ...info(...renderImages(images.filter(({ pinnedTo }) => pinnedTo), to))];
  }
  const why = reason === undefined || to === undefined ? undefined : describeChoice(reason);
  const because = (what: string) => why === undefined ? [] : info(`${what}: ${why}`);
  if (intent === "deploy") {
    const started = images.filter(({ running, starts }) => starts !== undefined && starts !== running);
    return [
      ...warnings,
      ...because(`Task definition ${to && shortName(to)}`),
      ...info(...renderShipped(started)),
      ...announceChanges(plan),
    ];
  }
  return [
    ...because(`Revision ${to && nameFrom(from ?? to, to)}`),
    ...warnings,
    ...(repeatedBy === undefined
      ? []
      : info(`Safe to repeat: ${repeatableCommand(plan.subject, repeatedBy, plan.carried)}`)),
    ...(steps.length === 0 ? [] : images.filter(isNotByTag).flatMap((image): Line[] => {
      const isGone = image.today === "missing" && image.pinnedTo === undefined;
      return (isGone ? warn : info)(...renderImages([image], to));
    })),
    ...announceChanges(plan),
  ];
}

/** What changes in the task definition and the service, before it does. */
function announceChanges({ from, to, steps, changes = [] }: Plan): Line[] {
  if (from === undefined || steps.length === 0 || changes.length === 0) return [];
  const ends = `from ${shortName(from)} to ${to === undefined ? "the new revision" : shortName(to)}`;
  return info(
    from.arn === to?.arn ? "Changes:" : `Changes ${ends}:`,
    ...renderChangesByScope(changes).map((line) => `  ${line}`),
  );
}

/** Whether an image is announced: its tag alone does not start what ran, or may not. */
function isNotByTag({ ran, today, starts, pinnedTo, isConsistent }: PlannedImage): boolean {
  return pinnedTo !== undefined || today === "missing" || !isConsistent || starts !== ran;
}

function isWatching({ alarms, targetGroups, loadBalancers }: Bake): boolean {
  return alarms.length + targetGroups.length + loadBalancers.length > 0;
}

/** Says first that the service is back, unless it was back before: people wait for that. */
function describeBakeStart(step: Bake, service: ServiceState): string[] {
  if (!isWatching(step)) return [];
  const isBack = step.isInPlace ? [] : [describeSuccess(service, EMPTY_STATE)];
  return [...isBack, ...(service.bake === undefined ? [] : [describeBakeNow(service.bake)])];
}

/** The last line of a run that has left nothing to do, as ecspresso writes it. */
function describeCompleted(service: ServiceState): Line[] {
  const outcome = outcomeOf(service);
  if (outcome === undefined || outcome.leftovers.length > 0) return [];
  const isUnderWay = endsBeforeDeployment(service);
  return info(...describeStability(outcome, service).map((success) => isUnderWay ? success : `${success} Completed!`));
}

function describeStability(outcome: OutcomeKind, service: ServiceState): string[] {
  // The success of an automatic rollback is not the deploy's.
  if (outcome.kind !== "succeeded" || service.rollback !== undefined) return [];
  const { plan } = currentPlan(service) ?? {};
  const until = plan?.until ?? service.alreadyEnded?.until;
  if (until === "traffic-shifted" && plan?.to !== undefined) {
    return [`All production traffic goes to ${shortName(plan.to)}.`];
  }
  return [`Service is ${outcome.isEarly ? "deployed" : until} now.`];
}
