import { parseTaskDefinitionArn, shortName } from "../ecs/arn.ts";
import {
  continueCommand,
  describeDeploymentsCommand,
  explainStoppedTasksCommand,
  restoreScalingCommand,
} from "../ecs/aws_cli.ts";
import { SUSPENSION_RECORD_KEY } from "../ecs/scalable_target.ts";
import { type Deployment, subjectName } from "../ecs/service.ts";
import type { Ordered, Outcome, RolloutEvent } from "../rollout/events.ts";
import type { RestoreScaling, Step, SuspendScaling } from "../rollout/plan.ts";
import type { ServiceDeployment } from "../ecs/service_deployment.ts";
import { renderCauses } from "./cause_text.ts";
import { formatDuration } from "./format_duration.ts";
import type { Level } from "./log.ts";
import { renderFollowed, renderSuspension } from "./plan_text.ts";

/** What the log says about an event: a level and a message a line. */
export type Line = readonly [level: Level, message: string];

/** Puts an event into words. `timeoutMs` is the command's own limit. */
export function renderEvent(event: RolloutEvent, timeoutMs: number): Line[] {
  switch (event.kind) {
    case "stepStarted":
      return renderStepStarted(event.step);
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
      return [
        [
          "warn",
          event.ordered === "yes" ? "ECS goes on with the rollback" : "ECS may have taken the order and go on with it",
        ],
        ["warn", `to follow it: ${describeDeploymentsCommand(event.subject)}`],
      ];
    case "notice":
      return [["warn", event.message]];
    case "finished":
      return renderOutcome(event.outcome, timeoutMs);
  }
}

function renderStepStarted(step: Step): Line[] {
  switch (step.kind) {
    case "suspendScaling":
      return [["info", `Suspending auto scaling of ${step.target.resourceId}`]];
    case "stopDeployment":
      return [
        ["info", `Rolling back to task definition: ${step.otherwise.taskDefinition.arn}`],
        ["info", `Stopping the deployment under way: ${step.arn}`],
      ];
    case "updateService":
      return [["info", `Rolling back to task definition: ${step.taskDefinition.arn}`]];
    case "awaitDeployment":
      return step.follows === undefined ? [] : [
        [
          "info",
          `Already rolling back to task definition: ${step.taskDefinition.arn}: following deployment ${
            renderFollowed(step.follows)
          }`,
        ],
      ];
    case "restoreScaling":
      return [["info", `Setting auto scaling of ${step.target.resourceId} to: ${renderSuspension(step.to)}`]];
    case "deregister":
      return [["info", `Deregistering task definition: ${step.taskDefinition.arn}`]];
  }
}

/** The last words of a program that is stopped before it could give scaling back. */
export function renderSuspended(step: SuspendScaling | RestoreScaling): string[] {
  const [state, hasRecord] = step.kind === "suspendScaling"
    ? [step.prior, step.record !== "none"]
    : [step.to, step.hasRecord];
  const command = restoreScalingCommand(step.target, state, hasRecord ? SUSPENSION_RECORD_KEY : undefined);
  return [
    `Stopped at once: auto scaling of ${step.target.resourceId} may still be suspended`,
    `to restore it: ${command}`,
  ];
}

/** ` PRIMARY myservice:3 desired:2 pending:1 running:1`, as in the reference. */
function renderDeployment({ status, taskDefinition, desiredCount, pendingCount, runningCount }: Deployment): string {
  const name = shortName(parseTaskDefinitionArn(taskDefinition));
  return `${status.padStart(8)} ${name} desired:${desiredCount} pending:${pendingCount} running:${runningCount}`;
}

/** `service deployment IN_PROGRESS: BAKE_TIME (5 minutes)`, and how to answer a hook that waits. */
function renderStage({ arn, status, lifecycleStage, bakeTimeInMinutes, awaitingHooks }: ServiceDeployment): Line[] {
  const bakes = lifecycleStage === "BAKE_TIME" && bakeTimeInMinutes !== undefined;
  const stage = lifecycleStage === undefined
    ? ""
    : `: ${lifecycleStage}${bakes ? ` (${bakeTimeInMinutes} minutes)` : ""}`;
  return [
    ["info", `service deployment ${status}${stage}`],
    ...awaitingHooks.flatMap((hook): Line[] => [
      [
        "warn",
        `ECS waits for an answer at lifecycle hook ${hook}; to go on: ${continueCommand(arn, hook, "CONTINUE")}`,
      ],
      ["warn", `or to turn back: ${continueCommand(arn, hook, "ROLLBACK")}`],
    ]),
  ];
}

function renderOutcome(outcome: Outcome, timeoutMs: number): Line[] {
  const leftovers = outcome.leftovers.flatMap(({ problem, command }): Line[] => [
    ["error", problem],
    ["error", `still to do: ${command}`],
  ]);
  if (outcome.kind !== "succeeded") return [...renderEnd(outcome, timeoutMs), ...leftovers];
  return leftovers.length === 0
    ? [["info", "Service is stable now. Completed!"]]
    : [["info", "Service is stable now."], ...leftovers];
}

function renderEnd(outcome: Exclude<Outcome, { kind: "succeeded" }>, timeoutMs: number): Line[] {
  const { subject } = outcome;
  switch (outcome.kind) {
    case "unchanged":
      return [["info", `Already at task definition ${outcome.taskDefinition} and stable. Nothing to do.`]];
    case "submitted":
      return [[
        "info",
        `ECS has taken the rollback and is still deploying it. To follow it: ${describeDeploymentsCommand(subject)}`,
      ]];
    case "outdated":
      return [
        ["error", `cannot roll back ${subjectName(subject)}: ${renderNewcomer(outcome.by)} since the plan was made`],
        ["error", "nothing has been changed: look at it, then run the command again to plan anew"],
      ];
    case "failed":
      return [
        ["error", `The rollback failed: ${outcome.reason}`],
        ["error", `why its tasks stopped: ${explainStoppedTasksCommand(subject)}`],
      ];
    case "rolledBackByEcs":
      return [
        ["error", `The rollback failed and ECS has turned the service back${renderTo(outcome.to)}: ${outcome.reason}`],
        ["error", `why its tasks stopped: ${explainStoppedTasksCommand(subject)}`],
      ];
    case "superseded":
      return [
        ["error", `The rollback has been superseded: ${renderNewcomer(outcome.by)}, started by somebody else`],
        ["error", `see what runs now: ${describeDeploymentsCommand(subject)}`],
      ];
    case "gone":
      return [["error", `The service has gone during the rollback (${outcome.status}): somebody has deleted it`]];
    case "timedOut": {
      const within = formatDuration(timeoutMs);
      return renderUnfinished("error", outcome, {
        no: `Timed out after ${within}: no deployment was started`,
        yes: `Timed out: the rollback was not completed within ${within}. ECS goes on with it`,
        unknown: `Timed out after ${within}: whether ECS has taken the order is not known, it may be in flight`,
      });
    }
    case "interrupted":
      return renderUnfinished("warn", outcome, {
        no: "Interrupted: no deployment was started",
        yes: "Interrupted: no longer watching. What ECS has begun goes on",
        unknown: "Interrupted: whether ECS has taken the order is not known, it may be in flight",
      });
  }
}

function renderUnfinished(
  level: Level,
  { ordered, subject }: Outcome & { readonly ordered: Ordered },
  messages: Readonly<Record<Ordered, string>>,
): Line[] {
  const what: Line = [level, messages[ordered]];
  if (ordered === "no") return [what];
  return ordered === "yes"
    ? [what, [level, `to follow it: ${describeDeploymentsCommand(subject)}`]]
    : [what, [level, `see what runs now: ${describeDeploymentsCommand(subject)}`]];
}

function renderNewcomer(by: Deployment | undefined): string {
  return by === undefined
    ? "the service has gone"
    : `deployment ${by.id} to ${shortName(parseTaskDefinitionArn(by.taskDefinition))} has begun`;
}

function renderTo(to: Deployment | undefined): string {
  return to === undefined ? "" : ` to ${shortName(parseTaskDefinitionArn(to.taskDefinition))}`;
}
