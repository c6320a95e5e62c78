import { findGeneralObjection, findObjection, findStartReason, hasImages } from "./find_objection.ts";
import { findTaskDefinitionChanges } from "../../definitions/compare_task_definitions.ts";
import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasReached } from "../judge/assess.ts";
import { readWrittenImages, withImages } from "../../model/images.ts";
import { hasPins, NOTHING_KNOWN, pinsOf, planImages, withoutCopy } from "../judge/planned_images.ts";
import type { ChosenRevision } from "../read/chosen_revision.ts";
import type { RevisionChoice } from "../read/revision_choice.ts";
import type { Plan, Planned, Repetition, Step, StopDeployment, TagService, UpdateService } from "./plan.ts";
import type { CurrentState } from "../read/current_state.ts";
import { carriedOptions, type RollbackOptions } from "./options.ts";
import { planBake, showsHealth } from "./plan_bake.ts";
import { chooseRollbackOrder, type Decided, findDeploymentToTarget } from "./plan_order.ts";
import { collectRollbackNotices } from "./collect_notices.ts";
import {
  changesOfSettings,
  noticeSettings,
  planSettings,
  type Restored,
  restoreRest,
  restoresSettings,
  settingsToCheck,
} from "./plan_settings.ts";
import { planScaling } from "./plan_scaling.ts";
import { findUnreadableRecord, noticeWaitsRecord, planFast } from "./plan_fast.ts";
import { type RefusalReason, refuse } from "./refusal.ts";
import type { SkipReason } from "../read/find_release.ts";

/**
 * Decides how to bring the service to the revision asked for, or why not. Pure, and the only place that refuses: so a
 * dry run refuses just what the real run would.
 */
export function planRollback(
  state: CurrentState,
  options: RollbackOptions,
  restored: Restored = planSettings(state, options.restore),
): Planned {
  const { ref, service, choice, chosen, target: described, skipped } = state;
  const [onRecord] = service === undefined ? [] : noticeWaitsRecord(state, service);
  const refused = (reason: RefusalReason) => refuse("rollback", ref, reason, carriedOptions(options), onRecord);
  const unfit = findGeneralObjection(state, options);
  if (unfit !== undefined) return refused(unfit);
  if (service?.taskDefinition === undefined) return refused({ code: "noDeployment" });
  const running = parseTaskDefinitionArn(service.taskDefinition);
  if (skipped !== undefined) return planSkip(state, service, skipped, options);
  if (chosen?.kind !== "chosen") return refused({ code: "noneChosen", choice, reason: chosen?.reason });
  const { arn, family, revision } = chosen;
  const target = { arn, family, revision };
  if (described === undefined) {
    const { newestRevisions: newest } = state;
    return refused({ code: "notRegistered", choice: choice.kind, target, running, newest });
  }
  const isDeployed = running.arn === target.arn;
  const [written, isCopied] = [readWrittenImages(described.raw), described.status !== "ACTIVE"];
  const images = planImages(written, state.images ?? NOTHING_KNOWN, options.pin, isDeployed, isCopied);
  const isAtTarget = isDeployed && hasImages(state, running, images, options) &&
    !restoresSettings(state, options.restore);
  const follows = findDeploymentToTarget(state, service, target, isAtTarget);
  const position = { service, running, chosen, target, described, isAtTarget, images, follows };
  const objection = findObjection(state, position, options) ?? findUnreadableRecord(state, options);
  if (objection !== undefined) return refused(objection);
  const rollbackOrder = follows === undefined
    ? chooseRollbackOrder(state, position, restored.attributes, options.pin)
    : undefined;
  // Only a copy names the images by digest.
  const pins = isOfCopy(rollbackOrder) ? pinsOf(images) : {};
  const changes = state.current && findTaskDefinitionChanges(state.current.raw, withImages(described.raw, pins));
  const decided = { ...position, rollbackOrder, changes };
  const reason = findStartReason(state, decided, restored.attributes, options);
  return reason === undefined ? makeRollback(state, decided, options, restored) : refused(reason);
}

/** Whether the service gets a copy of the target, which is still to be registered. */
function isOfCopy(rollbackOrder: StopDeployment | UpdateService | undefined): boolean {
  return rollbackOrder?.kind === "updateService" && rollbackOrder.taskDefinition === "registered";
}

function makeRollback(
  state: CurrentState,
  decided: Decided,
  options: RollbackOptions,
  restored: Restored,
): Planned {
  const { ref, choice, left } = state;
  const { service, running, chosen, target, isAtTarget, images, follows, rollbackOrder: usual, changes } = decided;
  const primary = primaryDeployment(service);
  const isReached = isAtTarget && follows?.kind !== "serviceDeployment" && primary !== undefined &&
    hasReached("stable", service, primary);
  const scaling = planScaling(state.scaling, options, !isReached, service.desiredCount);
  const fast = planWaits(state, service, usual, isReached, options);
  const { rollbackOrder = usual } = fast;
  const from = left ?? (isAtTarget ? undefined : running);
  const order = { ...decided, rollbackOrder, isReached, scaling, fast };
  const settings = changesOfSettings(state, restored, options.restore, rollbackOrder);
  const notices = [
    ...collectRollbackNotices(state, service, options, order),
    ...noticeSettings(state, options.restore, target, rollbackOrder),
  ];
  const plan: Plan = {
    ...{ intent: "rollback", subject: ref, from: running, to: target, reason: chosen.reason },
    ...{ deployedAtMs: primary?.createdAtMs, basedOn: primary?.id, isReached, showsHealth: showsHealth(service) },
    repeatedBy: from && repetitionOf(choice, chosen, { from, to: target }),
    carried: carriedOptions(options),
    until: "stable",
    failAfter: options.failAfter,
    ifDeployedWithinMs: options.ifDeployedWithin,
    changes: changes === undefined && settings.length === 0 ? undefined : [...changes ?? [], ...settings],
    images: rollbackOrder?.kind === "updateService" ? images : withoutCopy(images, isAtTarget),
    settings: rollbackOrder && settingsToCheck(state, options.restore),
    steps: planSteps(order, options, restored),
    notices: [...notices, ...(fast.notices ?? []), ...scaling.notices],
  };
  return { kind: "plan", plan };
}

interface Order extends Decided {
  readonly isReached: boolean;
  readonly scaling: ReturnType<typeof planScaling>;
  readonly fast: ReturnType<typeof planWaits>;
}

/** The order, what comes before it, and what is restored after it. */
function planSteps(
  { service, running, target, images, follows, isReached, scaling, fast, rollbackOrder }: Order,
  options: RollbackOptions,
  restored: Restored,
): readonly Step[] {
  const isCopied = isOfCopy(rollbackOrder);
  const waitsForIt = !isReached && options.wait;
  const steps: readonly (Step | undefined | false)[] = [
    isCopied && { kind: "registerCopy", of: target, ...(hasPins(images) && { pins: pinsOf(images) }) },
    scaling.suspend,
    fast.record,
    rollbackOrder,
    planTags(service.arn, rollbackOrder && running, options),
    waitsForIt && { kind: "awaitDeployment", taskDefinition: isCopied ? "registered" : target, follows },
    restoreRest(rollbackOrder, restored),
    fast.restore,
    scaling.restore,
    options.deregister && running.arn !== target.arn && { kind: "deregister", taskDefinition: running },
    options.wait && planBake(service, options, isReached),
  ];
  return steps.filter((step) => step !== undefined && step !== false);
}

/** The tags to write: a hold, even without an order; the reason, where one is given and the service is rolled back. */
function planTags(
  arn: string,
  left: Revision | undefined,
  { hold: holdForMs, reason }: RollbackOptions,
): TagService | undefined {
  const noted = reason ? left : undefined;
  if (holdForMs === undefined && noted === undefined) return undefined;
  return { kind: "tagService", arn, holdForMs, left: noted, reason };
}

/** Without `--fast`, the record that an earlier fast rollback has left is only noticed. */
function planWaits(
  state: CurrentState,
  service: ServiceSnapshot,
  usual: Decided["rollbackOrder"],
  isReached: boolean,
  { fast }: RollbackOptions,
): Partial<ReturnType<typeof planFast>> {
  return fast ? planFast(state, service, usual, isReached) : { notices: noticeWaitsRecord(state, service) };
}

/** The plan that changes nothing, except to restore what an earlier fast rollback has left. Pure. */
function planSkip(
  state: CurrentState,
  service: ServiceSnapshot,
  skipped: SkipReason,
  options: RollbackOptions,
): Planned {
  const { running } = skipped;
  const { restore, notices = [] } = planWaits(state, service, undefined, true, options);
  const plan: Plan = {
    ...{ intent: "rollback", subject: state.ref, from: running, to: running, skipped },
    ...{ basedOn: primaryDeployment(service)?.id, until: "stable", isReached: false },
    ...{ changes: [], steps: restore === undefined ? [] : [restore], notices },
  };
  return { kind: "plan", plan };
}

/**
 * `previous` is counted from what runs, so the plan names the command that is counted from what the rollback leaves. A
 * target that was found by time, or in the history, is named itself.
 */
function repetitionOf(
  { kind }: RevisionChoice,
  { deployment }: ChosenRevision,
  counted: Repetition,
): Repetition | undefined {
  if (kind === "previous") return counted;
  const isFound = kind === "stable" || kind === "at" || kind === "imageTag";
  return isFound ? { ...counted, names: deployment ?? "number" } : undefined;
}
