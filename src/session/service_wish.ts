import { clusterName, isRegion, parseClusterArn, parseServiceArn } from "../model/arn.ts";
import type { TypedOption } from "../model/service.ts";
import type { NameProblem } from "../problems.ts";

/** Services as they are named: files, names, or what is still to be looked for. */
export type ServiceWish =
  & Pick<ServiceEntry, "role" | "wave">
  & Readonly<
    /** `mayBePattern`: the path may have `*`, and stand for many files. `undefined`: the config of the working directory. */
    | { kind: "config"; path: string | undefined; mayBePattern: boolean }
    | { kind: "named"; named: NamedService; account: string | undefined }
    | { kind: "sought"; sought: SoughtServices; account: string | undefined }
  >;

/** One service that a command is about, as the command line or a fleet file names it. */
export interface ServiceEntry {
  /** The path of its config; `undefined`: the config of the working directory, unless it is `named`. */
  readonly config: string | undefined;
  /** The service itself, where no file is read for it. */
  readonly named?: NamedService | undefined;
  /** The IAM role that it is reached in; `undefined`: that of the command. */
  readonly role?: string | undefined;
  /** Where many services are changed in turn: the services of wave 1 first. */
  readonly wave: number;
}

/** A service by its names alone. */
export interface NamedService {
  /** A name or an ARN, as `cluster`. */
  readonly service: string;
  readonly cluster: string;
  /** `undefined`: that of the environment or of the AWS profile. */
  readonly region: string | undefined;
  /** The options that name it in another command. */
  readonly options: readonly TypedOption[];
}

/** Services that ECS is asked for: names with `*` for any characters. A cluster may be an ARN, too. */
export interface SoughtServices extends Omit<NamedService, "options"> {
  /** All of these they have. */
  readonly tags: readonly ServiceTag[];
}

export interface ServiceTag {
  readonly key: string;
  readonly value: string;
}

/** What a service is named by, as it is typed. */
type TypedNames = Pick<NamedService, "service" | "region"> & { readonly cluster: string | undefined };

/** A name, and no pattern or ARN. */
export function isPlainName(name: string): boolean {
  return NAME.test(name) && !isPattern(name);
}

/** ECS's own: letters, digits, underscores and hyphens, 255 at most. */
const NAME = /^[A-Za-z0-9_*-]{1,255}$/;

/** As ECS has it where no cluster is named. */
const DEFAULT_CLUSTER = "default";

/** Reads how one service, or a pattern of services, is named; or says what is wrong with that. */
export function wishFor(typed: TypedNames, tags: readonly ServiceTag[] = []): ServiceWish | NameProblem {
  const { service, cluster } = typed;
  const problem = findProblem(typed);
  if (problem !== undefined) return problem;
  const arn = parseServiceArn(service);
  const ofCluster = cluster === undefined ? undefined : parseClusterArn(cluster);
  const account = arn?.account ?? ofCluster?.account;
  const region = arn?.region ?? ofCluster?.region ?? typed.region;
  const where = { cluster: cluster ?? arn?.cluster ?? DEFAULT_CLUSTER, region };
  if (tags.length > 0 || [service, where.cluster].some(isPattern)) {
    return { kind: "sought", sought: { ...where, service, tags }, account, wave: 1 };
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

/** What to type for the same service in another command. */
export function optionsFor({ service, cluster, region }: TypedNames): TypedOption[] {
  const options = [["--service", service], ["--cluster", cluster], ["--region", region]] as const;
  return options.filter(([, value]) => value !== undefined);
}

/** Whether a name has `*`, which stands for any characters. */
export function isPattern(name: string): boolean {
  return name.includes("*");
}

/** Whether a path may stand for many. */
export function isPathPattern(path: string): boolean {
  return /[*?[{]/.test(path);
}

/** Whether a name is as a pattern says. Each part is taken where it is first: a regular expression would try for minutes. */
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
