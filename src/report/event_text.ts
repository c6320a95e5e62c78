import { shortName } from "../model/arn.ts";
import type { AnyRefusal, RolloutEvent, RunEvent, RunNotice } from "../rollout/events.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { Progress } from "../rollout/progress.ts";
import { renderCauses, renderDeployment, renderStage } from "./progress_text.ts";
import { describeFailure } from "./failure_text.ts";
import { formatDuration, type Line } from "./log.ts";
import { describeLeftover, describeRunNotice } from "./run_notice_text.ts";
import { describePlanNotice } from "./messages/notice_text.ts";
import { nameFrom, repeatableCommand } from "./messages/phrases.ts";
import { describeReason } from "./messages/reason_text.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { describeDetached } from "./next_steps.ts";
import { describeOutcome } from "./outcome_text.ts";
import { announceStep, renderChanges } from "./plan_text.ts";
import { describeRollbackEvent } from "./rollback_text.ts";
import { currentPlan, type RunState, serviceIn, type ServiceState } from "./state.ts";

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
      return describeFailure(event.failure, event.region).map((line): Line => ["error", line]);
    case "stoppedEarly": {
      const waitedFor = event.waitedFor === undefined ? "" : `; ${event.waitedFor}`;
      return event.by === "signal"
        ? [["warn", `Interrupted: nothing has been changed${waitedFor}`]]
        : [["error", `Timed out after ${formatDuration(event.timeoutMs)}: nothing has been changed${waitedFor}`]];
    }
    case "stopSignal":
    case "finished":
      return [];
    default:
      return describeServiceEvent(event, serviceIn(state, event.service));
  }
}

function describeServiceEvent(event: RolloutEvent, service: ServiceState): Line[] {
  const intent = currentPlan(service)?.plan.intent ?? service.command;
  switch (event.kind) {
    case "started":
      return [["info", `Starting ${event.command}${event.isDryRun ? " (dry run)" : ""}`]];
    case "refused":
      return refusalLines(event.refusal).map((line): Line => ["error", line]);
    case "notConfirmed":
      return [["warn", "Not confirmed: nothing has been changed"]];
    case "alreadyEnded":
      return describeOutcome({ ...event.outcome, leftovers: [] }, service);
    case "compared":
    case "scalingRestored":
      return [];
    case "planned":
      // The plan of a dry run is the command's result, and stands on stdout.
      return service.isDryRun ? [] : announcePlan(event.plan, event.isAutomaticRollback);
    case "stepStarted":
      return announceStep(event.step, intent, currentPlan(service)?.plan.until);
    case "registered":
      return intent === "deploy"
        ? [["info", `Task definition is registered ${shortName(event.taskDefinition)}`]]
        : [["info", `Task definition is registered: ${event.taskDefinition.arn}`]];
    case "progress":
      return describeProgress(event.progress);
    case "causes":
      return renderCauses(event.causes).map(warn);
    case "failureEvents":
      return ["what ECS said about it:", ...event.events.map(({ message }) => `  ${message}`)].map(warn);
    case "detached":
      return describeDetached(event.ordered, service).map(warn);
    case "notice":
      return describeNotice(event.notice, service);
    case "rolloutEnded":
      return describeOutcome(event.outcome, service);
    default:
      return describeRollbackEvent(event, service);
  }
}

function warn(line: string): Line {
  return ["warn", line];
}

function describeProgress({ events, deployments, serviceDeployment }: Progress): Line[] {
  return [
    ...events.map(({ message }): Line => ["info", message]),
    ...deployments.map((deployment): Line => ["info", renderDeployment(deployment)]),
    ...(serviceDeployment === undefined ? [] : renderStage(serviceDeployment)),
  ];
}

/** Why nothing is done, and what to do instead, a line each. */
export function refusalLines(refusal: AnyRefusal): string[] {
  const { message, advice } = describeRefusal(refusal);
  return [message, ...advice];
}

function describeNotice(notice: RunNotice, { ref }: ServiceState): Line[] {
  if (notice.code !== "leftToDo") return [[isError(notice) ? "error" : "warn", describeRunNotice(notice, ref)]];
  const { problem, command } = describeLeftover(notice.leftover, ref);
  return [["error", problem], ["error", `still to do: ${command}`]];
}

/** Whether a notice is about how the run has ended. */
export function isError({ code }: RunNotice): boolean {
  return code === "updateRefused" || code === "leftToDo";
}

/** What a plan changes, before it changes it. */
function announcePlan(plan: Plan, isAutomaticRollback: boolean): Line[] {
  const { intent, from, to, reason, notices, repeatedBy, steps, changes } = plan;
  const warnings = notices.map((notice) => warn(describePlanNotice(notice)));
  if (isAutomaticRollback || intent === "wait") return warnings;
  if (intent === "deploy") {
    const why: Line[] = reason === undefined || to === undefined
      ? []
      : [["info", `Task definition ${shortName(to)}: ${describeReason(reason)}`]];
    return [...warnings, ...why];
  }
  const names = `Changes from ${from && shortName(from)} to ${to && shortName(to)}:`;
  return [
    ...(reason === undefined
      ? []
      : [["info", `Revision ${to && nameFrom(from ?? to, to)}: ${describeReason(reason)}`] as const]),
    ...warnings,
    ...(repeatedBy === undefined
      ? []
      : [["info", `Safe to repeat: ${repeatableCommand(plan.subject, repeatedBy)}`] as const]),
    ...(steps.length === 0 || changes.length === 0 ? [] : [
      ["info", names] as const,
      ...renderChanges(changes).map((line): Line => ["info", `  ${line}`]),
    ]),
  ];
}
