import { type Noting, readSource, shipsAgain, type SourceChoice, type TaskDefinitionSource } from "./read_source.ts";
import { findServiceChanges, NO_CHANGES, type ServiceChanges } from "../../definitions/compare_services.ts";
import type { Revision } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import type { AlarmsPort, EcsReader, ScalingPort } from "../../model/ports.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import { changesDemands } from "../../model/misfit.ts";
import { scalableResourceId, type ScalableTarget } from "../../model/scalable_target.ts";
import { optional } from "../../errors.ts";
import type { AlarmState } from "../plan/foresee_way_back.ts";
import {
  describingOnce,
  type NewestDeployment,
  readNewestDeployment,
  readScaling,
  type ScalingState,
} from "./read_current_state.ts";
import { readWholeService, type WholeService } from "./read_whole_service.ts";
import { readDeploymentSettings } from "../../model/deployment_settings.ts";

/** Everything that planning a deploy needs to know of the world. */
export interface DeployState {
  readonly ref: ServiceRef;
  readonly service: ServiceSnapshot | undefined;
  /** The service as a whole, where there is a definition to compare it with. */
  readonly members: JsonObject | undefined;
  readonly source: TaskDefinitionSource;
  /** The user's service definition; `undefined` when none is to be used. */
  readonly serviceDefinition: JsonObject | undefined;
  /** How the service differs from it. */
  readonly changes: ServiceChanges;
  /** Members of the definition that may not be read: what they are now is not known. */
  readonly unread: readonly string[];
  /** Whether the deploy rolls itself back where it fails. */
  readonly rollsBackOnFailure: boolean;
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

export interface DeployQuery {
  readonly ref: ServiceRef;
  readonly source: SourceChoice;
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

const LATEST_DEPLOYMENTS = 20;

/** Reads what a deploy is planned from. What is optional may be denied. */
export async function readDeployState(
  query: DeployQuery,
  reader: EcsReader,
  scaling: ScalingPort | undefined,
  signal: AbortSignal,
): Promise<DeployState> {
  const ecs = describingOnce(reader);
  const { ref, source: choice, ignoredTags, rollsBackOnFailure } = query;
  const denied: string[] = [];
  const noting = notingIn(denied);
  const [{ denied: denial, ...compared }, source, scalingState, past] = await Promise.all([
    readAndCompare(query, ecs, signal),
    readSource(choice, ignoredTags, ecs, noting, signal),
    scaling && readScaling(ref, scaling, signal),
    noting(ecs.listPastDeployments(ref, LATEST_DEPLOYMENTS, signal)),
  ]);
  if (denial !== undefined) denied.push(denial.message);
  const { service, changes } = compared;
  const hasToFit = source.kind === "current" && changesDemands(changes.attributes);
  const running = rollsBackOnFailure || hasToFit ? service?.taskDefinition : undefined;
  const [newest, current, alarms, scaledBy] = await Promise.all([
    service && noting(readNewestDeployment(ref, service, ecs, signal)),
    running === undefined ? undefined : noting(ecs.describeTaskDefinition(running, signal)),
    service && readAlarms(query, service, changes, signal),
    // Where auto scaling is to be suspended or resumed, its target has been read.
    scaling ? { scaledBy: scalingState?.target } : readScaledBy(query, service, changes, signal),
  ]);
  return {
    ...compared,
    source: hasToFit ? { kind: "current", taskDefinition: current } : source,
    rollsBackOnFailure,
    scaling: scalingState,
    newest,
    wayBackStatus: rollsBackOnFailure ? current?.status : undefined,
    alarms,
    ...scaledBy,
    rolledBackFrom: await noting(shipsAgain(past ?? [], service, source, ignoredTags, ecs, signal)),
    denied,
  };
}

/**
 * What scales the service, where the definition has fewer tasks than there are: auto scaling may have set those. That is for
 * a notice only, so what cannot be read is no more than that.
 */
async function readScaledBy(
  { ref, describeScalableTarget }: DeployQuery,
  service: ServiceSnapshot | undefined,
  { attributes: { desiredCount } }: ServiceChanges,
  signal: AbortSignal,
): Promise<Pick<DeployState, "scaledBy" | "scalingDenial">> {
  const isLess = service !== undefined && typeof desiredCount === "number" && desiredCount < service.desiredCount;
  if (!isLess || describeScalableTarget === undefined) return {};
  const { value, denied } = await optional(
    describeScalableTarget(scalableResourceId(ref), signal),
    () => !signal.aborted,
  );
  return denied === undefined ? { scaledBy: value } : { scalingDenial: denied.message };
}

function notingIn(denied: string[]): Noting {
  return async (part) => {
    const { value, denied: denial } = await optional(part);
    if (denial !== undefined) denied.push(denial.message);
    return value;
  };
}

/** The service, and how it differs from the user's definition where there is one. */
async function readAndCompare(
  { ref, serviceDefinition, ignoredTags }: DeployQuery,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<
  & Pick<DeployState, "ref" | "service" | "members" | "serviceDefinition" | "changes" | "unread">
  & { readonly denied: WholeService["denied"] }
> {
  if (serviceDefinition === undefined) {
    const service = await ecs.describeService(ref, signal);
    return { ref, service, members: undefined, serviceDefinition, changes: NO_CHANGES, unread: [], denied: undefined };
  }
  const { service, members, unread = [], denied } = await readWholeService(ref, serviceDefinition, ecs, signal) ?? {};
  const updatable = ecs.updatableMembers();
  const changes = members === undefined
    ? NO_CHANGES
    : findServiceChanges({ local: serviceDefinition, running: members, updatable, ignoredTags, unread });
  return { ref, service, members, serviceDefinition, changes, unread, denied };
}

/**
 * The alarms that the service has after the deploy, where an alarm rolls that back. Their states are for a notice
 * only: CloudWatch may be out of reach, or out of bounds, where ECS is not.
 */
export async function readAlarms(
  { readAlarmStates, rollsBackOnFailure }: DeployQuery,
  { deploymentSettings }: ServiceSnapshot,
  { attributes }: ServiceChanges,
  signal: AbortSignal,
): Promise<AlarmState | undefined> {
  if (!rollsBackOnFailure) return undefined;
  const configuration = attributes.deploymentConfiguration as JsonObject | undefined;
  const { armedAlarms: armed, alarmsRollBack: ecsGoesBack } = configuration?.alarms === undefined
    ? deploymentSettings
    : readDeploymentSettings(configuration);
  if (readAlarmStates === undefined) return { armed, ecsGoesBack, states: undefined };
  if (armed.length === 0) return { armed, ecsGoesBack, states: new Map() };
  const { value, denied } = await optional(readAlarmStates(armed, signal), () => !signal.aborted);
  return { armed, ecsGoesBack, states: denied === undefined ? value : { unknown: denied.message } };
}
