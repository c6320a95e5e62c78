import { shortName } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import { liveDeployments, type ServiceSnapshot } from "../../model/service.ts";
import { optional } from "../../errors.ts";
import type { Plan } from "../plan/plan.ts";

/**
 * Which of the cluster's other services keep what a plan deregisters last from being deregistered: for a dry run, for it is
 * asked anew just before that, and what is urgent does not wait for it. One call for each hundred services of the cluster,
 * and one for each ten; none where nothing is to be deregistered.
 *
 * @returns a line, or none
 * @throws AwsError; that the services may not be read is a line
 */
export async function foreseeDeregistering(
  { subject: { cluster }, steps }: Plan,
  own: ServiceSnapshot | undefined,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<string[]> {
  const step = steps.find(({ kind }) => kind === "deregister");
  if (step?.kind !== "deregister") return [];
  const { arn } = step.taskDefinition;
  const name = shortName(step.taskDefinition);
  const uses = (service: ServiceSnapshot) =>
    [service, ...liveDeployments(service), ...service.taskSets].some(({ taskDefinition }) => taskDefinition === arn);
  const names: string[] = [];
  const lines: string[] = [];
  const read = async () => {
    for await (const arns of ecs.listServices(cluster, signal)) {
      const services = await ecs.describeServices(cluster, arns.filter((other) => other !== own?.arn), signal);
      names.push(...services.filter(uses).map((service) => service.name));
    }
  };
  const { denied } = await optional(read());
  if (denied !== undefined) lines.push(`${denied.message}; whether another service uses ${name} is not known`);
  if (names.length > 0) {
    const users = `the ${names.length === 1 ? "service" : "services"} ${names.join(", ")}`;
    lines.push(
      `${name} is not deregistered as long as ${users} ${
        names.length === 1 ? "uses" : "use"
      } it: the rollback then ends with 8`,
    );
  }
  return lines;
}
