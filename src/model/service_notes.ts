import { type Revision, shortName } from "./arn.ts";
import { type JsonObject, objectsIn, textIn } from "./json.ts";

// What somebody has decided about a service, in tags on it: it outlives the run, and others read it.

/** The key of the tag that says until when no deploy may replace what runs. */
export const HOLD_KEY = "ecspresso:hold";
/** The key of the tag that says why the service was rolled back last. */
export const LAST_ROLLBACK_KEY = "ecspresso:last-rollback";

/** What every note says. */
export interface Note {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Who, as far as the machine knew. */
  readonly by: string;
  readonly reason: string | undefined;
}

/** No more is known of a tag with a value that this program has not written: it holds the service without an end. */
export type Hold = Note & { readonly untilMs: number } | { readonly untilMs: undefined; readonly reason?: undefined };

export interface LastRollback extends Note {
  /** The revisions that it left, and went to: `myservice:4`, or `:4` of a family with a long name. */
  readonly from: string;
  readonly to: string;
}

// API reference, Tag.
const LONGEST_VALUE = 256;
const LONGEST_WORD = 64;
/** Of each revision: something has to be left for the reason. */
const LONGEST_REVISION = 40;

export function formatHold({ untilMs, ...note }: Note & { readonly untilMs: number }): string {
  return formatNote({ until: formatMoment(untilMs) }, note);
}

export function formatLastRollback(from: Revision, to: Revision, note: Note): string {
  const [left, reached] = [from, to].map((revision) => {
    const name = shortName(revision);
    return name.length <= LONGEST_REVISION ? name : `:${revision.revision}`;
  }) as [string, string];
  return formatNote({ from: left, to: reached }, note);
}

/** The tag's value: within AWS's 256 characters of letters, digits, spaces and `+ - = . _ : / @` (API reference, Tag). */
export function formatNote(words: Readonly<Record<string, string>>, { atMs, by, reason = "" }: Note): string {
  const who = by.replace(/[^A-Za-z0-9+\-=._:/@]/g, "_").slice(0, LONGEST_WORD) || "unknown";
  const named = Object.entries({ ...words, at: formatMoment(atMs), by: who }).map((word) => word.join("="));
  const why = asTagText(reason);
  const value = ["v1", ...named, ...(why === "" ? [] : ["because", why])].join(" ");
  return [...value].slice(0, LONGEST_VALUE).join("").trimEnd();
}

/** A text in the characters that a tag may have. */
export function asTagText(text: string): string {
  return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "_").replace(/\p{Z}+/gu, " ").trim();
}

function formatMoment(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** What holds a service, by AWS's description of it with its tags; `undefined`: nothing does, or not any more. */
export function findHold(service: JsonObject, nowMs: number): Hold | undefined {
  const value = findTag(service, HOLD_KEY);
  if (value === undefined) return undefined;
  const { note, words } = parseNote(value);
  const untilMs = parseMoment(words.get("until"));
  if (note === undefined || Number.isNaN(untilMs)) return { untilMs: undefined };
  return untilMs <= nowMs ? undefined : { ...note, untilMs };
}

/** What a service's tag says of its last rollback; `undefined`: there is none, or it is not this program's. */
export function findLastRollback(service: JsonObject): LastRollback | undefined {
  const { note, words } = parseNote(findTag(service, LAST_ROLLBACK_KEY) ?? "");
  const [from, to] = [words.get("from"), words.get("to")];
  return note === undefined || from === undefined || to === undefined ? undefined : { ...note, from, to };
}

/** The value of a tag of a service, by AWS's description of it with its tags. */
export function findTag({ tags }: JsonObject, wanted: string): string | undefined {
  const tag = objectsIn(tags).find(({ key }) => key === wanted);
  return tag && (textIn(tag.value) ?? "");
}

/** The words of a note's value; without `note` where it is not this program's. */
export function parseNote(value: string): { readonly note?: Note; readonly words: ReadonlyMap<string, string> } {
  const [, named = "", reason] = /^v1((?: [a-z]+=[^ ]+)+)(?: because (.+))?$/.exec(value) ?? [];
  const words = new Map(Array.from(named.matchAll(/ ([a-z]+)=([^ ]+)/g), ([, word = "", text = ""]) => [word, text]));
  const [atMs, by] = [parseMoment(words.get("at")), words.get("by")];
  return Number.isNaN(atMs) || by === undefined ? { words } : { note: { atMs, by, reason }, words };
}

/** NaN where it is none that this program has written. */
function parseMoment(text = ""): number {
  return /^[\d-]{10}T[\d:]{8}Z$/.test(text) ? Date.parse(text) : NaN;
}
