import { optional } from "../../errors.ts";
import type { EcsReader } from "../../model/ports.ts";
import { liveDeployments, type ServiceSnapshot } from "../../model/service.ts";
import type { PlanNotice } from "../plan/notice.ts";
import type { Plan } from "../plan/plan.ts";

/**
 * Which of the cluster's other services keep what a plan deregisters last from being deregistered. For a dry run: a
 * real one asks just before that, and what is urgent does not wait for it.
 */
export async function foreseeDeregistering(
  { subject: { cluster }, steps }: Plan,
  own: ServiceSnapshot | undefined,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<PlanNotice[]> {
  const step = steps.find(({ kind }) => kind === "deregister");
  if (step?.kind !== "deregister") return [];
  const { taskDefinition: revision } = step;
  const uses = (service: ServiceSnapshot) =>
    [service, ...liveDeployments(service), ...service.taskSets].some(({ taskDefinition }) =>
      taskDefinition === revision.arn
    );
  const users: string[] = [];
  const read = async () => {
    for await (const arns of ecs.listServices(cluster, signal)) {
      const services = await ecs.describeServices(cluster, arns.filter((other) => other !== own?.arn), signal);
      users.push(...services.filter(uses).map((service) => service.name));
    }
  };
  const { denied } = await optional(read());
  return [
    ...(denied === undefined ? [] : [{ code: "usersNotRead", revision, denial: denied.failure } as const]),
    ...(users.length === 0 ? [] : [{ code: "usedByServices", revision, services: users } as const]),
  ];
}
