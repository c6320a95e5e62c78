import { RefusedError } from "../errors.ts";
import type { Config } from "../config/load_config.ts";
import type { Host } from "../host.ts";
import { clusterName, serviceName } from "../model/arn.ts";
import type { RunScope } from "../model/service.ts";
import { describeUnknownKey } from "../report/messages/config_problem_text.ts";
import type { HiddenValues } from "../secrets/hidden_values.ts";
import { settleProfile } from "./aws_variables.ts";
import type { Connections } from "./connections.ts";
import type { Context } from "./context.ts";
import { expandConfigs, findNamed, type NamesWish } from "./find_services.ts";
import type { GlobalOptions } from "./global_options.ts";
import { nameFleet, narrowPermissions, openConfig, type OpenedConfig, openFleet, readScope } from "./open_config.ts";
import { openLog } from "./open_log.ts";
import { isOnlyOne, type NamesInFile, pickServices } from "./pick_services.ts";
import type { RunLimits } from "./run_limits.ts";
import type { NamedService, ServiceEntry } from "./service_entry.ts";
import type { ServiceWish } from "./service_wish.ts";
import { STDIN } from "./set_options.ts";
import { wishesOfFleet } from "./wishes_of_fleet.ts";

/** One service, and what its config says. */
export interface OpenedService extends OpenedConfig {
  readonly entry: ServiceEntry;
  /** With the role of the entry. */
  readonly options: GlobalOptions;
}

/** What services are opened with. */
export interface Opening {
  readonly context: Context;
  /** That of the context, whose files are read within the limits. */
  readonly host: Host;
  readonly options: GlobalOptions;
  readonly limits: RunLimits;
  readonly connections: Connections;
  /** The files that the command is to write. */
  readonly writes: readonly string[];
}

/**
 * Reads envfiles, the fleet file and configs, gives up the permissions that the run does not need, and then asks ECS which
 * services are meant, where names do not say it. Returns them in the order in which they are named, each once.
 */
export async function openServices(opening: Opening): Promise<readonly OpenedService[]> {
  const { options, context: { reporter }, host, connections, writes } = opening;
  const wishes = await readWishes(opening);
  if (!picksSome(options)) refuseMany(wishes.length, options);
  if (wishes.length > 1 || wishes[0]?.kind === "sought") connections.expectMany();
  const files: OpenedService[][] = [];
  // One after the other: they share the environment.
  for (const wish of wishes) {
    files.push(wish.kind === "config" ? [await openService({ ...wish, config: wish.path }, opening)] : []);
  }
  const configs = files.flat().map(({ config }) => config);
  await begin(files.flat(), wishes.flatMap((wish) => wish.kind === "config" ? [] : wish), opening);
  const unknown = configs.flatMap((config) => config.unknownKeys).map(describeUnknownKey);
  for (const warning of new Set([...options.warnings, ...unknown])) reporter.log.warn(warning);
  settleProfile(host.env);
  const narrowed = await narrowPermissions(configs, host, options.untrusted, [...reporter.writes, ...writes]);
  reporter.log.debug(`permissions given up: ${narrowed.join(", ")}`);
  return await ofFleet(onceEach(await addNamed(wishes, files, opening)), opening);
}

/** Of a fleet file, those that are named on the command line, too; each knows how it is named with the others. */
async function ofFleet(services: readonly OpenedService[], opening: Opening): Promise<readonly OpenedService[]> {
  const { options } = opening;
  const { fleet, names } = options.set;
  if (fleet === undefined) return services;
  const all = services.map(namesOf);
  const picked = picksSome(options)
    ? await pickServices(services, names, {
      file: { kind: "fleet", path: fleet },
      namesOf,
      readAccount: async (one) => await (await opening.connections.connect(one.options, one.scope)).readAccount(),
    })
    : services;
  refuseMany(picked.length, options);
  if (picksSome(options)) await openLog(opening.context, options, picked.map(({ scope }) => scope));
  // From stdin, nobody can read it once more.
  if (fleet === STDIN) return picked;
  const naming = nameFleet(fleet, options);
  return picked.map((one) => {
    const fleet = { options: naming, isOnlyOne: isOnlyOne(namesOf(one), all) };
    return { ...one, scope: { ...one.scope, fleet } };
  });
}

function namesOf({ scope: { service = "", cluster, region }, entry: { role } }: OpenedService): NamesInFile {
  return { service: serviceName(service), cluster: clusterName(cluster), region, account: role?.split(":")[4] };
}

function picksSome({ set: { fleet, names } }: GlobalOptions): boolean {
  return fleet !== undefined && names.length > 0;
}

/** What is named on the command line or in the fleet file, a file each where it is files. */
async function readWishes({ context: { hidden }, host, options, limits }: Opening) {
  const { fleet, wishes } = options.set;
  const entries = fleet === undefined ? undefined : await openFleet(fleet, host, hidden, options, limits);
  return await expandConfigs(entries === undefined ? wishes : wishesOfFleet(entries), host.files);
}

async function openService(entry: ServiceEntry, { context, host, options, limits }: Opening): Promise<OpenedService> {
  const { hidden } = context;
  const own = { ...options, assumeRoleArn: entry.role ?? options.assumeRoleArn };
  const opened = await openConfig(host, hidden, own, entry, limits);
  noteNames(hidden, opened.config, [opened.scope.region, own.assumeRoleArn, ...options.envfile]);
  return { entry, options: own, ...opened };
}

/** From now on, the log names the service, and the time limit is the config's. */
async function begin(
  files: readonly OpenedService[],
  named: readonly NamesWish[],
  { context, options, limits }: Opening,
): Promise<void> {
  const timeoutsMs = files.map(({ config }) => config.timeoutMs);
  if (options.timeoutMs === undefined && timeoutsMs.length > 0) limits.timeLimit.ms = longestOf(timeoutsMs);
  const scopes = [...files.map(({ scope }) => scope), ...named.map((wish) => scopeNamed(wish))];
  await openLog(context, options, scopes);
}

function scopeNamed(wish: NamesWish): RunScope {
  if (wish.kind === "named") return wish.named;
  return { ...wish.sought, service: undefined };
}

/** Adds the services that are named without files, each in the place of its wish. */
async function addNamed(
  wishes: readonly ServiceWish[],
  files: readonly (readonly OpenedService[])[],
  opening: Opening,
): Promise<OpenedService[]> {
  const named: (readonly NamedService[])[] = [];
  for (const wish of wishes) named.push(wish.kind === "config" ? [] : await findFor(wish, opening));
  if (!picksSome(opening.options)) refuseMany(files.flat().length + named.flat().length, opening.options);
  const all: OpenedService[] = [];
  for (const [index, { role, wave }] of wishes.entries()) {
    all.push(...files[index]!);
    for (const one of named[index]!) {
      all.push(await openService({ config: undefined, named: one, role, wave }, opening));
    }
  }
  if (named.flat().length > 0) await openLog(opening.context, opening.options, all.map(({ scope }) => scope));
  return all;
}

async function findFor(wish: NamesWish, opening: Opening): Promise<readonly NamedService[]> {
  const { context: { hidden, reporter }, host, options, limits, connections } = opening;
  const own = { ...options, assumeRoleArn: wish.role ?? options.assumeRoleArn };
  const scope = await readScope(scopeNamed(wish), host, hidden, own, limits);
  const connect = () => connections.connect(own, scope);
  return await findNamed(wish, {
    connectEcs: async () => await (await connect()).connectEcs(),
    readAccount: async () => await (await connect()).readAccount(),
    signal: limits.signal,
    warn: reporter.log.warn,
  });
}

function refuseMany(count: number, { set: { maxServices: most } }: GlobalOptions): void {
  if (count > most) throw new RefusedError({ code: "tooManyServices", count, most });
}

/** The same service by another config, name or pattern is the same. */
function onceEach(services: readonly OpenedService[]): OpenedService[] {
  const known = new Map<string, OpenedService>();
  for (const one of services) {
    const { scope: { service, cluster, region }, options, config } = one;
    const name = service === undefined ? [config.path] : [serviceName(service), clusterName(cluster)];
    const key = JSON.stringify([...name, region, options.assumeRoleArn]);
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}

/** 0: no limit. */
function longestOf(limitsMs: readonly number[]): number {
  return limitsMs.includes(0) ? 0 : Math.max(...limitsMs);
}

/** The names that the run is about stand in every line: they are no secrets, whatever was looked up. */
function noteNames(hidden: HiddenValues, config: Config, others: readonly (string | undefined)[]): void {
  const { path, cluster, service, codeDeploy, serviceDefinition, taskDefinition } = config;
  hidden.addNames([cluster, service, codeDeploy?.application, codeDeploy?.deploymentGroup]);
  hidden.addNames([path, serviceDefinition, taskDefinition, ...others]);
}
