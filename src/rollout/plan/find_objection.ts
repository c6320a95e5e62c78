import { type FailedDeployment, findServiceReason, type RefusalReason } from "./refusal.ts";
import { NOTHING_KNOWN, type PlannedImage, runsWhatRan, startsTheSame, withoutCopy } from "../judge/planned_images.ts";
import type { Decided, Position } from "./plan_order.ts";
import type { JsonObject } from "../../model/json.ts";
import { findMisfits, requirementsWith } from "../../model/misfit.ts";
import type { CurrentState } from "../read/current_state.ts";
import type { PlanFileRollback, RollbackOptions } from "./options.ts";
import { fitsRestored, isRestorable } from "./plan_settings.ts";
import { findMissingImages, findMissingNeeds } from "./preflight.ts";
import { parseTaskDefinitionArn, regionOf, type Revision } from "../../model/arn.ts";
import { ranTheSame } from "../../model/images.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { copiedFrom } from "../../model/task_definition.ts";

/** Finds a reason to refuse what the plan would start. Pure. */
export function findStartReason(
  state: CurrentState,
  decided: Decided,
  attributes: JsonObject,
  options: RollbackOptions,
): RefusalReason | undefined {
  const { rollbackOrder, images, isAtTarget } = decided;
  if (rollbackOrder === undefined) return undefined;
  const isUpdate = rollbackOrder.kind === "updateService";
  const other = options.before && findOtherImages(options.before, isUpdate ? images : withoutCopy(images, isAtTarget));
  if (other !== undefined || !isUpdate) return other;
  return findImageReason(state, decided, attributes, options) ?? findMisfit(state, decided, attributes, options);
}

/** Finds a reason not to start the target's images. */
function findImageReason(
  state: CurrentState,
  { running, target, images, changes }: Decided,
  attributes: JsonObject,
  { mayStartTheSame = false, restore }: RollbackOptions,
): RefusalReason | undefined {
  const { images: known, preflight } = state;
  const reason = findMissingNeeds(preflight, running, target, findMissingImages(images, known?.today, preflight));
  if (reason !== undefined) return reason;
  const isTheSame = changes?.every(({ attribute }) => attribute === "image") && Object.keys(attributes).length === 0;
  return isTheSame && !mayStartTheSame && startsTheSame(images)
    ? { code: "sameImages", target, running, images, isRestorable: isRestorable(state, restore) }
    : undefined;
}

/** Finds where the target does not fit the service with these attributes. */
function findMisfit(
  state: CurrentState,
  { service, running, target, described }: Decided,
  attributes: JsonObject,
  { restore }: RollbackOptions,
): RefusalReason | undefined {
  const misfits = findMisfits(requirementsWith(service, attributes), described);
  if (misfits.length === 0) return undefined;
  const isActive = described.status === "ACTIVE";
  const isRestorable = fitsRestored(state, service, described, restore);
  return { code: "cannotRollBackTo", target, running, isActive, misfits, isRestorable };
}

/** Refuses a plan for another account or region: the same names mean other services there. Pure. */
function findElsewhere(
  { from }: PlanFileRollback,
  askedIn: string | undefined,
  running: Revision | undefined,
): RefusalReason | undefined {
  const place = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
  const isOtherRegion = askedIn !== undefined && askedIn !== regionOf(from.arn);
  const isOther = isOtherRegion || (running !== undefined && place(running.arn) !== place(from.arn));
  return isOther ? { code: "plannedElsewhere", from, running, region: askedIn } : undefined;
}

/** Refuses a plan file whose deployment is not of the revision that it names: it may have been edited. Pure. */
function findOtherTarget({ to }: PlanFileRollback, { chosen }: CurrentState): RefusalReason | undefined {
  if (chosen?.kind !== "chosen") return undefined;
  const { reason } = chosen;
  const isCopy = reason?.code === "runsCopy" || reason?.code === "hasCopy";
  const { family, revision } = isCopy ? reason.of : chosen;
  const isMeant = family === to.family && revision === to.revision;
  return isMeant ? undefined : { code: "planNamesAnother", to, of: { family, revision } };
}

/** Whether a service that has the target's task definition also runs the images that were to start. Pure. */
function hasPlannedImages({ toImages }: PlanFileRollback, { images }: CurrentState): boolean {
  return ranTheSame(images?.running, toImages);
}

/**
 * Refuses a plan where somebody has deployed since. What runs must be what it was made for: its deployment, or another
 * one of the same task definition, or of a copy of it, with the same images as far as they are known. A service that
 * has the target already may still lack settings. Pure.
 */
function findDeployedSince(
  before: PlanFileRollback,
  state: CurrentState,
  service: ServiceSnapshot,
): RefusalReason | undefined {
  const { current, target, images } = state;
  const { from, to, deployment, fromImages, madeAtMs } = before;
  if (service.taskDefinition === undefined) return undefined;
  const running = parseTaskDefinitionArn(service.taskDefinition);
  if (running.arn === target?.arn && hasPlannedImages(before, state)) return undefined;
  const isSame = running.arn === from.arn;
  if (isSame && primaryDeployment(service)?.id === deployment) return undefined;
  const isCopy = current?.family === from.family && copiedFrom(current.raw, from.family) === from.revision;
  const isStill = (isSame || isCopy) && ranTheSame(images?.running, fromImages);
  return isStill ? undefined : { code: "deployedSincePlan", running, from, to, madeAtMs };
}

/** Refuses a plan that would start other images than were approved, as far as their digests are known. Pure. */
function findOtherImages(
  { toImages, to }: PlanFileRollback,
  images: readonly PlannedImage[],
): RefusalReason | undefined {
  const others = images.flatMap(({ container, image, starts }) => {
    const planned = toImages.find((one) => one.container === container)?.digest;
    const isOther = planned !== undefined && starts !== undefined && planned !== starts;
    return isOther ? [{ container, image, planned, starts }] : [];
  });
  return others.length === 0 ? undefined : { code: "imagesNotAsPlanned", to, images: others };
}

/** Finds a reason not to go back to the target, whichever images it would start. Pure. */
export function findObjection(
  state: CurrentState,
  position: Position,
  options: RollbackOptions,
): RefusalReason | undefined {
  if (!position.isAtTarget) return findObjectionToMove(state, position, options);
  return findFailure(state, position, options) ?? findOnlyByDigest(state, position);
}

/** Finds a reason not to bring the service to the target, where it is elsewhere. */
function findObjectionToMove(
  state: CurrentState,
  { service, running, chosen, target, follows, described: { status } }: Position,
  { allowUnproven, mayAsk, reregister, before }: RollbackOptions,
): RefusalReason | undefined {
  const { left, choice } = state;
  const deployed = before && follows === undefined ? findDeployedSince(before, state, service) : undefined;
  if (deployed !== undefined) return deployed;
  const { isUnproven, leavesRollback, doubts: [doubt] = [] } = chosen;
  if (left !== undefined && left.arn !== running.arn) return { code: "runsAnother", running, left };
  if (!mayAsk && leavesRollback) return { code: "justRolledBack", target, running, isProven: !isUnproven };
  if (!mayAsk && isUnproven && !allowUnproven) return { code: "unproven", choice: choice.kind, target, running, doubt };
  return status === "ACTIVE" || reregister ? undefined : { code: "targetNotActive", target, status };
}

/** Refuses a target that is deployed already and has failed: by its rolloutState, or (blue/green) by ECS's record. */
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

/** Finds a reason to refuse any rollback of the service, or any by this plan file. */
export function findGeneralObjection(state: CurrentState, { before }: RollbackOptions): RefusalReason | undefined {
  const { ref, service, choice } = state;
  const running = service?.taskDefinition === undefined ? undefined : parseTaskDefinitionArn(service.taskDefinition);
  return (before && findElsewhere(before, ref.region, running)) ??
    findServiceReason(service, "revision" in choice ? choice.revision : undefined) ??
    (before && findOtherTarget(before, state));
}

/** Whether a service that has the target's task definition also runs the target's images, as far as they matter. */
export function hasImages(
  state: CurrentState,
  running: Revision,
  images: readonly PlannedImage[],
  { pin, before }: RollbackOptions,
): boolean {
  const { left, images: known } = state;
  if (before !== undefined) return hasPlannedImages(before, state);
  // The service has already left that release for the target; by its tags, if none were seen to move.
  const hasLeft = left !== undefined && left.arn !== running.arn;
  return hasLeft || pin === "never" || runsWhatRan(images, known ?? NOTHING_KNOWN);
}
