import type { CurrentState } from "./current_state.ts";
import { findServiceChanges, NO_CHANGES, type ServiceChanges } from "../../definitions/compare_services.ts";
import { type AwsError, optional, unlessDenied } from "../../errors.ts";
import type { Revision } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { findHold, type Hold } from "../../model/service_notes.ts";
import { findWaitsRecord, type FoundWaitsRecord } from "../../model/waits.ts";
import { type ContainerImage, readWrittenImages } from "../../model/images.ts";
import type { AlarmsPort } from "../../model/alarms.ts";
import type { EcsReader, ScalingPort } from "../../model/ports.ts";
import { scalableResourceId, type ScalableTarget } from "../../model/scalable_target.ts";
import type { DescribedService, ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import { changesRequirements } from "../../model/misfit.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { LimitedChecker } from "./limited_checker.ts";
import { type AlarmState, readAlarms } from "./read_alarms.ts";
import { DeploymentRecord } from "./deployment_record.ts";
import type { NeedsReader, PreflightState } from "./read_preflight.ts";
import { cacheTaskDefinitions } from "./cache_task_definitions.ts";
import { readNewestDeployment, readScaling, readWholeService, type ServiceReading } from "./read_service.ts";
import { runningRevision } from "./choose_revision.ts";
import { readRunningImages, readShippedImages, type ShippedImages } from "./read_running_images.ts";
import { readSource, type SourceChoice, type TaskDefinitionSource } from "./read_source.ts";
import { findShippedAgain, readUnpinned, type Unpinned } from "./read_unpinned.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";
import { noteTo, type Unread, type UnreadPart } from "./unread.ts";

/** What is to be deployed, and what is needed to read its state. */
export interface DeployQuery {
  readonly ref: ServiceRef;
  readonly source: SourceChoice;
  /** The user's service definition; `undefined` where none is to be used. */
  readonly serviceDefinition: JsonObject | undefined;
  /** Keys of tags that are not compared. */
  readonly ignoredTags: readonly string[];
  /** Whether this run rolls the deploy back if it fails. */
  readonly rollsBackOnFailure: boolean;
  /** Where the tags of images that the service runs already are looked up; `undefined`: nowhere. */
  readonly checker?: LimitedChecker | undefined;
  /** Looks for what the tasks of a registered revision need; `undefined`: that is not checked. */
  readonly needs?: NeedsReader | undefined;
  /** Reads the states of alarms, where an alarm rolls the deploy back. Loads its part of the SDK when called. */
  readonly readAlarmStates?: AlarmsPort["readAlarmStates"] | undefined;
  /** Given where the service definition has a desired count. Loads its part of the SDK when called. */
  readonly describeScalableTarget?: ScalingPort["describeScalableTarget"] | undefined;
}

/** Everything that planning a deploy needs to know. */
export interface DeployState
  extends
    Pick<CurrentState, "ref" | "service" | "scaling" | "newest" | "denied">,
    Pick<DeployQuery, "serviceDefinition" | "rollsBackOnFailure"> {
  /** All members of the service, where there is a definition to compare them with. */
  readonly members: JsonObject | undefined;
  readonly source: TaskDefinitionSource;
  /** How the service differs from the definition. */
  readonly changes: ServiceChanges;
  /** Members of the definition whose current values may not be read. */
  readonly unread: readonly string[];
  /** The status of the running task definition, where this run may have to roll back to it. */
  readonly rollbackTargetStatus: string | undefined;
  /** Read where this run rolls the deploy back if it fails. */
  readonly alarms?: AlarmState | undefined;
  /** The running task definition; `undefined` also where it may not be read, or the service keeps it. */
  readonly running?: TaskDefinition | undefined;
  /** What scales the service: read where that is to be changed, or where the definition has fewer tasks than it. */
  readonly scaledBy?: ScalableTarget | undefined;
  /** Why that may not be read, in AWS's words. */
  readonly scalingDenial?: AwsFailure | undefined;
  /** What the tags name today, where the service already runs what is shipped. */
  readonly shipped?: ShippedImages | undefined;
  /** The images that are resolved by their tags again, where the service runs a copy that names them by digest. */
  readonly unpinned?: Unpinned | undefined;
  /** The images that the service runs, by digest, where this run may have to roll back to them. */
  readonly runningImages?: readonly ContainerImage[] | undefined;
  /** Whether tasks of a registered revision can start; `undefined` where no preflight was asked for. */
  readonly preflight?: PreflightState | undefined;
  /** The revision that is to be shipped, where the service has just been rolled back from it. */
  readonly rolledBackFrom: Revision | undefined;
  /** The hold on the service, by its tags. */
  readonly hold?: Hold | undefined;
  /** An earlier run's record of what the service's deployments wait for. */
  readonly waitsRecord?: FoundWaitsRecord;
}

/** What the parts of a deploy's state are read with. */
interface Reading extends DeployQuery, ServiceReading {
  readonly note: (part: UnreadPart) => (denial: AwsError) => void;
}

/** Reads what a deploy is planned from. Optional parts may be denied. */
export async function readDeployState(
  query: DeployQuery,
  reader: EcsReader,
  scalingPort: ScalingPort | undefined,
  signal: AbortSignal,
): Promise<DeployState> {
  const denied: Unread[] = [];
  const note = (part: UnreadPart) => noteTo(denied, part);
  const reading = { ...query, ecs: cacheTaskDefinitions(reader), signal, note };
  const { ecs, checker: registry, rollsBackOnFailure } = reading;
  const { compared, source, scaling, record, past, shipped } = await readServiceAndSource(reading, scalingPort);
  const { service, changes: { attributes } } = compared;
  const hasToFit = source.kind === "current" && changesRequirements(attributes);
  const [newest, running, alarms, scaledBy, rolledBackFrom, unpinned, runningImages, preflight] = await Promise.all([
    service && unlessDenied(readNewestDeployment(service, reading), note("underWay")),
    service && readRunningDefinition(reading, service, source, hasToFit),
    service && rollsBackOnFailure ? readAlarms(reading, service, attributes) : undefined,
    // Where auto scaling is to be suspended or resumed, its target has been read.
    scalingPort ? { scaledBy: scaling?.target } : service && readScaledBy(reading, service, attributes),
    service && unlessDenied(findShippedAgain(reading, past ?? [], service, source, shipped), note("shippedBefore")),
    service && shipped === undefined ? readUnpinned(reading, past, service, source) : undefined,
    service && rollsBackOnFailure ? readRunningImages(service, { ...reading, record, registry }) : undefined,
    service && readPreflight(reading, service, source, record),
  ]);
  return {
    ...compared,
    source: hasToFit ? { kind: "current", taskDefinition: running } : source,
    ...{ rollsBackOnFailure, scaling, newest, alarms, rolledBackFrom, denied },
    rollbackTargetStatus: rollsBackOnFailure ? running?.status : undefined,
    running,
    ...scaledBy,
    hold: service && findHold(service.raw, ecs.now()),
    waitsRecord: service && findWaitsRecord(service.raw),
    ...{ shipped, unpinned, runningImages, preflight },
  };
}

/** Reads at once what the service has and what is shipped; where they are the same, then what the tags name today. */
async function readServiceAndSource(reading: Reading, scalingPort: ScalingPort | undefined) {
  const { ref, needs, signal, note } = reading;
  const record = new DeploymentRecord(reading);
  const comparing = readAndCompare(reading);
  const readRunningArn = async () => (await comparing).service?.taskDefinition;
  const sourcing = readSource({ ...reading, readRunningArn });
  sourcing.then((source) => source.kind === "registered" && needs?.begin(source.taskDefinition.raw, "byTag"))
    .catch(() => undefined);
  const shipping = Promise.all([comparing, sourcing]).then(([{ service }, source]) =>
    readShipped(reading, record, service, source)
  );
  const [{ denied, ...compared }, source, scaling, { value: past, denied: unrecorded }, shipped] = await Promise
    .all([comparing, sourcing, scalingPort && readScaling(ref, scalingPort, signal), record.read("few"), shipping]);
  if (unrecorded !== undefined) note("rolledBackFrom")(unrecorded);
  if (denied !== undefined) note("settings")(denied);
  return { compared, source, scaling, record, past, shipped };
}

/**
 * Reads the task definition that runs, to list what changes, and because this run may have to go back to it, or the new
 * settings must fit it. For the list alone, no failure stops a deploy.
 */
async function readRunningDefinition(
  { rollsBackOnFailure, ecs, signal, note }: Reading,
  { taskDefinition: arn, status }: ServiceSnapshot,
  { kind }: TaskDefinitionSource,
  hasToFit: boolean,
): Promise<TaskDefinition | undefined> {
  const isNeeded = rollsBackOnFailure || hasToFit;
  const isReplaced = kind === "register" || kind === "registered";
  if (arn === undefined || status === "INACTIVE" || (!isNeeded && !isReplaced)) return undefined;
  const noteParts = (denial: AwsError) => {
    if (isNeeded) note("status")(denial);
    if (isReplaced) note("changes")(denial);
  };
  return await unlessDenied(ecs.describeTaskDefinition(arn, signal), noteParts, () => !isNeeded && !signal.aborted);
}

/** Waits for what the tasks of a registered revision need, after looking for the service's target groups as well. */
async function readPreflight(
  { serviceDefinition, ecs, checker, needs, signal }: Reading,
  service: DescribedService,
  source: TaskDefinitionSource,
  record: DeploymentRecord,
): Promise<PreflightState | undefined> {
  if (source.kind !== "registered" || needs === undefined) return undefined;
  const { taskDefinition: target } = source;
  checker?.startLimit();
  needs.beginTargetGroups(serviceDefinition ?? service.raw, target.raw);
  return await needs.read({ service, target, ran: undefined, record }, ecs, signal);
}

/** Reads the service, and how it differs from the user's definition where there is one. */
async function readAndCompare(reading: Reading) {
  const { ref, serviceDefinition, ignoredTags, ecs, signal } = reading;
  if (serviceDefinition === undefined) {
    const service = await ecs.describeService(ref, signal);
    return { ref, service, members: undefined, serviceDefinition, changes: NO_CHANGES, unread: [], denied: undefined };
  }
  const { service, members, unread = [], denied } = await readWholeService(serviceDefinition, reading) ?? {};
  const compared = { local: serviceDefinition, updatable: ecs.updatableMembers(), ignoredTags, unread };
  const changes = members === undefined ? NO_CHANGES : findServiceChanges({ ...compared, running: members });
  return { ref, service, members, serviceDefinition, changes, unread, denied };
}

/** Reads what the tags name today, where the service already runs what is shipped; otherwise nothing is asked. */
async function readShipped(
  reading: Reading,
  record: DeploymentRecord,
  service: ServiceSnapshot | undefined,
  source: TaskDefinitionSource,
): Promise<ShippedImages | undefined> {
  if (service === undefined || source.kind !== "registered") return undefined;
  const { arn, raw } = source.taskDefinition;
  if (runningRevision(service)?.arn !== arn) return undefined;
  const { checker: registry } = reading;
  const findDeployed = () => record.findDeployed(service);
  registry?.startLimit();
  return await readShippedImages(readWrittenImages(raw), { ...reading, service, registry, findDeployed });
}

/**
 * Reads what scales the service, where the definition has fewer tasks than there are: auto scaling may have set those.
 * That is for a notice only, so a failure to read it is a notice, too.
 */
async function readScaledBy(
  { ref, describeScalableTarget, signal }: Reading,
  service: ServiceSnapshot,
  { desiredCount }: JsonObject,
): Promise<Pick<DeployState, "scaledBy" | "scalingDenial">> {
  const isLess = typeof desiredCount === "number" && desiredCount < service.desiredCount;
  if (!isLess || describeScalableTarget === undefined) return {};
  const reading = describeScalableTarget(scalableResourceId(ref), signal);
  const { value, denied } = await optional(reading, () => !signal.aborted);
  return denied === undefined ? { scaledBy: value } : { scalingDenial: denied.failure };
}
