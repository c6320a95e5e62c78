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
import { byKind } from "./cases.ts";
import { endsBeforeDeployment, isRolledBack, isRollingBack, outcomeOf } from "./ending.ts";
import { isWithoutTasks, nameOf, primarySeen } from "./live_now.ts";
import { adviseOnCause } from "./messages/cause_text.ts";
import { currentPlan, type ServiceState } from "./state.ts";
import { describeNetwork, findWayOut, isNotMendedByGoingBack, renderWayOut, restoresNetwork } from "./way_out.ts";

/** A command to type, and what it is for. */
export interface NextStep {
  readonly kind: "rollBack" | "retry" | "choose" | "answer" | "follow" | "look" | "explain" | "judge";
  /** In lower case; the command follows behind a colon. */
  readonly purpose: string;
  readonly command: string;
}

/** What to type next on a service, most pressing first; what is left to be done by hand comes before it. */
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

/** What to type after one plan's outcome, leftovers apart, most pressing first. */
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

/** Where it has not helped, the release that is back is no better: another one, or something else, is to blame. */
function stepsAfterBake({ bake, ref }: ServiceState): NextStep[] {
  const verdict = bake?.verdict;
  if (verdict?.kind === "didNotHelp") return [...explainAlarms(ref, alarmsOff(verdict)), choose(ref)];
  return verdict !== undefined && mayBeKnownLater(verdict)
    ? [step("judge", "to ask again later whether it helped", ref, waitFor(bake!.step))]
    : [];
}

/** Whether it has helped: what was found, or the command that finds it. */
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

/** Where to look for why it has failed, as far as the cause does not say it. */
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
  // No task starts, for a cause that waiting does not mend.
  const cannotStart = isWithoutTasks(service) && cause !== undefined && !isOfPlatform(cause);
  const isHopeless = outcome.kind === "failed" || outcome.kind === "givenUp" ||
    (outcome.kind === "timedOut" && outcome.ordered === "yes" && (outcome.isCrashLooping === true || cannotStart));
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

/** Another deployment of the same task definition, which the service has already: it needs no files. */
export function tryAgain(service: ServiceState): NextStep {
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

/** Watches the deployment again, and whether it helps where that was asked. */
function follow({ ref, main, rollback }: ServiceState): NextStep {
  const bake = rollback === undefined ? main?.plan.steps.find((one) => one.kind === "bake") : undefined;
  return step("follow", "to follow the deployment", ref, waitFor(bake));
}

/** Shows the service as it is. */
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

/** What to do about the cause of a failure, as a clause. `isOfCauseAlone`: the same is said wherever the cause is named. */
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
