import { findSettingChanges, type SettingChanges } from "../../definitions/compare_settings.ts";
import { optional, unlessDenied } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision, shortName } from "../../model/arn.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { EcsReader, ImageRegistry, ScalingPort } from "../../model/ports.ts";
import { type DescribedService, liveDeployments, type ServiceRef, type ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment, ServiceRevision } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { PlanNotice } from "../plan/notice.ts";
import type { Plan } from "../plan/plan.ts";
import type { PinPolicy } from "../plan/plan_images.ts";
import { noteTo, type Unread } from "../plan/unread.ts";
import { DeploymentRecord } from "./deployment_record.ts";
import { EarlyTarget } from "./early_target.ts";
import { beginImages, type ImagesState, readImages } from "./read_images.ts";
import { readListedRevisions } from "./read_listed_revisions.ts";
import { findingOnce, readRunning } from "./read_running.ts";
import { chooseRevision, type Choosing, revisionNamed } from "./choose_revision.ts";
import {
  describingOnce,
  type NewestDeployment,
  readNewestDeployment,
  readScaling,
  type ScalingState,
} from "./read_service.ts";
import { isCopy, runsCopy } from "./runs_copy.ts";
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
  /** The optional things that may not be read. */
  readonly denied: readonly Unread[];
}

interface ReadingOptions {
  /** What is to be left. */
  readonly from?: LeftChoice | undefined;
  /** The family that a number is most likely of: its revision is read before the service has been. */
  readonly likelyFamily?: string | undefined;
  /** Where tags are looked up; `undefined`: nowhere. */
  readonly registry?: ImageRegistry | undefined;
  /** How tags are dealt with: it decides which copy of the target passes for it. */
  readonly pin?: PinPolicy;
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
  { from: leftChoice, registry: every, likelyFamily, pin = "auto" }: ReadingOptions = {},
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
  const readers = { ref, ecs, record, early, registry: findingOnce(every) };
  const readImagesNow = readingOnce(() => readRunning(service, readers, signal));
  const choosing = { choice, from: left, service, running, ecs, record, readImagesNow, signal };
  const [current, { chosen, target }, newest] = await Promise.all([
    ecs.describeTaskDefinition(running.arn, signal),
    readTarget(choosing, readers),
    unlessDenied(readNewestDeployment(ref, service, ecs, signal), noteTo(denied, "underWay")),
  ]);
  const state = { ...known, left, chosen, current, target, newest };
  if (chosen.kind === "none") return state;
  if (target === undefined) {
    return { ...state, newestRevisions: await readListedRevisions(chosen.family, ref, ecs, signal) };
  }
  return await readSides({ ...state, chosen, target, service, running }, { ...readers, readImagesNow, pin }, signal);
}

function readingOnce<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let reading: Promise<Result> | undefined;
  return () => reading ??= read();
}

/** Finds the target. Its images are looked up by ECS's record, if there is one, while its definition is being read. */
async function readTarget(choosing: Choosing, { early, registry }: Pick<SideReading, "early" | "registry">) {
  const { ecs, running, signal } = choosing;
  early.beginImages(running, registry);
  const chosen = await chooseRevision(choosing);
  if (chosen.kind === "none") return { chosen, target: undefined };
  beginImages(chosen.ran?.images ?? [], registry, signal);
  return { chosen, target: await ecs.describeTaskDefinition(shortName(chosen), signal) };
}

/** What is read with the sides of a rollback. */
interface SideReading {
  readonly ecs: EcsReader;
  readonly record: DeploymentRecord;
  readonly early: EarlyTarget;
  readonly registry: ImageRegistry | undefined;
  readonly readImagesNow: () => Promise<readonly ContainerImage[] | undefined>;
  readonly pin: PinPolicy;
}

/** Reads what ran on both sides, by digest, and with which settings. */
async function readSides(
  state: CurrentState & {
    readonly chosen: ChosenRevision;
    readonly target: TaskDefinition;
    readonly service: DescribedService;
    readonly running: Revision;
  },
  { ecs, record, early, registry, readImagesNow, pin }: SideReading,
  signal: AbortSignal,
): Promise<CurrentState> {
  const { chosen, target, current, service, running, ...others } = state;
  const isOfTarget = ({ status, taskDefinition }: PastDeployment) =>
    status === "SUCCESSFUL" && taskDefinition === target.arn;
  const [found, now, runs] = await Promise.all([
    chosen.ran ?? record.find(isOfTarget).then((found) => found?.revision),
    readImagesNow(),
    record.findRunning(service),
  ]);
  // What the deployment under way came from has run, too.
  const { newest } = others;
  const ran = found ?? (newest?.cameFrom === target.arn ? newest.source : undefined);
  const images = await readImages(target, { ran, running: now, registry, areTagsBegun: early.areImagesBegun }, signal);
  const { denied: unrecorded } = await record.read("few");
  const unread: Unread[] = images.unread.slice(0, 1).map((denial) => ({ part: "tags", denial }));
  if (unrecorded !== undefined) unread.unshift({ part: "ran", denial: unrecorded });
  const settings = ran && compareSettings(ran, runs, service, ecs);
  const read = { ...others, service, current, ran, settings, images, denied: [...others.denied, ...unread] };
  return isCopy(current, target, images, pin)
    ? { ...read, chosen: runsCopy(chosen, running, target), target: current }
    : { ...read, chosen, target };
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

/**
 * Which of the cluster's other services keep what a plan deregisters last from being deregistered. For a dry run: a
 * real one asks just before that, and what is urgent does not wait for it.
 */
export async function foreseeDeregistering(
  { subject: { cluster }, steps }: Plan,
  own: ServiceSnapshot | undefined,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<PlanNotice[]> {
  const step = steps.find(({ kind }) => kind === "deregister");
  if (step?.kind !== "deregister") return [];
  const { taskDefinition: revision } = step;
  const uses = (service: ServiceSnapshot) =>
    [service, ...liveDeployments(service), ...service.taskSets].some(({ taskDefinition }) =>
      taskDefinition === revision.arn
    );
  const users: string[] = [];
  const read = async () => {
    for await (const arns of ecs.listServices(cluster, signal)) {
      const services = await ecs.describeServices(cluster, arns.filter((other) => other !== own?.arn), signal);
      users.push(...services.filter(uses).map((service) => service.name));
    }
  };
  const { denied } = await optional(read());
  return [
    ...(denied === undefined ? [] : [{ code: "usersNotRead", revision, denial: denied.message } as const]),
    ...(users.length === 0 ? [] : [{ code: "usedByServices", revision, services: users } as const]),
  ];
}
