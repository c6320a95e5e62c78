import { parseTaskDefinitionArn, type Revision, shortName } from "../ecs/arn.ts";
import type { JsonObject } from "../ecs/json.ts";
import { primaryDeployment, type ServiceSnapshot } from "../ecs/service.ts";
import { hasEnded } from "../ecs/service_deployment.ts";
import { hasReached, type Milestone } from "./assess.ts";
import { bring, numberIn, planOf, refused, without } from "./deploy_plan_parts.ts";
import { findMisfits } from "./fits_service.ts";
import type { AwaitDeployment, Brought, Plan, Refusal, Step, UpdateService } from "./plan.ts";
import { planCreation } from "./plan_creation.ts";
import { chooseFollowed } from "./plan_wait.ts";
import { planScaling, type ScalingOptions } from "./plan_scaling.ts";
import type { DeploySituation } from "./read_deploy_situation.ts";
import * as refusals from "./refusals.ts";

export interface DeployOptions extends ScalingOptions {
  readonly wait: boolean;
  readonly until: Milestone;
  /** Start a deployment also where nothing differs. */
  readonly force: boolean;
  /** The number of tasks; `undefined`: what the service definition says, else as it is; `unchanged`: as it is. */
  readonly tasks: number | "unchanged" | undefined;
}

/** What a deploy changes, so that just that can be taken back. */
export interface Deployed {
  /** What the service ran before; `undefined` when there was none. */
  readonly from: Revision | undefined;
  /** What it ships; `undefined` when that gets its number only by being registered. */
  readonly to: Revision | undefined;
  /** The members that the deploy changes, as they were before, in the names of UpdateService. */
  readonly before: JsonObject;
  /** The number of tasks that the deploy sets, where it sets one. */
  readonly desiredCount: number | undefined;
  /** The id of the deployment that was in place, where that had FAILED before. */
  readonly failedBefore: string | undefined;
}

export type PlannedDeploy =
  | { readonly kind: "plan"; readonly plan: Plan; readonly deployed: Deployed }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** Decides how to bring the service to what the definitions say, or why not. Pure, and the only place that refuses. */
export function planDeploy(situation: DeploySituation, options: DeployOptions): PlannedDeploy {
  const { ref, service, shipped } = situation;
  if (shipped.kind === "none") return refused(refusals.nothingToShip(ref, shipped.reason));
  if (service === undefined || service.status === "INACTIVE") return planCreation(situation, shipped, options);
  if (service.status !== "ACTIVE") return refused(refusals.serviceNotActive("deploy", ref, service));
  if (service.deploymentController === "CODE_DEPLOY") return refused(refusals.deployByCodeDeploy(ref, service));
  const primary = primaryDeployment(service);
  if (service.deploymentController !== "ECS") return refused(refusals.deployTaskSets(ref, service));
  if (service.taskDefinition === undefined || primary === undefined) {
    return refused(refusals.noDeployment("deploy", ref));
  }
  const hasNoCount = service.schedulingStrategy === "DAEMON";
  if (hasNoCount && typeof options.tasks === "number") return refused(refusals.daemonHasNoCount(ref));
  const running = parseTaskDefinitionArn(service.taskDefinition);
  const misfits = shipped.kind === "registered" ? findMisfits(service, shipped.taskDefinition) : [];
  // New attributes of the service may be what makes it fit: then ECS judges.
  if (shipped.kind === "registered" && misfits.length > 0 && Object.keys(situation.changes.attributes).length === 0) {
    return refused(refusals.doesNotFit("deploy", ref, shipped.taskDefinition, misfits));
  }

  const brought = bring(shipped, running) ?? running;
  const update = chooseUpdate(situation, service, brought, running, options);
  const underWay = chooseFollowed(service, situation.newest, primary);
  const follows = update === undefined || isPartOf(underWay, update) ? underWay : undefined;
  // As in waiting: where ECS's own record says that a deployment is under way, its tasks alone do not tell.
  const isUnderWay = follows !== undefined &&
    (follows.kind === "serviceDeployment" || !hasReached(options.until, service, primary));
  if (update === undefined && primary.rolloutState === "FAILED") {
    return refused(refusals.deployedFailed(ref, running, primary));
  }
  const deploys = update !== undefined || isUnderWay;
  const scaling = planScaling(situation.scaling, options, deploys, service.desiredCount);
  const steps: (Step | undefined | false)[] = [
    shipped.kind === "register" && { kind: "register", family: shipped.family, input: shipped.input },
    scaling.suspend,
    update,
    deploys && options.wait && { kind: "awaitDeployment", taskDefinition: brought, follows } satisfies AwaitDeployment,
    scaling.restore,
  ];
  const desiredCount = numberIn(update?.attributes?.desiredCount);
  return {
    kind: "plan",
    plan: {
      ...planOf(ref, shipped, brought, steps, options),
      from: running,
      isReached: !deploys,
      notices: [...collectNotices(situation, service, update), ...scaling.notices],
      basedOn: primary.id,
    },
    deployed: {
      from: running,
      to: brought === "registered" ? undefined : brought,
      before: {
        ...without("desiredCount", situation.changes.before),
        ...(desiredCount !== undefined && { desiredCount: service.desiredCount }),
      },
      desiredCount,
      failedBefore: primary.rolloutState === "FAILED" ? primary.id : undefined,
    },
  };
}

/** What makes UpdateService start a deployment, besides the task definition: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html */
const STARTS_DEPLOYMENT: ReadonlySet<string> = new Set([
  "forceNewDeployment",
  "loadBalancers",
  "networkConfiguration",
  "platformVersion",
  "serviceConnectConfiguration",
  "serviceRegistries",
  "volumeConfigurations",
  "vpcLatticeConfigurations",
]);

/** Whether UpdateService starts a deployment for these members alone. */
export function startsDeployment(attributes: JsonObject): boolean {
  return Object.keys(attributes).some((name) => STARTS_DEPLOYMENT.has(name));
}

/**
 * Whether an update only changes what the deployment under way is about: then ECS's own record of that tells how it ends,
 * while a PRIMARY deployment of blue/green, linear and canary has no state of its own.
 */
function isPartOf(
  follows: NonNullable<AwaitDeployment["follows"]>,
  { taskDefinition, attributes = {} }: UpdateService,
): boolean {
  return taskDefinition === undefined && !startsDeployment(attributes) &&
    follows.kind === "serviceDeployment" && follows.goal === "success";
}

/** One UpdateService for all that changes; `undefined` when nothing does. */
function chooseUpdate(
  { changes, newest }: DeploySituation,
  service: ServiceSnapshot,
  brought: Brought,
  running: Revision,
  { tasks, force }: DeployOptions,
): UpdateService | undefined {
  const desiredCount = tasks === "unchanged" ? undefined : tasks ?? numberIn(changes.attributes.desiredCount);
  const attributes: JsonObject = {
    ...without("desiredCount", changes.attributes),
    ...(desiredCount !== undefined && desiredCount !== service.desiredCount && { desiredCount }),
    ...(force && { forceNewDeployment: true }),
  };
  const isNew = brought === "registered" || brought.arn !== running.arn;
  if (!isNew && Object.keys(attributes).length === 0) return undefined;
  const deploysAnew = service.deploymentStrategy !== "ROLLING" && (isNew || startsDeployment(attributes));
  return {
    kind: "updateService",
    taskDefinition: isNew ? brought : undefined,
    attributes,
    ...(deploysAnew && { newerThan: { serviceDeployment: newest?.deployment.arn } }),
  };
}

function collectNotices(
  { changes, denied, rolledBackFrom, newest, wayBackStatus = "ACTIVE" }: DeploySituation,
  service: ServiceSnapshot,
  update: UpdateService | undefined,
): string[] {
  const notices = denied.map((message) => `${message}; the deploy goes without`);
  if (rolledBackFrom !== undefined) {
    notices.push(
      `this is what the service has just been rolled back from (${shortName(rolledBackFrom)}): make sure that it is ` +
        "mended",
    );
  }
  for (const name of changes.fixed) {
    notices.push(`${name} differs from the service's, and no update changes it: it is left as it is`);
  }
  for (const name of changes.unmentioned) {
    notices.push(`${name} is set on the service and not in the service definition: it is left as it is`);
  }
  if (wayBackStatus !== "ACTIVE" && update?.taskDefinition !== undefined && service.taskDefinition !== undefined) {
    const running = shortName(parseTaskDefinitionArn(service.taskDefinition));
    notices.push(
      `${running}, which the service runs, is ${wayBackStatus}: if this deploy fails, it cannot be taken back to that by ` +
        "itself; rollback --reregister can, by a copy",
    );
  }
  const primary = primaryDeployment(service);
  const replaces = update !== undefined &&
    (update.taskDefinition !== undefined || startsDeployment(update.attributes ?? {}));
  // Only a rolling deployment has a rolloutState; the others are known by ECS's record.
  const isUnderWay = primary?.rolloutState === "IN_PROGRESS" || (newest !== undefined && !hasEnded(newest.deployment));
  if (replaces && primary !== undefined && isUnderWay) {
    notices.push(`deployment ${primary.id} is under way: it is replaced`);
  }
  if (update !== undefined && primary?.rolloutState === "FAILED") {
    notices.push(
      `deployment ${primary.id}, which is in place, has FAILED: ${primary.rolloutStateReason ?? "no reason given"}`,
    );
  }
  return notices;
}
