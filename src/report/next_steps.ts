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
import { alarmsOff } from "./bake_text.ts";
import { byKind } from "./cases.ts";
import { endsBeforeDeployment, isRolledBack, isRollingBack, nameOfTarget, outcomeOf } from "./ending.ts";
import { isWithoutTasks, nameOf, primarySeen } from "./live_now.ts";
import { adviseOnCause, comesFirst } from "./messages/cause_text.ts";
import { currentPlan, type ServiceState } from "./state.ts";
import { describeNetwork, findWayOut, isNotMendedByGoingBack, renderWayOut } from "./way_out.ts";

/** A command to type, and what it is for. */
export interface NextStep {
  readonly kind: "rollBack" | "retry" | "choose" | "answer" | "follow" | "look" | "explain";
  /** In lower case; the command follows behind a colon. */
  readonly purpose: string;
  readonly command: string;
}

/** What to type next on a service, most pressing first; what is left to be done by hand comes before it. */
export function nextSteps(service: ServiceState): NextStep[] {
  const { detached, unfinished, check, ref } = service;
  const outcome = outcomeOf(service);
  const after = outcome === undefined ? [] : stepsAfter(outcome, service);
  const watching = detached === undefined ? [] : [watch(detached, ref)];
  if (!isRollingBack(service)) return [...watching, ...after];
  const isBack = isRolledBack(service) || check !== undefined;
  return [
    ...watching,
    ...(isBack ? [] : [watch(unfinished?.ordered ?? "no", ref)]),
    ...after.filter(({ kind }) => kind === "explain"),
  ];
}

/** What to type after one plan's outcome, leftovers apart, most pressing first. */
const stepsAfter = byKind<Outcome, NextStep[], [service: ServiceState]>({
  succeeded: (_, service) => endsBeforeDeployment(service) ? [follow(service.ref)] : stepsAfterBake(service),
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

/** Where it has not helped, the release that is back is no better: another one, or something else, is to blame. */
function stepsAfterBake({ bake, ref }: ServiceState): NextStep[] {
  return bake?.verdict?.kind === "didNotHelp" ? [...explainAlarms(ref, alarmsOff(bake.verdict)), choose(ref)] : [];
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
  const command = renderWayOut(way, cause);
  const network = command.includes("--restore service") ? " and to its own subnets and security groups" : "";
  const how = way.isLive ? " (ECS replaces its running tasks with new ones)" : "";
  return step("rollBack", `set the service back to ${shortName(way.to)}${network}${how}`, service.ref, command);
}

function choose(ref: ServiceRef): NextStep {
  const typed = ecspressoCommand(ref, "rollback --revision N");
  return step("choose", `list the revisions (then type ${typed})`, ref, "revisions --output table");
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

/** What to do about the cause of a failure. */
export function adviseOn(service: ServiceState): string[] {
  const advice = adviceFor(service);
  return advice === undefined ? [] : [`advice: ${advice}`];
}

const FAILED: ReadonlySet<string> = new Set(["failed", "rolledBackByEcs", "givenUp", "timedOut"]);

function adviceFor(service: ServiceState): string | undefined {
  const [cause] = service.main?.causes ?? [];
  if (!FAILED.has(outcomeOf(service)?.kind ?? "") || cause === undefined || service.alarms.length > 0) return undefined;
  const advice = adviseOnCause(cause);
  if (advice === undefined) return undefined;
  const network = describeNetwork(service);
  return network === "" ? advice : `${network}; ${advice}`;
}

/** What to type next and what to do about the cause, in the order in which that is to be done: a line each. */
export function orderSteps(service: ServiceState): string[] {
  const [next, ...others] = nextSteps(service);
  const advice = adviceFor(service);
  const typed = next === undefined ? [] : [render(next)];
  if (next === undefined || advice === undefined) {
    const when = isRolledBack(service) && isRollingBack(service) ? "before the next deploy" : "advice";
    return [...typed, ...(advice === undefined ? [] : [`${when}: ${advice}`])];
  }
  const [cause] = service.main?.causes ?? [];
  const isFirst = isNotMendedByGoingBack(service) || (cause !== undefined && comesFirst(cause));
  switch (next.kind) {
    case "retry":
      return [`${isOfPlatform(cause!) ? NO_ROLLBACK : ""}first: ${advice}`, `then ${render(next)}`];
    case "rollBack": {
      const choice = others.filter(({ kind }) => kind === "choose").map((other) => `otherwise ${render(other)}`);
      if (isFirst) return [`first: ${advice}`, `then ${render(next)}`, ...choice];
      if (cause?.code === "noRoom") return byDemand(next, advice, service);
      const again = primarySeen(service);
      const isLive = again !== undefined && findWayOut(service)?.isLive === true;
      const first = isLive ? `first, so that nothing starts ${nameOf(again)} again,` : "first";
      if (service.main?.plan.intent !== "rollback") return [`${first} ${render(next)}`, `then: ${advice}`];
      const to = findWayOut(service)?.to;
      const old = to === undefined ? "it" : shortName(to);
      return [
        ...(choice.length === 0 ? [`first ${render(next)}`] : [`if ${old} works, ${render(next)}`, ...choice]),
        `before ${nameOfTarget(service)} is tried again: ${advice}`,
      ];
    }
    case "follow":
      return isFirst ? [`first: ${advice}`, `then: ${render(next)}`] : [render(next), `then: ${advice}`];
    default:
      return [`advice: ${advice}`, ...typed];
  }
}

const NO_ROLLBACK = "do not roll back, because that needs new tasks, too; ";

/** Where there is no room, it depends on what the release asks for: going back needs room for new tasks, too. */
function byDemand(back: NextStep, advice: string, service: ServiceState): string[] {
  const primary = primarySeen(service);
  const of = primary === undefined ? "it" : nameOf(primary);
  return [
    `if ${of} asks for more than what ran before, ${render(back)}`,
    `otherwise: ${advice}; then ${render(tryAgain(service))}`,
  ];
}

function render({ purpose, command }: NextStep): string {
  return `${purpose}: ${command}`;
}
