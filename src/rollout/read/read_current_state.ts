import { unlessDenied } from "../../errors.ts";
import { inFull, type Revision, shortName } from "../../model/arn.ts";
import type { EcsReader, ImageRegistry, ScalingPort } from "../../model/ports.ts";
import { type DescribedService, type ServiceRef, withoutRaw } from "../../model/service.ts";
import type { LimitedChecker } from "./limited_checker.ts";
import type { PinPolicy } from "../judge/planned_images.ts";
import { chooseRevision, readListedRevisions, runningRevision } from "./choose_revision.ts";
import type { RevisionSearch } from "./choose_previous.ts";
import type { CurrentState } from "./current_state.ts";
import { checkDeployedWithin } from "./find_release.ts";
import { DeploymentRecord, type RecordReading } from "./deployment_record.ts";
import { EarlyTarget } from "./early_target.ts";
import { beginImages, type DeployImages, readImages } from "./read_images.ts";
import type { NeedsReader } from "./read_preflight.ts";
import { readRunningImages, withStarted } from "./read_running_images.ts";
import { cacheTaskDefinitions } from "./cache_task_definitions.ts";
import { readNewestDeployment, readScaling } from "./read_service.ts";
import { type Chosen, type ChosenRevision, noneChosen } from "./chosen_revision.ts";
import type { LeftChoice, RevisionChoice } from "./revision_choice.ts";
import { findSettingChanges, type SettingChanges } from "../../definitions/compare_settings.ts";
import { type ContainerImage, ranTheSame, readWrittenImages } from "../../model/images.ts";
import type { PastDeployment, ServiceRevision } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import { findWaitsRecord } from "../../model/waits.ts";
import { ecsRollsBackTo } from "./newest_deployment.ts";
import { noteTo, type Unread } from "./unread.ts";
import { findCopy, isCopy, readCopies, replaceWithCopy } from "./copies.ts";

interface ReadingOptions {
  /** The revision to leave. */
  readonly from?: LeftChoice | undefined;
  /** A service that was rolled back already stays where it is. */
  readonly staysBack?: boolean | undefined;
  /** The running revision is left only if it was deployed no longer ago than this; `undefined`: no such limit. */
  readonly ifDeployedWithinMs?: number | undefined;
  /** The family that a bare number most likely belongs to: its revision is read before the service has been. */
  readonly likelyFamily?: string | undefined;
  /** Where images, and what else the target needs, are looked up; `undefined`: nowhere. */
  readonly checker?: LimitedChecker | undefined;
  /** Looks for what the target needs besides images; `undefined`: that is not checked. */
  readonly needs?: NeedsReader | undefined;
  /** How tags are dealt with: it decides which copy can stand for the target. */
  readonly pin?: PinPolicy;
  /** What a deploy that is now to be rolled back knows of images. */
  readonly undo?: DeployImages | undefined;
}

/**
 * Reads what a rollback is planned from, as much as possible at the same time; no more than the service where that
 * rules a rollback out.
 *
 * @param scaling `undefined` where no scaling option was given
 */
export async function readCurrentState(
  ref: ServiceRef,
  choice: RevisionChoice,
  reader: EcsReader,
  scaling: ScalingPort | undefined,
  signal: AbortSignal,
  options: ReadingOptions = {},
): Promise<CurrentState> {
  const { from, staysBack, ifDeployedWithinMs, likelyFamily, checker } = options;
  const [ecs, denied] = [cacheTaskDefinitions(reader), [] as Unread[]];
  const record = new DeploymentRecord({ ref, ecs, signal });
  const isNamed = "revision" in choice || choice.kind === "deployment";
  record.begin(isNamed && ifDeployedWithinMs === undefined ? "few" : "most");
  const early = new EarlyTarget(choice, likelyFamily, ecs, signal);
  const [service, scalingState] = await Promise.all([
    ecs.describeService(ref, signal),
    scaling && readScaling(ref, scaling, signal),
  ]);
  const waitsRecord = service && findWaitsRecord(service.raw);
  const known = { ref, choice, service: service && withoutRaw(service), scaling: scalingState, waitsRecord, denied };
  const running = service && runningRevision(service);
  if (service === undefined || running === undefined) {
    return { ...known, chosen: undefined, current: undefined, target: undefined, newest: undefined };
  }
  const left = from && inFull(from, running);
  const readers = { ref, ecs, record, signal };
  let images: ReturnType<typeof readRunningImages> | undefined;
  const readImagesNow: Reading["readImagesNow"] = (registry) =>
    images ??= readRunningImages(service, { ...readers, registry });
  const reading = { ...options, ...readers, early, denied, readImagesNow };
  const search = { ...readers, from: left, staysBack, service, running, readImagesNow: () => readImagesNow(checker) };
  const both = await readBoth(choice, search, service, reading);
  const state = { ...known, left, ...both };
  const { chosen, target } = both;
  if (chosen.kind === "none" || both.skipped !== undefined) return state;
  if (target === undefined) return { ...state, newestRevisions: await readListedRevisions(chosen.family, readers) };
  return { ...state, ...await readSides({ ...state, chosen, target, service, running }, reading) };
}

/** What all parts of the state are read with. */
interface Reading extends ReadingOptions, RecordReading {
  readonly early: EarlyTarget;
  readonly denied: Unread[];
  /** Reads which images run, once: it is the registry of the first call that their tags are looked up in. */
  readonly readImagesNow: (registry: ImageRegistry | undefined) => ReturnType<typeof readRunningImages>;
}

/** Reads what runs, what the target is, and whether what runs may be left. */
async function readBoth(
  choice: RevisionChoice,
  search: RevisionSearch,
  service: DescribedService,
  reading: Reading,
): Promise<Pick<CurrentState, "skipped" | "current" | "target" | "newest"> & { readonly chosen: Chosen }> {
  const { ecs, checker, denied, ifDeployedWithinMs, signal } = reading;
  const [current, { chosen, target }, newest, decided] = await Promise.all([
    ecs.describeTaskDefinition(search.running.arn, signal),
    readTarget(choice, search, service, reading),
    unlessDenied(readNewestDeployment(service, reading), noteTo(denied, "underWay")),
    checkDeployedWithin(ifDeployedWithinMs, search),
  ]);
  if (decided !== undefined) checker?.drop();
  return { chosen, current, target, newest, ...decided };
}

/** Finds the target, and begins to look for what it needs: its images by ECS's record, while its definition is read. */
async function readTarget(
  choice: RevisionChoice,
  search: RevisionSearch,
  service: DescribedService,
  { ecs, early, checker, needs, signal }: Reading,
) {
  const { running } = search;
  early.beginImages(running, checker);
  const found: Chosen = choice.kind === "known"
    ? { ...choice, kind: "chosen" }
    : choice.kind === "number"
    ? { kind: "chosen", ...inFull(choice, running) }
    : await chooseRevision(choice, search);
  if (found.kind === "none") return { chosen: found, target: undefined };
  beginImages(found.ran?.images ?? [], checker, signal);
  const target = await ecs.describeTaskDefinition(shortName(found), signal);
  if (target !== undefined) {
    // A short name is looked up in the program's own account and region: the answer must be what was chosen.
    if (target.arn !== found.arn) return { chosen: noneChosen({ code: "foreignAccount", running }), target: undefined };
    needs?.begin(target.raw, "byRecord");
    needs?.beginTargetGroups(service.raw, target.raw);
  }
  return { chosen: found, target };
}

/** The state of a rollback that has a target. */
type StateOfSides = CurrentState & {
  readonly chosen: ChosenRevision;
  readonly target: TaskDefinition;
  readonly service: DescribedService;
  readonly running: Revision;
};

/**
 * Reads which images ran on both sides, with which settings, and whether the target has what it needs. Where a copy takes
 * the place of the target, that as well.
 */
async function readSides(
  state: StateOfSides,
  { ecs, record, checker, early, needs, undo, readImagesNow, pin = "auto", signal }: Reading,
) {
  const { chosen, target, current, newest, running } = state;
  const { ran, settings, denied } = await readRecorded(state, ecs, record, undo?.ran);
  const read = { ran, settings, denied: [...state.denied, ...denied] };
  // Nothing may delay the stop of a deployment: ECS starts what ran by its digests, whatever the registry says.
  const isByEcs = ecsRollsBackTo(newest, target, ran);
  const registry = isByEcs ? undefined : checker;
  registry?.startLimit();
  const now = await readImagesNow(registry);
  const runs = withStarted(now, undo?.started);
  const known = { ran: undo?.ran ?? ran?.images, running: runs, registry, areTagsBegun: early.areImagesBegun };
  const { value: past = [] } = await record.read("few");
  const [images, copies] = await Promise.all([
    readImages(readWrittenImages(target.raw), known, signal),
    isByEcs ? [] : readCopies(target, past, ecs, signal),
  ]);
  const sides = { ...read, images };
  if (isCopy(current, target, images, pin)) {
    checker?.drop();
    return { ...sides, chosen: replaceWithCopy("runsCopy", chosen, running, target), target: current };
  }
  const isDeployed = running.arn === target.arn;
  const isSettled = isByEcs || (isDeployed && ranTheSame(now, ran?.images));
  const copy = isSettled ? undefined : findCopy(copies, target, images, pin, isDeployed);
  const goal = copy === undefined
    ? sides
    : { ...sides, chosen: replaceWithCopy("hasCopy", chosen, copy, target), target: copy };
  if (needs !== undefined && !isSettled) {
    return { ...goal, preflight: await needs.read({ ...state, ...goal, record }, ecs, signal) };
  }
  checker?.drop();
  return goal;
}

/**
 * Reads ECS's record of what ran on both sides, and its denial, which is reported nowhere else.
 *
 * @param known the images that ran with the target, where the caller knows them better than the record
 */
async function readRecorded(
  { chosen, target, service, newest }: Omit<StateOfSides, "running">,
  ecs: EcsReader,
  record: DeploymentRecord,
  known: readonly ContainerImage[] | undefined,
) {
  const isOfTarget = ({ status, taskDefinition }: PastDeployment) =>
    status === "SUCCESSFUL" && taskDefinition === target.arn;
  const [found, runs] = await Promise.all([
    chosen.ran ?? record.find(isOfTarget).then((found) => found?.revision),
    record.findRunning(service),
  ]);
  // The revision that the deployment under way replaces has run, too.
  const recorded = found ?? (newest?.cameFrom === target.arn ? newest.source : undefined);
  const ran = recorded && { ...recorded, images: known ?? recorded.images };
  const { denied } = await record.read("few");
  return {
    ran,
    settings: ran && compareSettings(ran, runs, service, ecs),
    denied: denied === undefined ? [] : [{ part: "ran" as const, denial: denied.failure }],
  };
}

/** Without a record of what runs, the service itself shows most of its settings. */
function compareSettings(
  ran: ServiceRevision,
  runs: ServiceRevision | undefined,
  service: DescribedService,
  ecs: EcsReader,
): SettingChanges {
  const updatable = ecs.updatableMembers();
  return runs === undefined
    ? findSettingChanges(ran.raw, service.raw, updatable, updatable.inRevisionOnly)
    : findSettingChanges(ran.raw, runs.raw, updatable);
}
