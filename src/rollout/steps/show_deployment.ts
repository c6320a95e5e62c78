import { type Revision, shortName } from "../../model/arn.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { AwsError } from "../../errors.ts";
import { findNewPrimary, type Starting } from "./start_deployment.ts";

export interface Ordered extends Pick<Starting, "ref" | "before" | "ecs" | "clock"> {
  readonly taskDefinition: Revision;
  /** The order makes ECS start a deployment: it changes the task definition, or forces one. */
  readonly startsDeployment: boolean;
}

/**
 * The service with the PRIMARY deployment of what was ordered. UpdateService answers with it; where the answer shows none,
 * the one from before, or one of another task definition, it is looked for, for up to 30 s: a read may lag behind, the
 * answer may be to somebody else's order, and ECS may have started none.
 *
 * @returns the service as ECS has answered, where its new PRIMARY deployment is of another task definition to the end
 * @throws AwsError of kind `lost` where none is seen
 */
export async function showDeployment(
  service: ServiceSnapshot,
  ordered: Ordered,
  signal: AbortSignal,
): Promise<ServiceSnapshot> {
  const { before, taskDefinition, startsDeployment } = ordered;
  const primary = primaryDeployment(service);
  const isOld = startsDeployment && before?.deployments.some(({ id }) => id === primary?.id);
  const isOther = startsDeployment && primary?.taskDefinition !== taskDefinition.arn;
  if (primary !== undefined && !isOld && !isOther) return service;
  const found = await findNewPrimary({ ...ordered, before: startsDeployment ? before : undefined }, signal);
  if (found !== undefined) return found;
  if (primary !== undefined && !isOld) return service;
  const instead = primary === undefined ? "" : `: the service is still at deployment ${primary.id}`;
  throw new AwsError({
    operation: "UpdateService",
    kind: "lost",
    code: "NoDeployment",
    detail: `ECS accepted the update and has started no deployment of ${shortName(taskDefinition)}${instead}`,
  });
}
