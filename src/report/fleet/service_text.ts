import { shortName } from "../../model/arn.ts";
import type { Level, RolloutEvent } from "../../rollout/events.ts";
import type { Intent, Step } from "../../rollout/plan/plan.ts";
import { messageOf } from "../closing.ts";
import { endsWell, outcomeOf, targetOf } from "../ending.ts";
import { isWithoutAny } from "../live_now.ts";
import { info, type Line } from "../log.ts";
import { describeOutage } from "../outage.ts";
import { announceStep } from "../plan_text.ts";
import { hasNoneUnderWay } from "./fate.ts";
import { currentPlan, type RunState, type ServiceState } from "../state.ts";

/**
 * What the log says of one of many services: that it begins and how it has ended, each on one line. `undefined`: the same as
 * of one service alone.
 *
 * @param state after the event
 */
export function describeOfMany(event: RolloutEvent, service: ServiceState, state: RunState): Line[] | undefined {
  switch (event.kind) {
    case "refused":
    case "notBegun":
      return [];
    case "planned":
      return event.isAutomaticRollback ? undefined : [];
    case "stepStarted":
      return describeBegin(event.step, service);
    case "rolloutEnded":
    case "rollbackVerified":
    case "rollbackUnfinished":
      return describeEnded(event, service, state);
    case "rollbackDecided":
      return event.unless === undefined ? undefined : describeEnded(event, service, state);
    case "registered":
      return service.command === "deploy" && service.rollback === undefined
        ? info(`Registered ${shortName(event.taskDefinition)}`)
        : undefined;
    case "undoDecided":
      return event.unless === undefined ? [] : undefined;
    default:
      return undefined;
  }
}

/** The order is announced; the other steps when they are seldom needed. */
function describeBegin(step: Step, service: ServiceState): Line[] | undefined {
  const planned = currentPlan(service);
  if (planned === undefined) return undefined;
  const { steps, intent, until } = planned.plan;
  if (step.kind === "awaitDeployment" && !steps.some(({ kind }) => ORDERS.has(kind))) {
    return info(...announceStep(step, intent, until).slice(0, 1));
  }
  if (step.kind === "awaitDeployment" || step.kind === "register") return [];
  if (!ORDERS.has(step.kind)) return undefined;
  const to = targetOf(planned);
  const begin = service.undo === undefined ? BEGIN[intent] : "Undoing: back to";
  return info(`${begin}${to === undefined ? "" : ` ${shortName(to)}`}`);
}

const ORDERS: ReadonlySet<string> = new Set<Step["kind"]>(["updateService", "stopDeployment", "createService"]);
const BEGIN: Readonly<Record<Intent, string>> = {
  rollback: "Rolling back to",
  deploy: "Deploying",
  wait: "Waiting for",
  scale: "Scaling",
};

/** What the run's own end has stopped is named at the end. */
function describeEnded(event: RolloutEvent, service: ServiceState, state: RunState): Line[] {
  const outcome = outcomeOf(service);
  if (event.kind === "rolloutEnded") {
    // The end of a rollback that follows a failure is said once it has been looked at, and what becomes of it decided.
    if (service.rollback !== undefined || outcome === undefined) return [];
    if (outcome.kind === "interrupted" || outcome.kind === "timedOut") return [];
    // The tables say why nothing is done to it.
    if (hasNoneUnderWay(service) && outcome.kind === "succeeded") return [];
    if (outcome.kind === "unchanged" && service.main?.plan.reason?.code === "isBack") return [];
    if (service.main?.rollsBackOnFailure && !endsWell(outcome)) return [];
  }
  // That it has failed was said when it had, or when its rollback was decided.
  const message = messageOf(state, service, event.kind === "rollbackVerified");
  if (message === undefined) return [];
  return [[levelOf(event, service, state), message]];
}

/** That no task of a service runs is the worst that is to be said. */
function levelOf({ kind }: RolloutEvent, service: ServiceState, { nowMs }: RunState): Level {
  const outcome = outcomeOf(service);
  if (kind === "rollbackUnfinished" || isWithoutAny(service)) return "error";
  const isGood = kind === "rollbackVerified" || (outcome !== undefined && endsWell(outcome));
  return isGood && describeOutage(service.outage, nowMs) === "" ? "info" : "warn";
}
