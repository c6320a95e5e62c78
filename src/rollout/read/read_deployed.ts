import { type AwsError, unlessDenied } from "../../errors.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { ServiceRevision } from "../../model/service_deployment.ts";
import type { LimitedChecker } from "./limited_checker.ts";
import { type PlannedImage, planShipped } from "../judge/planned_images.ts";
import { readMovedImages } from "./read_running_images.ts";
import { readNewestDeployment, type ServiceReading } from "./read_service.ts";
import type { NewestDeployment } from "./newest_deployment.ts";

/** What is read of the deployments of a service, and is left out where it may not be read. */
export type DeployedPart = NewestPart | "images" | "tags";
/** What the newest deployment is read for: how far it is, or whether ECS is rolling it back. */
type NewestPart = "stage" | "reversal";

/** Takes what may not be read, once for each part. */
export type NoteDenied<Part = DeployedPart> = (part: Part, denial: AwsError) => void;

/** Reads the newest deployment and what the service's deployments bring. */
export async function readDeployed(
  service: ServiceSnapshot,
  { ref, ecs, signal }: ServiceReading,
  newestPart: NewestPart,
  note: NoteDenied,
): Promise<{ newest: NewestDeployment | undefined; revisions: readonly ServiceRevision[] }> {
  const { serviceRevisionArns } = service;
  const [newest, revisions = []] = await Promise.all([
    unlessDenied(readNewestDeployment(service, { ref, ecs, signal }), (denial) => note(newestPart, denial)),
    serviceRevisionArns.length === 0
      ? []
      : unlessDenied(ecs.describeServiceRevisions(serviceRevisionArns, signal), (denial) => note("images", denial)),
  ]);
  return { newest, revisions };
}

/** Reads which of these images run by tags that name other ones today. */
export async function readMoved(
  images: readonly ContainerImage[],
  checker: LimitedChecker,
  signal: AbortSignal,
  note: NoteDenied,
): Promise<readonly PlannedImage[]> {
  checker.startLimit();
  const { images: moved, unread: [denial] } = await readMovedImages(images, checker, signal);
  if (denial !== undefined) note("tags", denial);
  return moved.map((image) => planShipped(image, false));
}
