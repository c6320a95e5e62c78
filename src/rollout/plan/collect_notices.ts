import { parseTaskDefinitionArn } from "../../model/arn.ts";
import { updatedSettings } from "../../model/deployment_settings.ts";
import { parseImageName } from "../../model/images.ts";
import { isList, type JsonObject, objectIn } from "../../model/json.ts";
import { MINUTE_MS } from "../../model/metrics.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded, hasProductionTraffic, isBeingRolledBack } from "../../model/service_deployment.ts";
import type { CurrentState } from "../read/current_state.ts";
import type { AlarmState } from "../read/read_alarms.ts";
import type { DeployState } from "../read/read_deploy_state.ts";
import { noticeUnread, type PlanNotice, type SlowNotice, splitDoubts } from "./notice.ts";
import type { RollbackOptions } from "./options.ts";
import type { UpdateService } from "./plan.ts";
import { noticeNeeds } from "./preflight.ts";
import { controllerIn, type Decided, startsDeployment, strategyWith } from "./plan_order.ts";
import { hasMoved, type ShippedImage } from "../judge/planned_images.ts";
import { noticeWaitsRecord } from "./plan_fast.ts";

// The notices of a plan, except those about scaling. Pure.

/** Collects the notices of a deploy of an existing service. */
export function collectDeployNotices(
  state: DeployState,
  service: ServiceSnapshot,
  update: UpdateService | undefined,
  moved: readonly ShippedImage[],
  timeoutMs = 0,
): PlanNotice[] {
  const { scalingDenial, rolledBackFrom, changes, rollsBackOnFailure, alarms, hold } = state;
  const attributes = update?.attributes ?? {};
  const replaces = update !== undefined && (update.taskDefinition !== undefined || startsDeployment(attributes));
  const isRolledBack = replaces && rollsBackOnFailure;
  return [
    ...(hold === undefined || update === undefined ? [] : [{ code: "overridesHold", hold } as const]),
    ...noticeWaitsRecord(state, service),
    ...noticeUnread(state.denied, "deploy", state.unread.length === 0 ? {} : { members: state.unread }),
    ...(scalingDenial === undefined ? [] : [{ code: "scalingNotRead", denial: scalingDenial } as const]),
    ...(rolledBackFrom === undefined || !replaces
      ? []
      : [{ code: "deploysRolledBack", revision: rolledBackFrom } as const]),
    ...(replaces ? noticeNeeds(state.preflight, undefined) : []),
    ...noticeTags(state, moved, update),
    ...noticeDifferences(state),
    ...Object.entries(changes.reset).map(([path, value]): PlanNotice => ({ code: "isReset", path, value })),
    ...noticeUpdate(state, service, attributes),
    ...noticeIrreversible(state, service, update),
    ...(update === undefined ? [] : noticeDeployment(state, service, replaces)),
    ...(isRolledBack && alarms !== undefined ? noticeAlarms(alarms) : []),
    ...(isRolledBack ? noticeWaits(service, "newDeployment", timeoutMs) : [])
      .map((wait) => ({ ...wait, isForeseen: true })),
  ];
}

/** Notices of images whose tags have been pushed again. */
function noticeTags(
  { shipped, unpinned }: DeployState,
  moved: readonly ShippedImage[],
  update: UpdateService | undefined,
): PlanNotice[] {
  const [denial] = (shipped ?? unpinned)?.unread ?? [];
  // Tags have moved and no deployment is forced: ECS is rolling one back, which is followed.
  const stay = update === undefined ? shipped?.images.filter(hasMoved) ?? [] : [];
  const again = unpinned?.images.filter((image) => hasMoved(image) || image.today === "unknown") ?? [];
  const notices: PlanNotice[] = denial === undefined ? [] : [{ code: "tagsNotRead", denial }];
  if (unpinned !== undefined && again.length > 0) {
    notices.push({ code: "goesByTagAgain", copy: unpinned.copy, containers: containersOf(again) });
  }
  if (stay.length > 0) notices.push({ code: "tagsLeft", containers: containersOf(stay) });
  if (moved.length > 0) notices.push({ code: "tagsMoved", containers: containersOf(moved) });
  return notices;
}

function containersOf(images: readonly ShippedImage[]): string[] {
  return images.map(({ container }) => container);
}

/** Notices of what differs, and stays as it is. */
function noticeDifferences({ changes, members, serviceDefinition }: DeployState): PlanNotice[] {
  const providers = members?.capacityProviderStrategy;
  const hasProviders = isList(providers) && providers.length > 0 && changes.fixed.includes("launchType");
  const isOnProviders = hasProviders && serviceDefinition?.capacityProviderStrategy === undefined;
  const unmentioned = changes.unmentioned.filter((name) => name !== "capacityProviderStrategy" || !isOnProviders);
  return [
    ...changes.fixed.map((name): PlanNotice => {
      if (name !== "launchType" || !hasProviders) return { code: "cannotChange", name };
      return { code: isOnProviders ? "launchTypeStays" : "launchTypeWithoutEffect" };
    }),
    ...unmentioned.map((name): PlanNotice => ({ code: "notInDefinition", name })),
  ];
}

/** Notices of what an update does beyond what the service definition says. */
function noticeUpdate(
  { scaledBy }: DeployState,
  { desiredCount: from }: ServiceSnapshot,
  attributes: JsonObject,
): PlanNotice[] {
  const notices: PlanNotice[] = [];
  if (Object.hasOwn(attributes, "capacityProviderStrategy")) notices.push({ code: "forcesDeployment" });
  const controller = controllerIn(attributes) ?? "ECS";
  if (controller !== "ECS") notices.push({ code: "handsOver", controller });
  // Auto scaling may have raised the number of tasks under load.
  const { desiredCount: to } = attributes;
  if (scaledBy && typeof to === "number" && to < from) notices.push({ code: "fewerTasks", scaledBy, from, to });
  return notices;
}

/** Notices of what an automatic rollback could not restore. */
function noticeIrreversible(
  { changes, rollsBackOnFailure, unread, rollbackTargetStatus: status = "ACTIVE" }: DeployState,
  { taskDefinition }: ServiceSnapshot,
  update: UpdateService | undefined,
): PlanNotice[] {
  const isLost = status !== "ACTIVE" && update?.taskDefinition !== undefined && taskDefinition !== undefined;
  const oneWay = rollsBackOnFailure ? changes.oneWay : [];
  return [
    ...(isLost ? [{ code: "noWayBack", running: parseTaskDefinitionArn(taskDefinition), status } as const] : []),
    ...oneWay.map((name): PlanNotice => ({ code: "staysAfterFailure", name, isUnread: unread.includes(name) })),
  ];
}

/** Notices of what happens to the deployment that is in place. */
function noticeDeployment({ newest }: DeployState, service: ServiceSnapshot, replaces: boolean): PlanNotice[] {
  const primary = primaryDeployment(service);
  if (primary === undefined) return [];
  const { id: deployment, rolloutState, rolloutStateReason: reason } = primary;
  // Only a rolling deployment has a rolloutState; the others are known by ECS's record.
  const isUnderWay = rolloutState === "IN_PROGRESS" || (newest !== undefined && !hasEnded(newest.deployment));
  return [
    ...(replaces && isUnderWay ? [{ code: "replacesDeployment", deployment } as const] : []),
    ...(rolloutState === "FAILED" ? [{ code: "deploymentHasFailed", deployment, reason } as const] : []),
  ];
}

/** Collects the notices of a rollback. */
export function collectRollbackNotices(
  state: CurrentState,
  service: ServiceSnapshot,
  options: RollbackOptions,
  { running, target, rollbackOrder, images }: Pick<Decided, "running" | "target" | "rollbackOrder" | "images">,
): PlanNotice[] {
  const { current, target: described, newest } = state;
  const { configuredFamily: configured, deregister, wait } = options;
  const { family } = target;
  const notices = noticeRecord(state, { target, rollbackOrder, images }, options);
  if (rollbackOrder?.kind === "updateService") notices.push(...noticeNeeds(state.preflight, state.images));
  const names = described?.unknownMembers ?? [];
  const isCopied = rollbackOrder?.kind === "updateService" && rollbackOrder.taskDefinition === "registered";
  if (isCopied && names.length > 0) notices.push({ code: "copyMayLose", target, names });
  if (rollbackOrder?.kind === "stopDeployment") notices.push({ code: "stopsDeployment", running, target });
  if (configured !== undefined && configured !== family) {
    notices.push({ code: "otherFamily", configured, running, family });
  }
  if (current === undefined) notices.push({ code: "currentDeleted", running });
  else if (current.status !== "ACTIVE") notices.push({ code: "currentNotActive", running, status: current.status });
  if (deregister && running.arn === target.arn) notices.push({ code: "targetStaysRegistered", running });
  if (service.desiredCount === 0) notices.push({ code: "noTasksDesired" });
  const timeoutMs = wait ? options.timeoutMs ?? 0 : 0;
  if (rollbackOrder?.kind === "updateService") {
    const waits = noticeWaits(service, "newDeployment", timeoutMs, rollbackOrder.attributes);
    // An automatic rollback has no command that `--fast` could be added to.
    const isTyped = options.restore !== undefined && wait && !options.fast;
    notices.push(...waits, ...(waits.length > 0 && isTyped ? [{ code: "fasterWay" } as const] : []));
  } else if (newest !== undefined && hasProductionTraffic(newest.deployment)) {
    const isGoingThere = newest.cameFrom === target.arn && isBeingRolledBack(newest.deployment);
    if (rollbackOrder || isGoingThere) notices.push(...noticeWaits(service, "stoppedDeployment", timeoutMs));
  }
  return notices;
}

/** Notices of what ECS's record lacks of the time when the target ran: one warning, whatever is missing. */
function noticeRecord(
  { denied, ran, chosen }: CurrentState,
  { target, rollbackOrder, images }: Pick<Decided, "target" | "rollbackOrder" | "images">,
  { restore }: RollbackOptions,
): PlanNotice[] {
  const doubts = splitDoubts(chosen?.kind === "chosen" ? chosen.doubts ?? [] : []);
  const isByUser = restore !== undefined;
  const startsByTags = images.some(({ image }) => parseImageName(image).digest === undefined);
  // Where ECS goes back by itself, its own record decides.
  const follows = rollbackOrder?.kind === "updateService" && isByUser
    ? { startsByTags, ...(restore === "service" && { restoresNothing: true }) }
    : {};
  const unread = [...doubts.unread, ...denied];
  // A target that may never have run has a notice of its own.
  const isSaid = unread.some(({ part }) => part === "ran") ||
    doubts.others.some(({ code }) => code === "mayNeverHaveRun");
  return [
    ...noticeUnread(unread, "rollback", { target, ...follows }),
    ...(ran !== undefined || isSaid || rollbackOrder?.kind !== "updateService" || !isByUser
      ? []
      : [{ code: "notOnRecord", target, ...follows } as const]),
    ...doubts.others,
  ];
}

/**
 * What will make a rollback slow: hooks that wait for a person, steps, bake time, and a timeout (0: none) that is
 * shorter. Rolling deployments have none of it.
 *
 * @param by a new deployment goes through all that a deploy goes through. Where one is stopped, ECS shifts the traffic
 *   back, AWS does not say whether in steps; no hook pauses that, for none may pause at the stages that run again:
 *   https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html#lifecycle-hooks-during-rollback
 * @param attributes what the service gets with the new deployment
 */
export function noticeWaits(
  service: Pick<ServiceSnapshot, "deploymentSettings" | "deploymentStrategy">,
  by: "newDeployment" | "stoppedDeployment",
  timeoutMs: number,
  attributes: JsonObject = {},
): SlowNotice[] {
  const strategy = strategyWith(attributes, service);
  if (strategy === "ROLLING") return [];
  const configuration = objectIn(attributes.deploymentConfiguration);
  const { shift, bakeMinutes, pauses } = updatedSettings(service.deploymentSettings, configuration, strategy);
  const minutes = (shift.steps - 1) * shift.stepMinutes + bakeMinutes;
  const isShorter = timeoutMs !== 0 && timeoutMs <= minutes * MINUTE_MS;
  const moving = { shift, bakeMinutes, minutes, shorterTimeoutMs: isShorter ? timeoutMs : undefined };
  const isStopped = by === "stoppedDeployment";
  const waits: SlowNotice[] = isStopped ? [] : pauses.map((pause) => (
    { code: "pauses", ...pause, steps: shift.steps, isForeseen: false }
  ));
  if (minutes > 0) waits.push({ code: isStopped ? "shiftsBack" : "wholeDeployment", ...moving, isForeseen: false });
  return waits;
}

/**
 * Why no alarm will roll this deploy back. If one of the alarms is in ALARM when a deployment begins, ECS watches none of
 * them for that deployment: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
 */
function noticeAlarms({ armed, ecsGoesBack, states }: AlarmState): PlanNotice[] {
  if (states === undefined) return armed.length === 0 || ecsGoesBack ? [] : [{ code: "alarmsNotNamed", alarms: armed }];
  if (armed.length === 0) return [{ code: "noAlarms" }];
  if ("unknown" in states) return [{ code: "alarmsNotRead", reason: states.unknown }];
  return [
    { code: "alarmsWentOff" as const, alarms: armed.filter((name) => states.get(name) === "ALARM") },
    { code: "alarmsMissing" as const, alarms: armed.filter((name) => !states.has(name)) },
  ].filter(({ alarms }) => alarms.length > 0);
}
