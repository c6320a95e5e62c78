import { isOfAnyTask, isOfNetwork, isOfPlatform } from "../diagnosis/cause.ts";
import { shortName } from "../model/arn.ts";
import {
  continueCommand,
  describeAlarmsCommand,
  ecspressoCommand,
  explainStoppedTasksCommand,
  restoreScalingCommand,
  updateServiceCommand,
} from "../model/typed_commands.ts";
import { SUSPENSION_RECORD_KEY } from "../model/scalable_target.ts";
import type { ServiceRef } from "../model/service.ts";
import type { Ordered, Outcome } from "../rollout/outcome.ts";
import { byKind } from "./cases.ts";
import { isWithoutTasks, nameOf, primarySeen } from "./live_now.ts";
import { describeLeftover } from "./run_notice_text.ts";
import { NOUNS } from "./plan_text.ts";
import { isRolledBack, isRollingBack, outcomeOf } from "./ending.ts";
import { currentPlan, intentOf, type RunState, type ServiceState } from "./state.ts";
import { findWayOut, renderWayOut } from "./way_out.ts";

/** A command to type, and what it is for. */
export interface NextStep {
  readonly kind: "leftover" | "rollBack" | "retry" | "choose" | "answer" | "follow" | "look" | "explain";
  /** In lower case; the command follows behind a colon. */
  readonly purpose: string;
  readonly command: string;
}

/** What to type next on a service, most pressing first. */
export function nextSteps(service: ServiceState): NextStep[] {
  const { detached, unfinished, check, leftovers, ref } = service;
  const outcome = outcomeOf(service);
  const after = outcome === undefined ? [] : stepsAfter(outcome, service);
  return [
    ...leftovers.map((leftover): NextStep => {
      return { kind: "leftover", purpose: "still to do", command: describeLeftover(leftover, ref).command };
    }),
    ...(detached === undefined ? [] : [watch(detached, ref)]),
    ...(isRollingBack(service)
      ? [
        ...(isRolledBack(service) || check !== undefined ? [] : [watch(unfinished?.ordered ?? "no", ref)]),
        ...after.filter(({ kind }) => kind === "explain"),
      ]
      : after),
  ];
}

/** What to type after one plan's outcome, leftovers apart, most pressing first. */
const stepsAfter = byKind<Outcome, NextStep[], [service: ServiceState]>({
  succeeded: () => [],
  unchanged: ({ because }, { ref }) =>
    because?.code === "goesBackAlready" && because.state === "failed" ? [look(ref)] : [],
  submitted: ({ startsNone, leftTo }, { ref }) => [startsNone || leftTo !== undefined ? look(ref) : follow(ref)],
  stalePlan: (_, { ref }) => [look(ref)],
  copyIncomplete: (_, { ref }) => [look(ref)],
  cannotPin: (_, { ref }) => [look(ref)],
  givenUp: (outcome, service) => stepsAfterWatching({ ...outcome, ordered: "yes" }, service),
  superseded: (_, { ref }) => [look(ref)],
  gone: (_, { ref }) => [look(ref)],
  failed: stepsAfterFailure,
  rolledBackByEcs: stepsAfterFailure,
  timedOut: stepsAfterWatching,
  interrupted: stepsAfterWatching,
});

function stepsAfterFailure(outcome: Outcome, service: ServiceState): NextStep[] {
  const isGoingBack = outcome.kind === "rolledBackByEcs" && service.rollback === undefined &&
    (outcome.to === undefined || outcome.to.rolloutState === "IN_PROGRESS");
  return [
    ...alternatives(outcome, service),
    ...(isGoingBack
      ? [step("follow", "ECS does it by itself; watch until it has rolled back", service.ref, "wait")]
      : []),
    ...explain(service),
  ];
}

/** Where to look for why it has failed, as far as the cause does not say it. */
function explain({ ref, alarms, main }: ServiceState): NextStep[] {
  if (alarms.length > 0) {
    const purpose = alarms.length === 1 ? "why the alarm fired" : "why the alarms fired";
    return [{ kind: "explain", purpose, command: describeAlarmsCommand(ref, alarms) }];
  }
  if (main !== undefined && main.causes.length > 0) return [];
  return [{ kind: "explain", purpose: "why its tasks stopped", command: explainStoppedTasksCommand(ref) }];
}

function stepsAfterWatching(outcome: Outcome & { readonly ordered: Ordered }, service: ServiceState): NextStep[] {
  return [
    ...alternatives(outcome, service),
    ...answerHooks(service),
    ...(outcome.ordered === "no" ? [] : [watch(outcome.ordered, service.ref)]),
  ];
}

/** Nothing goes on until somebody answers. */
function answerHooks(service: ServiceState): NextStep[] {
  const { arn, awaitingHooks } = currentPlan(service)?.serviceDeployment ?? { awaitingHooks: [] };
  if (arn === undefined) return [];
  return awaitingHooks.map((hook) => {
    return { kind: "answer", purpose: "to go on", command: continueCommand(arn, hook, "CONTINUE") };
  });
}

/**
 * What to do about a deployment that has failed, or whose tasks kept stopping until the time was up. After a rollback the
 * next revision is somebody's choice; a deploy that has created the service leads back to nothing, and where ECS has turned
 * a deploy back, the service is where one would go back to.
 */
function alternatives(outcome: Outcome, service: ServiceState): NextStep[] {
  const { ref, main, rollback, command } = service;
  const [cause] = main?.causes ?? [];
  if (rollback !== undefined) return [];
  const isHopeless = outcome.kind === "failed" || outcome.kind === "givenUp" ||
    (outcome.kind === "timedOut" && outcome.ordered === "yes" &&
      (outcome.isCrashLooping === true || cannotStart(service)));
  const intent = main?.plan.intent ?? command;
  // The release is not to blame. What ECS goes on with needs patience, and what it has given up another try.
  if (isHopeless && cause !== undefined && isNotMendedByGoingBack(service)) {
    return outcome.kind === "failed" ? [tryAgain(service)] : [look(ref)];
  }
  if (intent === "rollback") {
    const way = isHopeless ? findWayOut(service) : undefined;
    if (way?.isLive) return [goBack(service), choose(ref)];
    return isHopeless || outcome.kind === "rolledBackByEcs" ? [choose(ref)] : [];
  }
  return isHopeless && (intent === "wait" || main?.plan.from !== undefined) ? [goBack(service)] : [];
}

/** Neither the release nor a setting that a rollback restores is to blame: its new tasks would meet the same. */
export function isNotMendedByGoingBack(service: ServiceState): boolean {
  const [cause] = service.main?.causes ?? [];
  if (cause === undefined || service.alarms.length > 0) return false;
  return isOfPlatform(cause) || (isOfAnyTask(cause) && findWayOut(service)?.sharesNetwork === true);
}

/** Another deployment of the same task definition, which the service has already: it needs no files. */
function tryAgain(service: ServiceState): NextStep {
  const primary = primarySeen(service);
  const what = primary === undefined ? "the deployment" : nameOf(primary);
  // The service's description would fill the screen.
  const again = `${updateServiceCommand(service.ref, "forceNewDeployment", true)} --query service.status`;
  return {
    kind: "retry",
    purpose: `start ${what} again`,
    command: `${again} && ${ecspressoCommand(service.ref, "wait")}`,
  };
}

/** To what is live, or ran before; of what was found neither, to what ECS has on record. */
function goBack(service: ServiceState): NextStep {
  const way = findWayOut(service);
  if (way === undefined) return step("rollBack", "roll back", service.ref, "rollback --revision previous");
  const [cause] = service.main?.causes ?? [];
  const command = renderWayOut(way, cause !== undefined && isOfNetwork(cause));
  const how = way.isLive ? " (new tasks replace the running ones)" : "";
  return step("rollBack", `set the service back to ${shortName(way.to)}${how}`, service.ref, command);
}

function choose(ref: ServiceRef): NextStep {
  const typed = ecspressoCommand(ref, "rollback --revision N");
  return step("choose", `choose another revision from this list, then type ${typed}`, ref, "revisions --output table");
}

/** Whether no task starts, for a cause that waiting does not mend. */
function cannotStart(service: ServiceState): boolean {
  const [cause] = service.main?.causes ?? [];
  return isWithoutTasks(service) && cause !== undefined && !isOfPlatform(cause);
}

/** How to see what becomes of an order. */
export function watch(ordered: Ordered, ref: ServiceRef): NextStep {
  return ordered === "yes" ? follow(ref) : look(ref);
}

/** Watches the deployment again. */
export function follow(ref: ServiceRef): NextStep {
  return step("follow", "to follow the deployment", ref, "wait");
}

/** Shows the service as it is. */
export function look(ref: ServiceRef): NextStep {
  return step("look", "see what runs now", ref, "status");
}

function step(kind: NextStep["kind"], purpose: string, ref: ServiceRef, command: string): NextStep {
  return { kind, purpose, command: ecspressoCommand(ref, command) };
}

/** What a program that ends at once leaves behind, a line each: what a second Ctrl-C says. */
export function ifAbandoned({ services }: RunState): string[] {
  return services.flatMap((service) => [...abandonedOrder(service), ...abandonedScaling(service)]);
}

function abandonedOrder(service: ServiceState): string[] {
  const { order } = service.leaves;
  if (order === "no") return [];
  const [what, ...next] = describeDetached(order, service);
  return [`Stopped at once: ${what}`, ...next];
}

/** That auto scaling may stay suspended, and the command that restores it. */
export function abandonedScaling({ leaves: { scaling } }: ServiceState): string[] {
  if (scaling === undefined) return [];
  const [state, hasRecord] = scaling.kind === "suspendScaling"
    ? [scaling.prior, scaling.record !== "none"]
    : [scaling.to, scaling.hasRecord];
  const command = restoreScalingCommand(scaling.target, state, hasRecord ? SUSPENSION_RECORD_KEY : undefined);
  return [
    `Stopped at once: auto scaling of ${scaling.target.resourceId} may still be suspended`,
    `to restore it: ${command}`,
  ];
}

/** What ECS does when nobody watches any more, and how to watch it again. */
export function describeDetached(ordered: Exclude<Ordered, "no">, service: ServiceState): string[] {
  const noun = NOUNS[intentOf(service)];
  const { purpose, command } = watch(ordered, service.ref);
  return [
    ordered === "yes" ? `ECS goes on with the ${noun}` : "ECS may have accepted the order, and may be carrying it out",
    `${purpose}: ${command}`,
  ];
}
