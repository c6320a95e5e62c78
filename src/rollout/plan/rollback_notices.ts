import { shortName } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import { hasProductionTraffic } from "../../model/service_deployment.ts";
import { foreseeWaits } from "./foresee_waits.ts";
import type { AwaitDeployment, Step } from "./plan.ts";
import type { Position, RollbackOptions } from "./plan_rollback.ts";
import type { Situation } from "../read/read_situation.ts";

/**
 * What the user should know before a rollback, a line each; scaling apart. Pure.
 *
 * @param attributes what the service gets back besides
 */
export function collectRollbackNotices(
  situation: Situation,
  options: RollbackOptions,
  { running, target, isAtTarget, following }: Position,
  steps: readonly Step[],
  attributes: JsonObject,
): string[] {
  const { current, service, denied, chosen, target: described } = situation;
  const notices = denied.map((message) => `${message}; the rollback goes without`);
  if (chosen?.kind === "chosen") notices.push(...chosen.doubts);
  if (steps.some(({ kind }) => kind === "stopDeployment")) {
    notices.push(
      `${shortName(running)} is still deploying. Stopping it makes ECS return to ${shortName(target)} by itself ` +
        "(fastest); network and load balancer settings return, too",
    );
  }
  const unknown = described?.unknownMembers ?? [];
  if (unknown.length > 0 && steps.some(({ kind }) => kind === "registerCopy")) {
    notices.push(
      `ecspresso has no name for what ${shortName(target)} has in ${
        unknown.join(", ")
      }: if ECS does not keep that in ` +
        "the copy, the copy is deregistered again and the service left as it is (exit code 5)",
    );
  }
  if (options.configuredFamily !== undefined && options.configuredFamily !== target.family) {
    notices.push(
      `the task definition file names the family ${options.configuredFamily}, the service runs ${
        shortName(running)
      }: the revision is of the family ${target.family}`,
    );
  }
  if (current === undefined) {
    notices.push(`the current task definition ${shortName(running)} has been deleted: what changes cannot be shown`);
  } else if (current.status !== "ACTIVE") {
    notices.push(`the current task definition ${shortName(running)} is ${current.status}: there is no way back to it`);
  }
  if (options.deregister && isAtTarget) {
    notices.push(`${shortName(running)} is not deregistered: it is the task definition to roll back to`);
  }
  if (service?.desiredCount === 0) {
    notices.push(
      "the service's desired count is 0: no task will be started, so nothing shows whether the target works",
    );
  }
  return [...notices, ...foreseeSteps(situation, options, following, steps, attributes)];
}

/** What will make it slow, where a deployment is started for it, or ECS goes back. */
function foreseeSteps(
  { service, newest }: Situation,
  { wait, timeoutMs = 0 }: RollbackOptions,
  following: AwaitDeployment["follows"],
  steps: readonly Step[],
  attributes: JsonObject,
): string[] {
  if (service === undefined) return [];
  const starts = steps.some(({ kind }) => kind === "updateService");
  const stops = steps.some(({ kind }) => kind === "stopDeployment") ||
    following?.kind === "serviceDeployment" && following.goal !== "success";
  if (!starts && !(stops && newest !== undefined && hasProductionTraffic(newest.deployment))) return [];
  return starts
    ? foreseeWaits(service, "newDeployment", wait ? timeoutMs : 0, attributes)
    : foreseeWaits(service, "stoppedDeployment", wait ? timeoutMs : 0);
}
