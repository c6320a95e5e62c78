import { type Revision, shortName } from "../model/arn.ts";
import type { SuspendedState } from "../model/scalable_target.ts";
import { subjectName } from "../model/service.ts";
import type { TaskDefinitionChange } from "../model/task_definition.ts";
import type {
  AwaitDeployment,
  Brought,
  CreateService,
  Intent,
  Plan,
  Step,
  UpdateService,
} from "../rollout/plan/plan.ts";
import { formatDuration, type Line } from "./log.ts";
import { describePlanNotice } from "./messages/notice_text.ts";
import { repeatableCommand } from "./messages/phrases.ts";
import { describeReason } from "./messages/reason_text.ts";

/** The whole plan as lines of text: what a dry run prints. `timeoutMs` 0 means that there is none. */
export function renderPlan(plan: Plan, timeoutMs: number): string[] {
  return [
    `Plan of the ${NOUNS[plan.intent]} of ${subjectName(plan.subject)}`,
    `  from ${plan.from === undefined ? "nothing: there is no such service yet" : renderRevision(plan.from)}`,
    `  to   ${plan.to === undefined ? "what is registered first" : renderRevision(plan.to)}`,
    ...(plan.reason === undefined ? [] : [`       ${describeReason(plan.reason)}`]),
    ...(plan.intent === "rollback"
      ? ["Changes", ...indented(renderChanges(plan.changes), "none in the task definition")]
      : []),
    "Steps",
    ...indented(renderSteps(plan, timeoutMs), plan.isReached ? "none: nothing to do" : "none: ECS is at it already"),
    ...(plan.notices.length === 0 ? [] : ["Notices", ...indented(plan.notices.map(describePlanNotice))]),
    ...(plan.repeatedBy === undefined
      ? []
      : ["Safe to repeat", `  ${repeatableCommand(plan.subject, plan.repeatedBy)}`]),
  ];
}

/** What a plan is about, as the user sees it. */
export const NOUNS: Readonly<Record<Intent, string>> = { deploy: "deploy", rollback: "rollback", wait: "deployment" };

function renderRevision(revision: Revision): string {
  return `${shortName(revision)}  ${revision.arn}`;
}

/** One line a change; values only where `TaskDefinitionChange` holds them. */
export function renderChanges(changes: readonly TaskDefinitionChange[]): string[] {
  return changes.map(({ scope, attribute, kind, from, to }) => {
    const values = from !== undefined && to !== undefined ? `${from} -> ${to}` : from ?? to;
    const verb = kind === "changed" && values !== undefined ? "" : ` ${kind}`;
    return `${scope}: ${attribute}${verb}${values === undefined ? "" : ` ${values}`}`;
  });
}

/** One line a step, numbered. `timeoutMs` 0 means that there is none. */
export function renderSteps({ steps }: Pick<Plan, "steps">, timeoutMs: number): string[] {
  return steps.map((step, index) => `${index + 1}. ${renderStep(step, timeoutMs)}`);
}

function renderStep(step: Step, timeoutMs: number): string {
  switch (step.kind) {
    case "suspendScaling":
      return `suspend auto scaling of ${step.target.resourceId} (now: ${
        renderSuspension(step.target.suspendedState)
      })` +
        (step.record === "write" ? ", after recording that in a tag on it" : "");
    case "stopDeployment":
      return `stop the deployment under way (${step.arn}): ECS goes back to ${
        renderBrought(step.otherwise.taskDefinition)
      }`;
    case "updateService":
      return `update the service${renderUpdate(step)}`;
    case "register":
      return `register a task definition of the family ${step.family}`;
    case "createService":
      return step.taskDefinition === undefined
        ? "create the service without a task definition"
        : `create the service with ${renderBrought(step.taskDefinition)}`;
    case "registerCopy":
      return `register a copy of ${step.of.arn}, which gets a number of its own`;
    case "awaitDeployment": {
      const which = step.follows === undefined ? "its deployment" : `deployment ${renderFollowed(step.follows)}`;
      return `wait until ${which} is completed${timeoutMs === 0 ? "" : `, for ${formatDuration(timeoutMs)} at most`}`;
    }
    case "restoreScaling":
      return `set auto scaling of ${step.target.resourceId} to: ${renderSuspension(step.to)}`;
    case "deregister":
      return `deregister ${step.taskDefinition.arn}, unless it is in use`;
  }
}

/** ` to ARN, with desiredCount, networkConfiguration`: what changes, by name only. */
function renderUpdate({ taskDefinition, attributes = {} }: UpdateService): string {
  const names = Object.keys(attributes).join(", ");
  const to = taskDefinition === undefined ? "" : ` to ${renderBrought(taskDefinition)}`;
  return names === "" ? to : `${to}${taskDefinition === undefined ? "" : ", with"} ${names}`;
}

/** The ARN of a task definition, where it has one by now. */
export function renderBrought(brought: Brought): string {
  return brought === "registered" ? "the one registered before" : brought.arn;
}

/** The id or the ARN of a deployment that is under way already. */
export function renderFollowed(follows: NonNullable<AwaitDeployment["follows"]>): string {
  return follows.kind === "deployment" ? follows.id : follows.arn;
}

/** `nothing suspended`, or which of the three are. */
export function renderSuspension(state: SuspendedState): string {
  const suspended = [
    state.dynamicScalingInSuspended && "scale-in",
    state.dynamicScalingOutSuspended && "scale-out",
    state.scheduledScalingSuspended && "scheduled actions",
  ].filter((name) => name !== false);
  return suspended.length === 0 ? "nothing suspended" : `${suspended.join(", ")} suspended`;
}

function indented(lines: readonly string[], none?: string): string[] {
  return (lines.length === 0 && none !== undefined ? [none] : lines).map((line) => `  ${line}`);
}

/** Announces a step that begins now. */
export function announceStep(step: Step, intent: Intent, until: Plan["until"] | undefined): Line[] {
  switch (step.kind) {
    case "suspendScaling":
      return [["info", `Suspending auto scaling of ${step.target.resourceId}`]];
    case "stopDeployment":
      return [
        ["info", `Rolling back to task definition: ${renderBrought(step.otherwise.taskDefinition)}`],
        ["info", `Stopping the deployment under way: ${step.arn}`],
      ];
    case "updateService":
      return renderUpdating(step, intent);
    case "register":
      return [["info", "Registering a new task definition..."]];
    case "createService":
      return [["info", renderCreating(step)]];
    case "registerCopy":
      return [["info", `Registering a copy of ${step.of.arn}`]];
    case "awaitDeployment":
      return renderAwaiting(step, intent, until);
    case "restoreScaling":
      return [["info", `Setting auto scaling of ${step.target.resourceId} to: ${renderSuspension(step.to)}`]];
    case "deregister":
      return [["info", `Deregistering task definition: ${step.taskDefinition.arn}`]];
  }
}

function renderUpdating({ taskDefinition, attributes = {} }: UpdateService, intent: Intent): Line[] {
  const names = Object.keys(attributes);
  const changes: Line[] = names.length === 0 ? [] : [["info", `Changing the service's ${names.join(", ")}`]];
  if (intent === "deploy") return [...changes, ["info", "Updating service..."]];
  return taskDefinition === undefined
    ? changes
    : [["info", `Rolling back to task definition: ${renderBrought(taskDefinition)}`], ...changes];
}

function renderAwaiting(
  { follows, taskDefinition }: AwaitDeployment,
  intent: Intent,
  until: Plan["until"] | undefined,
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

function renderCreating({ taskDefinition }: CreateService): string {
  return taskDefinition === undefined
    ? "Creating service without a task definition"
    : `Creating service with task definition: ${renderBrought(taskDefinition)}`;
}
