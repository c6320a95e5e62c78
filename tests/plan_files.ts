/** Plan files as somebody would write them by hand: without the images and deployments that the program records. */

interface PlannedByHand {
  readonly service: string;
  readonly from: number;
  readonly to: number;
  readonly cluster?: string;
  readonly wave?: number;
  readonly config?: string;
}

const ARN = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition";

/** The text of a plan file for services whose families have their names. */
export function planByHand(services: readonly PlannedByHand[], options: object = {}): string {
  const plan = {
    format: "ecspresso rollback plan",
    version: 1,
    madeAt: "2023-01-01T12:00:00.000Z",
    options,
    services: services.map(({ service, from, to, cluster = "default", ...others }) => ({
      service,
      cluster,
      region: "ap-northeast-1",
      account: "123456789012",
      ...others,
      from: { taskDefinition: `${ARN}/${service}:${from}` },
      to: { taskDefinition: `${ARN}/${service}:${to}` },
    })),
  };
  return `${JSON.stringify(plan, null, 2)}\n`;
}

/** A config for each service, named by it. */
export function configsOf(services: readonly PlannedByHand[]): Record<string, string> {
  return Object.fromEntries(services.map(({ service, cluster = "default" }) => [
    configOf(service),
    `region: ap-northeast-1\ncluster: ${cluster}\nservice: ${service}\n`,
  ]));
}

export function configOf(service: string): string {
  return `ecs/${service}.yml`;
}
