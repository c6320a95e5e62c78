import { sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import { unlessFails } from "../../errors.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import type { EcsReader } from "../../model/ports.ts";
import { COPIED_FROM_KEY, copiedFrom, IMAGE_TAG_KEY, type TaskDefinition } from "../../model/task_definition.ts";

/** More runs do not register a copy for one release within a moment. */
const MOST_RUNS = 20;

/**
 * Finds the copy that another run has registered first of the same, where several do so at the same moment: then all of
 * them order the same, and ECS starts one deployment. ECS counts, so the first copy has the lowest of the numbers just
 * before the own one.
 *
 * @param own the copy of this run
 * @param whole what it says
 * @returns `undefined` where the own copy is the first, or nothing shows another one
 */
export async function findOthersCopy(
  own: Revision,
  of: Revision,
  whole: JsonObject,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<Revision | undefined> {
  const isSame = ({ status, raw }: TaskDefinition) =>
    status === "ACTIVE" && copiedFrom(raw, of.family) === of.revision &&
    sameTaskDefinition(whole, raw, [COPIED_FROM_KEY, IMAGE_TAG_KEY]);
  let first: Revision | undefined;
  for (let ago = 1; ago < Math.min(MOST_RUNS, own.revision); ago++) {
    const name = shortName({ family: own.family, revision: own.revision - ago });
    const before = await unlessFails(ecs.describeTaskDefinition(name, signal));
    if (before === undefined || !isSame(before)) return first;
    first = { arn: before.arn, family: before.family, revision: before.revision };
  }
  return first;
}
