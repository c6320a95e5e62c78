import type { Ecs } from "../aws/ecs.ts";
import { AwsError, optional, RefusedError } from "../errors.ts";
import type { Files } from "../host.ts";
import { clusterName, serviceName } from "../model/arn.ts";
import { nearestNames } from "../model/nearest_names.ts";
import type { Log } from "../report/log.ts";
import { describeCall } from "../report/messages/aws_failure_text.ts";
import type { Connectors } from "./connections.ts";
import {
  isPathPattern,
  isPattern,
  matchesName,
  type NamedService,
  optionsFor,
  type ServiceWish,
  type SoughtServices,
} from "./service_wish.ts";

export type NamesWish = Exclude<ServiceWish, { readonly kind: "config" }>;

type SearchedFiles = Pick<Files, "glob" | "kindOf" | "realPath">;

/**
 * Has each wish for configs be about one file, each file once, whatever it is called.
 *
 * @throws RefusedError for a pattern that no file matches
 */
export async function expandConfigs(wishes: readonly ServiceWish[], files: SearchedFiles): Promise<ServiceWish[]> {
  const known = new Set<string>();
  const expanded: ServiceWish[] = [];
  for (const wish of wishes) {
    if (wish.kind !== "config" || wish.path === undefined || !wish.mayBePattern) expanded.push(wish);
    else {
      for (const path of await findConfigs(wish.path, files)) {
        const real = await files.realPath(path).catch(() => undefined) ?? path;
        if (!known.has(real)) expanded.push({ ...wish, path, mayBePattern: false });
        known.add(real);
      }
    }
  }
  return expanded;
}

/**
 * The paths of configs that one `--config` names: itself, or what matches it. Quoted, a pattern reaches the program as it is
 * typed.
 */
async function findConfigs(path: string, files: SearchedFiles): Promise<readonly string[]> {
  // What is there under that very name is meant, whatever is in the name.
  if (!isPathPattern(path) || await files.kindOf(path) !== undefined) return [path];
  const found: string[] = [];
  for (const one of await files.glob(path)) if (await files.kindOf(one) === "file") found.push(one);
  if (found.length === 0) throw new RefusedError({ code: "noFileMatches", pattern: path });
  return found.toSorted();
}

export type Listing = Pick<Ecs, "listClusters" | "listServices" | "readServiceTags">;

/** What is asked of the ways to AWS for the services of one wish. */
type Connecting = () => Promise<Pick<Connectors, "readAccount"> & { readonly connectEcs: () => Promise<Listing> }>;

/**
 * The services of a wish by names: those that ECS has, where they are named by patterns or tags.
 *
 * @throws RefusedError where there is none, or an ARN is of another account than the credentials; AwsError
 */
export async function findNamed(
  wish: NamesWish,
  connect: Connecting,
  { warn }: Pick<Log, "warn">,
  signal: AbortSignal,
): Promise<readonly NamedService[]> {
  await checkAccount(wish, connect, warn);
  if (wish.kind === "named") return [wish.named];
  return await seekServices(wish.sought, await (await connect()).connectEcs(), signal);
}

/** Somebody may have other credentials than they think. Where AWS STS cannot be reached, ECS has the last word. */
async function checkAccount(wish: NamesWish, connect: Connecting, warn: Log["warn"]): Promise<void> {
  const { account } = wish;
  if (account === undefined) return;
  const { service, cluster } = wish.kind === "named" ? wish.named : wish.sought;
  try {
    const own = await (await connect()).readAccount();
    if (own === account) return;
    throw new RefusedError({ code: "otherAccount", arn: service.startsWith("arn:") ? service : cluster, account, own });
  } catch (error) {
    if (!(error instanceof AwsError) || error.kind === "credentials") throw error;
    warn(`${describeCall(error)}; whether the credentials are of the account ${account} is not known`);
  }
}

/** Asks ECS which services are meant, in the order of their names. Where there is none, the error has the nearest names. */
async function seekServices(sought: SoughtServices, ecs: Listing, signal: AbortSignal): Promise<NamedService[]> {
  const { region, service: pattern, tags } = sought;
  const clusters = isPattern(sought.cluster) ? await findClusters(sought, ecs, signal) : [sought.cluster];
  const found: NamedService[] = [];
  const others: string[] = [];
  for (const cluster of clusters) {
    const arns = await listIn(cluster, sought, ecs, signal);
    const matching = arns.filter((arn) => matchesName(serviceName(arn), pattern));
    const tagged = await withTags(matching, sought, cluster, ecs, signal);
    others.push(...arns.filter((arn) => !tagged.includes(arn)).map(serviceName));
    const named = tagged.map(serviceName).toSorted().map((service) => ({ service, cluster, region }));
    found.push(...named.map((names) => ({ ...names, options: optionsFor(names) })));
  }
  if (found.length > 0) return found;
  throw new RefusedError({
    ...{ code: "noServiceMatches", pattern, region, clusters: clusters.map(clusterName) },
    tags: tags.map(({ key, value }) => `${key}=${value}`),
    nearest: tags.length > 0 ? [] : nearestNames(pattern, others),
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
  { tags: wanted }: SoughtServices,
  cluster: string,
  ecs: Listing,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (wanted.length === 0 || arns.length === 0) return arns;
  const tags = await ecs.readServiceTags(cluster, arns, signal);
  return arns.filter((arn) => wanted.every(({ key, value }) => tags.get(arn)?.get(key) === value));
}

async function listAll(pages: AsyncIterable<readonly string[]>): Promise<string[]> {
  return (await Array.fromAsync(pages)).flat();
}
