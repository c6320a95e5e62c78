import { parseTaskDefinitionArn, shortName } from "../model/arn.ts";
import { ecspressoCommand } from "../model/typed_commands.ts";
import { type Deployment, subjectName } from "../model/service.ts";
import type { FailureReason } from "../rollout/assess.ts";
import type { Outcome } from "../rollout/events.ts";
import { formatDuration, type Line } from "./log.ts";
import { describeLeftover } from "./run_notice_text.ts";
import { type NextStep, stepsAfter } from "./next_steps.ts";
import { NOUNS } from "./plan_text.ts";
import { currentPlan, type ServiceState } from "./state.ts";

/** How the current plan of a service has ended, and what to type next as far as that is known by now. */
export function describeOutcome(outcome: Outcome, service: ServiceState): Line[] {
  const leftovers = outcome.leftovers.flatMap((leftover): Line[] => {
    const { problem, command } = describeLeftover(leftover, service.ref);
    return [["error", problem], ["error", `still to do: ${command}`]];
  });
  if (outcome.kind === "succeeded") {
    const until = currentPlan(service)?.plan.until ?? service.alreadyEnded?.until;
    const state = `Service is ${outcome.isEarly ? "deployed" : until} now.`;
    return leftovers.length === 0 ? [["info", `${state} Completed!`]] : [["info", state], ...leftovers];
  }
  return [...describeEnd(outcome, service), ...describeSteps(outcome, service), ...leftovers];
}

/** What comes next of a deploy that might have been rolled back and is not: all that was open at its end. */
export function describeStaying(outcome: Outcome, service: ServiceState): Line[] {
  const goesOn = outcome.kind === "timedOut" && outcome.ordered === "yes";
  // An interruption has said itself what comes next.
  if (outcome.kind === "interrupted") return [];
  return [
    ...(goesOn ? [["error", `ECS goes on with the ${nounOf(service)}`] as const] : []),
    ...stepLines(outcome, service, ["follow", "choose", "rollBack"]),
  ];
}

/** Whether it is decided after the outcome what comes next. */
function isUndecided({ main, rollback, decision }: ServiceState): boolean {
  return main?.rollsBackOnFailure === true && rollback === undefined && decision === undefined;
}

function describeSteps(outcome: Outcome, service: ServiceState): Line[] {
  // These say themselves what to type.
  if (["submitted", "stalePlan", "copyIncomplete"].includes(outcome.kind)) return [];
  const kinds: NextStep["kind"][] = isUndecided(service) && outcome.kind !== "interrupted"
    ? ["explain", "look"]
    : ["explain", "look", "follow", "choose", "rollBack"];
  return stepLines(outcome, service, kinds);
}

/** The last line is the most pressing one. */
function stepLines(outcome: Outcome, service: ServiceState, kinds: readonly NextStep["kind"][]): Line[] {
  const steps = stepsAfter(outcome, service).filter(({ kind }) => kinds.includes(kind)).toReversed();
  const level = outcome.kind === "interrupted" ? "warn" : "error";
  return steps.map(({ kind, purpose, command }): Line => {
    const isLooping = outcome.kind === "timedOut" && (kind === "rollBack" || kind === "choose");
    return [level, `${isLooping ? "its tasks keep stopping; " : ""}${purpose}: ${command}`];
  });
}

function nounOf(service: ServiceState): string {
  return NOUNS[currentPlan(service)?.plan.intent ?? service.command];
}

function describeEnd(outcome: Exclude<Outcome, { kind: "succeeded" }>, service: ServiceState): Line[] {
  const noun = nounOf(service);
  switch (outcome.kind) {
    case "unchanged": {
      // Auto scaling may have been suspended or restored.
      const rest = currentPlan(service)?.plan.steps.length ? "No deployment is needed." : "Nothing to do.";
      return [["info", `Already at task definition ${outcome.taskDefinition} and stable. ${rest}`]];
    }
    case "submitted":
      return describeSubmitted(outcome, service);
    case "stalePlan":
      return describeStalePlan(outcome, service);
    case "copyIncomplete":
      return describeIncompleteCopy(outcome, service);
    case "failed":
      return [["error", `The ${noun}${nameOf(outcome.of, " of ")} failed: ${describeReason(outcome.reason)}`]];
    case "rolledBackByEcs": {
      const to = nameOf(outcome.to?.taskDefinition, " to ");
      const what = `The ${noun}${nameOf(outcome.of, " of ")} failed and ECS has turned the service back${to}`;
      return [["error", `${what}: ${describeReason(outcome.reason)}`]];
    }
    case "superseded": {
      const what = describeNewcomer(outcome.by);
      return [["error", `The ${noun} has been superseded: ${what}, started by somebody else`]];
    }
    case "gone":
      return [["error", `The service has gone during the ${noun} (${outcome.status}): somebody has deleted it`]];
    case "timedOut":
      return [["error", describeTimeout(outcome, service)]];
    case "interrupted":
      return [["warn", INTERRUPTED[outcome.ordered]]];
  }
}

const INTERRUPTED = {
  no: "Interrupted: no deployment was started",
  yes: "Interrupted: no longer watching. What ECS has begun goes on",
  unknown: "Interrupted: whether ECS has taken the order is not known, it may be in flight",
};

function describeTimeout({ ordered }: Extract<Outcome, { kind: "timedOut" }>, service: ServiceState): string {
  const within = formatDuration(service.timeoutMs);
  switch (ordered) {
    case "no":
      return `Timed out after ${within}: no deployment was started`;
    case "yes": {
      const goesOn = isUndecided(service) ? "" : ". ECS goes on with it";
      return `Timed out: the ${nounOf(service)} was not completed within ${within}${goesOn}`;
    }
    case "unknown":
      return `Timed out after ${within}: whether ECS has taken the order is not known, it may be in flight`;
  }
}

function describeSubmitted(
  { leftTo, startsNone }: Extract<Outcome, { kind: "submitted" }>,
  service: ServiceState,
): Line[] {
  // The last word of an automatic rollback comes when the service was read again.
  if (service.rollback !== undefined) return [];
  const see = `To see the service: ${ecspressoCommand(service.ref, "status")}`;
  if (leftTo !== undefined) return [["info", `Service is created. ${describeOwner(leftTo)}. ${see}`]];
  const taken = `ECS has taken the ${nounOf(service)}`;
  return startsNone ? [["info", `${taken}, which starts no deployment. ${see}`]] : [
    ["info", `${taken} and is still deploying it. To follow it: ${ecspressoCommand(service.ref, "wait")}`],
  ];
}

/** Who deploys a service that ECS does not. */
function describeOwner(controller: string): string {
  return controller === "CODE_DEPLOY"
    ? "From now on its deployments belong to AWS CodeDeploy (blue/green)"
    : `From now on its task sets belong to the system that deploys it (deployment controller ${controller})`;
}

function describeStalePlan(
  { by, hasSuspensionChanged }: Extract<Outcome, { kind: "stalePlan" }>,
  service: ServiceState,
): Line[] {
  const intent = currentPlan(service)?.plan.intent ?? service.command;
  const verb = intent === "rollback" ? "roll back" : intent;
  const why = hasSuspensionChanged ? "the suspension of auto scaling has changed" : describeNewcomer(by);
  return [
    ["error", `cannot ${verb} ${subjectName(service.ref)}: ${why} since the plan was made`],
    [
      "error",
      service.rollback !== undefined
        ? "it is left as it is: look at it before anything else is done"
        : "nothing has been changed: look at it, then run the command again to plan anew",
    ],
  ];
}

function describeIncompleteCopy(outcome: Extract<Outcome, { kind: "copyIncomplete" }>, { ref }: ServiceState): Line[] {
  const [original, copy] = [shortName(outcome.of), shortName(outcome.copy)];
  const state = outcome.leftovers.length === 0 ? "deregistered again" : "not to be used";
  return [
    [
      "error",
      `cannot roll back ${subjectName(ref)} to a copy of ${original}: ECS did not keep ${outcome.lost.join(", ")} in ` +
      `the copy, ${copy}`,
    ],
    ["error", `the service is unchanged, and ${copy} is ${state}: choose another revision, or deploy the file`],
  ];
}

function describeNewcomer(by: Deployment | undefined): string {
  return by === undefined
    ? "the service has gone"
    : `deployment ${by.id} to ${shortName(parseTaskDefinitionArn(by.taskDefinition))} has begun`;
}

function nameOf(taskDefinition: string | undefined, lead: string): string {
  return taskDefinition === undefined ? "" : `${lead}${shortName(parseTaskDefinitionArn(taskDefinition))}`;
}

/** Why a deployment has failed, in ECS's words where it has any. */
export function describeReason(reason: FailureReason): string {
  if (typeof reason === "string") return reason;
  switch (reason.code) {
    case "primaryAgain":
      return `deployment ${reason.deployment} is PRIMARY again, in place of ${reason.inPlaceOf}`;
    case "noReason":
      return `deployment ${reason.deployment} failed`;
    case "serviceDeploymentEnded":
      return `service deployment ${reason.status}`;
    case "completedBeforeStop":
      return "the deployment was completed before ECS stopped it: a rollback given now updates the service";
  }
}
