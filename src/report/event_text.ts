import { parseTaskDefinitionArn, shortName } from "../model/arn.ts";
import { explainStoppedTasksCommand } from "../model/aws_cli.ts";
import { type Deployment, subjectName } from "../model/service.ts";
import type { Ordered, Outcome, RolloutEvent } from "../rollout/events.ts";
import type { AwaitDeployment, CreateService, Plan, Step, UpdateService } from "../rollout/plan/plan.ts";
import { renderCauses } from "./cause_text.ts";
import { renderDeployment, renderStage } from "./deployment_text.ts";
import { type Alternative, findAlternative } from "./find_alternative.ts";
import { formatDuration } from "./format_duration.ts";
import type { Line } from "./log.ts";
import { NOUNS, renderBrought, renderFollowed, renderSuspension } from "./plan_text.ts";

/** What the words depend on besides the event. */
export interface Wording {
  readonly plan: Pick<Plan, "intent" | "subject" | "until"> & Partial<Pick<Plan, "from" | "steps">>;
  /** The plan takes back what an earlier one has changed. */
  readonly takesBack: boolean;
  /** Whether to take it back is decided when it has ended: until then nobody can say what comes next. */
  readonly mayBeTakenBack: boolean;
  /** The command's own limit; 0: none. */
  readonly timeoutMs: number;
  /** What to type to follow a deployment, to see how the service is, and to do something else instead. */
  readonly commands: Readonly<Record<"wait" | "status" | Alternative["command"], string>>;
}

/** Puts an event into words. */
export function renderEvent(event: RolloutEvent, wording: Wording): Line[] {
  switch (event.kind) {
    case "stepStarted":
      return renderStepStarted(event.step, wording.plan);
    case "registered":
      return wording.plan.intent === "deploy"
        ? [["info", `Task definition is registered ${shortName(event.taskDefinition)}`]]
        : [["info", `Task definition is registered: ${event.taskDefinition.arn}`]];
    case "progress":
      return [
        ...event.progress.events.map(({ message }): Line => ["info", message]),
        ...event.progress.deployments.map((deployment): Line => ["info", renderDeployment(deployment)]),
        ...(event.progress.serviceDeployment === undefined ? [] : renderStage(event.progress.serviceDeployment)),
      ];
    case "causes":
      return renderCauses(event.causes).map((line): Line => ["warn", line]);
    case "failureEvents":
      return [
        ["warn", "what ECS said about it:"],
        ...event.events.map(({ message }): Line => ["warn", `  ${message}`]),
      ];
    case "scalingRestored":
      return [];
    case "leftGoing":
      return renderLeftGoing(event.ordered, wording).map((line): Line => ["warn", line]);
    case "notice":
      return [["warn", event.message]];
    case "finished":
      return renderOutcome(event.outcome, wording);
  }
}

/** What ECS does when nobody watches any more. */
export function renderLeftGoing(ordered: Exclude<Ordered, "no">, { plan, commands }: Wording): string[] {
  return [
    ordered === "yes" ? `ECS goes on with the ${NOUNS[plan.intent]}` : "ECS may have taken the order and go on with it",
    `to follow it: ${commands.wait}`,
  ];
}

function renderStepStarted(step: Step, plan: Wording["plan"]): Line[] {
  switch (step.kind) {
    case "suspendScaling":
      return [["info", `Suspending auto scaling of ${step.target.resourceId}`]];
    case "stopDeployment":
      return [
        ["info", `Rolling back to task definition: ${renderBrought(step.otherwise.taskDefinition)}`],
        ["info", `Stopping the deployment under way: ${step.arn}`],
      ];
    case "updateService":
      return renderUpdating(step, plan);
    case "register":
      return [["info", "Registering a new task definition..."]];
    case "createService":
      return [["info", renderCreating(step)]];
    case "registerCopy":
      return [["info", `Registering a copy of ${step.of.arn}`]];
    case "awaitDeployment":
      return renderAwaiting(step, plan);
    case "restoreScaling":
      return [["info", `Setting auto scaling of ${step.target.resourceId} to: ${renderSuspension(step.to)}`]];
    case "deregister":
      return [["info", `Deregistering task definition: ${step.taskDefinition.arn}`]];
  }
}

function renderUpdating({ taskDefinition, attributes = {} }: UpdateService, { intent }: Wording["plan"]): Line[] {
  const names = Object.keys(attributes);
  const changes: Line[] = names.length === 0 ? [] : [["info", `Changing the service's ${names.join(", ")}`]];
  if (intent === "deploy") return [...changes, ["info", "Updating service..."]];
  return taskDefinition === undefined
    ? changes
    : [["info", `Rolling back to task definition: ${renderBrought(taskDefinition)}`], ...changes];
}

function renderAwaiting(
  { follows, taskDefinition }: AwaitDeployment,
  { intent, until }: Wording["plan"],
): Line[] {
  const waiting: Line = ["info", `Waiting for service ${until}...(it will take a few minutes)`];
  if (follows === undefined) return intent === "deploy" ? [waiting] : [];
  const which = renderFollowed(follows);
  const name = taskDefinition === "registered" ? taskDefinition : shortName(taskDefinition);
  if (intent === "rollback") {
    const target = renderBrought(taskDefinition);
    return [["info", `Already rolling back to task definition: ${target}: following deployment ${which}`]];
  }
  return [
    [
      "info",
      follows.kind === "serviceDeployment" && follows.goal !== "success"
        ? `ECS is going back to ${name}: following deployment ${which}`
        : `Following deployment ${which} to ${name}`,
    ],
    waiting,
  ];
}

function renderOutcome(outcome: Outcome, wording: Wording): Line[] {
  const leftovers = outcome.leftovers.flatMap(({ problem, command }): Line[] => [
    ["error", problem],
    ["error", `still to do: ${command}`],
  ]);
  if (outcome.kind !== "succeeded") {
    return [
      ...renderEnd(outcome, wording),
      ...(wording.mayBeTakenBack ? [] : renderNext(outcome, wording)),
      ...leftovers,
    ];
  }
  const state = `Service is ${outcome.isEarly ? "deployed" : wording.plan.until} now.`;
  return leftovers.length === 0 ? [["info", `${state} Completed!`]] : [["info", state], ...leftovers];
}

/** What comes next of a deploy that is not taken back, although it might have been: all that was not said at its end. */
export function renderLeft(outcome: Outcome, wording: Wording): Line[] {
  const goesOn = outcome.kind === "timedOut" && outcome.ordered === "yes";
  const left: Line[] = goesOn ? [["error", `ECS goes on with the ${NOUNS[wording.plan.intent]}`]] : [];
  return [...left, ...renderNext(outcome, wording)];
}

/** What to do where it may still be that something is done without being asked. */
function renderNext(outcome: Outcome, { plan, takesBack, commands }: Wording): Line[] {
  const goesOn = outcome.kind === "timedOut" && outcome.ordered === "yes";
  const follow: Line[] = goesOn ? [["error", `to follow it: ${commands.wait}`]] : [];
  // A way back that has failed has its own last words.
  const alternative = takesBack ? undefined : findAlternative(outcome, plan);
  if (alternative === undefined) return follow;
  const why = goesOn ? "its tasks keep stopping; " : "";
  return [...follow, ["error", `${why}${alternative.purpose}: ${commands[alternative.command]}`]];
}

function renderEnd(outcome: Exclude<Outcome, { kind: "succeeded" }>, wording: Wording): Line[] {
  const { commands, plan: { intent, subject, steps = [] } } = wording;
  const noun = NOUNS[intent];
  switch (outcome.kind) {
    case "unchanged": {
      // Auto scaling may have been suspended or given back.
      const rest = steps.length === 0 ? "Nothing to do." : "No deployment is needed.";
      return [["info", `Already at task definition ${outcome.taskDefinition} and stable. ${rest}`]];
    }
    case "submitted":
      // Who takes back waits where there is something to wait for, and has the last word.
      if (wording.takesBack) return [];
      if (outcome.leftTo !== undefined) {
        return [[
          "info",
          `Service is created. ${renderOwner(outcome.leftTo)}. To see the service: ${commands.status}`,
        ]];
      }
      if (outcome.startsNone) {
        return [[
          "info",
          `ECS has taken the ${noun}, which starts no deployment. To see the service: ${commands.status}`,
        ]];
      }
      return [["info", `ECS has taken the ${noun} and is still deploying it. To follow it: ${commands.wait}`]];
    case "outdated":
      return [
        [
          "error",
          `cannot ${intent === "rollback" ? "roll back" : intent} ${subjectName(subject)}: ${
            outcome.hasSuspensionChanged ? "the suspension of auto scaling has changed" : renderNewcomer(outcome.by)
          } since the plan was made`,
        ],
        [
          "error",
          wording.takesBack
            ? "it is left as it is: look at it before anything else is done"
            : "nothing has been changed: look at it, then run the command again to plan anew",
        ],
      ];
    case "copyIncomplete": {
      const [original, copy] = [shortName(outcome.of), shortName(outcome.copy)];
      return [
        [
          "error",
          `cannot roll back ${subjectName(subject)} to a copy of ${original}: ECS did not keep ` +
          `${outcome.lost.join(", ")} in the copy, ${copy}`,
        ],
        [
          "error",
          `the service is unchanged, and ${copy} is ${
            outcome.leftovers.length === 0 ? "deregistered again" : "not to be used"
          }: choose another revision, or deploy the file`,
        ],
      ];
    }
    case "failed":
      return [
        ["error", `The ${noun}${renderOf(outcome.of)} failed: ${outcome.reason}`],
        ["error", `why its tasks stopped: ${explainStoppedTasksCommand(subject)}`],
      ];
    case "rolledBackByEcs":
      return [
        [
          "error",
          `The ${noun}${renderOf(outcome.of)} failed and ECS has turned the service back${renderTo(outcome.to)}: ` +
          outcome.reason,
        ],
        ["error", `why its tasks stopped: ${explainStoppedTasksCommand(subject)}`],
      ];
    case "superseded":
      return [
        ["error", `The ${noun} has been superseded: ${renderNewcomer(outcome.by)}, started by somebody else`],
        ["error", `see what runs now: ${commands.status}`],
      ];
    case "gone":
      return [
        ["error", `The service has gone during the ${noun} (${outcome.status}): somebody has deleted it`],
        ["error", `see what runs now: ${commands.status}`],
      ];
    case "timedOut": {
      const within = formatDuration(wording.timeoutMs);
      const goesOn = wording.mayBeTakenBack ? "" : ". ECS goes on with it";
      const message = {
        no: `Timed out after ${within}: no deployment was started`,
        yes: `Timed out: the ${noun} was not completed within ${within}${goesOn}`,
        unknown: `Timed out after ${within}: whether ECS has taken the order is not known, it may be in flight`,
      }[outcome.ordered];
      const look: Line[] = outcome.ordered === "unknown" ? [["error", `see what runs now: ${commands.status}`]] : [];
      return [["error", message], ...look];
    }
    case "interrupted": {
      const next = {
        no: [],
        yes: [["warn", `to follow it: ${commands.wait}`] as const],
        unknown: [["warn", `see what runs now: ${commands.status}`] as const],
      }[outcome.ordered];
      const message = {
        no: "Interrupted: no deployment was started",
        yes: "Interrupted: no longer watching. What ECS has begun goes on",
        unknown: "Interrupted: whether ECS has taken the order is not known, it may be in flight",
      }[outcome.ordered];
      return [["warn", message], ...next];
    }
  }
}

function renderCreating({ taskDefinition }: CreateService): string {
  return taskDefinition === undefined
    ? "Creating service without a task definition"
    : `Creating service with task definition: ${renderBrought(taskDefinition)}`;
}

/** Who deploys a service that ECS does not. */
function renderOwner(controller: string): string {
  return controller === "CODE_DEPLOY"
    ? "From now on its deployments belong to AWS CodeDeploy (blue/green)"
    : `From now on its task sets belong to the system that deploys it (deployment controller ${controller})`;
}

function renderNewcomer(by: Deployment | undefined): string {
  return by === undefined
    ? "the service has gone"
    : `deployment ${by.id} to ${shortName(parseTaskDefinitionArn(by.taskDefinition))} has begun`;
}

function renderOf(taskDefinition: string | undefined): string {
  return taskDefinition === undefined ? "" : ` of ${shortName(parseTaskDefinitionArn(taskDefinition))}`;
}

function renderTo(to: Deployment | undefined): string {
  return to === undefined ? "" : ` to ${shortName(parseTaskDefinitionArn(to.taskDefinition))}`;
}
