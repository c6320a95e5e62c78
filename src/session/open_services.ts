import { RefusedError } from "../errors.ts";
import type { Config } from "../config/load_config.ts";
import type { FleetEntry } from "../config/load_fleet.ts";
import { clusterName, serviceName } from "../model/arn.ts";
import type { Host, Output } from "../host.ts";
import { type RunScope, subjectName } from "../model/service.ts";
import { describeProblem } from "../report/messages/config_problem_text.ts";
import { settleProfile } from "./aws_variables.ts";
import type { Connections } from "./connections.ts";
import type { Context } from "./context.ts";
import { expandConfigs, findNamed, type NameSelector } from "./find_services.ts";
import { type GlobalOptions, isRoleArn } from "./global_options.ts";
import {
  nameFleet,
  narrowPermissions,
  openConfig,
  type OpenedConfig,
  openFleet,
  type ReadContext,
  readScope,
} from "./open_config.ts";
import { isOnlyOne, type NamesInFile, pickServices } from "./pick_services.ts";
import { type NamedService, selectorFor, type ServiceEntry, type ServiceSelector } from "./service_selector.ts";
import { STDIN } from "./service_options.ts";

/** One service, with its opened config. */
export interface OpenedService extends OpenedConfig {
  readonly entry: ServiceEntry;
  /** With the role of its entry. */
  readonly options: GlobalOptions;
}

/** What is needed to open services. */
export interface OpenContext extends ReadContext {
  readonly context: Context;
  readonly connections: Connections;
  /** The files that the command will write. */
  readonly writes: readonly string[];
}

/**
 * Reads envfiles, the fleet file and configs, gives up the permissions that the run does not need, and then asks ECS
 * which services are meant, if they are named by patterns or tags. Returns each service once, in the order of the names.
 */
export async function openServices(opening: OpenContext): Promise<readonly OpenedService[]> {
  const { options, context: { reporter }, host, limits, connections, writes } = opening;
  const { fleet, selectors: typed } = options.services;
  const named = fleet === undefined ? typed : (await openFleet(fleet, opening)).map(selectorOf);
  const selectors = await expandConfigs(named, host.files);
  if (!picksSome(options)) refuseMany(selectors.length, options);
  if (selectors.length > 1 || selectors[0]?.kind === "search") connections.expectMany();
  const files: OpenedService[][] = [];
  // One after the other, because they share the environment.
  for (const selector of selectors) {
    files.push(selector.kind === "config" ? [await openService({ ...selector, config: selector.path }, opening)] : []);
  }
  const configs = files.flat().map(({ config }) => config);
  const timeoutsMs = configs.map(({ timeoutMs }) => timeoutMs);
  if (options.timeoutMs === undefined && timeoutsMs.length > 0) limits.timeLimit.ms = longestOf(timeoutsMs);
  const byNames = selectors.filter((selector) => selector.kind !== "config");
  await openLog(opening, [...files.flat().map(({ scope }) => scope), ...byNames.map(scopeNamed)]);
  const unknown = configs.flatMap(({ unknownKeys }) => unknownKeys)
    .map(({ key, position }) => describeProblem({ code: "unknownKey", key }, position));
  for (const warning of new Set([...options.warnings, ...unknown])) reporter.log.warn(warning);
  settleProfile(host.env);
  await giveUpPermissions(configs, writes, opening);
  return await ofFleet(withoutDuplicates(await addNamed(selectors, files, opening)), opening);
}

/** Gives up the permissions that a run with these configs does not need; it may still write its report and `writes`. */
export async function giveUpPermissions(
  configs: readonly Config[],
  writes: readonly string[],
  { host, options, context: { reporter } }: Pick<OpenContext, "host" | "options" | "context">,
): Promise<void> {
  const narrowed = await narrowPermissions(configs, host, options.untrusted, [...reporter.writes, ...writes]);
  reporter.log.debug(`permissions given up: ${narrowed.join(", ")}`);
}

/** Keeps the services of a fleet file that the command line picks, and adds to each the options that name it there. */
async function ofFleet(services: readonly OpenedService[], opening: OpenContext): Promise<readonly OpenedService[]> {
  const { options } = opening;
  const { fleet, names } = options.services;
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
  if (picksSome(options)) await openLog(opening, picked.map(({ scope }) => scope));
  // stdin cannot be read a second time.
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

function picksSome({ services: { fleet, names } }: GlobalOptions): boolean {
  return fleet !== undefined && names.length > 0;
}

/** The services that an entry of a fleet file names. Throws a ConfigError with the place of a bad name or ARN. */
function selectorOf({ config, service = "", cluster, region, role, wave, fail }: FleetEntry): ServiceSelector {
  if (role !== undefined && !isRoleArn(role)) fail("role", { code: "noRole" });
  if (config !== undefined) return { kind: "config", path: config, mayBePattern: true, role, wave };
  const selector = selectorFor({ service, cluster, region });
  if ("code" in selector) return fail(selector.code === "noName" ? selector.kind : "service", selector);
  return { ...selector, role, wave };
}

async function openService(entry: ServiceEntry, opening: OpenContext): Promise<OpenedService> {
  const { hidden, options } = opening;
  const own = { ...options, assumeRoleArn: entry.role ?? options.assumeRoleArn };
  const opened = await openConfig({ ...opening, options: own }, entry);
  const { path, cluster, service, codeDeploy, serviceDefinition, taskDefinition } = opened.config;
  // The names of what the run is about are in every line: they are not secret, whatever was looked up.
  hidden.addNames([cluster, service, codeDeploy?.application, codeDeploy?.deploymentGroup]);
  hidden.addNames([path, serviceDefinition, taskDefinition]);
  hidden.addNames([opened.scope.region, own.assumeRoleArn, ...options.envfile]);
  return { entry, options: own, ...opened };
}

/** From now on, the log names the service, and errors name the region. */
async function openLog({ context, options }: OpenContext, scopes: readonly RunScope[]): Promise<void> {
  const { host, reporter } = context;
  const { debug, verbose, logFormat: format } = options;
  const color = isColored(options, host.stderr, host);
  const [scope, ...others] = scopes;
  const isOfMany = scope === undefined || others.length > 0;
  // The number of services is not known before all of them are found.
  const isFound = scopes.every(({ service }) => service !== undefined);
  const subject = isOfMany ? isFound ? `all ${scopes.length}` : "all" : subjectName(scope);
  Object.assign(reporter.logSettings, { subject, isOfMany, debug, verbose, color, format });
  // An error that is not about one service is about all of them.
  context.region = others.every(({ region }) => region === scope?.region) ? scope?.region : undefined;
  await reporter.openLog();
}

export const isColored = ({ color }: GlobalOptions, { isTerminal }: Output, { env }: Host) =>
  color ?? (isTerminal && !env.get("NO_COLOR"));

function scopeNamed(selector: NameSelector): RunScope {
  return selector.kind === "named" ? selector.named : { ...selector.search, service: undefined };
}

/** Opens the services that are named without files, and puts each at the place of its selector. */
async function addNamed(
  selectors: readonly ServiceSelector[],
  files: readonly (readonly OpenedService[])[],
  opening: OpenContext,
): Promise<OpenedService[]> {
  const named: (readonly NamedService[])[] = [];
  for (const selector of selectors) named.push(selector.kind === "config" ? [] : await findFor(selector, opening));
  if (!picksSome(opening.options)) refuseMany(files.flat().length + named.flat().length, opening.options);
  const all: OpenedService[] = [];
  for (const [index, { role, wave }] of selectors.entries()) {
    all.push(...files[index]!);
    for (const one of named[index]!) {
      all.push(await openService({ config: undefined, named: one, role, wave }, opening));
    }
  }
  if (named.flat().length > 0) await openLog(opening, all.map(({ scope }) => scope));
  return all;
}

async function findFor(selector: NameSelector, opening: OpenContext): Promise<readonly NamedService[]> {
  const { context: { reporter }, options, limits, connections } = opening;
  const own = { ...options, assumeRoleArn: selector.role ?? options.assumeRoleArn };
  const scope = await readScope(scopeNamed(selector), { ...opening, options: own });
  return await findNamed(selector, () => connections.connect(own, scope), reporter.log, limits.signal);
}

function refuseMany(count: number, { services: { maxServices: most } }: GlobalOptions): void {
  if (count > most) throw new RefusedError({ code: "tooManyServices", count, most });
}

/** A service that is named twice, by another config, name or pattern, counts once. */
function withoutDuplicates(services: readonly OpenedService[]): OpenedService[] {
  const known = new Map<string, OpenedService>();
  for (const one of services) {
    const { scope: { service, cluster, region, role }, config } = one;
    const name = service === undefined ? [config.path] : [serviceName(service), clusterName(cluster)];
    const key = JSON.stringify([...name, region, role]);
    if (!known.has(key)) known.set(key, one);
  }
  return [...known.values()];
}

/** 0: no limit. */
function longestOf(limitsMs: readonly number[]): number {
  return limitsMs.includes(0) ? 0 : Math.max(...limitsMs);
}
