import { NOT_PULLED_YET } from "../../errors.ts";
import type { Revision, RevisionName } from "../../model/arn.ts";
import { preventsStart, type Verified } from "../../registry/verify_references.ts";
import type { ImagesState } from "../read/read_images.ts";
import type { PreflightState } from "../read/read_preflight.ts";
import type { PlanNotice } from "./notice.ts";
import type { PlannedImage } from "../judge/planned_images.ts";
import type { PreflightReason } from "./refusal.ts";

/**
 * Finds images that tasks could not pull: those started by a digest that is gone, and, where a preflight was made,
 * those whose tag is gone. Pure.
 */
export function findMissingImages(
  images: readonly PlannedImage[],
  today: ImagesState["today"] | undefined,
  preflight: PreflightState | undefined,
): PlannedImage[] {
  return images.filter(({ image, pinnedTo }) =>
    today?.get(pinnedTo ?? image) === "missing" && (pinnedTo !== undefined || preflight !== undefined)
  );
}

/** Why tasks of the target would not start, where that is certain. Pure. */
export function findMissingNeeds(
  { needs = [], passing }: Partial<PreflightState> = {},
  running: Revision,
  target: RevisionName,
  images: readonly PlannedImage[],
): PreflightReason | undefined {
  const missing = needs.filter(preventsStart);
  if (missing.length === 0 && images.length === 0) return undefined;
  return { code: "wouldNotStart", running, target, missing, images, passing };
}

/** One notice for everything the target needs that could not be checked. Pure. */
export function noticeNeeds(preflight: PreflightState | undefined, images: ImagesState | undefined): PlanNotice[] {
  const unread: Verified[] = [
    ...[...images?.unread ?? []].map(([name, error]): Verified => {
      const image = { reference: { kind: "image", name }, state: "unknown" } as const;
      if (error.code === NOT_PULLED_YET) return { ...image, reason: { code: "notPulledYet" } };
      return { ...image, reason: { code: "noAnswer", failure: error.failure } };
    }),
    ...(preflight?.needs ?? []).filter(({ state }) => state === "unknown"),
  ];
  return unread.length === 0 ? [] : [{ code: "needsNotRead", needs: unread }];
}
