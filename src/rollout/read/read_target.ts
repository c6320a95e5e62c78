import { shortName } from "../../model/arn.ts";
import type { DescribedService } from "../../model/service.ts";
import type { LimitedChecker } from "../limited_checker.ts";
import { chooseRevision, type Choosing } from "./choose_revision.ts";
import type { EarlyTarget } from "./early_target.ts";
import { beginImages } from "./read_images.ts";
import type { NeedsReader } from "./read_preflight.ts";

interface TargetReading {
  readonly service: DescribedService;
  readonly early: EarlyTarget;
  readonly checker: LimitedChecker | undefined;
  readonly needs: NeedsReader | undefined;
}

/** Finds the target, and begins to look for what it needs: its images by ECS's record while its definition is being read. */
export async function readTarget(
  choosing: Choosing,
  { service, early, checker, needs }: TargetReading,
) {
  const { ecs, running, signal } = choosing;
  early.beginImages(running, checker);
  const chosen = await chooseRevision(choosing);
  if (chosen.kind === "none") return { chosen, target: undefined };
  beginImages(chosen.ran?.images ?? [], checker, signal);
  const target = await ecs.describeTaskDefinition(shortName(chosen), signal);
  if (target !== undefined) {
    needs?.begin(target.raw, "byRecord");
    needs?.beginTargetGroups(service.raw, target.raw);
  }
  return { chosen, target };
}
