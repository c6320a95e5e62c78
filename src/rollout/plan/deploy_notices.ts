import { parseTaskDefinitionArn, shortName } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { hasEnded } from "../../model/service_deployment.ts";
import { foreseeAlarms } from "./foresee_alarms.ts";
import { foreseeWaits } from "./foresee_waits.ts";
import type { UpdateService } from "./plan.ts";
import type { DeploySituation } from "../read/read_deploy_situation.ts";
import { startsDeployment } from "./starts_deployment.ts";

/** What the user should know before an existing service is deployed, a line each. Pure. */
export function collectDeployNotices(
  situation: DeploySituation,
  service: ServiceSnapshot,
  update: UpdateService | undefined,
  timeoutMs = 0,
): string[] {
  const { denied, rolledBackFrom } = situation;
  const notices = denied.map((message) => `${message}; the deploy goes without`);
  if (rolledBackFrom !== undefined) {
    notices.push(
      `this is what the service has just been rolled back from (${shortName(rolledBackFrom)}): make sure that it is ` +
        "mended",
    );
  }
  return [
    ...notices,
    ...noticeDifferences(situation),
    ...noticeChanges(situation, update?.attributes ?? {}),
    ...noticeFewerTasks(situation, service, update?.attributes ?? {}),
    ...noticeWayBack(situation, service, update),
    ...noticeDeployment(situation, service, update),
    ...(replaces(update) ? foreseeTakingBack(situation, service, timeoutMs) : []),
  ];
}

/** Whether an update starts a deployment. */
function replaces(update: UpdateService | undefined): boolean {
  return update !== undefined && (update.taskDefinition !== undefined || startsDeployment(update.attributes ?? {}));
}

/** Where the deploy is to be taken back by itself: what it will not be taken back for, and what will make that slow. */
function foreseeTakingBack(
  { takesBack, alarms }: DeploySituation,
  service: ServiceSnapshot,
  timeoutMs: number,
): string[] {
  if (!takesBack) return [];
  const waits = foreseeWaits(service, "newDeployment", timeoutMs).map((wait) => `--rollback-events: ${wait}`);
  return [...(alarms === undefined ? [] : foreseeAlarms(alarms)), ...waits];
}

/** What is left as it is, although it differs. */
function noticeDifferences({ changes, members, serviceDefinition }: DeploySituation): string[] {
  const hasProviders = Array.isArray(members?.capacityProviderStrategy) &&
    members.capacityProviderStrategy.length > 0 && changes.fixed.includes("launchType");
  const isOnProviders = hasProviders && serviceDefinition?.capacityProviderStrategy === undefined;
  const fixed = changes.fixed.map((name) => {
    if (name === "launchType" && hasProviders && !isOnProviders) {
      return "the launchType of the service definition has no effect beside its capacityProviderStrategy: remove it";
    }
    if (name === "launchType" && isOnProviders) {
      return "the service runs on its capacityProviderStrategy, not on the launchType of the service definition: it is " +
        'left as it is ("capacityProviderStrategy": [] beside the launchType goes back to that)';
    }
    return `${name} differs from the service's, and no update changes it: it is left as it is`;
  });
  const others = changes.unmentioned.filter((name) => name !== "capacityProviderStrategy" || !isOnProviders);
  const unmentioned = others.map((name) =>
    `${name} is set on the service and not in the service definition: it is left as it is` +
    (name === "deploymentConfiguration" ? ' ("deploymentConfiguration": {} sets it to ECS\'s defaults)' : "")
  );
  return [...fixed, ...unmentioned];
}

/** What an update does besides what the service definition says. */
function noticeChanges({ changes }: DeploySituation, attributes: JsonObject): string[] {
  const reset = Object.entries(changes.reset).map(([path, value]) =>
    `${path} is set on the service and not in the service definition: it is reset to ECS's default, ${
      JSON.stringify(value)
    }`
  );
  const isForced = Object.hasOwn(attributes, "capacityProviderStrategy");
  const forced = isForced
    ? ["capacityProviderStrategy changes, which ECS takes only with a new deployment: one is forced"]
    : [];
  const controller = controllerAfter(attributes);
  const handed = controller === undefined || controller === "ECS" ? [] : [
    `from now on ${controller} deploys this service: ECS starts no deployment, and this command does not wait`,
  ];
  return [...reset, ...forced, ...handed];
}

/** Auto scaling raises the number of tasks under load: a smaller one in the file takes them away in the middle of it. */
function noticeFewerTasks(
  { scaledBy }: DeploySituation,
  service: ServiceSnapshot,
  { desiredCount }: JsonObject,
): string[] {
  if (scaledBy === undefined || typeof desiredCount !== "number" || desiredCount >= service.desiredCount) return [];
  return [
    `auto scaling (${scaledBy.minCapacity} to ${scaledBy.maxCapacity} tasks) runs ${service.desiredCount} tasks now, and ` +
    `the service definition's desiredCount is ${desiredCount}: ${service.desiredCount - desiredCount} tasks will be ` +
    "stopped (--tasks=-1 leaves the number as it is, and so does a file without desiredCount)",
  ];
}

/** The deployment controller that the service gets; `undefined`: it keeps its own. */
export function controllerAfter({ deploymentController }: JsonObject): string | undefined {
  const { type } = (deploymentController ?? {}) as JsonObject;
  return typeof type === "string" ? type : undefined;
}

/** What a deploy that fails cannot be taken back to by itself. */
function noticeWayBack(
  { changes, takesBack, unread, wayBackStatus = "ACTIVE" }: DeploySituation,
  service: ServiceSnapshot,
  update: UpdateService | undefined,
): string[] {
  const notices: string[] = [];
  if (wayBackStatus !== "ACTIVE" && update?.taskDefinition !== undefined && service.taskDefinition !== undefined) {
    const running = shortName(parseTaskDefinitionArn(service.taskDefinition));
    notices.push(
      `${running}, which the service runs, is ${wayBackStatus}: if this deploy fails, it cannot be taken back to that by ` +
        "itself; rollback --reregister can, by a copy",
    );
  }
  for (const name of takesBack ? changes.oneWay : []) {
    const why = unread.includes(name)
      ? `what ${name} is now is not known`
      : `the service has no ${name} yet, and no update takes it away`;
    notices.push(`${why}: if this deploy fails, it stays as this deploy has set it`);
  }
  return notices;
}

/** What becomes of the deployment that is in place. */
function noticeDeployment(
  { newest }: DeploySituation,
  service: ServiceSnapshot,
  update: UpdateService | undefined,
): string[] {
  const primary = primaryDeployment(service);
  if (update === undefined || primary === undefined) return [];
  const notices: string[] = [];
  // Only a rolling deployment has a rolloutState; the others are known by ECS's record.
  const isUnderWay = primary.rolloutState === "IN_PROGRESS" || (newest !== undefined && !hasEnded(newest.deployment));
  if (replaces(update) && isUnderWay) notices.push(`deployment ${primary.id} is under way: it is replaced`);
  if (primary.rolloutState === "FAILED") {
    notices.push(
      `deployment ${primary.id}, which is in place, has FAILED: ${primary.rolloutStateReason ?? "no reason given"}`,
    );
  }
  return notices;
}
