import { findTaskDefinitionChanges } from "../../definitions/compare_task_definitions.ts";
import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasReached } from "../assess.ts";
import { readWrittenImages, withImages } from "../../model/images.ts";
import {
  hasPins,
  NOTHING_KNOWN,
  pinsOf,
  planImages,
  type PlannedImage,
  runsWhatRan,
  withoutCopy,
} from "./plan_images.ts";
import { findDeployedSince, findElsewhere, findOtherTarget, hasPlannedImages } from "./compare_before.ts";
import type { CurrentState } from "../read/current_state.ts";
import { carriedOptions } from "./carried_options.ts";
import { chooseFollowed, chooseWayBack } from "./plan_order.ts";
import { collectRollbackNotices } from "./collect_notices.ts";
import {
  makePlan,
  type Planned,
  type RollbackOptions,
  type Step,
  type StopDeployment,
  type UpdateService,
} from "./plan.ts";
import {
  isRestorable,
  noticeSettings,
  planSettings,
  type Restored,
  restoreRest,
  restoresSettings,
  settingsToCheck,
} from "./plan_settings.ts";
import type { Decided, Position } from "./position.ts";
import { findStartReason } from "./find_start_reason.ts";
import { planScaling } from "./plan_scaling.ts";
import { repetitionOf } from "./repetition.ts";
import { type FailedDeployment, findServiceReason, type RefusalReason, refuse } from "./refusal.ts";
import { planSkip } from "./skip.ts";

/**
 * Decides how to get the service to the revision asked for, or why not. Pure, and the only place that refuses: so a dry
 * run refuses just what the real run would.
 */
export function planRollback(
  state: CurrentState,
  options: RollbackOptions,
  restored: Restored = planSettings(state, options.restore),
): Planned {
  const { ref, service, choice, chosen, target: described, skipped } = state;
  const refused = (reason: RefusalReason) => refuse("rollback", ref, reason, carriedOptions(options));
  const unfit = findUnfit(state, options);
  if (unfit !== undefined) return refused(unfit);
  if (service?.taskDefinition === undefined) return refused({ code: "noDeployment" });
  const running = parseTaskDefinitionArn(service.taskDefinition);
  if (skipped !== undefined) return planSkip(ref, service, skipped);
  if (chosen?.kind !== "chosen") return refused({ code: "noneChosen", choice, reason: chosen?.reason });
  const { family, revision } = chosen;
  if (described === undefined) {
    const { newestRevisions: newest } = state;
    return refused({ code: "notRegistered", choice: choice.kind, target: { family, revision }, running, newest });
  }
  const target = { arn: described.arn, family, revision };
  const definition = { isDeployed: running.arn === target.arn, isCopied: described.status !== "ACTIVE" };
  const images = planImages(readWrittenImages(described.raw), state.images ?? NOTHING_KNOWN, options.pin, definition);
  const isAtTarget = definition.isDeployed && hasImages(state, running, images, options) &&
    !restoresSettings(state, options.restore);
  const follows = chooseFollowed(state, service, target, isAtTarget);
  const position = { service, running, chosen, target, described, isAtTarget, images, follows };
  const objection = isAtTarget
    ? findFailure(state, position, options) ?? findOnlyByDigest(state, position)
    : findObjection(state, position, options);
  if (objection !== undefined) return refused(objection);
  const wayBack = follows === undefined ? chooseWayBack(state, position, restored.attributes, options.pin) : undefined;
  // Where ECS goes back by itself, it restores the service's settings, too.
  const pins = isOfCopy(wayBack) ? pinsOf(images) : {};
  const changes = state.current && findTaskDefinitionChanges(state.current.raw, withImages(described.raw, pins));
  const decided = { ...position, wayBack, changes };
  const reason = findStartReason(state, decided, restored.attributes, options);
  return reason === undefined ? makeRollback(state, decided, options, restored) : refused(reason);
}

/** What speaks against any rollback of the service, or against any of this plan file's. */
function findUnfit(state: CurrentState, { before }: RollbackOptions): RefusalReason | undefined {
  const { ref, service, choice } = state;
  const running = service?.taskDefinition === undefined ? undefined : parseTaskDefinitionArn(service.taskDefinition);
  return (before && findElsewhere(before, ref.region, running)) ??
    findServiceReason(service, "revision" in choice ? choice.revision : undefined) ??
    (before && findOtherTarget(before, state));
}

/** Whether a service that has the target's task definition has its images, too, as far as they matter. */
function hasImages(
  state: CurrentState,
  running: Revision,
  images: readonly PlannedImage[],
  { pin, before }: RollbackOptions,
): boolean {
  const { left, images: known } = state;
  if (before !== undefined) return hasPlannedImages(before, state);
  // What was to be left has been left, for the target: by its tags, where nothing showed that these had moved.
  const hasLeft = left !== undefined && left.arn !== running.arn;
  return hasLeft || pin === "never" || runsWhatRan(images, known ?? NOTHING_KNOWN);
}

/** Whether the service gets a copy of the target that is still to be registered. */
function isOfCopy(wayBack: StopDeployment | UpdateService | undefined): boolean {
  return wayBack?.kind === "updateService" && wayBack.taskDefinition === "registered";
}

function makeRollback(
  state: CurrentState,
  { service, running, chosen, target, isAtTarget, images, follows, wayBack, changes = [] }: Decided,
  options: RollbackOptions,
  restored: Restored,
): Planned {
  const { ref, choice, left } = state;
  const primary = primaryDeployment(service);
  const isReached = isAtTarget && follows?.kind !== "serviceDeployment" && primary !== undefined &&
    hasReached("stable", service, primary);
  const scaling = planScaling(state.scaling, options, !isReached, service.desiredCount);
  const isCopied = isOfCopy(wayBack);
  const from = left ?? (isAtTarget ? undefined : running);
  const position = { running, target, wayBack, images };
  const notices = collectRollbackNotices(state, service, options, position, restored.attributes);
  return makePlan({
    ...{ intent: "rollback", subject: ref, from: running, to: target, reason: chosen.reason },
    deployedAtMs: primary?.createdAtMs,
    repeatedBy: from && repetitionOf(choice, chosen, { from, to: target }),
    carried: carriedOptions(options),
    failAfter: options.failAfter,
    ifDeployedWithinMs: options.ifDeployedWithin,
    changes,
    images: wayBack?.kind === "updateService" ? images : withoutCopy(images, isAtTarget),
    settings: wayBack && settingsToCheck(state, options.restore),
    steps: [
      isCopied && { kind: "registerCopy", of: target, ...(hasPins(images) && { pins: pinsOf(images) }) },
      scaling.suspend,
      ...holding(wayBack, service, options),
      !isReached && options.wait &&
      { kind: "awaitDeployment", taskDefinition: isCopied ? "registered" : target, follows },
      restoreRest(wayBack, restored),
      scaling.restore,
      options.deregister && running.arn !== target.arn && { kind: "deregister", taskDefinition: running },
    ],
    isReached,
    notices: [...notices, ...noticeSettings(state, options.restore, target, wayBack), ...scaling.notices],
    basedOn: primary?.id,
  });
}

/** The order, and the hold behind it. */
function holding(
  wayBack: StopDeployment | UpdateService | undefined,
  { arn }: ServiceSnapshot,
  { hold: forMs, reason }: RollbackOptions,
): (Step | undefined)[] {
  return [wayBack, forMs === undefined ? undefined : { kind: "hold", arn, forMs, reason }];
}

/** What speaks against going there, where the service is elsewhere. */
function findObjection(
  state: CurrentState,
  { service, running, chosen, follows, described: { status } }: Position,
  { allowUnproven, isAsked, reregister, before }: RollbackOptions,
): RefusalReason | undefined {
  const { left, choice } = state;
  const deployed = before && follows === undefined ? findDeployedSince(before, state, service) : undefined;
  if (deployed !== undefined) return deployed;
  const { family, revision, isProven, leavesWayBack, doubts: [doubt] } = chosen;
  const target = { family, revision };
  if (left !== undefined && left.arn !== running.arn) return { code: "runsAnother", running, left };
  if (!isAsked && leavesWayBack) return { code: "justRolledBack", target, running, isProven };
  if (!isAsked && !isProven && !allowUnproven) return { code: "unproven", choice: choice.kind, target, running, doubt };
  return status === "ACTIVE" || reregister ? undefined : { code: "targetNotActive", target, status };
}

/** How the deployment of what runs has failed, where it has: by its rolloutState, or (blue/green) by ECS's record of it. */
function findFailure(
  state: CurrentState,
  { service, running, target }: Position,
  { restore }: RollbackOptions,
): RefusalReason | undefined {
  const { choice, newest } = state;
  const offers = { running, isRestorable: isRestorable(state, restore) };
  const failed = (deployment: FailedDeployment) =>
    ({ code: "targetFailed", choice: choice.kind, target, deployment, ...offers }) as const;
  const primary = primaryDeployment(service);
  if (primary?.rolloutState === "FAILED") return failed({ name: primary.id, reason: primary.rolloutStateReason });
  if (service.deploymentStrategy === "ROLLING" || newest === undefined) return undefined;
  const { arn, status, statusReason } = newest.deployment;
  return status === "STOPPED" || status === "ROLLBACK_FAILED"
    ? failed({ name: arn, reason: statusReason ?? status })
    : undefined;
}

/** What ran before may be the same task definition with other images: by its tags, nothing would change. */
function findOnlyByDigest(
  { choice, left, images: known }: CurrentState,
  { chosen, running, target, images, follows }: Position,
): RefusalReason | undefined {
  const isMeant = choice.kind === "previous" && chosen.ran !== undefined && (left ?? running).arn === running.arn;
  const isComing = follows?.kind === "serviceDeployment" && follows.goal === "rollback";
  return isMeant && !isComing && !runsWhatRan(images, known ?? NOTHING_KNOWN)
    ? { code: "onlyByDigest", target }
    : undefined;
}
