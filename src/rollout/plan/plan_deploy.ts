import { findTaskDefinitionChanges } from "../../definitions/compare_task_definitions.ts";
import { parseTaskDefinitionArn, type Revision } from "../../model/arn.ts";
import { type JsonObject, numberIn } from "../../model/json.ts";
import { type Deployment, primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { type DefinitionChange, reverseChange, settingOf } from "../../model/definition_change.ts";
import { requirementsWith } from "../../model/misfit.ts";
import { isBeingRolledBack } from "../../model/service_deployment.ts";
import { hasReached } from "../judge/assess.ts";
import type { DeployState } from "../read/read_deploy_state.ts";
import { collectDeployNotices } from "./collect_notices.ts";
import { type AwaitDeployment, type DeployUndo, type Plan, type PlannedDeploy, type UpdateService } from "./plan.ts";
import type { DeployOptions } from "./options.ts";
import { type DeploySource, findMisfitReason, planCreation, revisionOf } from "./plan_creation.ts";
import { findMissingNeeds } from "./preflight.ts";
import { planScaling } from "./plan_scaling.ts";
import { controllerIn, forceWhereRequired, planUpdate, startsDeployment } from "./plan_order.ts";
import { findDeploymentToFollow } from "./plan_wait.ts";
import { findServiceReason, type RefusalReason, refuse } from "./refusal.ts";
import { hasMoved, planShipped, type ShippedImage } from "../judge/planned_images.ts";

/** Decides how to bring the service in line with the definitions, or why not. Pure, and the only place that refuses. */
export function planDeploy(state: DeployState, options: DeployOptions): PlannedDeploy {
  const { ref, service, source } = state;
  const refused = (reason: RefusalReason) => refuse("deploy", ref, reason);
  if (source.kind === "none") return refused({ code: "noTaskDefinition", reason: source.reason });
  if (service === undefined || service.status === "INACTIVE") return planCreation(state, source, options);
  const unfit = findServiceReason(service) ?? findHeld(state, options);
  if (unfit !== undefined) return refused(unfit);
  const primary = primaryDeployment(service);
  if (service.taskDefinition === undefined || primary === undefined) return refused({ code: "noDeployment" });
  const hasNoCount = service.schedulingStrategy === "DAEMON";
  if (hasNoCount && typeof options.tasks === "number") return refused({ code: "daemonHasNoCount" });
  const running = parseTaskDefinitionArn(service.taskDefinition);
  const to = source.kind === "current" ? running : revisionOf(source);
  const moved = findMoved(state, options);
  const update = chooseUpdate(state, service, to, running, { ...options, force: options.force || moved.length > 0 });
  const objection = findMisfitReason(source, requirementsWith(service, state.changes.attributes)) ??
    (startsTasks(update) ? findMissingNeeds(state.preflight, running, to ?? running, []) : undefined);
  if (objection !== undefined) return refused(objection);
  if (update === undefined && primary.rolloutState === "FAILED") {
    const deployment = { name: primary.id, reason: primary.rolloutStateReason };
    return refused({ code: "alreadyFailed", running, deployment });
  }
  const awaited = chooseAwaited(state, service, primary, update, options);
  const scaling = planScaling(state.scaling, options, awaited.deploys, service.desiredCount);
  const register = source.kind === "register" ? source : undefined;
  const wait: AwaitDeployment | undefined = awaited.isAwaited
    ? { kind: "awaitDeployment", taskDefinition: to ?? "registered", follows: awaited.follows }
    : undefined;
  const plan: Plan = {
    ...{ intent: "deploy", subject: ref, from: running, to, ...showImages(state, update) },
    ...{ deployedAtMs: primary.createdAtMs, changes: findChanges(state, service, source, update) },
    ...{ until: options.until, failAfter: options.failAfter, isReached: !awaited.deploys, basedOn: primary.id },
    ...(source.kind === "registered" && { reason: source.reason }),
    steps: [register, scaling.suspend, update, wait, scaling.restore].filter((step) => step !== undefined),
    notices: [...collectDeployNotices(state, service, update, moved, options.timeoutMs), ...scaling.notices],
  };
  return { kind: "plan", plan, undo: { from: running, to, ...describeChange(state, service, primary, plan, update) } };
}

/** What changes in the task definition and the service; `undefined` where nothing is known of it. */
function findChanges(
  state: DeployState,
  service: ServiceSnapshot,
  source: DeploySource,
  update: UpdateService | undefined,
): readonly DefinitionChange[] | undefined {
  const settings = findSettings(state, service, update);
  if (source.kind === "current") return settings;
  if (source.kind === "registered" && source.taskDefinition.arn === service.taskDefinition) return settings;
  const shipped = source.kind === "register" ? source.input : source.taskDefinition.raw;
  if (state.running === undefined) return settings.length === 0 ? undefined : settings;
  return [...findTaskDefinitionChanges(state.running.raw, shipped), ...settings];
}

/** What the update changes of the service's settings; the number of tasks may be another than the definition's. */
function findSettings(
  { changes }: DeployState,
  { desiredCount: from }: ServiceSnapshot,
  { attributes = {} }: Partial<UpdateService> = {},
): readonly DefinitionChange[] {
  const { desiredCount: to, ...others } = attributes;
  const settings = changes.settings.filter((change) => Object.hasOwn(others, settingOf(change)!));
  return to === undefined
    ? settings
    : [...settings, { scope: "service", attribute: "desiredCount", kind: "changed", from: `${from}`, to: `${to}` }];
}

/** A held service is deployed only where that was asked for. */
function findHeld({ hold }: DeployState, { overrideHold = false }: DeployOptions): RefusalReason | undefined {
  return hold === undefined || overrideHold ? undefined : { code: "held", hold };
}

/** The images that a deployment is forced for, since nothing else would start one; none where ECS is rolling back. */
function findMoved({ shipped, newest }: DeployState, { force }: DeployOptions): readonly ShippedImage[] {
  if (force || (newest !== undefined && isBeingRolledBack(newest.deployment))) return [];
  return shipped?.images.filter(hasMoved) ?? [];
}

function showImages({ shipped, unpinned }: DeployState, update: UpdateService | undefined): Pick<Plan, "images"> {
  const images = (shipped ?? unpinned)?.images ?? [];
  return images.length === 0 ? {} : { images: images.map((image) => planShipped(image, startsTasks(update))) };
}

function startsTasks(update: UpdateService | undefined): boolean {
  return update !== undefined && (update.taskDefinition !== undefined || startsDeployment(update.attributes ?? {}));
}

/** Whether there is a deployment, whether it is waited for, and which one it is where it is under way already. */
function chooseAwaited(
  { newest }: DeployState,
  service: ServiceSnapshot,
  primary: Deployment,
  update: UpdateService | undefined,
  { until, wait }: DeployOptions,
): { deploys: boolean; isAwaited: boolean; follows: AwaitDeployment["follows"] } {
  const underWay = findDeploymentToFollow(service, newest, primary);
  const follows = update === undefined || isPartOf(underWay, update) ? underWay : undefined;
  // As in waiting: where ECS's own record says that a deployment is under way, the tasks alone do not decide.
  const isUnderWay = follows !== undefined &&
    (follows.kind === "serviceDeployment" || !hasReached(until, service, primary));
  const deploys = update !== undefined || isUnderWay;
  // A deployment by another controller cannot be waited for.
  const isHandedOver = (controllerIn(update?.attributes ?? {}) ?? "ECS") !== "ECS";
  return { deploys, isAwaited: deploys && wait && !isHandedOver, follows };
}

/** What an automatic rollback has to know of the changes that the deploy makes. */
function describeChange(
  { changes, members, runningImages: ran }: DeployState,
  service: ServiceSnapshot,
  primary: Deployment,
  { images = [], changes: listed = [] }: Plan,
  update: UpdateService | undefined,
): Omit<DeployUndo, "from" | "to"> {
  const attributes = update?.attributes ?? {};
  const { desiredCount: _, ...before } = changes.before;
  const desiredCount = numberIn(attributes.desiredCount);
  const started = images.flatMap(({ container, image, starts: digest }) =>
    digest === undefined ? [] : [{ container, image, digest }]
  );
  return {
    ...(ran !== undefined && { ran }),
    ...(started.length > 0 && { started }),
    before: { ...before, ...(desiredCount !== undefined && { desiredCount: service.desiredCount }) },
    inRevision: changes.inRevision,
    settings: listed.filter(({ scope }) => scope === "service").map(reverseChange),
    changed: Object.keys(attributes).filter((name) => name !== "forceNewDeployment"),
    was: { desiredCount: service.desiredCount, ...members },
    desiredCount,
    failedBefore: primary.rolloutState === "FAILED" ? primary.id : undefined,
  };
}

/**
 * Whether an update is only part of the deployment under way: then ECS's record of that shows how it ends, since the
 * PRIMARY deployment of blue/green, linear and canary has no state of its own.
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
  { changes, newest }: DeployState,
  service: ServiceSnapshot,
  to: Revision | undefined,
  running: Revision,
  { tasks, force }: DeployOptions,
): UpdateService | undefined {
  const { desiredCount: defined, ...others } = changes.attributes;
  const desiredCount = tasks === "unchanged" ? undefined : tasks ?? numberIn(defined);
  const attributes: JsonObject = {
    ...forceWhereRequired(others),
    ...(desiredCount !== undefined && desiredCount !== service.desiredCount && { desiredCount }),
    ...(force && { forceNewDeployment: true }),
  };
  if (to?.arn !== running.arn) return planUpdate(service, newest, to ?? "registered", attributes);
  return Object.keys(attributes).length === 0 ? undefined : planUpdate(service, newest, undefined, attributes);
}
