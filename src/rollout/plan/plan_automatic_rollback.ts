import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { settingOf } from "../../model/definition_change.ts";
import { readWrittenImages } from "../../model/images.ts";
import type { JsonObject } from "../../model/json.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasBeenRolledBack, isBeingRolledBack } from "../../model/service_deployment.ts";
import { hasReached } from "../judge/assess.ts";
import type { CurrentState } from "../read/current_state.ts";
import { noticeWaits } from "./collect_notices.ts";
import type { AwaitDeployment, DeployUndo, Plan, Planned } from "./plan.ts";
import type { RestorePolicy, RollbackOptions } from "./options.ts";
import { runsWhatRan } from "../judge/planned_images.ts";
import { planRollback } from "./plan_rollback.ts";
import { planSettings, type Restored, settingsToCheck } from "./plan_settings.ts";
import { planScaling } from "./plan_scaling.ts";
import { forceWhereRequired, planUpdate, startsDeployment } from "./plan_order.ts";
import { refuse } from "./refusal.ts";
import { noticeUnread } from "./notice.ts";

/**
 * Plans to roll a deploy back: to the task definition from before it with the images that ran then, and to the former
 * values of just those attributes that it has changed. Refuses where somebody has deployed something else meanwhile,
 * and where the deploy has changed nothing.
 */
export function planAutomaticRollback(state: CurrentState, undo: DeployUndo, options: RollbackOptions): Planned {
  const { ref, service, newest } = state;
  const { from, to } = undo;
  const restored = findRestored(state, undo, options.restore);
  // `planRollback()` refuses this.
  if (service?.taskDefinition === undefined) return planRollback(state, options);
  const running = parseTaskDefinitionArn(service.taskDefinition);
  const isRolledBackByEcs = newest !== undefined &&
    (isBeingRolledBack(newest.deployment) || hasBeenRolledBack(newest.deployment));
  if (running.arn !== from?.arn && running.arn !== to?.arn) {
    const isByEcs = isRolledBackByEcs && from !== undefined && newest.cameFrom === running.arn;
    return refuse(
      "rollback",
      ref,
      isByEcs ? { code: "ecsWentFurtherBack", running, from } : { code: "deployedOver", running },
    );
  }
  if (from !== undefined && from.arn === to?.arn && !isRolledBackByEcs && !runsOtherImages(state)) {
    const primary = primaryDeployment(service);
    if (Object.keys(restored.attributes).length > 0) {
      return restoreAttributes(state, service, { ...undo, from }, restored, options);
    }
    if (primary === undefined || !hasReached("stable", service, primary)) {
      return refuse("rollback", ref, { code: "nothingChanged", running: from });
    }
  }
  const planned = planRollback(state, options, restored);
  if (planned.kind !== "refused" || planned.refusal.code !== "wouldNotStart" || from === undefined) return planned;
  // The options that another refusal suggests are a rollback's: a deploy has none of them.
  return refuse("rollback", ref, { code: "ranImageGone", running, from, images: planned.refusal.images });
}

/** Whether the same task definition runs other images than before: its tags moved, and the deploy started those. */
function runsOtherImages({ target, images }: CurrentState): boolean {
  return target !== undefined && images !== undefined && !runsWhatRan(readWrittenImages(target.raw), images);
}

/** What comes back besides the task definition: what a deploy has changed; after a rollback, what ECS has on record. */
function findRestored(state: CurrentState, undo: DeployUndo, restore: RestorePolicy | undefined): Restored {
  if (restore !== undefined) return planSettings(state, restore);
  const attributes = attributesToRestore(state, undo);
  const changes = undo.settings.filter((change) => Object.hasOwn(attributes, settingOf(change)!));
  return { attributes, inRevision: undo.inRevision, changes };
}

/** The attributes to restore; the number of tasks only where it is still what the deploy has set. */
function attributesToRestore({ service }: CurrentState, { before, desiredCount }: DeployUndo): JsonObject {
  const { desiredCount: countBefore, ...others } = before;
  const isOurs = desiredCount !== undefined && service?.desiredCount === desiredCount;
  return forceWhereRequired(isOurs && countBefore !== undefined ? { ...others, desiredCount: countBefore } : others);
}

/**
 * Restores the service's attributes alone, because its task definition is the one from before. Where that starts no
 * deployment, and the one in place had failed before the deploy, there is nothing to wait for: that failure stands.
 */
function restoreAttributes(
  state: CurrentState,
  service: ServiceSnapshot,
  { from, failedBefore }: DeployUndo & { readonly from: Revision },
  { attributes, changes }: Restored,
  options: RollbackOptions,
): Planned {
  const primary = primaryDeployment(service);
  const failureStands = failedBefore !== undefined && primary?.id === failedBefore && !startsDeployment(attributes);
  const scaling = planScaling(state.scaling, options, !failureStands, service.desiredCount);
  const update = planUpdate(service, state.newest, undefined, attributes);
  const wait: AwaitDeployment = { kind: "awaitDeployment", taskDefinition: from, follows: undefined };
  const plan: Plan = {
    ...{ intent: "rollback", subject: state.ref, from, to: from, basedOn: primary?.id },
    ...{ until: "stable", isReached: false, changes, settings: settingsToCheck(state, options.restore) },
    steps: [scaling.suspend, update, failureStands ? undefined : wait, scaling.restore]
      .filter((step) => step !== undefined),
    notices: [
      ...noticeUnread(state.denied, "rollback", { target: from }),
      ...(startsDeployment(attributes)
        ? noticeWaits(service, "newDeployment", options.timeoutMs ?? 0, attributes)
        : []),
      ...scaling.notices,
    ],
  };
  return { kind: "plan", plan };
}
