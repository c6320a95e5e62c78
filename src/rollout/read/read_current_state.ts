import { findSettingChanges, type SettingChanges } from "../../definitions/compare_settings.ts";
import { unlessDenied } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { type ContainerImage, ranTheSame, readWrittenImages } from "../../model/images.ts";
import type { EcsReader, ImageRegistry, ScalingPort } from "../../model/ports.ts";
import type { DescribedService, ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment, ServiceRevision } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { LimitedChecker } from "../limited_checker.ts";
import type { DeployUndo } from "../plan/plan.ts";
import type { PinPolicy } from "../plan/plan_images.ts";
import { isTurnedBackByEcs } from "../plan/plan_order.ts";
import { noteTo, type Unread } from "../plan/unread.ts";
import { EarlyTarget, readTarget, revisionNamed } from "./choose_revision.ts";
import { DeploymentRecord } from "./deployment_record.ts";
import { type ImagesState, readImages } from "./read_images.ts";
import { readListedRevisions } from "./read_listed_revisions.ts";
import type { NeedsReader, PreflightState } from "./read_preflight.ts";
import { readRunning, withStarted } from "./read_running.ts";
import {
  describingOnce,
  type NewestDeployment,
  readNewestDeployment,
  readScaling,
  type ScalingState,
} from "./read_service.ts";
import { findCopy, hasCopy, isCopy, readCopies, runsCopy } from "./copies.ts";
import type { Chosen, ChosenRevision, LeftChoice, ListedRevisions, RevisionChoice } from "./revision_choice.ts";

/** Everything that planning a rollback needs to know of the world. What was not needed to decide is left out. */
export interface CurrentState {
  readonly ref: ServiceRef;
  /** What the user asked for, and what it comes to; `undefined` when the service rules a rollback out. */
  readonly choice: RevisionChoice;
  readonly chosen: Chosen | undefined;
  /** What is to be left, and nothing else, where the user has said so. */
  readonly left?: Revision | undefined;
  readonly service: ServiceSnapshot | undefined;
  /** The service's task definition as of now; `undefined` when it has been deleted. */
  readonly current: TaskDefinition | undefined;
  readonly target: TaskDefinition | undefined;
  /** Read only when the target is not registered, and `undefined` when they may not be read. */
  readonly newestRevisions?: ListedRevisions | undefined;
  /** `undefined` when the service is no scalable target, or nobody asked for scaling. */
  readonly scaling: ScalingState | undefined;
  /** ECS's own record of the newest deployment, where it matters: one is in progress, or is no rolling one. */
  readonly newest: NewestDeployment | undefined;
  /** The service revision of the target's newest successful deployment, or of the one that is meant; its images by digest. */
  readonly ran?: ServiceRevision | undefined;
  /** How the service's settings differ from those that the target ran with; `undefined` where ECS has no record of them. */
  readonly settings?: SettingChanges | undefined;
  /** What is known of the images of both sides; `undefined` where there is no target. */
  readonly images?: ImagesState | undefined;
  /** `undefined` where it was not asked for, and where ECS goes back by itself: nothing delays that. */
  readonly preflight?: PreflightState | undefined;
  /** The optional things that may not be read. */
  readonly denied: readonly Unread[];
}

interface ReadingOptions {
  /** What is to be left. */
  readonly from?: LeftChoice | undefined;
  /** The family that a number is most likely of: its revision is read before the service has been. */
  readonly likelyFamily?: string | undefined;
  /** Where images are looked up, and what else the target needs; `undefined`: nowhere. */
  readonly checker?: LimitedChecker | undefined;
  /** Looks for what the target needs besides images; `undefined`: nothing does. */
  readonly needs?: NeedsReader | undefined;
  /** How tags are dealt with: it decides which copy of the target passes for it. */
  readonly pin?: PinPolicy;
  /** What a deploy knows of images that is now to be rolled back. */
  readonly undo?: Pick<DeployUndo, "ran" | "started"> | undefined;
}

/**
 * Reads what a rollback is planned from: three calls, two of them at the same time; those of `chooseRevision` where the
 * revision has to be found; two more when scaling is asked for, one more when the target is deregistered, and two or three
 * more while another deployment is in progress or the service deploys by another strategy than rolling.
 * Fewer when the service rules a rollback out. `scaling` is `undefined` when no scaling option was given.
 */
export async function readCurrentState(
  ref: ServiceRef,
  choice: RevisionChoice,
  reader: EcsReader,
  scaling: ScalingPort | undefined,
  signal: AbortSignal,
  { from: leftChoice, likelyFamily, checker, needs, pin = "auto", undo }: ReadingOptions = {},
): Promise<CurrentState> {
  const [ecs, denied] = [describingOnce(reader), [] as Unread[]];
  const record = new DeploymentRecord(ref, ecs, signal);
  record.begin("revision" in choice || choice.kind === "deployment" ? "few" : "most");
  const early = new EarlyTarget(choice, likelyFamily, ecs, signal);
  const [service, scalingState] = await Promise.all([
    ecs.describeService(ref, signal),
    scaling && readScaling(ref, scaling, signal),
  ]);
  const known = { ref, choice, service, scaling: scalingState, denied };
  const running = service && runningRevision(service);
  if (service === undefined || running === undefined) {
    return { ...known, chosen: undefined, current: undefined, target: undefined, newest: undefined };
  }
  const left = leftChoice && revisionNamed(leftChoice, running);
  const readImagesNow = readingOnce((registry) => readRunning(service, { ref, ecs, record, registry }, signal));
  const choosing = { choice, from: left, service, running, ecs, record, signal };
  const [current, { chosen, target }, newest] = await Promise.all([
    ecs.describeTaskDefinition(running.arn, signal),
    readTarget({ ...choosing, readImagesNow: () => readImagesNow(checker) }, { service, early, checker, needs }),
    unlessDenied(readNewestDeployment(ref, service, ecs, signal), noteTo(denied, "underWay")),
  ]);
  const state = { ...known, left, chosen, current, target, newest };
  if (chosen.kind === "none") return state;
  if (target === undefined) {
    return { ...state, newestRevisions: await readListedRevisions(chosen.family, ref, ecs, signal) };
  }
  const reading = { ecs, record, early, checker, needs, undo, readImagesNow, pin };
  return await readSides({ ...state, chosen, target, service, running }, reading, signal);
}

/** Reads which images run, at most once, with the tags looked up in the registry that is given first. */
type ReadImagesNow = (registry: ImageRegistry | undefined) => Promise<readonly ContainerImage[] | undefined>;

function readingOnce(read: ReadImagesNow): ReadImagesNow {
  let reading: ReturnType<ReadImagesNow> | undefined;
  return (registry) => reading ??= read(registry);
}

/** What is read with the sides of a rollback. */
interface SideReading {
  readonly ecs: EcsReader;
  readonly record: DeploymentRecord;
  readonly early: EarlyTarget;
  readonly checker: LimitedChecker | undefined;
  readonly needs: NeedsReader | undefined;
  readonly undo: ReadingOptions["undo"];
  readonly readImagesNow: ReadImagesNow;
  readonly pin: PinPolicy;
}

/** The state of a rollback that has a target. */
type StateOfSides = CurrentState & {
  readonly chosen: ChosenRevision;
  readonly target: TaskDefinition;
  readonly service: DescribedService;
  readonly running: Revision;
};

/** Reads what ran on both sides, by digest and with which settings, and whether the target has what it needs. */
async function readSides(
  { running, ...state }: StateOfSides,
  { ecs, record, checker, early, needs, undo, readImagesNow, pin }: SideReading,
  signal: AbortSignal,
): Promise<CurrentState> {
  const { chosen, target, current, newest } = state;
  const { ran, settings, denied } = await readRecorded(state, ecs, record, undo?.ran);
  const read = { ...state, ran, settings, denied: [...state.denied, ...denied] };
  // Nothing delays a stop: ECS starts what ran by its digests, whatever the registry says.
  const isTurnedBack = isTurnedBackByEcs(newest, target, ran);
  const registry = isTurnedBack ? undefined : checker;
  registry?.startLimit();
  const now = await readImagesNow(registry);
  const runs = withStarted(now, undo?.started);
  const known = { ran: undo?.ran ?? ran?.images, running: runs, registry, areTagsBegun: early.areImagesBegun };
  const { value: past = [] } = await record.read("few");
  const [images, copies] = await Promise.all([
    readImages(readWrittenImages(target.raw), known, signal),
    isTurnedBack ? [] : readCopies(target, past, ecs, signal),
  ]);
  const sides = { ...read, images };
  if (isCopy(current, target, images, pin)) {
    checker?.drop();
    return { ...sides, chosen: runsCopy(chosen, running, target), target: current };
  }
  const isDeployed = running.arn === target.arn;
  const isSettled = isTurnedBack || (isDeployed && ranTheSame(now, ran?.images));
  const copy = isSettled ? undefined : findCopy(copies, target, images, pin, isDeployed);
  const goal = copy === undefined ? sides : { ...sides, chosen: hasCopy(chosen, copy, target), target: copy };
  if (needs !== undefined && !isSettled) {
    return { ...goal, preflight: await needs.read({ ...goal, record }, ecs, signal) };
  }
  checker?.drop();
  return goal;
}

/**
 * Reads ECS's record of what ran on both sides, and the denial of it that nothing else says.
 *
 * @param known the images that ran with the target, where somebody knows better than the record
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
  // What the deployment under way came from has run, too.
  const recorded = found ?? (newest?.cameFrom === target.arn ? newest.source : undefined);
  const ran = recorded && { ...recorded, images: known ?? recorded.images };
  const { denied } = await record.read("few");
  return {
    ran,
    settings: ran && compareSettings(ran, runs, service, ecs),
    denied: denied === undefined ? [] : [{ part: "ran" as const, denial: denied }],
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

/** The revision that a service runs, when it is one that UpdateService could give another. */
export function runningRevision(service: ServiceSnapshot): Revision | undefined {
  const canBeUpdated = service.status === "ACTIVE" && service.deploymentController === "ECS";
  return canBeUpdated && service.taskDefinition !== undefined
    ? parseTaskDefinitionArn(service.taskDefinition)
    : undefined;
}
