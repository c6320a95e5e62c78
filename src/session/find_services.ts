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
  type ServiceSearch,
  type ServiceSelector,
} from "./service_selector.ts";

export type NameSelector = Exclude<ServiceSelector, { readonly kind: "config" }>;

type SearchedFiles = Pick<Files, "glob" | "kindOf" | "realPath">;

/**
 * Replaces each selector for configs by selectors for one file each; a file counts once, by whatever paths it is reached.
 *
 * @throws RefusedError for a pattern that no file matches
 */
export async function expandConfigs(
  selectors: readonly ServiceSelector[],
  files: SearchedFiles,
): Promise<ServiceSelector[]> {
  const known = new Set<string>();
  const expanded: ServiceSelector[] = [];
  for (const selector of selectors) {
    if (selector.kind !== "config" || selector.path === undefined || !selector.mayBePattern) expanded.push(selector);
    else {
      for (const path of await findConfigs(selector.path, files)) {
        const real = await files.realPath(path).catch(() => undefined) ?? path;
        if (!known.has(real)) expanded.push({ ...selector, path, mayBePattern: false });
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

/** Connects to AWS to find the services of one selector. */
type Connect = () => Promise<Pick<Connectors, "readAccount"> & { readonly connectEcs: () => Promise<Listing> }>;

/**
 * The services of a selector by names; if these are patterns or tags, the matching services that ECS has.
 *
 * @throws RefusedError if there is none, or an ARN belongs to another account than the credentials; AwsError
 */
export async function findNamed(
  selector: NameSelector,
  connect: Connect,
  { warn }: Pick<Log, "warn">,
  signal: AbortSignal,
): Promise<readonly NamedService[]> {
  await checkAccount(selector, connect, warn);
  if (selector.kind === "named") return [selector.named];
  return await searchServices(selector.search, await (await connect()).connectEcs(), signal);
}

/** Somebody may have other credentials than they think. Where AWS STS cannot be reached, ECS decides. */
async function checkAccount(selector: NameSelector, connect: Connect, warn: Log["warn"]): Promise<void> {
  const { account } = selector;
  if (account === undefined) return;
  const { service, cluster } = selector.kind === "named" ? selector.named : selector.search;
  try {
    const own = await (await connect()).readAccount();
    if (own === account) return;
    throw new RefusedError({ code: "otherAccount", arn: service.startsWith("arn:") ? service : cluster, account, own });
  } catch (error) {
    if (!(error instanceof AwsError) || error.kind === "credentials") throw error;
    warn(describeUnread("account", error, account));
  }
}

/** Asks ECS which services are meant, ordered by name. If there is none, the error has the nearest names. */
async function searchServices(search: ServiceSearch, ecs: Listing, signal: AbortSignal): Promise<NamedService[]> {
  const { region, service: pattern, tags } = search;
  const clusters = isPattern(search.cluster) ? await findClusters(search, ecs, signal) : [search.cluster];
  const found: NamedService[] = [];
  const others: string[] = [];
  for (const cluster of clusters) {
    const arns = await listIn(cluster, search, ecs, signal);
    const matching = arns.filter((arn) => matchesName(serviceName(arn), pattern));
    const tagged = await withTags(matching, search, cluster, ecs, signal);
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

/** ECS's own error does not name the missing cluster if several are asked for. */
async function listIn(
  cluster: string,
  { region }: ServiceSearch,
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

async function findClusters({ cluster: pattern, region }: ServiceSearch, ecs: Listing, signal: AbortSignal) {
  const names = (await listAll(ecs.listClusters(signal))).map(clusterName);
  const found = names.filter((name) => matchesName(name, pattern)).toSorted();
  if (found.length > 0) return found;
  throw new RefusedError({ code: "noClusterMatches", pattern, region, nearest: nearestNames(pattern, names) });
}

async function withTags(
  arns: readonly string[],
  { tags: wanted }: ServiceSearch,
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
