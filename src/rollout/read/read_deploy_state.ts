import { sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import { findServiceChanges, NO_CHANGES, type ServiceChanges } from "../../definitions/compare_services.ts";
import { type AwsError, optional, unlessDenied } from "../../errors.ts";
import { parseTaskDefinitionArn, type Revision, shortName } from "../../model/arn.ts";
import { readDeploymentSettings } from "../../model/deployment_settings.ts";
import { type JsonObject, objectIn } from "../../model/json.ts";
import type { AlarmsPort, EcsReader, ScalingPort } from "../../model/ports.ts";
import { scalableResourceId, type ScalableTarget } from "../../model/scalable_target.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import { changesDemands } from "../../model/misfit.ts";
import { findRolledBackFrom, type PastDeployment } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { RegisterDefinition } from "../plan/plan.ts";
import {
  describingOnce,
  type NewestDeployment,
  readNewestDeployment,
  readScaling,
  readWholeService,
  type ScalingState,
} from "./read_service.ts";
import type { ChoiceReason, NoChoiceReason } from "./revision_choice.ts";

/** What is to be deployed, and what that needs to know. */
export interface DeployQuery {
  readonly ref: ServiceRef;
  readonly source: SourceChoice;
  /** The user's; `undefined` when none is to be used. */
  readonly serviceDefinition: JsonObject | undefined;
  /** Keys of tags that are not compared. */
  readonly ignoredTags: readonly string[];
  /** Whether the deploy rolls itself back where it fails. */
  readonly rollsBackOnFailure: boolean;
  /** Reads the states of alarms, where one rolls the deploy back. Loads its part of the SDK when called. */
  readonly readAlarmStates?: AlarmsPort["readAlarmStates"] | undefined;
  /** Given where the service definition says how many tasks there are. Loads its part of the SDK when called. */
  readonly describeScalableTarget?: ScalingPort["describeScalableTarget"] | undefined;
}

/** Everything that planning a deploy needs to know of the world. */
export interface DeployState extends Pick<DeployQuery, "ref" | "serviceDefinition" | "rollsBackOnFailure"> {
  readonly service: ServiceSnapshot | undefined;
  /** The service as a whole, where there is a definition to compare it with. */
  readonly members: JsonObject | undefined;
  readonly source: TaskDefinitionSource;
  /** How the service differs from the definition. */
  readonly changes: ServiceChanges;
  /** Members of the definition that may not be read: what they are now is not known. */
  readonly unread: readonly string[];
  readonly scaling: ScalingState | undefined;
  readonly newest: NewestDeployment | undefined;
  /** The status of the task definition that runs, where the deploy may have to go back to it by itself. */
  readonly wayBackStatus: string | undefined;
  /** Where the deploy is to be rolled back by itself. */
  readonly alarms?: AlarmState | undefined;
  /** What scales the service: read where that is to be changed, or where the definition has fewer tasks than it has. */
  readonly scaledBy?: ScalableTarget | undefined;
  /** Why that may not be known, in AWS's words. */
  readonly scalingDenial?: string | undefined;
  /** What is to be shipped, where the service has just been rolled back from that. */
  readonly rolledBackFrom: Revision | undefined;
  /** The optional things that may not be read, in AWS's words. */
  readonly denied: readonly string[];
}

/** The alarms that end a deployment, as the service has them after the deploy. */
export interface AlarmState {
  /** By name; none where they are not enabled. */
  readonly armed: readonly string[];
  /** Whether ECS goes back by itself where one goes off. */
  readonly ecsGoesBack: boolean;
  /**
   * The states before the deployment of those that are there, or why they are not known; `undefined` where no deploy is
   * rolled back for an alarm.
   */
  readonly states: ReadonlyMap<string, string> | { readonly unknown: string } | undefined;
}

/** Which task definition the user wants to ship. */
export type SourceChoice = Readonly<
  /** The one of the file; registered only where it differs from the newest one, or when `force` says so. */
  | { kind: "file"; family: string; input: JsonObject; force: boolean }
  | { kind: "revision"; family: string; revision: number }
  | { kind: "latest"; family: string }
  /** The one that the service runs. */
  | { kind: "current" }
>;

/** What is shipped. */
export type TaskDefinitionSource = Readonly<
  | RegisterDefinition
  | { kind: "registered"; taskDefinition: TaskDefinition; reason: ChoiceReason | undefined }
  /** The service keeps what it runs; that has been read where its settings change. */
  | { kind: "current"; taskDefinition?: TaskDefinition | undefined }
  | { kind: "none"; reason: NoChoiceReason }
>;

const LATEST_DEPLOYMENTS = 20;

/** What the parts of a deploy's state are read with. */
interface Reading extends DeployQuery {
  readonly ecs: EcsReader;
  readonly signal: AbortSignal;
  readonly note: (denial: AwsError) => void;
}

/** Reads what a deploy is planned from. What is optional may be denied. */
export async function readDeployState(
  query: DeployQuery,
  reader: EcsReader,
  scalingPort: ScalingPort | undefined,
  signal: AbortSignal,
): Promise<DeployState> {
  const denied: string[] = [];
  const note = ({ message }: AwsError) => denied.push(message);
  const reading = { ...query, ecs: describingOnce(reader), signal, note };
  const { ref, ecs, rollsBackOnFailure } = reading;
  const [{ denied: denial, ...compared }, source, scaling, past = []] = await Promise.all([
    readAndCompare(reading),
    readSource(reading),
    scalingPort && readScaling(ref, scalingPort, signal),
    unlessDenied(ecs.listPastDeployments(ref, LATEST_DEPLOYMENTS, signal), note),
  ]);
  if (denial !== undefined) note(denial);
  const { service, changes: { attributes } } = compared;
  const hasToFit = source.kind === "current" && changesDemands(attributes);
  const running = rollsBackOnFailure || hasToFit ? service?.taskDefinition : undefined;
  const [newest, current, alarms, scaledBy] = await Promise.all([
    service && unlessDenied(readNewestDeployment(ref, service, ecs, signal), note),
    running === undefined ? undefined : unlessDenied(ecs.describeTaskDefinition(running, signal), note),
    service && rollsBackOnFailure ? readAlarms(reading, service, attributes) : undefined,
    // Where auto scaling is to be suspended or resumed, its target has been read.
    scalingPort ? { scaledBy: scaling?.target } : service && readScaledBy(reading, service, attributes),
  ]);
  return {
    ...compared,
    source: hasToFit ? { kind: "current", taskDefinition: current } : source,
    rollsBackOnFailure,
    scaling,
    newest,
    wayBackStatus: rollsBackOnFailure ? current?.status : undefined,
    alarms,
    ...scaledBy,
    rolledBackFrom: service && await unlessDenied(shipsAgain(reading, past, service, source), note),
    denied,
  };
}

/** The service, and how it differs from the user's definition where there is one. */
async function readAndCompare(
  { ref, serviceDefinition, ignoredTags, ecs, signal }: Reading,
) {
  if (serviceDefinition === undefined) {
    const service = await ecs.describeService(ref, signal);
    return { ref, service, members: undefined, serviceDefinition, changes: NO_CHANGES, unread: [], denied: undefined };
  }
  const { service, members, unread = [], denied } = await readWholeService(ref, serviceDefinition, ecs, signal) ?? {};
  const compared = { local: serviceDefinition, updatable: ecs.updatableMembers(), ignoredTags, unread };
  const changes = members === undefined ? NO_CHANGES : findServiceChanges({ ...compared, running: members });
  return { ref, service, members, serviceDefinition, changes, unread, denied };
}

/** Reads what a deploy ships. */
async function readSource({ source: choice, ignoredTags, ecs, signal, note }: Reading): Promise<TaskDefinitionSource> {
  const readRegistered = async (name: string, reason: ChoiceReason | undefined) =>
    asSource(name, await ecs.describeTaskDefinition(name, signal), reason);
  switch (choice.kind) {
    case "current":
      return { kind: "current" };
    case "revision":
      return await readRegistered(`${choice.family}:${choice.revision}`, undefined);
    case "latest":
      // A bare family means its newest ACTIVE revision.
      return await readRegistered(choice.family, { code: "newestOfFamily" });
    case "file": {
      const { family, input, force } = choice;
      // Without the permission to compare there is a doubt, so it is registered.
      const newest = force ? undefined : await unlessDenied(ecs.describeTaskDefinition(family, signal), note);
      const isSame = newest?.status === "ACTIVE" && sameTaskDefinition(input, newest.raw, ignoredTags);
      return isSame
        ? { kind: "registered", taskDefinition: newest, reason: { code: "fileSaysTheSame" } }
        : { kind: "register", family, input };
    }
  }
}

function asSource(
  name: string,
  taskDefinition: TaskDefinition | undefined,
  reason: ChoiceReason | undefined,
): TaskDefinitionSource {
  if (taskDefinition === undefined) return { kind: "none", reason: { code: "noTaskDefinition", name } };
  const { status } = taskDefinition;
  return status === "ACTIVE"
    ? { kind: "registered", taskDefinition, reason }
    : { kind: "none", reason: { code: "taskDefinitionNotActive", name: shortName(taskDefinition), status } };
}

/**
 * What scales the service, where the definition has fewer tasks than there are: auto scaling may have set those. That is for
 * a notice only, so what cannot be read is no more than that.
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
  return denied === undefined ? { scaledBy: value } : { scalingDenial: denied.message };
}

/**
 * The alarms that the service has after the deploy, where an alarm rolls that back. Their states are for a notice
 * only: CloudWatch may be out of reach, or out of bounds, where ECS is not.
 */
async function readAlarms(
  { readAlarmStates, signal }: Reading,
  { deploymentSettings }: ServiceSnapshot,
  { deploymentConfiguration }: JsonObject,
): Promise<AlarmState> {
  const configuration = objectIn(deploymentConfiguration);
  const { armedAlarms: armed, alarmsRollBack: ecsGoesBack } = configuration.alarms === undefined
    ? deploymentSettings
    : readDeploymentSettings(configuration);
  if (readAlarmStates === undefined) return { armed, ecsGoesBack, states: undefined };
  if (armed.length === 0) return { armed, ecsGoesBack, states: new Map() };
  const { value, denied } = await optional(readAlarmStates(armed, signal), () => !signal.aborted);
  return { armed, ecsGoesBack, states: denied === undefined ? value : { unknown: denied.message } };
}

/** Returns what the service was rolled back from where that is shipped again: by its ARN, or by what it says. */
async function shipsAgain(
  { ignoredTags, ecs, signal }: Reading,
  past: readonly PastDeployment[],
  service: ServiceSnapshot,
  source: TaskDefinitionSource,
): Promise<Revision | undefined> {
  const rolledBackFrom = findRolledBackFrom(past);
  if (rolledBackFrom === undefined || service.taskDefinition === rolledBackFrom) return undefined;
  const revision = parseTaskDefinitionArn(rolledBackFrom);
  if (source.kind === "registered") return source.taskDefinition.arn === rolledBackFrom ? revision : undefined;
  if (source.kind !== "register") return undefined;
  const definition = await ecs.describeTaskDefinition(rolledBackFrom, signal);
  return definition !== undefined && sameTaskDefinition(source.input, definition.raw, ignoredTags)
    ? revision
    : undefined;
}
