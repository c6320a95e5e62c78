import type { WrittenImage } from "../../model/images.ts";
import type { ImageToday, PlannedImage } from "./plan_images.ts";

/** The image of one container of what a deploy ships, where it goes by a tag in Amazon ECR. */
export interface ShippedImage extends WrittenImage {
  /** The digests that the container runs now: none where that is not known; several only without version consistency. */
  readonly running: readonly string[];
  readonly today: ImageToday;
}

/** Whether the tag names another image than what runs, wholly or in some tasks. What is not known has not moved. */
export function hasMoved({ running, today }: ShippedImage): boolean {
  return typeof today === "object" && running.some((digest) => digest !== today.digest);
}

/** The same as a plan shows it. `isStarted`: whether the deploy starts new tasks of it. */
export function planShipped({ running, ...image }: ShippedImage, isStarted: boolean): PlannedImage {
  const { today } = image;
  const digest = typeof today === "object" ? today.digest : undefined;
  const shown = running.find((one) => one !== digest) ?? running[0];
  return {
    ...image,
    running: shown,
    ...(running.length > 1 && { isMixed: true } as const),
    ran: undefined,
    starts: isStarted ? digest : undefined,
    pinnedTo: undefined,
  };
}
