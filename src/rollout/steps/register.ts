import { findLostMembers, sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import { AwsError, mayHaveBeenApplied, optional, unlessFails } from "../../errors.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { OutcomeKind } from "../outcome.ts";
import type { RegisterCopy } from "../plan/plan.ts";
import type { PlanExecution, StepRun } from "./plan_execution.ts";
import { deregisterUnused } from "./deregister_unused.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import { readPinnedTags, writePinnedTags } from "../../model/image_tags.ts";
import { parseImageName, readWrittenImages, withImages } from "../../model/images.ts";
import { COPIED_FROM_KEY, copiedFrom, IMAGE_TAG_KEY, type TaskDefinition } from "../../model/task_definition.ts";
import { TASK_DEFINITION_READ_ONLY } from "../../model/api_members.ts";
import type { EcsReader, EcsWriter } from "../../model/ports.ts";
import type { RunNotice } from "../run_notice.ts";
import type { RegisterDefinition } from "../read/read_source.ts";

/**
 * Registers what the step names. A copy that lacks something is not what the service ran, but as the newest revision
 * would be taken for that: it is deregistered again, and the plan ends.
 */
export async function registerStep(step: RegisterDefinition | RegisterCopy, run: PlanExecution): StepRun {
  const made = await register(step, run);
  if ("kind" in made) return made;
  const { copy, notice, lost } = made;
  run.registered = copy;
  const { emit } = run.context;
  emit({ kind: "registered", taskDefinition: copy });
  if (notice !== undefined) emit({ kind: "notice", notice });
  if (step.kind !== "registerCopy") return undefined;
  if (lost.length === 0) return await useOthersCopy(step, made, run);
  run.registered = undefined;
  const leftover = await deregisterUnused(copy, run.plan.subject, run.context);
  if (leftover !== undefined) run.leftovers.push(leftover);
  return { kind: "copyIncomplete", of: step.of, copy, lost };
}

/** Several runs may do the same at the same moment: then all of them use the copy that was registered first. */
async function useOthersCopy({ of }: RegisterCopy, { copy, whole }: RegisteredCopy, run: PlanExecution): StepRun {
  const { ecs, signal, emit } = run.context;
  const others = await findOthersCopy(copy, of, whole, ecs, signal);
  if (others === undefined) return undefined;
  run.registered = others;
  run.usesOthersCopy = true;
  emit({ kind: "registered", taskDefinition: others });
  emit({ kind: "notice", notice: { code: "copyNotNeeded", copy, others } });
  return undefined;
}

async function register(
  step: RegisterDefinition | RegisterCopy,
  { context: { ecs, signal, emit }, plannedFrom }: PlanExecution,
): Promise<RegisteredCopy | Extract<OutcomeKind, { kind: "cannotPin" }>> {
  try {
    if (step.kind === "registerCopy") {
      const { value: made, denied } = await optional(registerCopy(step, ecs, signal, plannedFrom?.target));
      if (made !== undefined) return made;
      // Without a copy its tags would decide, and that is up to the user.
      if (step.pins !== undefined) return { kind: "cannotPin", of: step.of, error: denied.failure };
      throw denied;
    }
    const { input } = step;
    const isSame = (raw: JsonObject) => sameTaskDefinition(input, raw);
    const { revision, definition } = await ecs.registerTaskDefinition(input, isSame, signal);
    const names = findLostMembers(input, definition);
    const notice: RunNotice = { code: "registeredWithout", taskDefinition: revision, names };
    return { copy: revision, notice: names.length === 0 ? undefined : notice, lost: [], whole: input };
  } catch (error) {
    // One revision too many is harmless, but nobody should have to wonder where it came from.
    if (error instanceof AwsError && mayHaveBeenApplied(error)) {
      const family = step.kind === "registerCopy" ? step.of.family : String(step.input.family);
      emit({ kind: "notice", notice: { code: "registrationUnknown", family } });
    }
    throw error;
  }
}

interface RegisteredCopy {
  readonly copy: Revision;
  readonly notice: RunNotice | undefined;
  /** What the original has and ECS has not kept in the copy, apart from tags; empty where the copy is whole. */
  readonly lost: readonly string[];
  /** What was registered, with its tags. */
  readonly whole: JsonObject;
}

/**
 * Registers a task definition anew, with its tags and one more that names the original; without any where tagging is
 * denied.
 *
 * @param known a task definition that was read already; used if it is the original
 */
export async function registerCopy(
  { of: original, pins = {} }: RegisterCopy,
  ecs: EcsReader & EcsWriter,
  signal: AbortSignal,
  known?: TaskDefinition,
): Promise<RegisteredCopy> {
  const definition = known?.arn === original.arn ? known : await ecs.describeTaskDefinition(original.arn, signal);
  if (definition === undefined) {
    const detail = shortName(original);
    throw new AwsError({ operation: "DescribeTaskDefinition", kind: "rejected", code: "NotFound", detail });
  }
  // What RegisterTaskDefinition takes of DescribeTaskDefinition's answer.
  const members = Object.entries(definition.raw).filter(([name]) => !TASK_DEFINITION_READ_ONLY.includes(name));
  const { tags, ...written } = Object.fromEntries(members);
  const input = withImages(written, pins);
  const register = async (whole: JsonObject) => {
    const isSame = (raw: JsonObject) => sameTaskDefinition(whole, raw);
    const { revision, definition } = await ecs.registerTaskDefinition(whole, isSame, signal);
    return { copy: revision, lost: findLostMembers(input, definition), whole };
  };
  const imageTags = tagsOfPinned(definition.raw, pins);
  const own = [
    { key: COPIED_FROM_KEY, value: shortName(original) },
    ...(imageTags.size === 0 ? [] : [{ key: IMAGE_TAG_KEY, value: writePinnedTags(imageTags) }]),
  ];
  const { value: tagged, denied } = await optional(register({ ...input, tags: [...ownTags(tags), ...own] }));
  if (tagged !== undefined) return { ...tagged, notice: undefined };
  if (!/ecs:TagResource/.test(denied.detail)) throw denied;
  return { ...await register(input), notice: { code: "copyWithoutTags", error: denied.failure } };
}

/** The tags that a copy keeps. AWS reserves keys with its own prefix; an earlier copy's origin is not this one's. */
function ownTags(tags: Json | undefined): Json[] {
  if (!Array.isArray(tags)) return [];
  return tags.filter((tag: { readonly key?: unknown }) =>
    typeof tag.key === "string" && !tag.key.startsWith("aws:") && !OWN_KEYS.includes(tag.key)
  );
}

const OWN_KEYS: readonly string[] = [COPIED_FROM_KEY, IMAGE_TAG_KEY];

/** The image tags that the copy does not show: of images that it, or its original already, names by digest. */
function tagsOfPinned(definition: JsonObject, pins: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const before = readPinnedTags(definition).tags;
  return new Map(
    readWrittenImages(definition).flatMap(({ container, image }) => {
      const own = Object.hasOwn(pins, container) ? parseImageName(image).tag : undefined;
      const tag = own ?? before.get(container);
      return tag === undefined ? [] : [[container, tag] as const];
    }),
  );
}

/** More runs than this do not register a copy of one release at the same moment. */
const MAX_SIMULTANEOUS_RUNS = 20;

/**
 * Finds the copy that another run has registered first, where several register the same at the same moment: then all of
 * them order the same, and ECS starts one deployment. Revision numbers count up, so the first copy has the lowest of
 * the numbers just before this run's.
 *
 * @param own the copy of this run
 * @param whole what it says
 * @returns `undefined` where the own copy is the first, or nothing shows another one
 */
async function findOthersCopy(
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
  for (let ago = 1; ago < Math.min(MAX_SIMULTANEOUS_RUNS, own.revision); ago++) {
    const name = shortName({ family: own.family, revision: own.revision - ago });
    const before = await unlessFails(ecs.describeTaskDefinition(name, signal));
    if (before === undefined || !isSame(before)) return first;
    first = { arn: before.arn, family: before.family, revision: before.revision };
  }
  return first;
}
