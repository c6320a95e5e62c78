import { shortName } from "../../model/arn.ts";
import { HOLD_KEY, LAST_ROLLBACK_KEY } from "../../model/service_notes.ts";
import type { Plan, Step, TaskDefinitionRef } from "../../rollout/plan/plan.ts";
import type { PlannedImage } from "../../rollout/judge/planned_images.ts";
import { byKind } from "../messages/cases.ts";
import { ranBefore } from "../ending.ts";
import { inWords } from "../messages/change_text.ts";
import { isoTime } from "../messages/log.ts";
import { describePlanNotice } from "../messages/notice_text.ts";
import { repeatableCommand } from "../messages/own_commands.ts";
import { describeChoice, describeSkip } from "../messages/reason_text.ts";
import { renderFollowed } from "../plan_text.ts";

/** The members of an object in NDJSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** A plan in NDJSON. */
export function planToJson(plan: Plan): Fields {
  const { intent, reason, skipped, repeatedBy, changes, images, until, failAfter, isReached } = plan;
  return {
    intent,
    from: revisionToJson(ranBefore(plan)),
    deployedAt: isoTime(plan.deployedAtMs),
    to: revisionToJson(plan.to),
    reason: reason && describeChoice(reason),
    skipped: skipped && describeSkip(skipped),
    repeatedBy: repeatedBy && repeatableCommand(plan.subject, repeatedBy, plan.carried),
    changes: changes?.map(inWords) ?? [],
    images: images?.map(describeImage),
    steps: plan.steps.map(stepToJson),
    until,
    failAfter: failAfter === 0 ? undefined : failAfter,
    isReached,
    notices: plan.notices.map(describePlanNotice),
  };
}

function describeImage({ container, image, running, ran, today, starts, pinnedTo }: PlannedImage): Fields {
  return { container, image, running, ran, today: typeof today === "string" ? today : today.digest, starts, pinnedTo };
}

/** A step in NDJSON. Task definitions and attributes are named, never shown: they may hold secrets. */
export function stepToJson(step: Step): Fields {
  return { kind: step.kind, ...describeStepDetails(step) };
}

const describeStepDetails = byKind<Step, Fields>({
  register: ({ family }) => ({ family }),
  registerCopy: ({ of, pins }) => ({
    of: revisionToJson(of),
    pins: pins && Object.entries(pins).map(([container, image]) => ({ container, image })),
  }),
  createService: ({ taskDefinition }) => ({ taskDefinition: revisionToJson(taskDefinition) }),
  tagService: ({ holdForMs, left }) => ({
    tags: [...(holdForMs === undefined ? [] : [HOLD_KEY]), ...(left ? [LAST_ROLLBACK_KEY] : [])],
    holdSeconds: holdForMs && holdForMs / 1_000,
  }),
  setCapacity: ({ target, min, max }) => ({ resourceId: target.resourceId, min, max }),
  suspendScaling: ({ target, prior }) => ({ resourceId: target.resourceId, prior }),
  recordWaits: ({ before }) => ({ settings: Object.keys(before) }),
  restoreWaits: ({ before }) => ({ settings: Object.keys(before) }),
  restoreScaling: ({ target, to }) => ({ resourceId: target.resourceId, to }),
  stopDeployment: ({ arn, to }) => ({ serviceDeployment: arn, taskDefinition: revisionToJson(to) }),
  updateService: ({ taskDefinition, attributes }) => ({
    taskDefinition: revisionToJson(taskDefinition),
    attributes: Object.keys(attributes ?? {}),
  }),
  awaitDeployment: ({ taskDefinition, follows }) => ({
    taskDefinition: revisionToJson(taskDefinition),
    follows: follows && renderFollowed(follows),
  }),
  bake: ({ forMs, alarms, targetGroups, loadBalancers, isInPlace }) => ({
    seconds: forMs / 1_000,
    alarms,
    targetGroups,
    loadBalancers,
    isInPlace,
  }),
  deregister: ({ taskDefinition }) => ({ taskDefinition: revisionToJson(taskDefinition) }),
});

/** `null`: an earlier step registers it. */
export function revisionToJson(revision: TaskDefinitionRef | undefined): Fields | null | undefined {
  if (revision === "registered") return null;
  return revision && { name: shortName(revision), arn: revision.arn };
}
