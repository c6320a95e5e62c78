import { shortName } from "../model/arn.ts";
import type { AnyRefusal, RolloutEvent, RunEvent, RunNotice } from "../rollout/events.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { Cases } from "./cases.ts";
import { describeFailure } from "./failure_text.ts";
import { formatDuration, type Line, linesOf } from "./log.ts";
import { describePlanNotice } from "./messages/notice_text.ts";
import { nameFrom, repeatableCommand } from "./messages/phrases.ts";
import { describeReason } from "./messages/reason_text.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { describeDetached } from "./next_steps.ts";
import { describeLeftovers, describeOutcome } from "./outcome_text.ts";
import { announceStep, renderChanges } from "./plan_text.ts";
import { renderCauses, renderDeployment, renderStage } from "./progress_text.ts";
import { ROLLBACK_EVENTS } from "./rollback_text.ts";
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
      return linesOf("error", ...describeFailure(event.failure, event.region));
    case "stoppedEarly": {
      const unchanged = `nothing has been changed${event.waitedFor === undefined ? "" : `; ${event.waitedFor}`}`;
      return event.by === "signal"
        ? [["warn", `Interrupted: ${unchanged}`]]
        : [["error", `Timed out after ${formatDuration(event.timeoutMs)}: ${unchanged}`]];
    }
    case "stopSignal":
    case "finished":
      return [];
    default:
      return EVENTS[event.kind](event as never, serviceIn(state, event.service));
  }
}

const EVENTS: Cases<RolloutEvent, "kind", Line[], [service: ServiceState]> = {
  started: ({ command, isDryRun }) => linesOf("info", `Starting ${command}${isDryRun ? " (dry run)" : ""}`),
  refused: ({ refusal }) => linesOf("error", ...refusalLines(refusal)),
  notConfirmed: () => linesOf("warn", "Not confirmed: nothing has been changed"),
  alreadyEnded: ({ outcome }, service) => describeOutcome({ ...outcome, leftovers: [] }, service),
  compared: () => [],
  scalingRestored: () => [],
  // The plan of a dry run is the command's result, and stands on stdout.
  planned: ({ plan, isAutomaticRollback }, { isDryRun }) => isDryRun ? [] : announcePlan(plan, isAutomaticRollback),
  stepStarted: ({ step }, service) =>
    linesOf("info", ...announceStep(step, intentOf(service), currentPlan(service)?.plan.until)),
  registered: ({ taskDefinition }, service) =>
    linesOf(
      "info",
      `Task definition is registered${
        intentOf(service) === "deploy" ? ` ${shortName(taskDefinition)}` : `: ${taskDefinition.arn}`
      }`,
    ),
  progress: ({ progress: { events, deployments, serviceDeployment } }) => [
    ...linesOf("info", ...events.map(({ message }) => message), ...deployments.map(renderDeployment)),
    ...(serviceDeployment === undefined ? [] : renderStage(serviceDeployment)),
  ],
  causes: ({ causes }) => linesOf("warn", ...renderCauses(causes)),
  failureEvents: ({ events }) =>
    linesOf("warn", "what ECS said about it:", ...events.map(({ message }) => `  ${message}`)),
  detached: ({ ordered }, service) => linesOf("warn", ...describeDetached(ordered, service)),
  notice: ({ notice }, { ref }) =>
    notice.code === "leftToDo"
      ? describeLeftovers([notice.leftover], ref)
      : [[isError(notice) ? "error" : "warn", describeRunNotice(notice, ref)]],
  rolloutEnded: ({ outcome }, service) => describeOutcome(outcome, service),
  ...ROLLBACK_EVENTS,
};

/** Why nothing is done, and what to do instead, a line each. */
export function refusalLines(refusal: AnyRefusal): string[] {
  const { message, advice } = describeRefusal(refusal);
  return [message, ...advice];
}

/** Whether a notice is about how the run has ended. */
export function isError({ code }: RunNotice): boolean {
  return code === "updateRefused" || code === "leftToDo";
}

/** What a plan changes, before it changes it. */
function announcePlan(plan: Plan, isAutomaticRollback: boolean): Line[] {
  const { intent, from, to, reason, notices, repeatedBy, steps, changes } = plan;
  const warnings = linesOf("warn", ...notices.map(describePlanNotice));
  if (isAutomaticRollback || intent === "wait") return warnings;
  const why = reason === undefined || to === undefined ? undefined : describeReason(reason);
  const because = (what: string) => why === undefined ? [] : linesOf("info", `${what}: ${why}`);
  if (intent === "deploy") return [...warnings, ...because(`Task definition ${to && shortName(to)}`)];
  return [
    ...because(`Revision ${to && nameFrom(from ?? to, to)}`),
    ...warnings,
    ...(repeatedBy === undefined
      ? []
      : linesOf("info", `Safe to repeat: ${repeatableCommand(plan.subject, repeatedBy)}`)),
    ...(steps.length === 0 || changes.length === 0 ? [] : linesOf(
      "info",
      `Changes from ${from && shortName(from)} to ${to && shortName(to)}:`,
      ...renderChanges(changes).map((line) => `  ${line}`),
    )),
  ];
}
