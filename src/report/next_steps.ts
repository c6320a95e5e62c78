import { isOfPlatform } from "../diagnosis/cause.ts";
import { shortName } from "../model/arn.ts";
import type { ServiceRef } from "../model/service.ts";
import {
  continueCommand,
  describeAlarmsCommand,
  ecspressoCommand,
  explainStoppedTasksCommand,
  updateServiceCommand,
} from "../model/typed_commands.ts";
import type { Ordered, Outcome } from "../rollout/outcome.ts";
import { alarmsOff, mayBeKnownLater, USUAL_BAKE, waitFor } from "./bake_text.ts";
import { byKind } from "./messages/cases.ts";
import { endsBeforeDeployment, isRolledBack, isRollingBack, outcomeOf } from "./ending.ts";
import { isWithoutTasks, nameOf, primarySeen } from "./live_now.ts";
import { adviseOnCause } from "./messages/causes/cause_text.ts";
import { currentPlan, type ServiceState } from "./state.ts";
import { describeNetwork, findWayOut, isNotMendedByGoingBack, renderWayOut, restoresNetwork } from "./way_out.ts";

/** A command to type, and its purpose. */
export interface NextStep {
  readonly kind: "rollBack" | "retry" | "choose" | "answer" | "follow" | "look" | "explain" | "judge";
  /** In lower case; a colon and the command follow. */
  readonly purpose: string;
  readonly command: string;
}

/** What to type next for a service, most urgent first. Leftovers come before all this. */
export function nextSteps(service: ServiceState): NextStep[] {
  const { detached, unfinished, check } = service;
  const outcome = outcomeOf(service);
  const after = outcome === undefined ? [] : stepsAfter(outcome, service);
  const watching = detached === undefined ? [] : [watch(detached, service)];
  if (!isRollingBack(service)) return [...watching, ...after];
  const isBack = isRolledBack(service) || check !== undefined;
  return [
    ...watching,
    ...(isBack ? [] : [watch(unfinished?.ordered ?? "no", service)]),
    ...after.filter(({ kind }) => kind === "explain"),
  ];
}

/** What to type after the outcome of one plan, without leftovers, most urgent first. */
const stepsAfter = byKind<Outcome, NextStep[], [service: ServiceState]>({
  succeeded: (_, service) => endsBeforeDeployment(service) ? [follow(service)] : judge(service),
  unchanged: ({ because }, service) =>
    because?.code === "goesBackAlready" && because.state === "failed" ? [look(service.ref)] : stepsAfterBake(service),
  submitted: ({ startsNone, leftTo }, service) => [
    startsNone || leftTo !== undefined ? look(service.ref) : follow(service),
  ],
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

/** If the rollback did not help, the earlier release is no better: another release, or something else, is to blame. */
function stepsAfterBake({ bake, ref }: ServiceState): NextStep[] {
  const verdict = bake?.verdict;
  if (verdict?.kind === "didNotHelp") return [...explainAlarms(ref, alarmsOff(verdict)), choose(ref)];
  return verdict !== undefined && mayBeKnownLater(verdict)
    ? [step("judge", "to ask again later whether it helped", ref, waitFor(bake!.step))]
    : [];
}

/** How the bake ended, or the command that starts one. */
function judge(service: ServiceState): NextStep[] {
  const { main, bake, ref, isDryRun, command } = service;
  const isAsked = bake !== undefined || main?.plan.steps.some(({ kind }) => kind === "bake") === true;
  if (isAsked) return stepsAfterBake(service);
  const isOffered = command === "rollback" && !isDryRun && main?.plan.isJudgeable === true;
  return isOffered ? [step("judge", "to see whether it helped", ref, waitFor(USUAL_BAKE))] : [];
}

function stepsAfterFailure(outcome: Outcome, service: ServiceState): NextStep[] {
  const isGoingBack = outcome.kind === "rolledBackByEcs" && service.rollback === undefined &&
    (outcome.to === undefined || outcome.to.rolloutState === "IN_PROGRESS");
  return [
    ...alternatives(outcome, service),
    ...(isGoingBack ? [step("follow", "ECS rolls back by itself; watch until it has", service.ref, "wait")] : []),
    ...explain(service),
  ];
}

/** Where to look for the reason of a failure: at alarms, or at stopped tasks if no cause is known. */
function explain({ ref, alarms, main }: ServiceState): NextStep[] {
  if (alarms.length > 0 || (main !== undefined && main.causes.length > 0)) return explainAlarms(ref, alarms);
  return [{ kind: "explain", purpose: "why its tasks stopped", command: explainStoppedTasksCommand(ref) }];
}

function explainAlarms(ref: ServiceRef, alarms: readonly string[]): NextStep[] {
  const purpose = `why the alarm${alarms.length === 1 ? "" : "s"} fired`;
  return alarms.length === 0 ? [] : [{ kind: "explain", purpose, command: describeAlarmsCommand(ref, alarms) }];
}

function stepsAfterWatching(outcome: Outcome & { readonly ordered: Ordered }, service: ServiceState): NextStep[] {
  return [
    ...alternatives(outcome, service),
    ...answerHooks(service),
    ...(outcome.ordered === "no" ? [] : [watch(outcome.ordered, service)]),
  ];
}

/** The deployment waits until somebody answers these hooks. */
function answerHooks(service: ServiceState): NextStep[] {
  const { arn, awaitingHooks } = currentPlan(service)?.serviceDeployment ?? { awaitingHooks: [] };
  if (arn === undefined) return [];
  return awaitingHooks.map((hook) => {
    return { kind: "answer", purpose: "to go on", command: continueCommand(arn, hook, "CONTINUE") };
  });
}

/**
 * What to do about a deployment that failed, or whose tasks kept stopping until the time was up. After a rollback, a
 * person has to choose a revision; a deploy that created the service has nothing to go back to; and if ECS has rolled a
 * deploy back, the service is back already.
 */
function alternatives(outcome: Outcome, service: ServiceState): NextStep[] {
  const { ref, main, rollback, command } = service;
  const [cause] = main?.causes ?? [];
  if (rollback !== undefined) return [];
  // No task starts, and waiting does not change that.
  const cannotStart = isWithoutTasks(service) && cause !== undefined && !isOfPlatform(cause);
  const isHopeless = outcome.kind === "failed" || outcome.kind === "givenUp" ||
    (outcome.kind === "timedOut" && outcome.ordered === "yes" && (outcome.isCrashLooping === true || cannotStart));
  const intent = main?.plan.intent ?? command;
  // The release is not to blame: wait while ECS keeps trying; if it has stopped, start the same again.
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

/** Starts another deployment of the service's task definition; needs no definition files. */
export function tryAgain(service: ServiceState): NextStep {
  const primary = primarySeen(service);
  const what = primary === undefined ? "the deployment" : nameOf(primary);
  // Without `--query`, the description of the service would fill the screen.
  const again = `${updateServiceCommand(service.ref, "forceNewDeployment", true)} --query service.status`;
  return {
    kind: "retry",
    purpose: `start ${what} again`,
    command: `${again} && ${ecspressoCommand(service.ref, "wait")}`,
  };
}

/** To what is live, or ran before; if neither is known, to the previous deployment on ECS's record. */
function goBack(service: ServiceState): NextStep {
  const way = findWayOut(service);
  if (way === undefined) return step("rollBack", "roll back", service.ref, "rollback --revision previous");
  const [cause] = service.main?.causes ?? [];
  const command = renderWayOut(way, cause);
  const network = restoresNetwork(way, cause) ? " and to its own subnets and security groups" : "";
  const how = way.isLive ? " (ECS replaces its running tasks with new ones)" : "";
  return step("rollBack", `set the service back to ${shortName(way.to)}${network}${how}`, service.ref, command);
}

function choose(ref: ServiceRef): NextStep {
  const typed = ecspressoCommand(ref, "rollback --revision N");
  return step("choose", `list the revisions (then type ${typed})`, ref, "revisions --output table");
}

/** How to see what becomes of an order. */
export function watch(ordered: Ordered, service: ServiceState): NextStep {
  return ordered === "yes" ? follow(service) : look(service.ref);
}

/** Follows the deployment again, with the bake that was asked for. */
function follow({ ref, main, rollback }: ServiceState): NextStep {
  const bake = rollback === undefined ? main?.plan.steps.find((one) => one.kind === "bake") : undefined;
  return step("follow", "to follow the deployment", ref, waitFor(bake));
}

/** Shows the current state of the service. */
function look(ref: ServiceRef): NextStep {
  return step("look", "see what runs now", ref, "status");
}

function step(kind: NextStep["kind"], purpose: string, ref: ServiceRef, command: string): NextStep {
  return { kind, purpose, command: ecspressoCommand(ref, command) };
}

/** `to follow the deployment: ecspresso wait` */
export function describeNextStep({ purpose, command }: NextStep): string {
  return `${purpose}: ${command}`;
}

const FAILED: ReadonlySet<string> = new Set(["failed", "rolledBackByEcs", "givenUp", "timedOut"]);

/** What to do about the cause of a failure, as a clause. `isOfCauseAlone`: it is the usual advice for that cause. */
export interface Advice {
  readonly text: string;
  readonly isOfCauseAlone: boolean;
}

export function adviceFor(service: ServiceState): Advice | undefined {
  const [cause] = service.main?.causes ?? [];
  if (!FAILED.has(outcomeOf(service)?.kind ?? "") || cause === undefined || service.alarms.length > 0) return undefined;
  const advice = adviseOnCause(cause);
  if (advice === undefined) return undefined;
  const network = describeNetwork(service);
  return { text: network === "" ? advice : `${network}; ${advice}`, isOfCauseAlone: network === "" };
}
