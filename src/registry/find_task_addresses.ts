import { type JsonObject, objectIn, textIn, textsIn } from "../model/json.ts";

/** Where the tasks of a service get their addresses, and how many tasks a rollout starts before it stops others. */
export interface AddressNeeds {
  readonly subnets: readonly string[];
  readonly tasks: number;
}

/**
 * Of a service (in the API's JSON) whose tasks have network interfaces of their own; `undefined` for all others. A rolling
 * deployment runs up to `maximumPercent` of the desired tasks at once, others all of them twice:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html. Pure.
 */
export function findAddressNeeds(service: JsonObject, { networkMode }: JsonObject): AddressNeeds | undefined {
  const { subnets } = objectIn(objectIn(service.networkConfiguration).awsvpcConfiguration);
  const named = textsIn([subnets ?? null].flat());
  if (named.length === 0 || networkMode !== "awsvpc") return undefined;
  return { subnets: [...new Set(named)], tasks: tasksAtOnce(service) };
}

/** A daemon's old task is stopped before the new one starts, and so is the last one where there may be none besides. */
function tasksAtOnce({ desiredCount, schedulingStrategy, deploymentConfiguration }: JsonObject): number {
  if (typeof desiredCount !== "number" || desiredCount <= 0 || textIn(schedulingStrategy) === "DAEMON") return 0;
  const { strategy, maximumPercent = 200 } = objectIn(deploymentConfiguration);
  if ((textIn(strategy) ?? "ROLLING") !== "ROLLING") return desiredCount;
  const most = typeof maximumPercent === "number" ? maximumPercent : 200;
  return Math.max(0, Math.floor((desiredCount * most) / 100) - desiredCount);
}
