import type { Revision } from "../../model/arn.ts";
import { ranTheSame, readWrittenImages } from "../../model/images.ts";
import { copiedFrom, type TaskDefinition } from "../../model/task_definition.ts";
import type { KnownImages, PinPolicy } from "../plan/plan_images.ts";
import type { Chosen, ChosenRevision } from "./revision_choice.ts";

/**
 * Whether what runs is the copy that an earlier run has registered of the target, because that is deregistered or its tags
 * have moved: the command that has deployed it may be given again. With `--pin never` that is a copy that goes by the same
 * tags, whichever images they named; there is none of a target that is registered.
 */
export function isCopy(
  current: TaskDefinition | undefined,
  target: TaskDefinition,
  { running, ran }: KnownImages,
  pin: PinPolicy,
): current is TaskDefinition {
  const isOfTarget = current !== undefined && target.arn !== current.arn && target.family === current.family &&
    copiedFrom(current.raw, current.family) === target.revision;
  if (!isOfTarget) return false;
  const isInactive = target.status === "INACTIVE";
  if (pin === "never") return isInactive && namesTheSame(current, target);
  return ranTheSame(running, ran) && (isInactive || (running !== undefined && ran !== undefined));
}

function namesTheSame(one: TaskDefinition, other: TaskDefinition): boolean {
  const names = ({ raw }: TaskDefinition) =>
    readWrittenImages(raw).map(({ container, image }) => `${container}=${image}`).toSorted().join(" ");
  return names(one) === names(other);
}

/** A choice that comes to a copy of what was chosen. */
export function runsCopy(
  chosen: ChosenRevision,
  copy: Revision,
  { arn, family, revision }: TaskDefinition,
): Chosen {
  return { ...chosen, revision: copy.revision, reason: { code: "runsCopy", copy, of: { arn, family, revision } } };
}
