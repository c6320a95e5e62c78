import { parseTaskDefinitionArn } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded } from "../../model/service_deployment.ts";
import type { DeployState } from "../read/read_deploy_state.ts";
import { foreseeAlarms, foreseeWaits } from "./foresee_way_back.ts";
import type { PlanNotice } from "./notice.ts";
import type { UpdateService } from "./plan.ts";
import { startsDeployment } from "./starts_deployment.ts";

/** What the user should know before an existing service is deployed. Pure. */
export function collectDeployNotices(
  state: DeployState,
  service: ServiceSnapshot,
  update: UpdateService | undefined,
  timeoutMs = 0,
): PlanNotice[] {
  const { denied, scalingDenial, rolledBackFrom } = state;
  const attributes = update?.attributes ?? {};
  return [
    ...denied.map((denial): PlanNotice => ({ code: "notRead", denial, intent: "deploy" })),
    ...(scalingDenial === undefined ? [] : [{ code: "scalingNotRead", denial: scalingDenial } as const]),
    ...(rolledBackFrom === undefined ? [] : [{ code: "deploysRolledBack", revision: rolledBackFrom } as const]),
    ...noticeDifferences(state),
    ...noticeChanges(state, attributes),
    ...noticeFewerTasks(state, service, attributes),
    ...noticeWayBack(state, service, update),
    ...noticeDeployment(state, service, update),
    ...(replaces(update) ? foreseeRollback(state, service, timeoutMs) : []),
  ];
}

/** Whether an update starts a deployment. */
function replaces(update: UpdateService | undefined): boolean {
  return update !== undefined && (update.taskDefinition !== undefined || startsDeployment(update.attributes ?? {}));
}

/** Where the deploy is rolled back when it fails: for what it will not be, and what will make that slow. */
function foreseeRollback(
  { rollsBackOnFailure, alarms }: DeployState,
  service: ServiceSnapshot,
  timeoutMs: number,
): PlanNotice[] {
  if (!rollsBackOnFailure) return [];
  const waits = foreseeWaits(service, "newDeployment", timeoutMs);
  return [
    ...(alarms === undefined ? [] : foreseeAlarms(alarms)),
    ...waits.map((wait) => ({ ...wait, isForeseen: true })),
  ];
}

/** What is left as it is, although it differs. */
function noticeDifferences({ changes, members, serviceDefinition }: DeployState): PlanNotice[] {
  const hasProviders = Array.isArray(members?.capacityProviderStrategy) &&
    members.capacityProviderStrategy.length > 0 && changes.fixed.includes("launchType");
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

/** What an update does besides what the service definition says. */
function noticeChanges({ changes }: DeployState, attributes: JsonObject): PlanNotice[] {
  const notices = Object.entries(changes.reset).map(([path, value]): PlanNotice => ({ code: "isReset", path, value }));
  if (Object.hasOwn(attributes, "capacityProviderStrategy")) notices.push({ code: "forcesDeployment" });
  const controller = controllerAfter(attributes);
  if (controller !== undefined && controller !== "ECS") notices.push({ code: "handsOver", controller });
  return notices;
}

/** Auto scaling raises the number of tasks under load: a smaller one in the file takes them away in the middle of it. */
function noticeFewerTasks(
  { scaledBy }: DeployState,
  { desiredCount: from }: ServiceSnapshot,
  { desiredCount: to }: JsonObject,
): PlanNotice[] {
  const isFewer = scaledBy !== undefined && typeof to === "number" && to < from;
  return isFewer ? [{ code: "fewerTasks", scaledBy, from, to }] : [];
}

/** The deployment controller that the service gets; `undefined`: it keeps its own. */
export function controllerAfter({ deploymentController }: JsonObject): string | undefined {
  const { type } = (deploymentController ?? {}) as JsonObject;
  return typeof type === "string" ? type : undefined;
}

/** What a deploy that fails cannot be rolled back to by itself. */
function noticeWayBack(
  { changes, rollsBackOnFailure, unread, wayBackStatus: status = "ACTIVE" }: DeployState,
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

/** What becomes of the deployment that is in place. */
function noticeDeployment(
  { newest }: DeployState,
  service: ServiceSnapshot,
  update: UpdateService | undefined,
): PlanNotice[] {
  const primary = primaryDeployment(service);
  if (update === undefined || primary === undefined) return [];
  const { id: deployment, rolloutState, rolloutStateReason: reason } = primary;
  const notices: PlanNotice[] = [];
  // Only a rolling deployment has a rolloutState; the others are known by ECS's record.
  const isUnderWay = rolloutState === "IN_PROGRESS" || (newest !== undefined && !hasEnded(newest.deployment));
  if (replaces(update) && isUnderWay) notices.push({ code: "replacesDeployment", deployment });
  if (rolloutState === "FAILED") notices.push({ code: "deploymentHasFailed", deployment, reason });
  return notices;
}
