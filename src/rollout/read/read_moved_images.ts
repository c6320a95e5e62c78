import type { AwsError } from "../../errors.ts";
import { type ContainerImage, parseImageName } from "../../model/images.ts";
import type { ImageRegistry } from "../../model/ports.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import { type ServiceRevision, wasTurnedBack } from "../../model/service_deployment.ts";
import { hasMoved, type ShippedImage } from "../plan/plan_images.ts";
import { findToday } from "./read_images.ts";
import { currentRevision, type NewestDeployment } from "./read_service.ts";

/** Images that run by tags which name other ones today. */
interface MovedImages {
  readonly images: readonly ShippedImage[];
  /** Why Amazon ECR could not be asked for some. */
  readonly unread: readonly AwsError[];
}

/** The images of the service revision that a service runs, or is to run: not of one that ECS has turned back. */
export function imagesOfCurrent(
  revisions: readonly ServiceRevision[],
  { taskDefinition }: ServiceSnapshot,
  newest: NewestDeployment | undefined,
): readonly ContainerImage[] {
  const left = newest !== undefined && wasTurnedBack(newest.deployment)
    ? newest.deployment.targetRevisionArn
    : undefined;
  const kept = revisions.filter(({ arn }) => arn !== left);
  return currentRevision(kept, taskDefinition)?.images ?? [];
}

/** Reads what the tags of images that run are today, side by side, and returns those that name another image. */
export async function readMovedImages(
  images: readonly ContainerImage[],
  registry: ImageRegistry,
  signal: AbortSignal,
): Promise<MovedImages> {
  const unread = new Map<string, AwsError>();
  const read = await Promise.all(
    images.filter(({ image }) => parseImageName(image).digest === undefined).map(
      async ({ container, image, digest }): Promise<ShippedImage> => ({
        ...{ container, image, isConsistent: true, running: digest === undefined ? [] : [digest] },
        today: digest === undefined ? "unknown" : await findToday(image, registry, unread, signal),
      }),
    ),
  );
  return { images: read.filter(hasMoved), unread: [...unread.values()] };
}
