import { parseTaskDefinitionArn, regionOf, type Revision } from "../../model/arn.ts";
import { ranTheSame } from "../../model/images.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { copiedFrom, type TaskDefinition } from "../../model/task_definition.ts";
import type { BeforeRollback } from "./before_rollback.ts";
import type { CurrentState } from "../read/current_state.ts";
import type { PlannedImage } from "./plan_images.ts";
import type { RefusalReason } from "./refusal.ts";

/** A plan was made in one account and region: the same names mean other services elsewhere. Pure. */
export function findElsewhere(
  { from }: BeforeRollback,
  askedIn: string | undefined,
  running: Revision | undefined,
): RefusalReason | undefined {
  const place = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
  const isOtherRegion = askedIn !== undefined && askedIn !== regionOf(from.arn);
  const isOther = isOtherRegion || (running !== undefined && place(running.arn) !== place(from.arn));
  return isOther ? { code: "plannedElsewhere", from, running, region: askedIn } : undefined;
}

/** The file may be edited: the deployment that it names has to be of the revision that it names. Pure. */
export function findOtherTarget({ to }: BeforeRollback, { chosen }: CurrentState): RefusalReason | undefined {
  if (chosen?.kind !== "chosen") return undefined;
  const { reason } = chosen;
  const isCopy = reason?.code === "runsCopy" || reason?.code === "hasCopy";
  const { family, revision } = isCopy ? reason.of : chosen;
  const isMeant = family === to.family && revision === to.revision;
  return isMeant ? undefined : { code: "planNamesAnother", to, of: { family, revision } };
}

/** Whether a service that has the target's task definition has the images, too, that were to start. Pure. */
export function hasPlannedImages({ toImages }: BeforeRollback, { images }: CurrentState): boolean {
  return ranTheSame(images?.running, toImages);
}

/**
 * What runs has to be what the plan was made for: its deployment; or another one of the same task definition, or of a copy of
 * it, with the same images as far as they are known. A service that has been brought to the target already may still lack
 * settings. Pure.
 */
export function findDeployedSince(
  before: BeforeRollback,
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
  const isStill = (isSame || isCopyOf(current, from)) && ranTheSame(images?.running, fromImages);
  return isStill ? undefined : { code: "deployedSincePlan", running, from, to, madeAtMs };
}

function isCopyOf(current: TaskDefinition | undefined, { family, revision }: Revision): boolean {
  return current?.family === family && copiedFrom(current.raw, family) === revision;
}

/** What was approved is what starts: the images whose digest is known to be another one by now. Pure. */
export function findOtherImages(
  { toImages, to }: BeforeRollback,
  images: readonly PlannedImage[],
): RefusalReason | undefined {
  const others = images.flatMap(({ container, image, starts }) => {
    const planned = toImages.find((one) => one.container === container)?.digest;
    const isOther = planned !== undefined && starts !== undefined && planned !== starts;
    return isOther ? [{ container, image, planned, starts }] : [];
  });
  return others.length === 0 ? undefined : { code: "imagesNotAsPlanned", to, images: others };
}
