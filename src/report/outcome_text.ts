import { parseTaskDefinitionArn, shortName } from "../model/arn.ts";
import { ecspressoCommand } from "../model/typed_commands.ts";
import { type Deployment, type ServiceRef, subjectName } from "../model/service.ts";
import type { FailureReason } from "../rollout/assess.ts";
import type { Leftover, Ordered, Outcome } from "../rollout/events.ts";
import type { StopRefusal } from "../rollout/plan/refusal.ts";
import { byCode, byKind, type Named } from "./cases.ts";
import { error, formatDuration, info, type Line, warn } from "./log.ts";
import { adviseOnDenial } from "./failure_text.ts";
import { renderCarried } from "./messages/carried_text.ts";
import { adviseOlder } from "./messages/needs_text.ts";
import { nameFrom } from "./messages/phrases.ts";
import { describeLeftover } from "./run_notice_text.ts";
import { follow, look, type NextStep, stepsAfter } from "./next_steps.ts";
import { NOUNS } from "./plan_text.ts";
import { currentPlan, intentOf, type ServiceState } from "./state.ts";

/** How the current plan of a service has ended, and what to type next as far as that is known by now. */
export function describeOutcome(outcome: Outcome, service: ServiceState): Line[] {
  const leftovers = describeLeftovers(outcome.leftovers, service.ref);
  return [...describeEnd(outcome, service), ...describeSteps(outcome, service), ...leftovers];
}

/** What is left to do by hand, and how. */
export function describeLeftovers(leftovers: readonly Leftover[], ref: ServiceRef): Line[] {
  return leftovers.flatMap((leftover) => {
    const { problem, command } = describeLeftover(leftover, ref);
    return error(problem, `still to do: ${command}`);
  });
}

/** What comes next of a deploy that might have been rolled back and is not: all that was open at its end. */
export function describeStaying(outcome: Outcome, service: ServiceState): Line[] {
  // An interruption has said itself what comes next.
  if (outcome.kind === "interrupted") return [];
  const goesOn = outcome.kind === "timedOut" && outcome.ordered === "yes";
  return [
    ...(goesOn ? error(`ECS keeps trying. ${lastSeen(service)}`.trimEnd()) : []),
    ...stepLines(outcome, service, ["follow", "choose", "rollBack"]),
  ];
}

/** Whether it is decided after the outcome what comes next. */
function isUndecided({ main, rollback, decision }: ServiceState): boolean {
  return main?.rollsBackOnFailure === true && rollback === undefined && decision === undefined;
}

function describeSteps(outcome: Outcome, service: ServiceState): Line[] {
  // These say themselves what to type.
  if (["submitted", "stalePlan", "copyIncomplete", "cannotPin"].includes(outcome.kind)) return [];
  // What comes next of an automatic rollback is said when all of it is over.
  if (service.rollback !== undefined) return stepLines(outcome, service, ["explain"]);
  return stepLines(outcome, service, [
    ...["explain", "look"] as const,
    ...(isUndecided(service) && outcome.kind !== "interrupted" ? [] : ["follow", "choose", "rollBack"] as const),
  ]);
}

/** The last line is the most pressing one. */
function stepLines(outcome: Outcome, service: ServiceState, kinds: readonly NextStep["kind"][]): Line[] {
  const steps = stepsAfter(outcome, service).filter(({ kind }) => kinds.includes(kind)).toReversed();
  const level = outcome.kind === "interrupted" ? "warn" : "error";
  return steps.map(({ kind, purpose, command }): Line => {
    const isLooping = outcome.kind === "timedOut" && (kind === "rollBack" || kind === "choose");
    return [level, `${isLooping ? "its tasks keep crashing; " : ""}${purpose}: ${command}`];
  });
}

const describeEnd = byKind<Outcome, Line[], [service: ServiceState]>({
  succeeded({ isEarly, leftovers }, service) {
    const until = currentPlan(service)?.plan.until ?? service.alreadyEnded?.until;
    return info(`Service is ${isEarly ? "deployed" : until} now.${leftovers.length === 0 ? " Completed!" : ""}`);
  },
  unchanged({ taskDefinition }, service) {
    // Auto scaling may have been suspended or restored.
    const rest = currentPlan(service)?.plan.steps.length ? "No deployment is needed." : "Nothing to do.";
    return info(`Already at task definition ${taskDefinition} and stable. ${rest}`);
  },
  submitted({ leftTo, startsNone }, service) {
    // The last word of an automatic rollback comes when the service was read again.
    if (service.rollback !== undefined) return [];
    const see = `To see the service: ${look(service.ref).command}`;
    if (leftTo !== undefined) return info(`Service is created. ${describeOwner(leftTo)}. ${see}`);
    const rest = startsNone ? `, which starts no deployment. ${see}` : `. To follow it: ${follow(service.ref).command}`;
    return info(`ECS has accepted the ${nounOf(service)}${rest}`);
  },
  stalePlan({ by, hasSuspensionChanged, refusal }, service) {
    if (refusal !== undefined) return describeStopRefusal(refusal, service);
    const intent = intentOf(service);
    const why = hasSuspensionChanged
      ? "somebody has changed the suspension of auto scaling"
      : by === undefined
      ? "the service is gone"
      : `somebody has started ${describeNewcomer(by)}`;
    const what = `${intent === "rollback" ? "roll back" : intent} ${subjectName(service.ref)}`;
    return error(
      `cannot ${what}: ${why} since the plan was made`,
      service.rollback !== undefined
        ? "it is left as it is: look at the service before you do anything else"
        : "nothing has been changed: look at the service, then run the command again",
    );
  },
  cannotPin: describeUnpinned,
  copyIncomplete({ of, copy, lost, leftovers }, { ref }) {
    const name = shortName(copy);
    return error(
      `cannot roll back ${subjectName(ref)} to a copy of ${shortName(of)}: ECS did not keep ${
        lost.join(", ")
      } in the ` +
        `copy, ${name}`,
      `the service is unchanged, and ${name} is ${leftovers.length === 0 ? "deregistered again" : "not to be used"}: ` +
        "choose another revision, or deploy the file",
    );
  },
  failed: ({ of, reason }, service) =>
    error(`The ${nounOf(service)}${nameOf(of, " of ")} failed: ${describeReason(reason)}`),
  rolledBackByEcs({ of, to, reason }, service) {
    const back = `ECS rolled the service back${nameOf(to?.taskDefinition, " to ")}`;
    return error(`The ${nounOf(service)}${nameOf(of, " of ")} failed, and ${back}: ${describeReason(reason)}`);
  },
  superseded: ({ by }, service) =>
    error(`The ${nounOf(service)} was superseded: somebody else started ${describeNewcomer(by)}`),
  gone: ({ status }, service) => error(`Somebody deleted the service during the ${nounOf(service)} (it is ${status})`),
  timedOut: ({ ordered }, service) => error(describeTimeout(ordered, service)),
  interrupted: ({ ordered }) => warn(INTERRUPTED[ordered]),
});

/** The stop is refused to this user, or comes too late, and nothing would start in its place. */
function describeStopRefusal({ error: said, target, passing }: StopRefusal, service: ServiceState): Line[] {
  const { ref } = service;
  const { from = target, carried } = currentPlan(service)?.plan ?? {};
  return error(
    `cannot roll back ${subjectName(ref)} to ${
      shortName(target)
    }: an image that it ran is gone, and the deployment under ` +
      `way cannot be stopped (${said})`,
    `nothing has been changed; ${adviseOlder(ref, from, passing, carried)}`,
  );
}

function describeUnpinned({ of, error: denial }: Named<Outcome, "kind", "cannotPin">, service: ServiceState): Line[] {
  const { ref, rollback } = service;
  const { from = of, carried } = currentPlan(service)?.plan ?? {};
  const rollBack = (how: string) => ecspressoCommand(ref, `rollback --revision ${nameFrom(from, of)}${how}`);
  const byTags = renderCarried({ ...carried, pin: "never" });
  // Of the same task definition, the tag names what has just failed.
  const isOther = from.arn !== of.arn;
  return error(
    `cannot roll back ${subjectName(ref)} to what ran with ${shortName(of)}: a tag has moved since, and the ` +
      `copy that names its image by digest may not be registered: ${denial}`,
    ...adviseOnDenial(denial),
    ...(rollback === undefined ? [] : [`once that is allowed: ${rollBack("")}`]),
    ...(isOther ? [`or start what the tag names today, which is NOT what ran: ${rollBack(byTags)}`] : []),
    rollback === undefined ? "nothing has been changed" : "the rollback has changed nothing",
  );
}

const INTERRUPTED: Readonly<Record<Ordered, string>> = {
  no: "Interrupted: no deployment was started",
  yes: "Interrupted: stopped watching; ECS keeps going",
  unknown: "Interrupted: ECS may have accepted the order",
};

function nounOf(service: ServiceState): string {
  return NOUNS[intentOf(service)];
}

function describeTimeout(ordered: Ordered, service: ServiceState): string {
  const within = formatDuration(service.timeoutMs);
  if (ordered === "no") return `Timed out after ${within}: no deployment was started`;
  if (ordered === "unknown") return `Timed out after ${within}: ECS may have accepted the order`;
  const stopped = `Stopped watching after ${within}`;
  return isUndecided(service) ? stopped : `${stopped}; ECS keeps trying. ${lastSeen(service)}`.trimEnd();
}

/** `Last seen: myservice:5 runs 0 of 2 tasks, myservice:4 runs 2.` */
function lastSeen(service: ServiceState): string {
  const deployments = currentPlan(service)?.deployments ?? [];
  const running = deployments.filter(({ status, runningCount }) => status === "PRIMARY" || runningCount > 0)
    .map(({ taskDefinition, status, runningCount, desiredCount }) =>
      `${nameOf(taskDefinition, "")} runs ${runningCount}${status === "PRIMARY" ? ` of ${desiredCount} tasks` : ""}`
    );
  return running.length === 0 ? "" : `Last seen: ${running.join(", ")}.`;
}

/** Who deploys a service that ECS does not. */
function describeOwner(controller: string): string {
  return controller === "CODE_DEPLOY"
    ? "From now on its deployments belong to AWS CodeDeploy (blue/green)"
    : `From now on its task sets belong to the system that deploys it (deployment controller ${controller})`;
}

function describeNewcomer({ id, taskDefinition }: Deployment): string {
  return `deployment ${id}${nameOf(taskDefinition, " to ")}`;
}

function nameOf(taskDefinition: string | undefined, lead: string): string {
  return taskDefinition === undefined ? "" : `${lead}${shortName(parseTaskDefinitionArn(taskDefinition))}`;
}

/** Why a deployment has failed, in ECS's words where it has any. */
export function describeReason(reason: FailureReason): string {
  return typeof reason === "string" ? reason : describeCode(reason);
}

const describeCode = byCode<Exclude<FailureReason, string>, string>({
  primaryAgain: ({ deployment, inPlaceOf }) => `deployment ${deployment} is PRIMARY again, in place of ${inPlaceOf}`,
  noReason: ({ deployment }) => `deployment ${deployment} failed`,
  serviceDeploymentEnded: ({ status }) => `ECS gives no reason (service deployment ${status})`,
  endedBefore: ({ status, said = "ECS gives no reason", running }) => {
    const what = status === "ROLLBACK_FAILED" ? "ECS did not succeed in going back" : `it is ${status}`;
    return `${said} (${what}; the service is at ${shortName(running)})`;
  },
  completedBeforeStop: () =>
    "the deployment was completed before ECS stopped it: a rollback given now updates the service",
});
