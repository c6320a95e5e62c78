import { unlessDenied } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision, shortName } from "../../model/arn.ts";
import type { EcsReader, ScalingPort } from "../../model/ports.ts";
import { type DescribedService, type ServiceRef, type ServiceSnapshot, withoutRaw } from "../../model/service.ts";
import type { LimitedChecker } from "../limited_checker.ts";
import type { DeployUndo } from "../plan/plan.ts";
import type { PinPolicy } from "../plan/plan_images.ts";
import { noteTo, type Unread } from "../plan/unread.ts";
import { chooseDeployment } from "./choose_deployment.ts";
import { chooseNamed, revisionNamed } from "./choose_named.ts";
import { choosePrevious, chooseStable, type Search } from "./choose_previous.ts";
import type { CurrentState } from "./current_state.ts";
import { readCondition } from "./find_release.ts";
import { DeploymentRecord } from "./deployment_record.ts";
import { readListedRevisions } from "./read_listed_revisions.ts";
import { EarlyTarget } from "./early_target.ts";
import { beginImages } from "./read_images.ts";
import type { NeedsReader } from "./read_preflight.ts";
import { readRunning } from "./read_running.ts";
import { describingOnce, readNewestDeployment, readScaling } from "./read_service.ts";
import { type ReadImagesNow, readSides } from "./read_sides.ts";
import { type Chosen, chosen, type LeftChoice, type RevisionChoice } from "./revision_choice.ts";

interface ReadingOptions {
  /** What is to be left. */
  readonly from?: LeftChoice | undefined;
  /** What was rolled back already stays so. */
  readonly staysBack?: boolean | undefined;
  /** What runs is left only where it was deployed no longer ago; left out: whenever that was. */
  readonly ifDeployedWithinMs?: number | undefined;
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
 * Reads what a rollback is planned from: three calls, two of them at the same time; those of `chooseRevision()` where the
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
  { from: leftChoice, staysBack, ifDeployedWithinMs, likelyFamily, checker, needs, pin = "auto", undo }:
    ReadingOptions = {},
): Promise<CurrentState> {
  const [ecs, denied] = [describingOnce(reader), [] as Unread[]];
  const record = new DeploymentRecord(ref, ecs, signal);
  const isNamed = "revision" in choice || choice.kind === "deployment";
  record.begin(isNamed && ifDeployedWithinMs === undefined ? "few" : "most");
  const early = new EarlyTarget(choice, likelyFamily, ecs, signal);
  const [service, scalingState] = await Promise.all([
    ecs.describeService(ref, signal),
    scaling && readScaling(ref, scaling, signal),
  ]);
  const known = { ref, choice, service: service && withoutRaw(service), scaling: scalingState, denied };
  const running = service && runningRevision(service);
  if (service === undefined || running === undefined) {
    return { ...known, chosen: undefined, current: undefined, target: undefined, newest: undefined };
  }
  const left = leftChoice && revisionNamed(leftChoice, running);
  const readImagesNow = readingOnce((registry) => readRunning(service, { ref, ecs, record, registry }, signal));
  const choosing = { choice, from: left, staysBack, service, running, ecs, record, signal };
  const both = await readBoth(choosing, { ref, early, checker, needs, denied, ifDeployedWithinMs, readImagesNow });
  const state = { ...known, left, ...both };
  const { chosen, target } = both;
  if (chosen.kind === "none" || both.skipped !== undefined) return state;
  if (target === undefined) {
    return { ...state, newestRevisions: await readListedRevisions(chosen.family, ref, ecs, signal) };
  }
  const reading = { ecs, record, early, checker, needs, undo, readImagesNow, pin };
  return { ...state, ...await readSides({ ...state, chosen, target, service, running }, reading, signal) };
}

/** What a choice is made for. */
interface Choosing extends Search {
  readonly choice: RevisionChoice;
}

/** What is read with the target. */
interface BothReading {
  readonly ref: ServiceRef;
  readonly early: EarlyTarget;
  readonly checker: LimitedChecker | undefined;
  readonly needs: NeedsReader | undefined;
  readonly denied: Unread[];
  readonly ifDeployedWithinMs: number | undefined;
  readonly readImagesNow: ReadImagesNow;
}

type StateOfBoth =
  & Pick<CurrentState, "skipped" | "current" | "target" | "newest">
  & { readonly chosen: Chosen };

/** Reads what runs, what it is to become, and whether it may be left. */
async function readBoth(
  others: Omit<Choosing, "readImagesNow"> & { readonly service: DescribedService },
  reading: BothReading,
): Promise<StateOfBoth> {
  const { service, running, ecs, signal } = others;
  const { ref, checker, denied, ifDeployedWithinMs, readImagesNow } = reading;
  const choosing = { ...others, readImagesNow: () => readImagesNow(checker) };
  const [current, { chosen, target }, newest, decided] = await Promise.all([
    ecs.describeTaskDefinition(running.arn, signal),
    readTarget(choosing, service, reading),
    unlessDenied(readNewestDeployment(ref, service, ecs, signal), noteTo(denied, "underWay")),
    readCondition(ifDeployedWithinMs, choosing),
  ]);
  if (decided !== undefined) checker?.drop();
  return { chosen, current, target, newest, ...decided };
}

/** Finds the target, and begins to look for what it needs: its images by ECS's record while its definition is being read. */
async function readTarget(
  choosing: Choosing,
  service: DescribedService,
  { early, checker, needs }: Pick<BothReading, "early" | "checker" | "needs">,
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

/**
 * Finds the revision that a choice means for a service that runs `running`. Asks AWS only for `previous`, and where
 * another family is named. That the deployments may not be read is a doubt only.
 */
export async function chooseRevision(choosing: Choosing): Promise<Chosen> {
  const { choice, running } = choosing;
  switch (choice.kind) {
    case "number":
      return chosen({ ...choice, family: choice.family ?? running.family }, undefined);
    case "named":
      return await chooseNamed(choice, choosing);
    case "previous":
      return await choosePrevious(choosing);
    case "stable":
      return await chooseStable(choice.minServedMs, choosing);
    default:
      return await chooseDeployment(choice, choosing);
  }
}

function readingOnce(read: ReadImagesNow): ReadImagesNow {
  let reading: ReturnType<ReadImagesNow> | undefined;
  return (registry) => reading ??= read(registry);
}

/** The revision that a service runs, when it is one that UpdateService could give another. */
export function runningRevision(service: ServiceSnapshot): Revision | undefined {
  const canBeUpdated = service.status === "ACTIVE" && service.deploymentController === "ECS";
  return canBeUpdated && service.taskDefinition !== undefined
    ? parseTaskDefinitionArn(service.taskDefinition)
    : undefined;
}
