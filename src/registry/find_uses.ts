import { clusterName, parseTaskDefinitionArn, serviceName } from "../model/arn.ts";
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

/** What of a family is in use, as far as one cluster shows. */
export interface Uses {
  /** By task definition ARN: what uses it, in words that follow "in use by". The most lasting use is named. */
  readonly byArn: ReadonlyMap<string, string>;
  /** By what could not be looked at: a line that says so. */
  readonly notices: ReadonlyMap<Unseen, string>;
  /** The ARNs of the cluster's other services that show a task definition of the family. */
  readonly others: readonly string[];
}

/** What may stay unseen without that being an error. */
type Unseen = "own service" | "other services" | "way back";

/**
 * Finds what uses the family's task definitions: the service, its deployments and task sets, where ECS would go back to
 * if the deployment under way failed, the same of the cluster's other services (`others`: of those only), and the tasks
 * of the family in the cluster. Other clusters are not looked at. Only the other services and the way back may go
 * unread.
 */
export async function findUses(
  scope: RunScope,
  family: string,
  ecs: EcsReader,
  signal: AbortSignal,
  others?: readonly string[],
): Promise<Uses> {
  const notices = new Map<Unseen, string>();
  const [relatives, ofTasks] = await Promise.all([
    readRelatives(scope.cluster, family, others, ecs, notices, signal),
    ecs.listTaskDefinitionsInUse(scope.cluster, family, signal),
  ]);
  // Last, for a large cluster takes its time, and this service is the most likely to change meanwhile.
  const ref = scope.service === undefined ? undefined : { ...scope, service: scope.service };
  const service = ref && await ecs.describeService(ref, signal);
  const byArn = new Map<string, string>();
  const add = (arn: string | undefined, user: string) => {
    if (arn !== undefined && !byArn.has(arn)) byArn.set(arn, user);
  };
  // ECS goes on showing a deleted service for a while; it starts nothing any more.
  const isDeleted = service?.status === "INACTIVE";
  if (ref !== undefined && service === undefined) notices.set("own service", tellMissing(ref));
  if (service !== undefined && !isDeleted) await addService(service, "", { add, ecs, notices, signal });
  // The service itself is listed among those of its cluster.
  const rest = relatives.filter(({ arn }) => arn !== service?.arn);
  for (const one of rest) await addService(one, ` of the service ${one.name}`, { add, ecs, notices, signal });
  for (const arn of ofTasks) add(arn, `a running task of the family ${family}`);
  return { byArn, notices, others: rest.map(({ arn }) => arn) };
}

function tellMissing({ service, cluster }: ServiceRef): string {
  return `there is no service ${serviceName(service)} in the cluster ${
    clusterName(cluster)
  }, so nothing is known to be ` +
    "in use by it: check cluster, service and region of the config";
}

/** The cluster's services that show a task definition of the family; what had been read when AWS refused is kept. */
async function readRelatives(
  cluster: string,
  family: string,
  only: readonly string[] | undefined,
  ecs: EcsReader,
  notices: Map<Unseen, string>,
  signal: AbortSignal,
): Promise<readonly ServiceSnapshot[]> {
  const relatives: ServiceSnapshot[] = [];
  const isOfFamily = (arn: string | undefined) => arn !== undefined && parseTaskDefinitionArn(arn).family === family;
  const shows = ({ taskDefinition, deployments, taskSets }: ServiceSnapshot) =>
    [taskDefinition, ...[...deployments, ...taskSets].map((one) => one.taskDefinition)].some(isOfFamily);
  const read = async () => {
    for await (const arns of only === undefined ? ecs.listServices(cluster, signal) : [only]) {
      relatives.push(...(await ecs.describeServices(cluster, arns, signal)).filter(shows));
    }
  };
  const { denied } = await optional(read());
  const unknown = "what the cluster's other services use is not known, but for their running tasks";
  if (denied !== undefined) notices.set("other services", `${denied.message}; ${unknown}`);
  return relatives;
}

/** Adds what one service uses; `ofService` follows the names of what belongs to it. */
async function addService(
  service: ServiceSnapshot,
  ofService: string,
  { add, ecs, notices, signal }: {
    readonly add: (arn: string | undefined, user: string) => void;
    readonly ecs: EcsReader;
    readonly notices: Map<Unseen, string>;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  add(service.taskDefinition, `the service ${service.name}`);
  for (const { id, taskDefinition } of liveDeployments(service)) add(taskDefinition, `deployment ${id}${ofService}`);
  for (const { id, taskDefinition } of service.taskSets) add(taskDefinition, `task set ${id}${ofService}`);
  // What of it can be read counts.
  for (const { value, denied } of await findWaysBack(service, ecs, signal)) {
    const unknown = "where ECS would go back to, if the deployment under way failed, is not known";
    if (denied !== undefined) notices.set("way back", `${denied.message}; ${unknown}`);
    else add(value, `the deployment under way${ofService}: ECS goes back to it if that fails`);
  }
}

/**
 * While a deployment is under way: where it came from, which a stop brings back, and what was last completed, which the
 * circuit breaker and the alarms bring back; also when nothing of them runs any more. Where ECS gives no rolloutState, its
 * record of the deployment says whether one is under way.
 */
async function findWaysBack(
  service: ServiceSnapshot,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<readonly Optional<string | undefined>[]> {
  const { arn, clusterArn, currentServiceDeployment } = service;
  const mayBeUnderWay = (primaryDeployment(service)?.rolloutState ?? "IN_PROGRESS") === "IN_PROGRESS";
  if (!mayBeUnderWay || currentServiceDeployment === undefined) return [];
  const { value: deployment, denied } = await optional(ecs.describeServiceDeployment(currentServiceDeployment, signal));
  if (denied !== undefined) return [{ denied }];
  if (deployment === undefined || hasEnded(deployment)) return [];
  return await Promise.all([
    optional(ecs.findLastCompleted({ cluster: clusterArn, service: arn }, signal)),
    ...deployment.sourceRevisionArns.map((source) => optional(findTaskDefinition(source, ecs, signal))),
  ]);
}

async function findTaskDefinition(
  revisionArn: string,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<string | undefined> {
  const [revision] = await ecs.describeServiceRevisions([revisionArn], signal);
  return revision?.taskDefinition;
}

/** How long the rest of the cluster goes unread: its other services may be thousands. */
const CLUSTER_READ_EVERY_MS = 60_000;

/**
 * What of a family is in use, asked again and again. Every time the service, the tasks of the family, and those of the
 * cluster's other services that have shown the family; all the other services once a minute.
 */
export class FamilyUses {
  #others: { readonly arns: readonly string[]; readonly readAtMs: number } | undefined;
  readonly #noticed = new Set<Unseen>();

  constructor(
    readonly scope: RunScope,
    readonly family: string,
    private readonly ecs: EcsReader,
    private readonly clock: Clock,
  ) {}

  /** As `findUses` has it, but each notice once. */
  async read(signal: AbortSignal): Promise<Uses> {
    const known = this.#others;
    const nowMs = this.clock.elapsed();
    const isRecent = known !== undefined && nowMs - known.readAtMs < CLUSTER_READ_EVERY_MS;
    const uses = await findUses(this.scope, this.family, this.ecs, signal, isRecent ? known.arns : undefined);
    if (!isRecent) this.#others = { arns: uses.others, readAtMs: nowMs };
    const notices = new Map([...uses.notices].filter(([unseen]) => !this.#noticed.has(unseen)));
    for (const unseen of notices.keys()) this.#noticed.add(unseen);
    return { ...uses, notices };
  }
}
