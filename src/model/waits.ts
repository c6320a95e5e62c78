import { CANARY_DEFAULTS, LINEAR_DEFAULTS } from "./deployment_settings.ts";
import { isList, isObject, type JsonObject, numberIn, objectIn, objectsIn, parseJson } from "./json.ts";
import { findTag, formatNote, type Note, parseNote } from "./service_notes.ts";

/**
 * What of a `deploymentConfiguration` deployments wait for (bake time, lifecycle hooks, the steps in which traffic is
 * shifted), in the names of the API, as ECS has it. What nothing waits for is left out: all of it in a rolling deployment.
 */
export type Waits = JsonObject;

/**
 * The same for a deployment that waits for nothing. The strategy stays: it does not change while a deployment is under way
 * (developer guide, "Update the Amazon ECS deployment strategy"), and what belongs to it would be lost. A step may shift all
 * the traffic: `stepPercent` and `canaryPercent` go up to 100 and the times down to 0 (API reference, LinearConfiguration
 * and CanaryConfiguration). Hooks go only by an empty list, for UpdateService keeps what is left out:
 * https://github.com/hashicorp/terraform-provider-aws/pull/47096.
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

/** What takes the place of these waits, member by member, in a deployment that waits for nothing. */
export function withoutWaits(waits: Waits): JsonObject {
  const entries = Object.entries(NO_WAITS).filter(([name]) => Object.hasOwn(waits, name));
  return Object.fromEntries(entries);
}

/** Of a service: how its deployments move, and what they wait for now. */
interface Waiting {
  readonly deploymentStrategy: string;
  readonly waits: Waits;
}

/** What of the waits on record nothing waits for now: what does wait now, somebody has set since. */
export function missingWaits(before: Waits, service: Waiting): Waits {
  const entries = Object.entries(ofStrategy(before, service)).filter(([name]) => !Object.hasOwn(service.waits, name));
  return Object.fromEntries(entries);
}

/** Without what belongs to a strategy that the service does not have any more: ECS would refuse that. */
export function ofStrategy(before: Waits, { deploymentStrategy }: Waiting): Waits {
  if (deploymentStrategy === "ROLLING") return {};
  const isOfIt = ([name]: [string, unknown]) => (STRATEGIES[name] ?? deploymentStrategy) === deploymentStrategy;
  return Object.fromEntries(Object.entries(before).filter(isOfIt));
}

/** Which strategy a member belongs to, where that is one alone. */
const STRATEGIES: Readonly<Record<string, string>> = { linearConfiguration: "LINEAR", canaryConfiguration: "CANARY" };

/** The members of `waits` that a configuration has, each with the same value. */
export function membersAs(waits: Waits, configuration: JsonObject): string[] {
  return Object.keys(waits).filter((name) => asText(configuration[name] ?? UNSET[name]) === asText(waits[name]));
}

/** What a member that ECS leaves out says. */
const UNSET: JsonObject = { bakeTimeInMinutes: 0, lifecycleHooks: [] };

/** Equal for equal values, in whatever order ECS names their members. */
function asText(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part) => isObject(part) ? Object.fromEntries(Object.keys(part).sort().map((key) => [key, part[key]])) : part,
  ) ?? "";
}

/**
 * The note on a service that its deployments wait for less than they did, and for what they did before. It is in tags, which
 * outlive the machine: a run that is killed leaves them behind, and the next one restores what they say. Each run has tags of
 * its own: it could not remove those that it shared with another one without a moment in which that one writes them.
 */
export interface WaitsRecord extends Pick<Note, "atMs" | "by"> {
  readonly before: Waits;
  /** The ID of the run that restores it. */
  readonly run: string;
}

/** What the keys of all records begin with. */
export const WAITS_KEY = "ecspresso:deployment-settings";
/** API reference, Tag. */
const LONGEST_VALUE = 256;

/**
 * The tags of a record: that of the run has who and when, and those behind it, with `-1` and so on, have the settings. A tag
 * may have no braces, so they are JSON in Base64, in as many tags as that needs.
 */
export function formatWaitsRecord({ before, run, atMs, by }: WaitsRecord): Record<string, string> {
  const bytes = new TextEncoder().encode(JSON.stringify(before));
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const parts = text.match(new RegExp(`.{1,${LONGEST_VALUE}}`, "g")) ?? [];
  const head = formatNote({ parts: String(parts.length) }, { atMs, by, reason: undefined });
  const values = [head, ...parts];
  return Object.fromEntries(keysOf(run, parts.length).map((key, index) => [key, values[index]!]));
}

function keysOf(run: string, parts: number): string[] {
  const head = `${WAITS_KEY}:${run}`;
  return [head, ...Array.from({ length: parts }, (_, index) => `${head}-${index + 1}`)];
}

/** Whether a tag is one of a record. */
export function isOfWaitsRecord(key: string): boolean {
  return key.startsWith(WAITS_KEY);
}

/** All that runs have on record of a service. Who and when: of the latest, which knew what was there before. */
export interface FoundWaits extends WaitsRecord {
  /** The IDs of all the runs. */
  readonly runs: readonly string[];
  /** The keys of all the tags. */
  readonly keys: readonly string[];
}

/** The keys of tags that are not this program's, or not all of a record. */
interface UnreadableWaits {
  readonly unreadable: readonly string[];
}

/** `unread`: AWS does not show the service's tags. */
export type FoundWaitsRecord = FoundWaits | UnreadableWaits | "unread" | undefined;

/** What is on record of a service, by AWS's description of it with its tags. */
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

/** Whether that is known of all records, where there are any. */
export function isReadable(found: FoundWaitsRecord): found is FoundWaits {
  return typeof found === "object" && !("unreadable" in found);
}

/** Each record that can be read, the latest last. */
export function findWaitsRecords(service: JsonObject): WaitsRecord[] {
  return findWaitsKeys(service)
    .flatMap((key) => readRecord(service, key) ?? [])
    .sort((one, other) => isLater(one, other) ? 1 : -1);
}

/** Whether a record is a later one than the other: all runs decide that the same. */
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
  return parseJson(new TextDecoder().decode(Uint8Array.from(atob(text), (char) => char.charCodeAt(0))));
}

function findWaitsKeys({ tags }: JsonObject): string[] {
  return objectsIn(tags).flatMap(({ key }) => typeof key === "string" && isOfWaitsRecord(key) ? [key] : []);
}

/** The keys of the tags of a run's record. */
export function waitsKeysOf(run: string, before: Waits): string[] {
  return Object.keys(formatWaitsRecord({ before, run, atMs: 0, by: "" }));
}

/** Whether deployments wait for the same. */
export function sameWaits(some: Waits, others: Waits): boolean {
  return asText(some) === asText(others);
}
