import { AwsError, optional, RefusedError } from "../errors.ts";
import type { Ecs } from "../aws/ecs.ts";
import { clusterName, serviceName } from "../model/arn.ts";
import { nearestNames } from "../model/nearest_names.ts";
import type { NamedService } from "./service_entry.ts";
import { isPattern, matchesName, optionsFor, type ServiceTag, type SoughtServices } from "./service_wish.ts";

export type Listing = Pick<Ecs, "listClusters" | "listServices" | "readServiceTags">;

/**
 * Asks ECS which services are meant, in the order of their names.
 *
 * @throws RefusedError where there is none, with the nearest names; AwsError
 */
export async function seekServices(sought: SoughtServices, ecs: Listing, signal: AbortSignal): Promise<NamedService[]> {
  const clusters = isPattern(sought.cluster) ? await findClusters(sought, ecs, signal) : [sought.cluster];
  const found: NamedService[] = [];
  const others: string[] = [];
  for (const cluster of clusters) {
    const arns = await listIn(cluster, sought, ecs, signal);
    const matching = arns.filter((arn) => matchesName(serviceName(arn), sought.service));
    const tagged = await withTags(matching, sought.tags, cluster, ecs, signal);
    others.push(...arns.filter((arn) => !tagged.includes(arn)).map(serviceName));
    found.push(...tagged.map(serviceName).toSorted().map((service) => nameFound(service, cluster, sought)));
  }
  if (found.length > 0) return found;
  const { region, service: pattern } = sought;
  throw new RefusedError({
    ...{ code: "noServiceMatches", pattern, region, clusters: clusters.map(clusterName) },
    tags: sought.tags.map(({ key, value }) => `${key}=${value}`),
    nearest: sought.tags.length > 0 ? [] : nearestNames(pattern, others),
  });
}

/** Of several clusters, ECS does not say which one is not there. */
async function listIn(
  cluster: string,
  { region }: SoughtServices,
  ecs: Listing,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    return await listAll(ecs.listServices(cluster, signal));
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ClusterNotFoundException") throw error;
    const pattern = clusterName(cluster);
    const { value: arns = [] } = await optional(listAll(ecs.listClusters(signal)));
    const nearest = nearestNames(pattern, arns.map(clusterName));
    throw new RefusedError({ code: "noClusterMatches", pattern, region, nearest });
  }
}

async function findClusters({ cluster: pattern, region }: SoughtServices, ecs: Listing, signal: AbortSignal) {
  const names = (await listAll(ecs.listClusters(signal))).map(clusterName);
  const found = names.filter((name) => matchesName(name, pattern)).toSorted();
  if (found.length > 0) return found;
  throw new RefusedError({ code: "noClusterMatches", pattern, region, nearest: nearestNames(pattern, names) });
}

async function withTags(
  arns: readonly string[],
  wanted: readonly ServiceTag[],
  cluster: string,
  ecs: Listing,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (wanted.length === 0 || arns.length === 0) return arns;
  const tags = await ecs.readServiceTags(cluster, arns, signal);
  return arns.filter((arn) => wanted.every(({ key, value }) => tags.get(arn)?.get(key) === value));
}

function nameFound(service: string, cluster: string, { region }: SoughtServices): NamedService {
  return { service, cluster, region, options: optionsFor({ service, cluster, region }) };
}

async function listAll(pages: AsyncIterable<readonly string[]>): Promise<string[]> {
  return (await Array.fromAsync(pages)).flat();
}
