import { CANARY_DEFAULTS, LINEAR_DEFAULTS } from "./deployment_settings.ts";
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  numberIn,
  objectIn,
  objectsIn,
  parseJson,
  sortKeys,
} from "./json.ts";
import { findTag, formatNote, LONGEST_TAG_VALUE, type Note, parseNote } from "./service_notes.ts";

/**
 * The members of a `deploymentConfiguration` that make deployments wait (bake time, lifecycle hooks, steps of traffic),
 * in the names of the API, as ECS has them. A member that causes no wait is left out; a rolling deployment has none.
 */
export type Waits = JsonObject;

/**
 * The same members for a deployment that waits for nothing. The strategy stays: it does not change while a deployment
 * is under way (developer guide, "Update the Amazon ECS deployment strategy"), and its settings would be lost. A step
 * may shift all the traffic: `stepPercent` and `canaryPercent` go up to 100 and the times down to 0 (API reference,
 * LinearConfiguration and CanaryConfiguration). Only an empty list removes hooks, for UpdateService keeps what is left
 * out: https://github.com/hashicorp/terraform-provider-aws/pull/47096.
 */
const NO_WAITS = {
  bakeTimeInMinutes: 0,
  lifecycleHooks: [],
  linearConfiguration: { stepPercent: 100, stepBakeTimeInMinutes: 0 },
  canaryConfiguration: { canaryPercent: 100, canaryBakeTimeInMinutes: 0 },
} as const;

/** @param configuration as DescribeServices returns it */
export function readWaits(configuration: JsonObject): Waits {
  const { strategy, bakeTimeInMinutes, lifecycleHooks, linearConfiguration, canaryConfiguration } = configuration;
  if (strategy !== "BLUE_GREEN" && strategy !== "LINEAR" && strategy !== "CANARY") return {};
  const linear = { ...LINEAR_DEFAULTS, ...objectIn(linearConfiguration) };
  const canary = { ...CANARY_DEFAULTS, ...objectIn(canaryConfiguration) };
  const bakeMinutes = numberIn(bakeTimeInMinutes) ?? 0;
  return {
    ...(bakeMinutes > 0 && { bakeTimeInMinutes: bakeMinutes }),
    ...(isList(lifecycleHooks) && lifecycleHooks.length > 0 && { lifecycleHooks }),
    ...(strategy === "LINEAR" && linear.stepPercent !== 100 && { linearConfiguration: linear }),
    ...(strategy === "CANARY" && (canary.canaryPercent !== 100 || canary.canaryBakeTimeInMinutes !== 0) &&
      { canaryConfiguration: canary }),
  };
}

/** The settings that replace these waits, member by member, in a deployment that waits for nothing. */
export function withoutWaits(waits: Waits): JsonObject {
  const entries = Object.entries(NO_WAITS).filter(([name]) => Object.hasOwn(waits, name));
  return Object.fromEntries(entries);
}

/** The strategy of a service, and what its deployments wait for now. */
interface Waiting {
  readonly deploymentStrategy: string;
  readonly waits: Waits;
}

/** The recorded waits that the service lacks now. Waits that it has were set later, and stay. */
export function missingWaits(before: Waits, service: Waiting): Waits {
  const entries = Object.entries(waitsOfStrategy(before, service)).filter(([name]) =>
    !Object.hasOwn(service.waits, name)
  );
  return Object.fromEntries(entries);
}

/** Leaves out the waits of a strategy that the service no longer has: ECS would refuse them. */
export function waitsOfStrategy(before: Waits, { deploymentStrategy }: Waiting): Waits {
  if (deploymentStrategy === "ROLLING") return {};
  const belongs = ([name]: [string, unknown]) => (STRATEGIES[name] ?? deploymentStrategy) === deploymentStrategy;
  return Object.fromEntries(Object.entries(before).filter(belongs));
}

/** The strategy that a member belongs to, where it is only one. */
const STRATEGIES: Readonly<Record<string, string>> = { linearConfiguration: "LINEAR", canaryConfiguration: "CANARY" };

/** The names of those `waits` that have the same value in a configuration. */
export function matchingWaits(waits: Waits, configuration: JsonObject): string[] {
  return Object.keys(waits).filter((name) => sameWaits(configuration[name] ?? UNSET[name] ?? null, waits[name]!));
}

/** The value of a member that ECS leaves out. */
const UNSET: JsonObject = { bakeTimeInMinutes: 0, lifecycleHooks: [] };

/**
 * A note on a service whose deployments wait for less than before: what they waited for. It is kept in tags, which
 * outlive the machine: if a run is killed, the next one restores what they say. Each run has its own tags: a run could
 * not remove shared ones without the risk that another run is just writing them.
 */
export interface WaitsRecord extends Pick<Note, "atMs" | "by"> {
  readonly before: Waits;
  /** The ID of the run that restores it. */
  readonly run: string;
}

/** The keys of all records begin with this. */
export const WAITS_KEY = "ecspresso:deployment-settings";

/**
 * The tags of a record. The first has who and when; those with `-1` and so on have the settings. A tag may have no
 * braces, so the settings are JSON in Base64, in as many tags as needed.
 */
export function formatWaitsRecord({ before, run, atMs, by }: WaitsRecord): Record<string, string> {
  const parts = partsOf(before);
  const head = formatNote({ parts: String(parts.length) }, { atMs, by, reason: undefined });
  const values = [head, ...parts];
  return Object.fromEntries(keysOf(run, parts.length).map((key, index) => [key, values[index]!]));
}

/** The settings as the values of tags. */
function partsOf(before: Waits): string[] {
  const text = new TextEncoder().encode(JSON.stringify(before)).toBase64();
  return text.match(new RegExp(`.{1,${LONGEST_TAG_VALUE}}`, "g")) ?? [];
}

function keysOf(run: string, parts: number): string[] {
  const head = `${WAITS_KEY}:${run}`;
  return [head, ...Array.from({ length: parts }, (_, index) => `${head}-${index + 1}`)];
}

/** Whether a tag belongs to a record. */
export function isOfWaitsRecord(key: string): boolean {
  return key.startsWith(WAITS_KEY);
}

/** All records of a service as one. `atMs` and `by` are of the latest run, which knew of the records before it. */
export interface FoundWaits extends WaitsRecord {
  readonly runs: readonly string[];
  readonly keys: readonly string[];
}

/**
 * `unreadable`: the keys of tags that this program did not write, or of a record that is incomplete. `unread`: AWS does
 * not show the service's tags. `undefined`: there is no record.
 */
export type FoundWaitsRecord = FoundWaits | { readonly unreadable: readonly string[] } | "unread" | undefined;

/** The records of a service, from AWS's description of it with its tags. */
export function findWaitsRecord(service: JsonObject): FoundWaitsRecord {
  if (service.tags === undefined) return "unread";
  const records = findWaitsRecords(service);
  const keys = records.flatMap(({ run, before }) => waitsKeysOf(run, before));
  const unreadable = findWaitsKeys(service).filter((key) => !keys.includes(key));
  if (unreadable.length > 0) return { unreadable };
  const latest = records.at(-1);
  const before = Object.assign({}, ...records.map((record) => record.before)) as Waits;
  return latest && { ...latest, before, runs: records.map(({ run }) => run), keys };
}

/** Whether there is a record, and all of it could be read. */
export function isReadable(found: FoundWaitsRecord): found is FoundWaits {
  return typeof found === "object" && !("unreadable" in found);
}

/** The records that can be read, the latest last. */
export function findWaitsRecords(service: JsonObject): WaitsRecord[] {
  return findWaitsKeys(service)
    .flatMap((key) => readRecord(service, key) ?? [])
    .sort((one, other) => isLater(one, other) ? 1 : -1);
}

/** Whether one record is later than the other. All runs must decide this in the same way. */
export function isLater(one: Pick<WaitsRecord, "atMs" | "run">, other: Pick<WaitsRecord, "atMs" | "run">): boolean {
  return one.atMs === other.atMs ? one.run > other.run : one.atMs > other.atMs;
}

function readRecord(service: JsonObject, key: string): WaitsRecord | undefined {
  const run = new RegExp(`^${WAITS_KEY}:([^-]+)$`).exec(key)?.[1];
  const { note, words } = parseNote(findTag(service, key) ?? "");
  const count = Number(words.get("parts"));
  if (run === undefined || note === undefined || !(count > 0 && count < 50)) return undefined;
  const parts = keysOf(run, count).slice(1).map((part) => findTag(service, part));
  const before = parts.includes(undefined) ? undefined : decode(parts.join(""));
  return isObject(before) ? { before, run, atMs: note.atMs, by: note.by } : undefined;
}

function decode(text: string): unknown {
  if (!/^[A-Za-z0-9+/]+=*$/.test(text) || text.length % 4 !== 0) return undefined;
  return parseJson(new TextDecoder().decode(Uint8Array.fromBase64(text)));
}

function findWaitsKeys({ tags }: JsonObject): string[] {
  return objectsIn(tags).flatMap(({ key }) => typeof key === "string" && isOfWaitsRecord(key) ? [key] : []);
}

/** The keys of all tags of one run's record. */
function waitsKeysOf(run: string, before: Waits): string[] {
  return keysOf(run, partsOf(before).length);
}

/**
 * The keys of the tags to remove once all is restored: of no run that has written its record since the plan.
 *
 * @param own this run's record, where it may have been written
 * @param found the record when the run was planned
 */
export function keysToRemove(
  own: Pick<WaitsRecord, "run" | "before"> | undefined,
  found: Pick<FoundWaits, "keys"> | undefined,
): string[] {
  return [...(own === undefined ? [] : waitsKeysOf(own.run, own.before)), ...(found?.keys ?? [])];
}

/** Whether two waits, or parts of them, are equal, whatever the order of their members. */
export function sameWaits(one: Json, other: Json): boolean {
  return JSON.stringify(sortKeys(one)) === JSON.stringify(sortKeys(other));
}
