import { shortName } from "../model/arn.ts";
import { type Deployment, subjectName } from "../model/service.ts";
import type { Ordered } from "../model/outcome_kinds.ts";
import type { Outcome } from "../rollout/outcome.ts";
import { describeVerdict } from "./bake_text.ts";
import { byKind, type Named } from "./messages/cases.ts";
import { targetOf } from "./ending.ts";
import { countTasks, describeLive, hasNoNewTask, nameOf, primarySeen } from "./live_now.ts";
import { count, formatDuration } from "./messages/log.ts";
import { type EndMessage, endMessageOf } from "./messages/end_message.ts";
import { describeCause } from "./messages/causes/cause_text.ts";
import { describeAlarms } from "./messages/causes/deployment_words.ts";
import { describeGivenUp, trimReason } from "./messages/failure_reason_text.ts";
import { describeBack, describeSkip } from "./messages/reason_text.ts";
import {
  adviseOnSuperseding,
  describeOwner,
  describeStopRefusal,
  describeUnpinned,
  nameSuperseding,
} from "./order_refusal_text.ts";
import { currentPlan, intentOf, type PlanState, type RunState, type ServiceState } from "./state.ts";
import { describeSetTo } from "./set_to_text.ts";
import { nameWork, VERBS, WORK } from "./messages/work_words.ts";

/** `Deploy of myservice:5`. `of`: ARN of the task definition that ECS deployed, which the plan may not name. */
function nameWorkOf(planned: PlanState, of?: string): string {
  const { intent } = planned.plan;
  const target = targetOf(planned);
  const name = of !== undefined ? nameOf({ taskDefinition: of }) : target && shortName(target);
  return name === undefined ? `The ${WORK[intent].noun}` : nameWork(intent, name);
}

/** Why a plan's deployment failed, as a clause: alarms, the primary cause, or else ECS's own reason. */
export function explainFailure({ causes, outcome }: PlanState, alarms: readonly string[] = []): string {
  const [cause] = causes;
  // ECS's record names the alarms; its reason may not.
  if (alarms.length > 0) return describeAlarms(alarms);
  if (cause !== undefined) return describeCause(cause);
  return outcome?.kind === "failed" || outcome?.kind === "rolledBackByEcs" ? trimReason(outcome.reason) : "";
}

/** `Deploy of myservice:5 failed: image web:1.9 not found in ECR (container app).` */
export function describeFailed(planned: PlanState, service: ServiceState): string {
  const { outcome, causes: [cause] } = planned;
  const alarms = planned === service.main ? service.alarms : [];
  const of = outcome?.kind === "failed" || outcome?.kind === "rolledBackByEcs" ? outcome.of : undefined;
  const why = explainFailure(planned, alarms);
  const because = why === "" ? "" : `: ${why}`;
  const late = outcome?.kind === "timedOut"
    ? `, again and again for ${formatDuration(service.timeoutMs)}`
    : outcome?.kind === "givenUp"
    ? `${why === "" ? ":" : ";"} ecspresso gave up on it: ${describeGivenUp(outcome)} (--fail-after ${outcome.limit})`
    // If an alarm fired, stopped tasks are not the reason.
    : cause?.taskArn === undefined || alarms.length > 0
    ? ""
    : `; ${cause.count} of its tasks stopped`;
  return `${nameWorkOf(planned, of)} failed${because}${late}.`;
}

/** How the command's own plan ended, without an automatic rollback. */
export const describeOutcome = byKind<Outcome, EndMessage, [service: ServiceState, state: RunState]>({
  succeeded: (_, service, state) => ({
    sentences: [describeSuccess(service, state), describeVerdict(service) ?? ""],
  }),
  unchanged: (outcome, service) => ({
    sentences: [...describeUnchanged(outcome, service), describeVerdict(service) ?? ""],
  }),
  submitted({ leftTo, startsNone }, service) {
    if (leftTo !== undefined) return { sentences: ["Service is created.", `${describeOwner(leftTo)}.`] };
    const rest = startsNone ? ", which starts no deployment" : "";
    return { sentences: [`ECS has accepted the ${nounOf(service)}${rest}.`] };
  },
  stalePlan({ by, hasSuspensionChanged, haveWaitsChanged, refusal }, service) {
    if (refusal !== undefined) return describeStopRefusal(refusal, service);
    const why = hasSuspensionChanged
      ? "somebody has changed the suspension of auto scaling"
      : haveWaitsChanged
      ? "somebody has changed the service's deploymentConfiguration"
      : by === undefined
      ? "the service is gone"
      : `somebody has started ${nameSuperseding(by)}`;
    const cannot = `cannot ${VERBS[intentOf(service)]} ${subjectName(service.ref)}`;
    return endMessageOf([
      `${cannot}: ${why} since the plan was made; nothing has been changed`,
      ...adviseOnSuperseding(by, service),
    ]);
  },
  cannotPin: describeUnpinned,
  copyIncomplete({ of, copy, lost, leftovers }, { ref }) {
    const name = shortName(copy);
    const isGone = leftovers.length === 0;
    return endMessageOf([
      `cannot roll back ${subjectName(ref)} to a copy of ${shortName(of)}: ECS did not keep ${lost.join(", ")} in ` +
      `the copy, ${name}`,
      `the service is unchanged, and ${name} is ${isGone ? "deregistered again" : "not to be used"}: ` +
      "choose another revision, or deploy the file",
    ]);
  },
  failed: (outcome, service) => ({
    sentences: [describeFailure(outcome, service), describeLive(service)],
    mentionsLive: true,
    more: describeSetTo(outcome, service),
  }),
  rolledBackByEcs: (outcome, service) => ({
    sentences: [describeFailure(outcome, service), ...describeWayBack(outcome.to, service)],
    mentionsLive: true,
  }),
  superseded: ({ by }, service) => ({
    sentences: [
      `${workOf(service)} was superseded: somebody else started ${nameSuperseding(by)}.`,
      describeLive(service),
    ],
    mentionsLive: true,
  }),
  gone: ({ status }, service) => ({
    sentences: [`Somebody deleted the service during the ${nounOf(service)} (it is ${status}).`],
  }),
  timedOut: ({ ordered, isCrashLooping }, service) => {
    const within = formatDuration(service.timeoutMs);
    if (ordered === "no") return { sentences: [`Timed out after ${within}: no deployment was started.`] };
    if (ordered === "unknown") return { sentences: [`Timed out after ${within}: ECS may have accepted the order.`] };
    const stopped = `Stopped watching after ${within}; ECS keeps trying.`;
    return {
      sentences: [stopped, ...describeStall(service, isCrashLooping), describeLive(service)],
      mentionsLive: true,
    };
  },
  givenUp: (_, service) => {
    const planned = currentPlan(service);
    const what = planned === undefined ? "" : describeFailed(planned, service);
    return { sentences: [what, describeLive(service), "ECS keeps trying."], mentionsLive: true };
  },
  interrupted: ({ ordered }, service) => ({
    sentences: [INTERRUPTED[ordered], ...(ordered === "no" ? [] : [...describeStall(service), describeLive(service)])],
    mentionsLive: ordered !== "no",
  }),
});

function describeUnchanged(
  { taskDefinition, because }: Named<Outcome, "kind", "unchanged">,
  service: ServiceState,
): string[] {
  if (because !== undefined) {
    const isLeft = because.code === "overtaken" || (because.code === "goesBackAlready" && because.state === "failed");
    return [isLeft ? "Left as it is." : "Nothing to do.", describeSkip(because)];
  }
  const reason = service.main?.plan.reason;
  if (reason?.code === "isBack") return [`Nothing to do: ${describeBack(reason)}.`];
  const changes = currentPlan(service)?.plan.steps.filter(({ kind }) => kind !== "bake") ?? [];
  if (intentOf(service) === "scale") {
    return [
      changes.length > 0 ? "Done: auto scaling is changed." : "Nothing to do: the service has that already.",
    ];
  }
  // Auto scaling may have been suspended or restored.
  const rest = changes.length > 0 ? "No deployment is needed." : "Nothing to do.";
  return [`Already at task definition ${taskDefinition} and stable. ${rest}`];
}

/** What holds up a deployment, as far as that was seen. */
function describeStall(service: ServiceState, isCrashLooping = false): string[] {
  const planned = currentPlan(service);
  const why = planned === undefined ? "" : explainFailure(planned);
  const { awaitingHooks = [], lifecycleStage = "a lifecycle hook" } = planned?.serviceDeployment ?? {};
  const what = isCrashLooping ? "Its tasks keep failing" : hasNoNewTask(service) ? "No new task runs" : undefined;
  return [
    ...(awaitingHooks.length === 0 ? [] : [`It waits at ${lifecycleStage} until somebody answers.`]),
    ...(why !== "" ? [`${what ?? "Seen so far"}: ${why}.`] : what === undefined ? [] : [`${what}.`]),
  ];
}

/** Says that the service has reached its target. */
export function describeSuccess(service: ServiceState, state: Pick<RunState, "nowMs">): string {
  const { main, beganAtMs, leftovers, endedAtMs: nowMs = state.nowMs } = service;
  if (main === undefined) return "Nothing to wait for: the service is stable.";
  const { plan, registered } = main;
  const copied = plan.intent === "rollback" && registered !== undefined && plan.to !== undefined
    ? ` (a copy of ${shortName(plan.to)})`
    : "";
  const took = beganAtMs === undefined || nowMs - beganAtMs < 1_000
    ? ""
    : `, after ${formatDuration(nowMs - beganAtMs)}`;
  const but = butLeft(leftovers.length);
  const did = plan.intent === "wait" ? "" : `${WORK[plan.intent].did}: `;
  return `${did}${nameLive(main, service)}${copied} is live${countLive(service)}${took}${but}.`;
}

/** Says how many things are left to do by hand. */
export function butLeft(things: number): string {
  return things === 0 ? "" : `, but ${count(things, "thing")} ${things === 1 ? "is" : "are"} left to do`;
}

function nameLive(main: PlanState, service: ServiceState): string {
  const primary = primarySeen(service);
  const target = targetOf(main);
  if (primary !== undefined) return nameOf(primary);
  return target === undefined ? "the service" : shortName(target);
}

function countLive(service: ServiceState): string {
  const primary = primarySeen(service);
  if (primary === undefined) return "";
  return primary.desiredCount === 0 ? ", with no task (its desired count is 0)" : `, ${countTasks(primary)}`;
}

/** Says that ECS is rolling back by itself, or has done so. */
function describeWayBack(to: Deployment | undefined, service: ServiceState): string[] {
  const seen = describeLive(service);
  if (to === undefined) {
    const primary = primarySeen(service);
    const planned = currentPlan(service);
    const isBack = primary !== undefined && planned !== undefined && primary.taskDefinition !== targetOf(planned)?.arn;
    return [seen, `ECS is rolling back${isBack ? ` to ${nameOf(primary)}` : ""}.`];
  }
  const isThere = to.rolloutState !== "IN_PROGRESS" && to.runningCount === to.desiredCount;
  if (isThere) return [`ECS rolled it back: ${nameOf(to)} is live again: ${countTasks(to)}.`];
  return [seen, `ECS is rolling back to ${nameOf(to)}${seen === "" ? `, which has ${countTasks(to)} yet` : ""}.`];
}

const INTERRUPTED: Readonly<Record<Ordered, string>> = {
  no: "Interrupted: no deployment was started.",
  yes: "Interrupted: stopped watching; ECS keeps going.",
  unknown: "Interrupted: ECS may have accepted the order.",
};

function nounOf(service: ServiceState): string {
  return WORK[intentOf(service)].noun;
}

function workOf(service: ServiceState): string {
  const planned = currentPlan(service);
  return planned === undefined ? `The ${nounOf(service)}` : nameWorkOf(planned);
}

/** Says that a deployment failed, maybe before the run began. */
function describeFailure(outcome: Named<Outcome, "kind", "failed" | "rolledBackByEcs">, service: ServiceState): string {
  const planned = currentPlan(service);
  if (planned !== undefined) return describeFailed(planned, service);
  const name = outcome.of === undefined ? "The deployment" : `Deployment of ${nameOf({ taskDefinition: outcome.of })}`;
  return `${name} failed: ${trimReason(outcome.reason)}.`;
}
