import { sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import type { Revision } from "../../model/arn.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment } from "../../model/service_deployment.ts";
import { hasMoved } from "../plan/plan_images.ts";
import { findRolledBackFrom } from "./find_previous.ts";
import type { ShippedImages } from "./read_shipped_images.ts";
import type { TaskDefinitionSource } from "./read_source.ts";

interface Reading {
  readonly ecs: EcsReader;
  /** Keys of tags that are not compared. */
  readonly ignoredTags: readonly string[];
  readonly signal: AbortSignal;
}

/** Returns what the service was rolled back from where that is shipped again: by its ARN, or by what it says. */
export async function shipsAgain(
  { ignoredTags, ecs, signal }: Reading,
  past: readonly PastDeployment[],
  service: ServiceSnapshot,
  source: TaskDefinitionSource,
  shipped: Pick<ShippedImages, "images"> = { images: [] },
): Promise<Revision | undefined> {
  const { deployed, revision } = findRolledBackFrom(past) ?? {};
  if (deployed === undefined) return undefined;
  if (service.taskDefinition === deployed.arn) {
    return startsTheSame(revision?.images ?? [], shipped) ? deployed : undefined;
  }
  if (source.kind === "registered") return source.taskDefinition.arn === deployed.arn ? deployed : undefined;
  if (source.kind !== "register") return undefined;
  const definition = await ecs.describeTaskDefinition(deployed.arn, signal);
  return definition !== undefined && sameTaskDefinition(source.input, definition.raw, ignoredTags)
    ? deployed
    : undefined;
}

/** Whether a pushed image was turned back, and would start again: the task definition is the same before and after. */
function startsTheSame(left: readonly ContainerImage[], { images }: Pick<ShippedImages, "images">): boolean {
  const moved = images.filter(hasMoved);
  return moved.length > 0 &&
    moved.every(({ container, today }) =>
      left.some((one) => one.container === container && typeof today === "object" && one.digest === today.digest)
    );
}
