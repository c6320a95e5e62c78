import { optional } from "../../errors.ts";
import { parseTaskDefinitionArn } from "../../model/arn.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import { DeploymentRecord } from "./deployment_record.ts";
import { type Back, findBack } from "./find_back.ts";
import { readPastRecord } from "./past_record.ts";

/**
 * Reads from ECS's record whether a service was rolled back, and not deployed since; `undefined`: not, or that may not be
 * read.
 *
 * @param images what the service runs, where that is known
 */
export async function readBack(
  ref: ServiceRef,
  service: ServiceSnapshot,
  images: readonly ContainerImage[],
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<Back | undefined> {
  if (service.taskDefinition === undefined) return undefined;
  const running = parseTaskDefinitionArn(service.taskDefinition);
  const record = new DeploymentRecord(ref, ecs, signal);
  const readImagesNow = () => Promise.resolve(images);
  const reading = readPastRecord({ service, ecs, record, running, readImagesNow, signal }, running);
  const { value } = await optional(reading);
  if (value === undefined) return undefined;
  const { past, originals, earliest } = value;
  return findBack(past, running, { originals, earliest, images, nowMs: ecs.now() });
}
