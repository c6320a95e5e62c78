import { parseTaskDefinitionArn } from "../model/arn.ts";
import { hasEnded } from "../model/service_deployment.ts";
import {
  liveDeployments,
  primaryDeployment,
  type RunScope,
  type ServiceRef,
  type ServiceSnapshot,
} from "../model/service.ts";
import { type Optional, optional } from "../errors.ts";
import type { EcsReader } from "../model/ports.ts";
import type { Clock } from "../host.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";

/** What uses a task definition. `of`: the name of the service that it belongs to, unless that is the run's own. */
export type TaskDefinitionUser = Readonly<
  | { kind: "service"; name: string }
  | { kind: "deployment" | "taskSet"; id: string; of?: string | undefined }
  /** ECS goes back to this task definition if the deployment under way fails. */
  | { kind: "wayBack"; of?: string | undefined }
  | { kind: "task"; family: string }
>;

/** What could not be read. `denial`: in AWS's words. */
export type UsesNotice = Readonly<
  | { code: "ownServiceMissing"; ref: ServiceRef }
  | { code: "otherServicesNotRead" | "waysBackNotRead"; denial: AwsFailure }
>;

/** Which task definitions of a family are in use, as far as one cluster shows. */
export interface Uses {
  /** By task definition ARN; of several users, the one that lasts longest. */
  readonly byArn: ReadonlyMap<string, TaskDefinitionUser>;
  readonly notices: readonly UsesNotice[];
  /** The ARNs of the cluster's other services that show a task definition of the family. */
  readonly others: readonly string[];
}

/**
 * Finds what uses the family's task definitions: the service, its deployments and task sets, what ECS would roll back
 * to, the same of the cluster's other services (with `others`, only of these ARNs), and the family's tasks in the
 * cluster. Other clusters are not looked at. Only the other services, and what ECS would roll back to, may go unread.
 */
export async function findUses(
  scope: RunScope,
  family: string,
  ecs: EcsReader,
  signal: AbortSignal,
  others?: readonly string[],
): Promise<Uses> {
  const { cluster, service: name } = scope;
  const search = new UsesSearch(family, ecs, signal);
  const [services, ofTasks] = await Promise.all([
    search.readFamilyServices(cluster, others),
    ecs.listTaskDefinitionsInUse(cluster, family, signal),
  ]);
  // The service comes last: a large cluster takes its time, and this service is the likeliest to change meanwhile.
  const ref = name === undefined ? undefined : { ...scope, service: name };
  const service = ref && await ecs.describeService(ref, signal);
  if (ref !== undefined && service === undefined) search.notice({ code: "ownServiceMissing", ref });
  // ECS goes on showing a deleted service for a while, but it starts no more tasks.
  if (service !== undefined && service.status !== "INACTIVE") await search.addService(service);
  // The service itself is listed among those of its cluster.
  const rest = services.filter(({ arn }) => arn !== service?.arn);
  for (const one of rest) await search.addService(one, one.name);
  for (const arn of ofTasks) search.add(arn, { kind: "task", family });
  return { byArn: search.byArn, notices: [...search.notices.values()], others: rest.map(({ arn }) => arn) };
}

class UsesSearch {
  readonly byArn = new Map<string, TaskDefinitionUser>();
  readonly notices = new Map<UsesNotice["code"], UsesNotice>();

  constructor(private readonly family: string, private readonly ecs: EcsReader, private readonly signal: AbortSignal) {}

  add(arn: string | undefined, user: TaskDefinitionUser): void {
    if (arn !== undefined && !this.byArn.has(arn)) this.byArn.set(arn, user);
  }

  notice(notice: UsesNotice): void {
    this.notices.set(notice.code, notice);
  }

  /** The cluster's services that show a task definition of the family. If AWS refuses midway, those read so far. */
  async readFamilyServices(cluster: string, only: readonly string[] | undefined): Promise<readonly ServiceSnapshot[]> {
    const shows = (service: ServiceSnapshot) =>
      [service, ...service.deployments, ...service.taskSets].some(({ taskDefinition: arn }) =>
        arn !== undefined && parseTaskDefinitionArn(arn).family === this.family
      );
    const pages = only === undefined ? this.ecs.listServices(cluster, this.signal) : [only];
    const { services, denial } = await readServices(cluster, pages, shows, this.ecs, this.signal);
    if (denial !== undefined) this.notice({ code: "otherServicesNotRead", denial });
    return services;
  }

  /** @param of the service's name, unless it is the run's own */
  async addService(service: ServiceSnapshot, of?: string): Promise<void> {
    for (const [taskDefinition, user] of usersIn(service, of)) this.add(taskDefinition, user);
    // Those that could be read count.
    for (const { value, denied } of await this.#findRollbackTargets(service)) {
      if (denied !== undefined) this.notice({ code: "waysBackNotRead", denial: denied.failure });
      else this.add(value, { kind: "wayBack", of });
    }
  }

  /**
   * The task definitions that ECS may go back to while a deployment is under way: the deployment's source, to which a
   * stop returns, and what was last completed, to which the circuit breaker and alarms return; even if none of their
   * tasks run any more. Where ECS gives no rolloutState, its record says whether a deployment is under way.
   */
  async #findRollbackTargets(service: ServiceSnapshot): Promise<readonly Optional<string | undefined>[]> {
    const { ecs, signal } = this;
    const { arn, clusterArn, currentServiceDeployment } = service;
    const mayBeUnderWay = (primaryDeployment(service)?.rolloutState ?? "IN_PROGRESS") === "IN_PROGRESS";
    if (!mayBeUnderWay || currentServiceDeployment === undefined) return [];
    const reading = ecs.describeServiceDeployment(currentServiceDeployment, signal);
    const { value: deployment, denied } = await optional(reading);
    if (denied !== undefined) return [{ denied }];
    if (deployment === undefined || hasEnded(deployment)) return [];
    return await Promise.all([
      optional(ecs.findLastCompleted({ cluster: clusterArn, service: arn }, signal)),
      ...deployment.sourceRevisionArns.map((source) =>
        optional(ecs.describeServiceRevisions([source], signal).then(([revision]) => revision?.taskDefinition))
      ),
    ]);
  }
}

/** The task definitions that a service shows as used, and what uses them. */
function usersIn(
  service: ServiceSnapshot,
  of?: string,
): (readonly [taskDefinition: string | undefined, TaskDefinitionUser])[] {
  return [
    [service.taskDefinition, { kind: "service", name: service.name }],
    ...liveDeployments(service).map(({ id, taskDefinition }) =>
      [taskDefinition, { kind: "deployment", id, of }] as const
    ),
    ...service.taskSets.map(({ id, taskDefinition }) => [taskDefinition, { kind: "taskSet", id, of }] as const),
  ];
}

/**
 * Finds the names of a cluster's services that show that they use a task definition. That costs less than `findUses()`,
 * and shows no tasks and no ways back.
 *
 * @param except the ARN of a service that is not meant
 */
export async function findServicesUsing(
  taskDefinition: string,
  { cluster, except }: { readonly cluster: string; readonly except: string | undefined },
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<{ readonly names: readonly string[]; readonly denial: AwsFailure | undefined }> {
  const uses = (service: ServiceSnapshot) =>
    service.arn !== except && usersIn(service).some(([arn]) => arn === taskDefinition);
  const { services, denial } = await readServices(cluster, ecs.listServices(cluster, signal), uses, ecs, signal);
  return { names: services.map(({ name }) => name), denial };
}

/** Reads services, a page of ARNs at a time, and picks some. If AWS refuses midway, these are of those read so far. */
async function readServices(
  cluster: string,
  pages: AsyncIterable<readonly string[]> | Iterable<readonly string[]>,
  isPicked: (service: ServiceSnapshot) => boolean,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<{ readonly services: readonly ServiceSnapshot[]; readonly denial: AwsFailure | undefined }> {
  const services: ServiceSnapshot[] = [];
  const read = async () => {
    for await (const arns of pages) {
      services.push(...(await ecs.describeServices(cluster, arns, signal)).filter(isPicked));
    }
  };
  const { denied } = await optional(read());
  return { services, denial: denied?.failure };
}

/** How often the cluster's other services are read: there may be thousands. */
const CLUSTER_READ_EVERY_MS = 60_000;

/**
 * Which task definitions of a family are in use, read again and again. Each time reads the service, the tasks of the
 * family, and those other services of the cluster that have shown the family; all the others only once a minute.
 */
export class FamilyUses {
  #others: { readonly arns: readonly string[]; readonly readAtMs: number } | undefined;
  readonly #noticed = new Set<UsesNotice["code"]>();

  constructor(
    readonly scope: RunScope,
    readonly family: string,
    private readonly ecs: EcsReader,
    private readonly clock: Clock,
  ) {}

  /** Like `findUses()`, but returns each notice once. */
  async read(signal: AbortSignal): Promise<Uses> {
    const known = this.#others;
    const nowMs = this.clock.elapsed();
    const isRecent = known !== undefined && nowMs - known.readAtMs < CLUSTER_READ_EVERY_MS;
    const uses = await findUses(this.scope, this.family, this.ecs, signal, isRecent ? known.arns : undefined);
    if (!isRecent) this.#others = { arns: uses.others, readAtMs: nowMs };
    const notices = uses.notices.filter(({ code }) => !this.#noticed.has(code));
    for (const { code } of notices) this.#noticed.add(code);
    return { ...uses, notices };
  }
}
