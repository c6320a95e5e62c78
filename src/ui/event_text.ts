import { parseTaskDefinitionArn, shortName } from "../ecs/arn.ts";
import { type Deployment, type ServiceRef, subjectName } from "../ecs/service.ts";
import type { Outcome, RolloutEvent } from "../rollout/events.ts";
import type { Step } from "../rollout/plan.ts";
import { formatDuration } from "./format_duration.ts";
import type { Level } from "./log.ts";
import { renderSuspension } from "./plan_text.ts";

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
    case "updateService":
      return [["info", `Rolling back to task definition: ${step.taskDefinition.arn}`]];
    case "awaitDeployment":
      return step.deploymentId === undefined ? [] : [
        [
          "info",
          `Already rolling back to task definition: ${step.taskDefinition.arn}: following deployment ${step.deploymentId}`,
        ],
      ];
    case "restoreScaling":
      return [["info", `Setting auto scaling of ${step.target.resourceId} to: ${renderSuspension(step.to)}`]];
    case "deregister":
      return [["info", `Deregistering task definition: ${step.taskDefinition.arn}`]];
  }
}

/** ` PRIMARY myservice:3 desired:2 pending:1 running:1`, as in the reference. */
function renderDeployment({ status, taskDefinition, desiredCount, pendingCount, runningCount }: Deployment): string {
  const name = shortName(parseTaskDefinitionArn(taskDefinition));
  return `${status.padStart(8)} ${name} desired:${desiredCount} pending:${pendingCount} running:${runningCount}`;
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
        `ECS has taken the rollback and is still deploying it. To follow it: ${followCommand(subject)}`,
      ]];
    case "outdated":
      return [
        ["error", `cannot roll back ${subjectName(subject)}: ${renderNewcomer(outcome.by)} since the plan was made`],
        ["error", "nothing has been changed: look at it, then run the command again to plan anew"],
      ];
    case "failed":
      return [
        ["error", `The rollback failed: ${outcome.reason}`],
        ["error", `why its tasks stopped: ${stoppedTasksCommand(subject)}`],
      ];
    case "rolledBackByEcs":
      return [
        ["error", `The rollback failed and ECS has turned the service back${renderTo(outcome.to)}: ${outcome.reason}`],
        ["error", `why its tasks stopped: ${stoppedTasksCommand(subject)}`],
      ];
    case "superseded":
      return [
        ["error", `The rollback has been superseded: ${renderNewcomer(outcome.by)}, started by somebody else`],
        ["error", `see what runs now: ${describeCommand(subject)}`],
      ];
    case "gone":
      return [["error", `The service has gone during the rollback (${outcome.status}): somebody has deleted it`]];
    case "timedOut":
      return [
        ["error", `Timed out: the rollback was not completed within ${formatDuration(timeoutMs)}. ECS goes on with it`],
        ["error", `to follow it: ${followCommand(subject)}`],
      ];
    case "interrupted":
      return [
        ["warn", "Interrupted: no longer watching. What ECS has begun goes on"],
        ["warn", `to follow it: ${followCommand(subject)}`],
      ];
  }
}

function renderNewcomer(by: Deployment | undefined): string {
  return by === undefined
    ? "the service has gone"
    : `deployment ${by.id} to ${shortName(parseTaskDefinitionArn(by.taskDefinition))} has begun`;
}

function renderTo(to: Deployment | undefined): string {
  return to === undefined ? "" : ` to ${shortName(parseTaskDefinitionArn(to.taskDefinition))}`;
}

function followCommand({ cluster, service }: ServiceRef): string {
  return `aws ecs wait services-stable --cluster ${cluster} --services ${service}`;
}

function describeCommand({ cluster, service }: ServiceRef): string {
  return `aws ecs describe-services --cluster ${cluster} --services ${service} --query 'services[0].deployments'`;
}

function stoppedTasksCommand({ cluster, service }: ServiceRef): string {
  return `aws ecs list-tasks --cluster ${cluster} --service-name ${service} --desired-status STOPPED`;
}
