import { type AwsError, optional } from "../../errors.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import { totalServedMs } from "../../model/history.ts";
import type { EcsReader } from "../../model/ports.ts";
import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../../model/service.ts";
import type { PastDeployment } from "../../model/service_deployment.ts";
import type { LimitedChecker } from "../limited_checker.ts";
import type { DeploymentRecord } from "./deployment_record.ts";
import { chooseRevision, runningRevision } from "./read_current_state.ts";
import { readRunning } from "./read_running.ts";
import { describingOnce } from "./read_service.ts";
import { type ChosenRevision, type Doubt, type RevisionChoice, STABLE_AFTER_MS } from "./revision_choice.ts";

/** What `rollback` calls the revisions of a service, and how long they have served. */
export interface Marks {
  /** What the service runs, or is to run. */
  readonly current?: Revision | undefined;
  /** Where `--revision previous` and `--revision stable` go. */
  readonly previous?: ChosenRevision | undefined;
  readonly stable?: ChosenRevision | undefined;
  /** How long each task definition has served in all, in milliseconds, by its ARN; those that never have are left out. */
  readonly servedMs: ReadonlyMap<string, number>;
  /** What of that may not be read, besides the record itself and the service. */
  readonly doubt?: Unread | undefined;
}

type Unread = Extract<Doubt, { readonly code: "earliestNotRead" | "copyNotRead" }>;

interface Reading {
  readonly ref: ServiceRef;
  readonly ecs: EcsReader;
  readonly record: DeploymentRecord;
  /** Where tags are looked up. */
  readonly checker: LimitedChecker;
  readonly signal: AbortSignal;
}

export const NO_MARKS: Marks = { servedMs: new Map() };

/**
 * Reads which revisions `rollback` would take: what chooses for it chooses here. Without ECS's record of the deployments, or
 * the service, there are no such marks, and no other function guesses them.
 */
export async function readMarks(reading: Reading): Promise<Marks> {
  const { ref, ecs, record, signal } = reading;
  record.begin("most");
  const { value: service } = await optional(ecs.describeService(ref, signal), isClusterMissing);
  if (service === undefined) return NO_MARKS;
  return await markRevisions(service, reading);
}

/** The same of a service that has been read. */
export async function markRevisions(service: ServiceSnapshot, reading: Reading): Promise<Marks> {
  const { ecs, record } = reading;
  const current = runningRevision(service);
  const { value: past } = await record.read("most");
  if (past === undefined) return { ...NO_MARKS, current };
  reading.checker.startLimit();
  const once = { ...reading, ecs: describingOnce(ecs) };
  const choose = (choice: RevisionChoice) => current && chooseFor(choice, service, current, once);
  const [previous, stable, { value: earliest }] = await Promise.all([
    choose({ kind: "previous" }),
    choose({ kind: "stable", minServedMs: STABLE_AFTER_MS }),
    optional(record.findEarliest()),
  ]);
  // What runs may have been deployed before the record begins, which then has nothing.
  const unrecorded = past.length > 0 ? undefined : sinceDeployed(service);
  const servedMs = totalServedMs(past, earliest ?? unrecorded, ecs.now());
  const isUnread = (doubt: Doubt): doubt is Unread => doubt.code === "earliestNotRead" || doubt.code === "copyNotRead";
  const doubt = previous?.doubts.find(isUnread);
  return { current, previous, stable, servedMs, doubt };
}

async function chooseFor(
  choice: RevisionChoice,
  service: ServiceSnapshot,
  running: Revision,
  { ref, ecs, record, checker, signal }: Reading,
): Promise<ChosenRevision | undefined> {
  const readImagesNow = () => readRunning(service, { ref, ecs, record, registry: checker }, signal);
  const what = { choice, from: undefined, service, running };
  const chosen = await chooseRevision({ ...what, ecs, record, readImagesNow, signal });
  return chosen.kind === "chosen" ? chosen : undefined;
}

/** The deployment on record that a rollback to what was chosen goes by; `undefined` where it is not on record. Pure. */
export function findMarked(
  chosen: ChosenRevision | undefined,
  past: readonly PastDeployment[],
): PastDeployment | undefined {
  if (chosen === undefined) return undefined;
  const { ran } = chosen;
  if (ran !== undefined) return past.find(({ revision }) => revision?.arn === ran.arn);
  const isOfTarget = ({ status, taskDefinition = "" }: PastDeployment) =>
    status === "SUCCESSFUL" && taskDefinition.endsWith(`/${shortName(chosen)}`);
  return past.toSorted((a, b) => b.createdAtMs - a.createdAtMs).find(isOfTarget);
}

function sinceDeployed(service: ServiceSnapshot) {
  const { taskDefinition } = service;
  const { createdAtMs } = primaryDeployment(service) ?? {};
  return taskDefinition !== undefined && createdAtMs !== undefined ? { taskDefinition, createdAtMs } : undefined;
}

/** The revisions are worth a table without the service, wherever that is. */
function isClusterMissing({ code }: AwsError): boolean {
  return code === "ClusterNotFoundException";
}
