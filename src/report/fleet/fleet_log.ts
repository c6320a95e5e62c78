import { shortName } from "../../model/arn.ts";
import { givesOrder } from "../../model/step_kinds.ts";
import type { RolloutEvent } from "../../rollout/events.ts";
import { endsWell, isCutShort } from "../../model/outcome_kinds.ts";
import type { Step } from "../../rollout/plan/plan.ts";
import { describeVerdict } from "../bake_text.ts";
import { bySomeKinds } from "../messages/cases.ts";
import { messageOf } from "../closing.ts";
import { outcomeOf, targetOf } from "../ending.ts";
import { describeFailure } from "../failure_text.ts";
import { hasNoTask } from "../live_now.ts";
import { count, formatDuration, info, type Level, type Line } from "../messages/log.ts";
import { describePlanNotice } from "../messages/notice_text.ts";
import { describeRefusal } from "../messages/refusal_text.ts";
import { outageMs } from "../outage.ts";
import { announceStep } from "../plan_text.ts";
import { currentPlan, type RunState, type ServiceState } from "../state.ts";
import { WORK } from "../messages/work_words.ts";
import { hasNoneUnderWay } from "./service_result.ts";
import { listNames } from "./names.ts";
import { isFixedByReregister } from "./fleet_steps.ts";
import { renderFleetPlan, sortByWave } from "./plan_table.ts";
import { isTyped, wholeCommand } from "./typed_again.ts";

/** What the log says once all services are planned: the plan, its notices, and why services are refused. */
export function announceFleet(state: RunState): Line[] {
  const services = sortByWave(state.services);
  // In a dry run, the plan is the command's result, which goes to stdout.
  const isDryRun = state.all?.isDryRun === true;
  return [
    ...(isDryRun ? [] : asTable(renderFleetPlan(state))),
    ...(isDryRun ? [] : describeNotices(services, state)),
    ...(isDryRun ? [] : describeRepeat(state)),
    ...describeRefusals(services, state),
  ];
}

/** The command that repeats a rollback, even if this run is killed. With a plan file, another line says it. */
function describeRepeat(state: RunState): Line[] {
  const { services, services: [first], all } = state;
  const isPlanned = services.every(({ main }) => main !== undefined) || all?.skipsRefused === true;
  if (services.every(({ main }) => main === undefined || main.plan.isReached)) return [];
  if (all === undefined || first?.command !== "rollback" || !isPlanned) return [];
  if (isTyped(state, "--plan", "--plan-out")) return [];
  return info(`Safe to repeat, also when this run is killed: ${wholeCommand(state)}`);
}

/** Lines that are logged without time and level. */
export function asTable(lines: readonly string[]): Line[] {
  return info(...lines).map(([level, text]) => [level, text, "table"]);
}

/** A notice that several services share is logged once. */
function describeNotices(services: readonly ServiceState[], state: RunState): Line[] {
  const all = services.flatMap((service) =>
    (service.main?.plan.notices ?? []).map((notice) => ({ service, text: describePlanNotice(notice) }))
  );
  return [...Map.groupBy(all, ({ text }) => text)].map(([text, those]) => {
    const named = those.map(({ service }) => service);
    return named.length === 1
      ? ["warn", text, named[0]!.ref]
      : ["warn", `${count(named.length, "service")} (${listNames(state, named)}): ${text}`];
  });
}

/** Why services are refused, and what to do about it: the same advice is given once, with the names of all services. */
function describeRefusals(services: readonly ServiceState[], state: RunState): Line[] {
  const all = services.flatMap((service) => {
    const [why, ...advice] = explainService(service);
    return why === undefined ? [] : { service, why, advice };
  });
  return [...Map.groupBy(all, ({ advice }) => advice.join("\n")).values()].flatMap((those): Line[] => {
    const [{ service, advice }] = those as [typeof all[number]];
    const names = those.length === 1 ? "" : `${listNames(state, those.map((one) => one.service))}: `;
    return [
      ...those.map(({ service: { ref }, why }): Line => ["error", why, ref]),
      ...advice.map((line, index): Line =>
        names === "" ? ["error", line, service.ref] : ["error", `${index === 0 ? names : ""}${line}`, "run"]
      ),
    ];
  });
}

function explainService(service: ServiceState): readonly string[] {
  const { refusal, failure, ref } = service;
  if (refusal === undefined) return failure === undefined ? [] : describeFailure(failure, ref.region);
  const lines = describeRefusal(refusal, true);
  // A command that does this for all of them ends the log.
  return isFixedByReregister(service) ? lines.slice(0, 1) : lines;
}

/**
 * What the log says of one of many services: one line when it begins and one when it ends. `undefined`: the same as in
 * a run of one service.
 *
 * @param state after the event
 */
export const describeOfMany = bySomeKinds<RolloutEvent, Line[] | undefined, [service: ServiceState, state: RunState]>({
  refused: () => [],
  notBegun: () => [],
  planned: ({ isAutomaticRollback }) => isAutomaticRollback ? undefined : [],
  stepStarted: ({ step }, service) => describeBegin(step, service),
  rolloutEnded: describeEnded,
  rollbackVerified: describeEnded,
  rollbackUnfinished: describeEnded,
  rollbackDecided: (event, ...more) => event.unless === undefined ? undefined : describeEnded(event, ...more),
  registered: ({ taskDefinition }, { command, rollback }) =>
    command === "deploy" && rollback === undefined ? info(`Registered ${shortName(taskDefinition)}`) : undefined,
  undoDecided: ({ unless }) => unless === undefined ? [] : undefined,
  bakeStarted: ({ step }, _, { services }) =>
    services.filter(({ bake }) => bake !== undefined).length === 1
      ? [["info", `Baking for ${formatDuration(step.forMs)}`, "run"]]
      : [],
  baked: ({ verdict }, service) => [[verdict.kind === "didNotHelp" ? "warn" : "info", describeVerdict(service) ?? ""]],
});

/** Announces the order, and steps that most rollouts do not have. */
function describeBegin(step: Step, service: ServiceState): Line[] | undefined {
  const planned = currentPlan(service);
  if (planned === undefined) return undefined;
  const { steps, intent, until } = planned.plan;
  if (step.kind === "awaitDeployment" && !steps.some(givesOrder)) {
    return info(...announceStep(step, intent, { until }).slice(0, 1));
  }
  if (step.kind === "awaitDeployment" || step.kind === "register") return [];
  if (!givesOrder(step)) return undefined;
  const to = targetOf(planned);
  const begin = service.undo === undefined ? WORK[intent].begins : "Undoing: back to";
  return info(`${begin}${to === undefined ? "" : ` ${shortName(to)}`}`);
}

/** The end of a service; one that the end of the run caused is left to the closing lines. */
function describeEnded(event: RolloutEvent, service: ServiceState, state: RunState): Line[] {
  const outcome = outcomeOf(service);
  if (event.kind === "rolloutEnded") {
    // After an automatic rollback or an undo, the service is read once more; only then the log says how it ended.
    if (service.rollback !== undefined || outcome === undefined) return [];
    if (isCutShort(outcome)) return [];
    // The tables say why nothing is done to it.
    if (hasNoneUnderWay(service) && outcome.kind === "succeeded") return [];
    if (outcome.kind === "unchanged" && service.main?.plan.reason?.code === "isBack") return [];
    if (service.main?.rollsBackOnFailure && !endsWell(outcome)) return [];
  }
  // The failure itself was logged when it happened, or with the decision to roll back.
  const message = messageOf(state, service, event.kind === "rollbackVerified");
  return message === undefined ? [] : [[levelOf(event, service, state), message]];
}

/** No running task is an error, whatever else has happened. */
function levelOf({ kind }: RolloutEvent, service: ServiceState, { nowMs }: RunState): Level {
  const outcome = outcomeOf(service);
  if (kind === "rollbackUnfinished" || hasNoTask(service)) return "error";
  const isGood = kind === "rollbackVerified" || (outcome !== undefined && endsWell(outcome));
  return isGood && outageMs(service.outage, nowMs) === 0 ? "info" : "warn";
}
