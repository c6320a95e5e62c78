import { parseTaskDefinitionArn, type Revision, shortName, siblingArn } from "../ecs/arn.ts";
import type { EcsReader, RegistryReader } from "../ecs/ports.ts";
import type { PastDeployment } from "../ecs/service_deployment.ts";
import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../ecs/service.ts";
import { unlessDenied } from "../errors.ts";
import { findPrevious, type Previous } from "./find_previous.ts";
import { findShownPrevious, findShownWayBack } from "./find_shown_previous.ts";
import { copiedFrom } from "./register_copy.ts";

/** What the user says the target to be. */
export type RevisionChoice =
  /** `family`: where it is not that of the service now. */
  | { readonly kind: "number"; readonly revision: number; readonly family?: string }
  /** The one that ran well before the one that runs. */
  | { readonly kind: "previous" }
  /** `family:revision`, or a full ARN, of a family that has run in the service. */
  | { readonly kind: "named"; readonly name: string; readonly family: string; readonly revision: number };

/** What the user names as what is to be left: nothing else is. */
export type LeftChoice = Exclude<RevisionChoice, { readonly kind: "previous" }>;

/** A revision, and why that one, or why there is none. */
export type Chosen =
  | {
    readonly kind: "chosen";
    readonly family: string;
    readonly revision: number;
    /** One line; `undefined` where the user named the number. */
    readonly reason: string | undefined;
    /** What is doubtful about the choice, a line each. */
    readonly doubts: readonly string[];
    /** Something shows that it has run, or the user has named it. */
    readonly isProven: boolean;
    /** What runs has itself been brought back, or may have been, less than an hour ago. */
    readonly leavesWayBack: boolean;
  }
  | { readonly kind: "none"; readonly reason: string };

/** ECS keeps 90 days; this many deployments are more than anybody looks back. */
const MOST_DEPLOYMENTS = 100;
/** A way back that is younger may be that of the same script, or of a colleague. */
const WAY_BACK_SETTLES_MS = 3_600_000;

/** What is asked to find the revision. */
type Asked =
  & Pick<RegistryReader, "listPastDeployments" | "listRevisions" | "readTaskDefinition">
  & Pick<EcsReader, "describeServiceDeployment" | "describeServiceRevision" | "now">;

/** What a choice is made for. */
export interface Choosing {
  readonly choice: RevisionChoice;
  /** What is to be left; `undefined`: whatever runs. */
  readonly from: Revision | undefined;
  readonly ref: ServiceRef;
  readonly service: ServiceSnapshot;
  /** What the service runs. */
  readonly running: Revision;
  readonly ecs: Asked;
}

/**
 * Finds the revision that a choice means for a service that runs `running`. Asks AWS only for `previous`: five calls and
 * more for the deployments of the last 90 days, and where they do not tell, one for the numbers that are registered; and
 * for the deployments, where another family is named.
 *
 * @throws AwsError; that the deployments may not be read is a doubt only
 */
export async function chooseRevision(choosing: Choosing, signal: AbortSignal): Promise<Chosen> {
  const { choice, running } = choosing;
  if (choice.kind === "number") return chosen({ ...choice, family: choice.family ?? running.family }, undefined);
  return choice.kind === "named" ? await chooseNamed(choice, choosing, signal) : await choosePrevious(choosing, signal);
}

async function choosePrevious(choosing: Choosing, signal: AbortSignal): Promise<Chosen> {
  const { service, running, from = running, ecs } = choosing;
  const isLeft = from.arn !== running.arn;
  const shown = isLeft ? undefined : findShownWayBack(service);
  if (shown !== undefined) return chosen(shown.target, shown.reason);
  const doubts: string[] = [];
  const record = await readRecord(choosing, from, doubts, signal);
  const past = isLeft ? upTo(from, record.past) : record.past;
  const previous = (isLeft && record.past.length > 0 && past.length === 0)
    ? undefined
    : findPrevious(past, from, record.original, record.earliest) ?? findShown(service, from);
  if (previous !== undefined) {
    return { ...chosen(previous.target, previous.reason, doubts), leavesWayBack: leavesWayBack(previous, choosing) };
  }
  const unknown = doubts[0] ?? `ECS knows of no successful deployment before ${shortName(from)}`;
  const { lower, isNewest } = await findNextLower(from, ecs, signal);
  if (lower === undefined) return { kind: "none", reason: `${unknown}, and no lower revision is registered` };
  const target = { family: from.family, revision: lower };
  const startedAtMs = primaryDeployment(service)?.createdAtMs ?? -Infinity;
  const mayBeWayBack = !isNewest && choosing.from === undefined && ecs.now() - startedAtMs < WAY_BACK_SETTLES_MS;
  const next = `${lower} is the next lower registered revision`;
  const all = [...doubts, `${shortName({ ...from, revision: lower })} may never have run: look at what changes`];
  return {
    ...chosen(target, doubts.length > 0 ? next : `${unknown}: ${next}`, all),
    isProven: false,
    leavesWayBack: mayBeWayBack,
  };
}

/** What the service itself shows to have run before `from`. */
function findShown(service: ServiceSnapshot, from: Revision): Previous | undefined {
  const shown = findShownPrevious(service);
  const isOfFrom = primaryDeployment(service)?.taskDefinition === from.arn;
  if (isOfFrom) return shown;
  // What is to be left is being left already: by ECS, or by an order to go back.
  const wayBack = findShownWayBack(service);
  const isLeaving = service.deployments.some(({ taskDefinition }) => taskDefinition === from.arn);
  return isLeaving ? wayBack : undefined;
}

/** The deployments up to the newest one of a revision, as if nothing had happened since. */
function upTo({ arn }: Revision, past: readonly PastDeployment[]): readonly PastDeployment[] {
  const times = past.filter(({ taskDefinition }) => taskDefinition === arn).map(({ createdAtMs }) => createdAtMs);
  const newestMs = Math.max(-Infinity, ...times);
  return past.filter(({ createdAtMs }) => createdAtMs <= newestMs);
}

/** A way back is left only by somebody who says so: by what is left, by the number, or on a terminal. */
function leavesWayBack({ leavesWayBackOfMs }: Previous, { from, ecs }: Choosing): boolean {
  return from === undefined && leavesWayBackOfMs !== undefined && ecs.now() - leavesWayBackOfMs < WAY_BACK_SETTLES_MS;
}

/** What ECS has on record of the service's deployments. */
interface PastRecord {
  readonly past: readonly PastDeployment[];
  readonly original: number | undefined;
  readonly earliest: string | undefined;
}

async function readRecord(
  { ref, ecs }: Choosing,
  from: Revision,
  doubts: string[],
  signal: AbortSignal,
): Promise<PastRecord> {
  const optional = <Part>(part: Promise<Part>, unknown: string) =>
    unlessDenied(part, ({ message }) => doubts.push(`${message}; ${unknown} is not known`));
  const [past = [], definition] = await Promise.all([
    optional(ecs.listPastDeployments(ref, MOST_DEPLOYMENTS, signal), "which deployments succeeded"),
    optional(ecs.readTaskDefinition(from.arn, signal), `whether ${shortName(from)} is a copy`),
  ]);
  const earliest = await optional(readEarliest(past, ecs, signal), "what ran before the deployments on record");
  return { past, original: definition && copiedFrom(definition, from.family), earliest };
}

function chosen(
  { family, revision }: Pick<Revision, "family" | "revision">,
  reason: string | undefined,
  doubts: readonly string[] = [],
): Extract<Chosen, { kind: "chosen" }> {
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
  signal: AbortSignal,
): Promise<Chosen> {
  const { name, family } = named;
  const { running, service, ref, ecs } = choosing;
  const prefix = (arn: string) => arn.slice(0, arn.lastIndexOf("/"));
  if (name.startsWith("arn:") && prefix(name) !== prefix(running.arn)) {
    return { kind: "none", reason: `it is of another account or region than the service, which runs ${running.arn}` };
  }
  const isOfFamily = (arn: string | undefined) => arn !== undefined && parseTaskDefinitionArn(arn).family === family;
  const isShown = family === running.family ||
    service.deployments.some(({ taskDefinition }) => isOfFamily(taskDefinition));
  if (isShown) return chosen(named, undefined);
  const doubts: string[] = [];
  const { past, earliest } = await readRecord({ ...choosing, ref, ecs }, running, doubts, signal);
  if (isOfFamily(earliest) || past.some(({ taskDefinition }) => isOfFamily(taskDefinition))) {
    return chosen(named, undefined, doubts);
  }
  const unknown = doubts[0] === undefined ? "" : ` (${doubts[0]})`;
  return {
    kind: "none",
    reason: `it is of the family ${family}, of which nothing is known to have run in this service, which runs ` +
      `${shortName(running)}${unknown}`,
  };
}

/**
 * What the oldest deployment on record came from: a service may have run the same for longer than ECS keeps records.
 *
 * @returns the task definition's ARN; `undefined` where it came from several, or from none: it made the service
 */
async function readEarliest(
  past: readonly PastDeployment[],
  ecs: Asked,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [oldest] = past.toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  const deployment = oldest && await ecs.describeServiceDeployment(oldest.arn, signal);
  const [source, ...others] = deployment?.sourceRevisionArns ?? [];
  return source === undefined || others.length > 0 ? undefined : await ecs.describeServiceRevision(source, signal);
}

/** The next lower ACTIVE number, and whether none is higher. */
async function findNextLower(
  { family, revision }: Revision,
  registry: Pick<RegistryReader, "listRevisions">,
  signal: AbortSignal,
): Promise<{ readonly lower: number | undefined; readonly isNewest: boolean }> {
  let isNewest = true;
  for await (const page of registry.listRevisions(family, { status: "ACTIVE", order: "DESC" }, signal)) {
    isNewest &&= page.every((candidate) => candidate.revision <= revision);
    const lower = page.map((candidate) => candidate.revision).filter((candidate) => candidate < revision);
    if (lower.length > 0) return { lower: Math.max(...lower), isNewest };
  }
  return { lower: undefined, isNewest };
}
