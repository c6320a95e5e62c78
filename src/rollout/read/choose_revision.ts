import { optional, unlessDenied } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision, siblingArn } from "../../model/arn.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment, ServiceRevision } from "../../model/service_deployment.ts";
import { copiedFrom } from "../../model/task_definition.ts";
import type { DeploymentRecord } from "./deployment_record.ts";
import { findPrevious, type Previous } from "./find_previous.ts";
import { findShownPrevious, findShownWayBack, type ShownWayBack } from "./find_shown_previous.ts";
import type { ChoiceReason, Chosen, ChosenRevision, Doubt, LeftChoice, RevisionChoice } from "./revision_choice.ts";

/** What a choice is made for. */
interface Choosing {
  readonly choice: RevisionChoice;
  /** What is to be left; `undefined`: whatever runs. */
  readonly from: Revision | undefined;
  readonly service: ServiceSnapshot;
  /** What the service runs. */
  readonly running: Revision;
  readonly ecs: EcsReader;
  readonly record: DeploymentRecord;
  /** The images that the service runs, where that is known. */
  readonly readImagesNow: () => Promise<readonly ContainerImage[] | undefined>;
  readonly signal: AbortSignal;
}

/**
 * Finds the revision that a choice means for a service that runs `running`. Asks AWS only for `previous`, and where
 * another family is named. That the deployments may not be read is a doubt only.
 */
export async function chooseRevision(choosing: Choosing): Promise<Chosen> {
  const { choice, running } = choosing;
  if (choice.kind === "number") return chosen({ ...choice, family: choice.family ?? running.family }, undefined);
  return choice.kind === "named" ? await chooseNamed(choice, choosing) : await choosePrevious(choosing);
}

/** The revision, where nothing speaks against it. */
function chosen(
  { family, revision }: Pick<Revision, "family" | "revision">,
  reason: ChoiceReason | undefined,
  doubts: readonly Doubt[] = [],
): ChosenRevision {
  return { kind: "chosen", family, revision, reason, doubts, isProven: true, leavesWayBack: false };
}

/** What names a revision, as a full one: a number is of the family that the service runs. */
export function revisionNamed(choice: LeftChoice, running: Revision): Revision {
  const { revision } = choice;
  const family = choice.family ?? running.family;
  const isArn = choice.kind === "named" && choice.name.startsWith("arn:");
  const arn = isArn ? choice.name : siblingArn(running, revision).replace(/[^/]*$/, `${family}:${revision}`);
  return { arn, family, revision };
}

async function chooseNamed(
  named: Extract<RevisionChoice, { kind: "named" }>,
  choosing: Choosing,
): Promise<Chosen> {
  const { name, family } = named;
  const { running, service } = choosing;
  const prefix = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
  if (name.startsWith("arn:") && prefix(name) !== prefix(running.arn)) {
    return { kind: "none", reason: { code: "foreignAccount", running } };
  }
  const isOfFamily = (arn: string | undefined) => arn !== undefined && parseTaskDefinitionArn(arn).family === family;
  const isShown = family === running.family ||
    service.deployments.some(({ taskDefinition }) => isOfFamily(taskDefinition));
  if (isShown) return chosen(named, undefined);
  const { past, earliest, doubts } = await readRecord(choosing, running);
  if (isOfFamily(earliest?.taskDefinition) || past.some(({ taskDefinition }) => isOfFamily(taskDefinition))) {
    return chosen(named, undefined, doubts);
  }
  // What cannot be known is up to the user.
  if (doubts.length > 0) return { ...chosen(named, undefined, doubts), isProven: false };
  return { kind: "none", reason: { code: "foreignFamily", family, running } };
}

/** A way back that is younger may be that of the same script, or of a colleague. */
const WAY_BACK_SETTLES_MS = 3_600_000;

/**
 * Finds what ran before what runs, or before what is to be left: by what the service shows, by ECS's record of its
 * deployments, and at last by what is registered.
 */
async function choosePrevious(choosing: Choosing): Promise<Chosen> {
  const { service, running, from = running } = choosing;
  const shown = from.arn === running.arn ? findShownWayBack(service) : undefined;
  if (shown !== undefined && shown.eventAtMs === undefined && choosing.from === undefined) {
    return chosen(shown.target, shown.reason);
  }
  const record = await readRecord(choosing, from);
  const { doubts } = record;
  if (shown !== undefined && holds(shown, record, choosing)) return chosen(shown.target, shown.reason);
  const previous = findInRecord(record, choosing) ?? findShown(service, from);
  if (previous !== undefined) {
    const { target, reason, ran, leavesWayBackOfMs } = previous;
    return { ...chosen(target, reason, doubts), ran, leavesWayBack: leavesWayBack(leavesWayBackOfMs, choosing) };
  }
  const { lower, isNewest } = await findNextLower(from, choosing);
  if (lower === undefined) return { kind: "none", reason: { code: "noLower", from, doubt: doubts[0] } };
  const target = { family: from.family, revision: lower };
  const nothingBefore = doubts.length > 0 ? undefined : from;
  const all = [...doubts, { code: "mayNeverHaveRun", revision: target } as const];
  return {
    ...chosen(target, { code: "nextLower", revision: lower, nothingBefore }, all),
    isProven: false,
    // Where a higher one is registered, what runs may be what somebody has rolled back to.
    leavesWayBack: !isNewest && leavesWayBack(primaryDeployment(service)?.createdAtMs, choosing),
  };
}

/**
 * Whether the service is where ECS has gone back to, or goes. Somebody may have deployed since, and what runs may be named
 * as what is to be left: then only its own deployment that failed speaks for it.
 */
function holds({ eventAtMs }: ShownWayBack, { past }: PastRecord, { from, running }: Choosing): boolean {
  const [newest] = past.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  const isOfRunning = newest?.taskDefinition === running.arn;
  if (eventAtMs !== undefined && isOfRunning && newest.createdAtMs > eventAtMs) return false;
  return from === undefined || (isOfRunning && newest.status !== "SUCCESSFUL");
}

function findInRecord(record: PastRecord, { running, from }: Choosing): Previous | undefined {
  const { past, original, earliest, images } = record;
  if (from === undefined) return findPrevious(past, running, { original, earliest, images });
  const reading = { original, earliest, images };
  if (from.arn === running.arn) return findPrevious(past, from, { ...reading, stays: "ifDeployedOnceMore" });
  const until = upTo(from, past);
  // It is not known to have been deployed; then nothing is known to have been before it.
  if (past.length > 0 && until.length === 0) return undefined;
  return findPrevious(until, from, { ...reading, stays: "never" });
}

/** What the service itself shows to have run before `from`. */
function findShown(service: ServiceSnapshot, from: Revision): Previous | undefined {
  if (primaryDeployment(service)?.taskDefinition === from.arn) return findShownPrevious(service);
  // What is to be left is being left already: by ECS, or by an order to go back.
  const isLeaving = service.deployments.some(({ taskDefinition }) => taskDefinition === from.arn);
  return isLeaving ? findShownWayBack(service) : undefined;
}

/** The deployments up to the newest one of a revision, as if nothing had happened since. */
function upTo({ arn }: Revision, past: readonly PastDeployment[]): readonly PastDeployment[] {
  const times = past.filter(({ taskDefinition }) => taskDefinition === arn).map(({ createdAtMs }) => createdAtMs);
  const newestMs = Math.max(-Infinity, ...times);
  return past.filter(({ createdAtMs }) => createdAtMs <= newestMs);
}

/** A way back is left only by somebody who says so: by what is left, by the number, or on a terminal. */
function leavesWayBack(sinceMs: number | undefined, { from, ecs }: Choosing): boolean {
  return from === undefined && sinceMs !== undefined && ecs.now() - sinceMs < WAY_BACK_SETTLES_MS;
}

/** The next lower ACTIVE number, and whether none is higher. */
async function findNextLower(
  { family, revision }: Revision,
  { ecs, signal }: Choosing,
): Promise<{ readonly lower: number | undefined; readonly isNewest: boolean }> {
  let isNewest = true;
  for await (const page of ecs.listRevisions(family, { status: "ACTIVE", order: "DESC" }, signal)) {
    isNewest &&= page.every((candidate) => candidate.revision <= revision);
    const lower = page.map((candidate) => candidate.revision).filter((candidate) => candidate < revision);
    if (lower.length > 0) return { lower: Math.max(...lower), isNewest };
  }
  return { lower: undefined, isNewest };
}

/** What ECS has on record of the time before a revision ran. */
interface PastRecord {
  readonly past: readonly PastDeployment[];
  /** The number of the revision that it is a copy of. */
  readonly original: number | undefined;
  /** What the oldest deployment came from. */
  readonly earliest: ServiceRevision | undefined;
  /** The images of what is to be left, where those are known. */
  readonly images: readonly ContainerImage[] | undefined;
  /** One for each part that may not be read. */
  readonly doubts: readonly Doubt[];
}

async function readRecord(choosing: Choosing, from: Revision): Promise<PastRecord> {
  const { service, ecs, record, readImagesNow, signal } = choosing;
  const doubts: Doubt[] = [];
  const [{ value: past = [], denied }, definition] = await Promise.all([
    record.read("most"),
    unlessDenied(
      ecs.describeTaskDefinition(from.arn, signal),
      ({ message: denial }) => doubts.push({ code: "copyNotRead", revision: from, denial }),
    ),
  ]);
  if (denied !== undefined) doubts.unshift({ code: "deploymentsNotRead", denial: denied.message });
  const isRunning = from.arn === service.taskDefinition;
  const [earliest, images] = await Promise.all([
    unlessDenied(
      readEarliest(past, ecs, signal),
      ({ message: denial }) => doubts.push({ code: "earliestNotRead", denial }),
    ),
    isRunning ? readImagesNow() : readLeftImages(from, past, choosing),
  ]);
  const original = definition && copiedFrom(definition.raw, from.family);
  return { past, original, earliest, images, doubts };
}

/**
 * The images of what was left. It may have been left before its first task had started: where a copy of the same task
 * definition runs now, those images were other ones.
 */
async function readLeftImages(
  from: Revision,
  past: readonly PastDeployment[],
  { running, ecs, signal }: Choosing,
): Promise<readonly ContainerImage[] | undefined> {
  const newestFirst = past.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  const images = newestFirst.find(({ taskDefinition }) => taskDefinition === from.arn)?.revision?.images;
  if (images === undefined || images.every(({ digest }) => digest !== undefined)) return images;
  const { value: definition } = await optional(ecs.describeTaskDefinition(running.arn, signal));
  const isCopy = definition !== undefined && copiedFrom(definition.raw, from.family) === from.revision;
  return images.map((image) => ({ ...image, ...(isCopy && image.digest === undefined && { isGone: true }) }));
}

/**
 * A service may have run the same for longer than ECS keeps records. `undefined` where the oldest deployment on record came
 * from several task definitions, or none.
 */
async function readEarliest(
  past: readonly PastDeployment[],
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<ServiceRevision | undefined> {
  const [oldest] = past.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  const deployment = oldest && await ecs.describeServiceDeployment(oldest.arn, signal);
  const [source, ...others] = deployment?.sourceRevisionArns ?? [];
  if (source === undefined || others.length > 0) return undefined;
  const [revision] = await ecs.describeServiceRevisions([source], signal);
  return revision;
}
