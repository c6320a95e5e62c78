import { type Revision, shortName } from "../model/arn.ts";
import type { ScalableTarget, SuspendedState } from "../model/scalable_target.ts";
import { subjectName } from "../model/service.ts";
import { LAST_ROLLBACK_KEY } from "../model/service_notes.ts";
import type { AwaitDeployment, Plan, Step, TaskDefinitionRef, UpdateService } from "../rollout/plan/plan.ts";
import type { Intent } from "../rollout/plan/refusal.ts";
import { describeBake } from "./bake_text.ts";
import { formatDuration } from "./messages/log.ts";
import { describeNoChange, renderChanges, renderSettings } from "./messages/change_text.ts";
import { renderImages, renderPins, renderShipped } from "./messages/image_text.ts";
import { describePlanNotice } from "./messages/notice_text.ts";
import { furtherBackCommand, repeatableCommand } from "./messages/own_commands.ts";
import { renderFailAfter } from "./messages/phrases.ts";
import { describeChoice, describeSkip } from "./messages/reason_text.ts";
import { WAITS_STEPS } from "./messages/waits_text.ts";
import { WORK } from "./messages/work_words.ts";

/** The whole plan, as a dry run prints it. `timeoutMs` 0: no time limit. */
export function renderPlan(plan: Plan, timeoutMs: number): string[] {
  const further = furtherBackCommand(plan);
  return [
    `Plan of the ${WORK[plan.intent].noun} of ${subjectName(plan.subject)}`,
    ...renderEnds(plan),
    ...(plan.reason === undefined ? [] : [`       ${describeChoice(plan.reason)}`]),
    ...section("Images", renderPlannedImages(plan)),
    ...(plan.changes === undefined
      ? []
      : ["Changes", ...indented(renderChanges(plan.changes), describeNoChange(plan))]),
    "Steps",
    ...indented(renderSteps(plan, timeoutMs), `none: ${whyNoSteps(plan)}`),
    ...section("Notices", plan.notices.map(describePlanNotice)),
    ...section("To go further back", further === undefined ? [] : [further]),
    ...section(
      "Safe to repeat",
      plan.repeatedBy ? [repeatableCommand(plan.subject, plan.repeatedBy, plan.carried)] : [],
    ),
  ];
}

function renderEnds({ intent, from, to }: Plan): string[] {
  if (intent === "scale") return from === undefined ? [] : [`  runs ${renderRevision(from)}`];
  return [
    `  from ${from === undefined ? "nothing: there is no such service yet" : renderRevision(from)}`,
    `  to   ${to === undefined ? "what is registered first" : renderRevision(to)}`,
  ];
}

function whyNoSteps({ skipped, isReached }: Plan): string {
  if (skipped !== undefined) return describeSkip(skipped);
  return isReached ? "nothing to do" : "ECS is already doing it";
}

function renderPlannedImages({ intent, isReached, images = [], to }: Plan): string[] {
  if (intent === "deploy") return renderShipped(images);
  return isReached ? [] : renderImages(images, to);
}

function renderRevision(revision: Revision): string {
  return `${shortName(revision)}  ${revision.arn}`;
}

/** The steps, numbered, one line each. `timeoutMs` 0: no time limit. */
export function renderSteps({ steps, failAfter }: Pick<Plan, "steps" | "failAfter">, timeoutMs: number): string[] {
  return steps.map((step, index) => {
    const end = step.kind === "awaitDeployment" ? renderFailAfter(failAfter) : "";
    return `${index + 1}. ${STEPS[step.kind].planned(step as never, timeoutMs)}${end}`;
  });
}

/** What the log says when a step begins. */
export function announceStep(step: Step, intent: Intent, about: StepContext = {}): string[] {
  return STEPS[step.kind].begun(step as never, intent, about);
}

interface StepContext {
  readonly until?: Plan["until"] | undefined;
  /** Changes that the log has not listed: those of an automatic rollback. */
  readonly changes?: Plan["changes"];
}

const UNTIL_THEN = ": deploy refuses it until then";

/** For each step: its line in the plan, and what the log says when it begins. */
const STEPS: {
  readonly [Kind in Step["kind"]]: {
    planned(step: Extract<Step, { kind: Kind }>, timeoutMs: number): string;
    begun(step: Extract<Step, { kind: Kind }>, intent: Intent, about: StepContext): string[];
  };
} = {
  suspendScaling: {
    planned: ({ target, record }) =>
      `suspend auto scaling of ${target.resourceId} (now: ${renderSuspension(target.suspendedState)})` +
      (record === "write" ? ", after recording that in a tag on it" : ""),
    begun: ({ target }) => [`Suspending auto scaling of ${target.resourceId}`],
  },
  setCapacity: {
    planned: ({ target, min, max }) =>
      `set the limits of auto scaling of ${target.resourceId} to ${describeLimits(target, min, max)} (now: ` +
      `${describeLimits(target)})`,
    begun: ({ target, min, max }) => [
      `Setting the limits of auto scaling of ${target.resourceId} to ${describeLimits(target, min, max)}`,
    ],
  },
  tagService: {
    planned: ({ holdForMs, left }) =>
      [
        ...(holdForMs === undefined ? [] : [`hold the service for ${formatDuration(holdForMs)}${UNTIL_THEN}`]),
        ...(left ? [`note on the service why it is rolled back (tag ${LAST_ROLLBACK_KEY})`] : []),
      ].join("; "),
    begun: ({ holdForMs }) =>
      holdForMs === undefined ? [] : [`Holding the service for ${formatDuration(holdForMs)}${UNTIL_THEN}`],
  },
  restoreScaling: {
    planned: ({ target, to }) => `set auto scaling of ${target.resourceId} to: ${renderSuspension(to)}`,
    begun: ({ target, to }) => [`Setting auto scaling of ${target.resourceId} to: ${renderSuspension(to)}`],
  },
  stopDeployment: {
    planned: ({ arn, to }) => `stop the deployment under way (${arn}): ECS goes back to ${to.arn}`,
    begun: ({ to }) => [`Rolling back to task definition: ${to.arn}`],
  },
  ...WAITS_STEPS,
  updateService: { planned: describeUpdate, begun: announceUpdate },
  register: {
    planned: ({ family }) => `register a task definition of the family ${family}`,
    begun: () => ["Registering a new task definition..."],
  },
  registerCopy: {
    planned: ({ of, pins }) => `register a copy of ${of.arn} under a new number${renderPins(pins)}`,
    begun: ({ of, pins }) => [`Registering a copy of ${of.arn}${renderPins(pins)}`],
  },
  createService: {
    planned: ({ taskDefinition }) =>
      `create the service ${taskDefinition ? `with ${nameOf(taskDefinition)}` : "without a task definition"}`,
    begun: ({ taskDefinition }) => [
      taskDefinition
        ? `Creating service with task definition: ${nameOf(taskDefinition)}`
        : "Creating service without a task definition",
    ],
  },
  awaitDeployment: {
    planned({ follows }, timeoutMs) {
      const which = follows === undefined ? "its deployment" : `deployment ${renderFollowed(follows)}`;
      return `wait until ${which} is completed${timeoutMs === 0 ? "" : `, for ${formatDuration(timeoutMs)} at most`}`;
    },
    begun: announceWait,
  },
  bake: { planned: (step) => describeBake(step), begun: () => [] },
  deregister: {
    planned: ({ taskDefinition }) => `deregister ${taskDefinition.arn}, unless it is in use`,
    begun: ({ taskDefinition }) => [`Deregistering task definition: ${taskDefinition.arn}`],
  },
};

function describeUpdate(step: UpdateService): string {
  const { taskDefinition, attributes = {} } = step;
  const isOfTasksOnly = taskDefinition === undefined && Object.keys(attributes).join() === "desiredCount";
  return isOfTasksOnly
    ? `set the number of tasks to ${attributes.desiredCount}`
    : `update the service${renderUpdate(step)}`;
}

function describeLimits({ minCapacity, maxCapacity }: ScalableTarget, min = minCapacity, max = maxCapacity): string {
  return `${min} to ${max} tasks`;
}

function announceUpdate(
  { taskDefinition, attributes = {} }: UpdateService,
  intent: Intent,
  { changes = [] }: StepContext,
): string[] {
  if (intent === "scale") return [`Setting the number of tasks to ${attributes.desiredCount}`];
  // Another task definition starts a deployment anyway.
  const isForced = taskDefinition === undefined && attributes.forceNewDeployment === true;
  const forcing = isForced ? ["Forcing a new deployment"] : [];
  if (intent === "deploy") return [...forcing, "Updating service..."];
  const settings = renderSettings(changes, attributes);
  return [
    ...(taskDefinition === undefined ? [] : [`Rolling back to task definition: ${nameOf(taskDefinition)}`]),
    ...(settings === "" ? [] : [`Restoring the service's settings: ${settings}`]),
    ...forcing,
  ];
}

function announceWait(
  { follows, taskDefinition }: AwaitDeployment,
  intent: Intent,
  { until }: StepContext,
): string[] {
  const what = until === "traffic-shifted" ? "production traffic to shift" : `service ${until}`;
  const waiting = `Waiting for ${what}...(it will take a few minutes)`;
  if (follows === undefined) return intent === "deploy" || intent === "scale" ? [waiting] : [];
  const which = renderFollowed(follows);
  if (intent === "rollback") {
    return [`Already rolling back to task definition: ${nameOf(taskDefinition)}: following deployment ${which}`];
  }
  const name = taskDefinition === "registered" ? taskDefinition : shortName(taskDefinition);
  const isBeingRolledBack = follows.kind === "serviceDeployment" && follows.goal !== "success";
  return [
    isBeingRolledBack
      ? `ECS is going back to ${name}: following deployment ${which}`
      : `Following deployment ${which} to ${name}`,
    waiting,
  ];
}

/** ` to ARN, with desiredCount, networkConfiguration`: attributes by name only. */
function renderUpdate({ taskDefinition, attributes = {} }: UpdateService): string {
  const names = Object.keys(attributes).join(", ");
  const to = taskDefinition === undefined ? "" : ` to ${nameOf(taskDefinition)}`;
  return names === "" ? to : `${to}${taskDefinition === undefined ? "" : ", with"} ${names}`;
}

/** The ARN of a task definition, or which step registers it. */
function nameOf(taskDefinition: TaskDefinitionRef): string {
  return taskDefinition === "registered" ? "what step 1 registers" : taskDefinition.arn;
}

/** The ID or the ARN of the deployment that is followed. */
export function renderFollowed(follows: NonNullable<AwaitDeployment["follows"]>): string {
  return follows.kind === "deployment" ? follows.id : follows.arn;
}

/** `nothing suspended`, or which kinds of scaling are. */
export function renderSuspension(state: SuspendedState): string {
  const suspended = [
    state.dynamicScalingInSuspended && "scale-in",
    state.dynamicScalingOutSuspended && "scale-out",
    state.scheduledScalingSuspended && "scheduled actions",
  ].filter((name) => name !== false);
  return suspended.length === 0 ? "nothing suspended" : `${suspended.join(", ")} suspended`;
}

/** Empty if there are no lines. */
function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [heading, ...indented(lines)];
}

function indented(lines: readonly string[], none?: string): string[] {
  return (lines.length === 0 && none !== undefined ? [none] : lines).map((line) => `  ${line}`);
}
