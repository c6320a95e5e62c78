import { clusterName, isRegion, parseClusterArn, parseServiceArn } from "../model/arn.ts";
import type { TypedOption } from "../model/service.ts";
import type { NameProblem } from "../problems.ts";

/** Which services are meant: by config files, by names, or by patterns and tags to search for in ECS. */
export type ServiceSelector =
  & Pick<ServiceEntry, "role" | "wave">
  & Readonly<
    /** `mayBePattern`: the path may stand for many files (`*`). `undefined`: the config in the working directory. */
    | { kind: "config"; path: string | undefined; mayBePattern: boolean }
    | { kind: "named"; named: NamedService; account: string | undefined }
    | { kind: "search"; search: ServiceSearch; account: string | undefined }
  >;

/** One service of a command, as the command line or a fleet file names it. */
export interface ServiceEntry {
  /** The path of its config; `undefined`: the config in the working directory, unless it is `named`. */
  readonly config: string | undefined;
  /** The service itself, if it has no files. */
  readonly named?: NamedService | undefined;
  /** The IAM role to assume for it; `undefined`: the command's. */
  readonly role?: string | undefined;
  /** Where many services are changed in turn: the services of wave 1 first. */
  readonly wave: number;
}

/** A service by its names alone. */
export interface NamedService {
  /** A name or an ARN; so is `cluster`. */
  readonly service: string;
  readonly cluster: string;
  /** `undefined`: the region of the environment or of the AWS profile. */
  readonly region: string | undefined;
  /** The options that name it in another command. */
  readonly options: readonly TypedOption[];
}

/** Services to search for in ECS: names with `*` for any characters. The cluster may be an ARN, too. */
export interface ServiceSearch extends Omit<NamedService, "options"> {
  /** The services have to have all of these. */
  readonly tags: readonly ServiceTag[];
}

export interface ServiceTag {
  readonly key: string;
  readonly value: string;
}

/** The names of a service as they were typed. */
type TypedNames = Pick<NamedService, "service" | "region"> & { readonly cluster: string | undefined };

/** Whether it is a name, not a pattern or an ARN. */
export function isPlainName(name: string): boolean {
  return NAME.test(name) && !isPattern(name);
}

/** ECS's own rule, and `*`: letters, digits, underscores and hyphens, 255 at most. */
const NAME = /^[A-Za-z0-9_*-]{1,255}$/;

/** ECS's default if no cluster is named. */
const DEFAULT_CLUSTER = "default";

/** Reads how one service, or a pattern of services, is named; returns what is wrong with the names, if anything. */
export function selectorFor(typed: TypedNames, tags: readonly ServiceTag[] = []): ServiceSelector | NameProblem {
  const { service, cluster } = typed;
  const problem = findProblem(typed);
  if (problem !== undefined) return problem;
  const arn = parseServiceArn(service);
  const ofCluster = cluster === undefined ? undefined : parseClusterArn(cluster);
  const account = arn?.account ?? ofCluster?.account;
  const region = arn?.region ?? ofCluster?.region ?? typed.region;
  const where = { cluster: cluster ?? arn?.cluster ?? DEFAULT_CLUSTER, region };
  if (tags.length > 0 || [service, where.cluster].some(isPattern)) {
    return { kind: "search", search: { ...where, service, tags }, account, wave: 1 };
  }
  return { kind: "named", named: { ...where, service, options: optionsFor(typed) }, account, wave: 1 };
}

function findProblem({ service, cluster, region }: TypedNames): NameProblem | undefined {
  const arn = parseServiceArn(service);
  if (arn === undefined && !NAME.test(service)) return { code: "noName", kind: "service", text: service };
  const ofCluster = cluster === undefined ? undefined : parseClusterArn(cluster);
  if (cluster !== undefined && ofCluster === undefined && !NAME.test(cluster)) {
    return { code: "noName", kind: "cluster", text: cluster };
  }
  if (region !== undefined && !isRegion(region)) return { code: "noName", kind: "region", text: region };
  return differ("region", arn?.region, ofCluster?.region, region) ??
    differ("account", arn?.account, ofCluster?.account) ??
    differ("cluster", arn?.cluster, cluster === undefined ? undefined : clusterName(cluster));
}

/** The options for the same service in another command. */
export function optionsFor({ service, cluster, region }: TypedNames): TypedOption[] {
  const options = [["--service", service], ["--cluster", cluster], ["--region", region]] as const;
  return options.filter(([, value]) => value !== undefined);
}

/** Whether a name has `*`, which stands for any characters. */
export function isPattern(name: string): boolean {
  return name.includes("*");
}

/** Whether a path may stand for many files. */
export function isPathPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** Whether a name matches a pattern. Takes each part at its first match: a regular expression could backtrack for minutes. */
export function matchesName(name: string, pattern: string): boolean {
  const [first = "", ...others] = pattern.split("*");
  const last = others.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}

function differ(
  kind: "cluster" | "region" | "account",
  ...values: readonly (string | undefined)[]
): NameProblem | undefined {
  const [one, other] = new Set(values.filter((value) => value !== undefined));
  return one === undefined || other === undefined ? undefined : { code: "twoNames", kind, one, other };
}
