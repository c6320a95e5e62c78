import type { JsonObject } from "../../model/json.ts";
import { demandsWith, findMisfits } from "../../model/misfit.ts";
import type { CurrentState } from "../read/current_state.ts";
import { findOtherImages } from "./compare_before.ts";
import { startsTheSame, withoutCopy } from "./plan_images.ts";
import type { RollbackOptions } from "./plan.ts";
import type { Decided } from "./position.ts";
import { fitsRestored, isRestorable } from "./plan_settings.ts";
import { findGone, findMissingNeeds } from "./preflight.ts";
import type { RefusalReason } from "./refusal.ts";

/** What speaks against what would start. Pure. */
export function findStartReason(
  state: CurrentState,
  decided: Decided,
  attributes: JsonObject,
  options: RollbackOptions,
): RefusalReason | undefined {
  const { wayBack, images, isAtTarget } = decided;
  if (wayBack === undefined) return undefined;
  const isUpdate = wayBack.kind === "updateService";
  const other = options.before && findOtherImages(options.before, isUpdate ? images : withoutCopy(images, isAtTarget));
  if (other !== undefined || !isUpdate) return other;
  return findImageReason(state, decided, attributes, options) ?? findMisfit(state, decided, attributes, options);
}

/** What speaks against starting the target's images. */
function findImageReason(
  state: CurrentState,
  { running, target, images, changes }: Decided,
  attributes: JsonObject,
  { mayStartTheSame = false, restore }: RollbackOptions,
): RefusalReason | undefined {
  const { images: known, preflight } = state;
  const reason = findMissingNeeds(preflight, running, target, findGone(images, known?.today, preflight));
  if (reason !== undefined) return reason;
  const isTheSame = changes?.every(({ attribute }) => attribute === "image") && Object.keys(attributes).length === 0;
  return isTheSame && !mayStartTheSame && startsTheSame(images)
    ? { code: "sameImages", target, running, images, isRestorable: isRestorable(state, restore) }
    : undefined;
}

/** In what the target does not fit the service once that has these attributes. */
function findMisfit(
  state: CurrentState,
  { service, running, target, described }: Decided,
  attributes: JsonObject,
  { restore }: RollbackOptions,
): RefusalReason | undefined {
  const misfits = findMisfits(demandsWith(service, attributes), described);
  if (misfits.length === 0) return undefined;
  const isActive = described.status === "ACTIVE";
  const isRestorable = fitsRestored(state, service, described, restore);
  return { code: "cannotRollBackTo", target, running, isActive, misfits, isRestorable };
}
