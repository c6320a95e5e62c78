import { parseTaskDefinitionArn, type Revision, siblingArn } from "../../model/arn.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { EcsReader } from "../../model/ports.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment } from "../../model/service_deployment.ts";
import { chooseDeployment } from "./choose_deployment.ts";
import { nameDeployment } from "./chosen_deployment.ts";
import type { DeploymentRecord } from "./deployment_record.ts";
import { findPrevious, type Previous } from "./find_previous.ts";
import { type PastRecord, readPastRecord } from "./past_record.ts";
import { findShownPrevious, findShownWayBack, type ShownWayBack } from "./find_shown_previous.ts";
import {
  type Chosen,
  chosen,
  type ChosenRevision,
  type Doubt,
  type LeftChoice,
  noneChosen,
  type RevisionChoice,
  STABLE_AFTER_MS,
} from "./revision_choice.ts";

/** What a choice is made for. */
export interface Choosing {
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
  switch (choice.kind) {
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
    return noneChosen({ code: "foreignAccount", running });
  }
  const isOfFamily = (arn: string | undefined) => arn !== undefined && parseTaskDefinitionArn(arn).family === family;
  const isShown = family === running.family ||
    service.deployments.some(({ taskDefinition }) => isOfFamily(taskDefinition));
  if (isShown) return chosen(named, undefined);
  const { past, earliest, doubts } = await readPastRecord(choosing, running);
  if (isOfFamily(earliest?.taskDefinition) || past.some(({ taskDefinition }) => isOfFamily(taskDefinition))) {
    return chosen(named, undefined, doubts);
  }
  // What cannot be known is up to the user.
  if (doubts.length > 0) return { ...chosen(named, undefined, doubts), isProven: false };
  return noneChosen({ code: "foreignFamily", family, running });
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
  const record = await readPastRecord(choosing, from);
  const { doubts } = record;
  if (shown !== undefined && holds(shown, record, choosing)) return chosen(shown.target, shown.reason);
  const previous = findInRecord(record, choosing) ?? findShown(service, from);
  if (previous !== undefined) {
    return toChosen(previous, [...doubts, ...doubtBrief(previous, record, choosing)], choosing);
  }
  const { lower, isNewest } = await findNextLower(from, choosing);
  if (lower === undefined) return noneChosen({ code: "noLower", from, doubt: doubts[0] });
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

/** Finds what served for long before what runs, or before what is to be left: by ECS's record alone. */
async function chooseStable(minServedMs: number, choosing: Choosing): Promise<Chosen> {
  const { running, from = running } = choosing;
  const record = await readPastRecord(choosing, from);
  if (record.denial !== undefined) return noneChosen({ code: "recordNotRead", denial: record.denial });
  const found = findInRecord(record, choosing, minServedMs);
  if (found === undefined) return noneChosen({ code: "noneServedLong", minServedMs, running: from });
  const { target, reason, servedMs = 0 } = found;
  const made = toChosen(found, record.doubts, choosing);
  if (reason.code !== "deployedBefore") return made;
  const brought = { arn: found.deployment, taskDefinition: target.arn, revision: found.ran };
  const why = { code: "servedLong", target, minServedMs, servedMs, atMs: reason.atMs } as const;
  return { ...made, ...nameDeployment(brought, record.past), reason: why };
}

function toChosen(
  { target, reason, ran, leavesWayBackOfMs }: Previous,
  doubts: readonly Doubt[],
  choosing: Choosing,
): ChosenRevision {
  return { ...chosen(target, reason, doubts), ran, leavesWayBack: leavesWayBack(leavesWayBackOfMs, choosing) };
}

/** What ran before may have been bad as well: it served only briefly, and what served for long is something else. */
function doubtBrief({ target, servedMs = Infinity, ran }: Previous, record: PastRecord, choosing: Choosing): Doubt[] {
  if (servedMs >= STABLE_AFTER_MS) return [];
  const stable = findInRecord(record, choosing, STABLE_AFTER_MS);
  const isOther = stable !== undefined && (stable.target.arn !== target.arn || stable.ran?.arn !== ran?.arn);
  return isOther ? [{ code: "servedBriefly", revision: target, servedMs, stable: stable.target }] : [];
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

function findInRecord(
  { past, original, earliest, images }: PastRecord,
  { running, from, ecs }: Choosing,
  minServedMs = 0,
): Previous | undefined {
  const known = { original, earliest, images, minServedMs, nowMs: ecs.now() };
  if (from === undefined) return findPrevious(past, running, known);
  if (from.arn === running.arn) return findPrevious(past, from, { ...known, stays: "ifDeployedOnceMore" });
  const until = upTo(from, past);
  // It is not known to have been deployed; then nothing is known to have been before it.
  if (past.length > 0 && until.length === 0) return undefined;
  return findPrevious(until, from, { ...known, stays: "never" });
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
