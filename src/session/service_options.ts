import type { Command } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import type { Environment } from "../host.ts";
import { clusterName, parseServiceArn } from "../model/arn.ts";
import { DEFAULT_MAX_SERVICES } from "../report/messages/typed_commands.ts";
import { describeName } from "../report/messages/value_problem_text.ts";
import { isPathPattern, selectorFor, type ServiceSelector, type ServiceTag } from "./service_selector.ts";

/** Which services a command is about, as typed. */
export interface ServiceOptions {
  readonly selectors: readonly ServiceSelector[];
  /** The path of a fleet file, which names the services instead. */
  readonly fleet: string | undefined;
  /** The values of `--service`: with a fleet file or a plan, only these services of it are meant. */
  readonly names: readonly string[];
  /** More services than this are refused. */
  readonly maxServices: number;
}

/** The options that name services, as the parser returns them. */
type ParsedServiceOptions = Partial<ReturnType<ReturnType<typeof addServiceOptions>["opts"]>>;

/** Adds the options that say which services a command is about. */
export function addServiceOptions(program: Command) {
  return program.optionsGroup("Services:")
    .option(
      "--config <file>",
      "config file, - for stdin; repeatable, or a pattern such as 'ecs/*/ecspresso.yml' (default: ecspresso.yml, " +
        ".yaml, .json or .jsonnet; env: ECSPRESSO_CONFIG)",
      append,
    )
    .option(
      "--service <name>",
      "without files: a service's name or ARN; repeatable, * for any characters; of a fleet or plan file: only these",
      append,
    )
    .option(
      "--cluster <name>",
      "the cluster of --service or --service-tag: name or ARN; repeatable (default: default)",
      append,
    )
    .option("--region <region>", "the region of --service or --service-tag")
    .option(
      "--service-tag <tag>",
      "without files: the services of --cluster with this tag, KEY=VALUE; repeatable: with all of them",
      append,
    )
    .option("--fleet <file>", "the services that a fleet file names, - for stdin")
    .option("--max-services <number>", `refuse more services than this (default: ${DEFAULT_MAX_SERVICES})`);
}

/** The parser of an option that may be given several times. */
export const append = (value: string, earlier: string[] | undefined) => [...(earlier ?? []), value];

/** Reads the options, and `ECSPRESSO_CONFIG`. Throws a UsageError for options that cannot be combined or read. */
export function readServiceOptions(parsed: ParsedServiceOptions, env: Pick<Environment, "get">): ServiceOptions {
  const { fleet } = parsed;
  refuseMixed(parsed);
  const maxServices = parsed.maxServices === undefined ? DEFAULT_MAX_SERVICES : readMost(parsed.maxServices);
  const { service: names = [] } = parsed;
  const selectors = parsed.service || parsed.serviceTag ? readNames(parsed) : readConfigs(parsed, env);
  return { selectors: fleet === undefined ? selectors : [], fleet: nameStdin(fleet), names, maxServices };
}

/** Only one of these options can say what a command is about. */
const EXCLUSIVE = ["--config", "--service", "--service-tag", "--fleet"] as const;

function refuseMixed({ config, service, serviceTag, fleet, cluster, region }: ParsedServiceOptions): void {
  const given = [config, service, serviceTag, fleet];
  const isPick = fleet !== undefined && service !== undefined;
  const [first, second] = EXCLUSIVE.filter((name, index) =>
    given[index] !== undefined && !(isPick && name === "--service")
  );
  if (second !== undefined) {
    throw new UsageError(
      `${first} cannot be used with ${second}: each says which services are meant`,
      "leave one of them out",
    );
  }
  const where = cluster ? "--cluster" : region === undefined ? undefined : "--region";
  if (where === undefined || (fleet === undefined && (service || serviceTag))) return;
  const instead = fleet === undefined ? "config" : "fleet file";
  throw new UsageError(
    `${where} is for --service and --service-tag: otherwise the ${instead} says it`,
    fleet === undefined
      ? "name the service: --service NAME, or --service '*' for all of the cluster"
      : "leave it out; of two services of one name in the file, --service ARN means one",
  );
}

/** Whether more than one service may be meant: by a fleet file, a pattern, a tag or several names. */
export function mayMeanMany({ selectors, fleet }: ServiceOptions): boolean {
  if (fleet !== undefined || selectors.length > 1) return true;
  return selectors.some((selector) =>
    selector.kind === "search" || (selector.kind === "config" && isPathPattern(selector.path ?? ""))
  );
}

function readConfigs({ config }: ParsedServiceOptions, env: Pick<Environment, "get">): ServiceSelector[] {
  // The variable names one file, whatever characters are in its name.
  const paths = config ?? [env.get("ECSPRESSO_CONFIG") || undefined];
  return paths.map((path) => ({ kind: "config", path: nameStdin(path), mayBePattern: config !== undefined, wave: 1 }));
}

function readNames({ service, serviceTag, cluster = [], region }: ParsedServiceOptions): ServiceSelector[] {
  const tags = serviceTag?.map(readTag);
  const selector = (name: string, within: string | undefined) => {
    const read = selectorFor({ service: name, cluster: within, region }, tags);
    if ("code" in read) throw new UsageError(`--service: ${describeName(read)}`);
    return read;
  };
  return (service ?? ["*"]).flatMap((name) => {
    const { cluster: own } = parseServiceArn(name) ?? {};
    // An ARN names its cluster itself: its service is in none of the others.
    if (own !== undefined) return selector(name, cluster.find((one) => clusterName(one) === own) ?? cluster[0]);
    return (cluster.length === 0 ? [undefined] : cluster).map((one) => selector(name, one));
  });
}

/** For AWS, a key is never empty, but a value may be. */
function readTag(text: string): ServiceTag {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError("--service-tag takes KEY=VALUE", "for example: --service-tag release=2026-11");
  return { key: text.slice(0, at), value: text.slice(at + 1) };
}

function readMost(text: string): number {
  if (/^[1-9][0-9]{0,4}$/.test(text)) return Number(text);
  throw new UsageError(`--max-services takes a positive whole number, not ${JSON.stringify(text.slice(0, 60))}`);
}

export const STDIN = "/dev/stdin";

/** `-` means stdin. */
export function nameStdin<File extends string | undefined>(file: File): File | typeof STDIN {
  return file === "-" ? STDIN : file;
}
