import type { Ecs } from "../aws/ecs.ts";
import { AwsError, isClusterMissing, optional, RefusedError } from "../errors.ts";
import type { Files } from "../host.ts";
import { clusterName, serviceName } from "../model/arn.ts";
import { nearestNames } from "../model/nearest_names.ts";
import type { Log } from "../report/messages/log.ts";
import { describeUnread } from "../report/messages/unread_text.ts";
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
 * Replaces each wish for configs by wishes for one file each; a file counts once, by whatever paths it is reached.
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
 * The paths that one `--config` stands for: itself, or the files that it matches. A quoted pattern reaches the program
 * as it was typed.
 */
async function findConfigs(path: string, files: SearchedFiles): Promise<readonly string[]> {
  // A file with this very name is meant, whatever characters are in the name.
  if (!isPathPattern(path) || await files.kindOf(path) !== undefined) return [path];
  const found: string[] = [];
  for (const one of await files.glob(path)) if (await files.kindOf(one) === "file") found.push(one);
  if (found.length === 0) throw new RefusedError({ code: "noFileMatches", pattern: path });
  return found.toSorted();
}

type Listing = Pick<Ecs, "listClusters" | "listServices" | "readServiceTags">;

/** The connections that finding the services of one wish needs. */
type Connecting = () => Promise<Pick<Connectors, "readAccount"> & { readonly connectEcs: () => Promise<Listing> }>;

/**
 * The services of a wish by names: where these are patterns or tags, the matching services that ECS has.
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

/** Somebody may have other credentials than they think. Where AWS STS cannot be reached, ECS decides. */
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
    warn(describeUnread("account", error, account));
  }
}

/** Asks ECS which services are meant, ordered by name. Where there is none, the error has the nearest names. */
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

/** Where several clusters are asked for, ECS does not say which one is missing. */
async function listIn(
  cluster: string,
  { region }: SoughtServices,
  ecs: Listing,
  signal: AbortSignal,
): Promise<string[]> {
  try {
    return await listAll(ecs.listServices(cluster, signal));
  } catch (error) {
    if (!(error instanceof AwsError) || !isClusterMissing(error)) throw error;
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
