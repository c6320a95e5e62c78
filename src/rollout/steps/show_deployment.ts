import { AwsError, mayHaveBeenApplied } from "../../errors.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import { primaryDeployment, type ServiceSnapshot } from "../../model/service.ts";
import { followPrimary } from "../assess.ts";
import type { PlanEvent } from "../events.ts";
import { followDeployment } from "../follow.ts";
import type { PlanRun } from "../plan_run.ts";
import { findNewPrimary } from "./start_deployment.ts";

/**
 * The service with the PRIMARY deployment of what was ordered. UpdateService returns it; where the answer shows none, the
 * one from before, or one of another task definition, it is looked for, for up to 30 s: a read may lag behind, the answer may
 * be to somebody else's order, and ECS may have started none.
 *
 * @param startsDeployment the order makes ECS start a deployment: it changes the task definition, or forces one
 * @returns the service as ECS returned it, where its new PRIMARY deployment is of another task definition to the end
 * @throws AwsError of kind `lost` where none is seen
 */
export async function showDeployment(
  service: ServiceSnapshot,
  taskDefinition: Revision,
  startsDeployment: boolean,
  run: PlanRun,
): Promise<ServiceSnapshot> {
  // Until the deployment is seen, nobody knows whether ECS goes on with the order.
  run.ordered = "unknown";
  const primary = primaryDeployment(service);
  const isOld = startsDeployment && run.before?.deployments.some(({ id }) => id === primary?.id);
  const isOther = startsDeployment && primary?.taskDefinition !== taskDefinition.arn;
  let shown: ServiceSnapshot | undefined = service;
  if (primary === undefined || isOld || isOther) {
    const before = startsDeployment ? run.before : undefined;
    const looking = { ref: run.plan.subject, taskDefinition, before, ecs: run.ports.ecs, clock: run.ports.clock };
    shown = await findNewPrimary(looking, run.signal) ?? (primary !== undefined && !isOld ? service : undefined);
  }
  if (shown === undefined) throw noDeployment(taskDefinition, primary?.id);
  run.ordered = "yes";
  return shown;
}

function noDeployment(taskDefinition: Revision, inPlace: string | undefined): AwsError {
  const instead = inPlace === undefined ? "" : `: the service is still at deployment ${inPlace}`;
  return new AwsError({
    operation: "UpdateService",
    kind: "lost",
    code: "NoDeployment",
    detail: `ECS accepted the update and has started no deployment of ${shortName(taskDefinition)}${instead}`,
  });
}

/** ECS has taken the order: from now on its PRIMARY deployment is followed, and auto scaling is to be restored. */
export function followOrdered(service: ServiceSnapshot, run: PlanRun): void {
  run.ordered = "yes";
  run.after = service;
  run.scaling.scheduleRestore();
  const followed = followPrimary(service, run.before);
  if (followed === undefined) return;
  run.follow = followDeployment(run.plan.subject, followed, run.plan.until, run.ports.ecs);
}

/** An order that ECS has refused, or that never reached it, is none. */
export function noteRefused(error: unknown, run: PlanRun): void {
  if (error instanceof AwsError && !mayHaveBeenApplied(error)) run.ordered = "no";
}

/** Names the members of the service definition that ECS's answer to the order lacks. */
export function* noticeNotKept(
  { unkept: names = [] }: ServiceSnapshot,
  order: "updated" | "created",
): Generator<PlanEvent, void, void> {
  if (names.length > 0) yield { kind: "notice", notice: { code: "membersNotKept", order, names } };
}
