import type { Ecs } from "../aws/ecs.ts";
import type { Definition } from "../config/definitions.ts";
import { sameTaskDefinition } from "../definitions/compare_task_definitions.ts";
import { type AwsError, unlessDenied } from "../errors.ts";
import type { ContainerImage } from "../model/images.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { isGoingBack, type ServiceRevision } from "../model/service_deployment.ts";
import { renderShipped } from "../report/messages/image_text.ts";
import { type PlannedImage, planShipped } from "../rollout/plan/plan_images.ts";
import { imagesOfCurrent, readMovedImages } from "../rollout/read/read_running_images.ts";
import { type NewestDeployment, readNewestDeployment } from "../rollout/read/read_service.ts";
import type { Session } from "../session/session.ts";
import { describeCall } from "../report/messages/aws_failure_text.ts";

/**
 * Reads the newest deployment and what the service's deployments bring. What may not be read costs a warning each.
 *
 * @param unknown what is not shown without the newest deployment
 */
export async function readDeployed(
  { ref, signal, log }: Session,
  ecs: Ecs,
  service: ServiceSnapshot,
  unknown: string,
): Promise<{ newest: NewestDeployment | undefined; revisions: readonly ServiceRevision[] }> {
  const warn = (part: string) => (denial: AwsError) => log.warn(`${describeCall(denial)}; ${part} is not shown`);
  const { serviceRevisionArns } = service;
  const [newest, revisions = []] = await Promise.all([
    unlessDenied(readNewestDeployment(service, { ref, ecs, signal }), warn(unknown)),
    serviceRevisionArns.length === 0
      ? []
      : unlessDenied(ecs.describeServiceRevisions(serviceRevisionArns, signal), warn("which images run")),
  ]);
  return { newest, revisions };
}

/** Reads which images run by tags that name other ones today. What may not be read costs one warning. */
export async function findMoved(
  images: readonly ContainerImage[],
  { openChecker, signal, log }: Session,
): Promise<readonly PlannedImage[]> {
  const checker = openChecker();
  checker.startLimit();
  const { images: moved, unread: [denial] } = await readMovedImages(images, checker, signal);
  if (denial !== undefined) log.warn(`${describeCall(denial)}; whether a tag names another image today is not shown`);
  return moved.map((image) => planShipped(image, false));
}

/**
 * Says for which images a deploy would start a deployment although the file says what the service runs: those whose tags
 * name other ones today. A line for each container; none where the file says something else.
 */
export async function describeMovedTags(
  session: Session,
  ecs: Ecs,
  definition: Definition | undefined,
  service: ServiceSnapshot | undefined,
): Promise<string[]> {
  const { config: { ignoredTags }, signal } = session;
  if (definition === undefined || service?.taskDefinition === undefined) return [];
  const registered = await ecs.describeTaskDefinition(service.taskDefinition, signal);
  if (registered === undefined || !sameTaskDefinition(definition.value, registered.raw, ignoredTags)) return [];
  const { newest, revisions } = await readDeployed(session, ecs, service, "whether ECS is going back");
  // A deploy follows ECS where that goes back from a push.
  if (newest !== undefined && isGoingBack(newest.deployment)) return [];
  const moved = await findMoved(imagesOfCurrent(revisions, service, newest), session);
  return renderShipped(moved).map((line) => `${line}: deploy would start that`);
}
