import { type Revision, shortName } from "./arn.ts";
import { type JsonObject, objectsIn, textIn } from "./json.ts";

// What somebody has decided about a service, in tags of the service: they outlive the run, and others read them.

/** The key of the tag that says until when no deploy may replace what runs. */
export const HOLD_KEY = "ecspresso:hold";
/** The key of the tag that says why the service was rolled back last. */
export const LAST_ROLLBACK_KEY = "ecspresso:last-rollback";

/** What every note says. */
export interface Note {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** Who wrote it, as far as the machine knew. */
  readonly by: string;
  readonly reason: string | undefined;
}

/** A tag whose value this program did not write holds the service without an end, and nothing more is known of it. */
export type Hold = Note & { readonly untilMs: number } | { readonly untilMs: undefined; readonly reason?: undefined };

export interface LastRollback extends Note {
  /** The revision that the service left, and the one it went to: `myservice:4`, or `:4` for a long family name. */
  readonly from: string;
  readonly to: string;
}

/** API reference, Tag. */
export const LONGEST_TAG_VALUE = 256;
const LONGEST_WORD = 64;
/** For each revision: something has to be left for the reason. */
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

/** The tag's value: AWS allows 256 letters, digits, spaces and `+ - = . _ : / @` (API reference, Tag). */
export function formatNote(words: Readonly<Record<string, string>>, { atMs, by, reason = "" }: Note): string {
  const who = by.replace(/[^A-Za-z0-9+\-=._:/@]/g, "_").slice(0, LONGEST_WORD) || "unknown";
  const named = Object.entries({ ...words, at: formatMoment(atMs), by: who }).map((word) => word.join("="));
  const why = asTagText(reason);
  const value = ["v1", ...named, ...(why === "" ? [] : ["because", why])].join(" ");
  return [...value].slice(0, LONGEST_TAG_VALUE).join("").trimEnd();
}

/** A text in the characters that a tag may have. */
export function asTagText(text: string): string {
  return text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "_").replace(/\p{Z}+/gu, " ").trim();
}

function formatMoment(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The hold on a service, from AWS's description of it with its tags; `undefined`: there is none, or it has ended. */
export function findHold(service: JsonObject, nowMs: number): Hold | undefined {
  const value = findTag(service, HOLD_KEY);
  if (value === undefined) return undefined;
  const { note, words } = parseNote(value);
  const untilMs = parseMoment(words.get("until"));
  if (note === undefined || Number.isNaN(untilMs)) return { untilMs: undefined };
  return untilMs <= nowMs ? undefined : { ...note, untilMs };
}

/** What a service's tag says of its last rollback; `undefined`: there is no tag, or this program did not write it. */
export function findLastRollback(service: JsonObject): LastRollback | undefined {
  const { note, words } = parseNote(findTag(service, LAST_ROLLBACK_KEY) ?? "");
  const [from, to] = [words.get("from"), words.get("to")];
  return note === undefined || from === undefined || to === undefined ? undefined : { ...note, from, to };
}

/** The value of a tag, from AWS's description of what has it, with its tags; `undefined`: no such tag. */
export function findTag({ tags }: JsonObject, wanted: string): string | undefined {
  const tag = objectsIn(tags).find(({ key }) => key === wanted);
  return tag && (textIn(tag.value) ?? "");
}

/** The words of a note's value; no `note` where this program did not write it. */
export function parseNote(value: string): { readonly note?: Note; readonly words: ReadonlyMap<string, string> } {
  const [, named = "", reason] = /^v1((?: [a-z]+=[^ ]+)+)(?: because (.+))?$/.exec(value) ?? [];
  const words = new Map(Array.from(named.matchAll(/ ([a-z]+)=([^ ]+)/g), ([, word = "", text = ""]) => [word, text]));
  const [atMs, by] = [parseMoment(words.get("at")), words.get("by")];
  return Number.isNaN(atMs) || by === undefined ? { words } : { note: { atMs, by, reason }, words };
}

/** NaN for text that this program did not write. */
function parseMoment(text = ""): number {
  return /^[\d-]{10}T[\d:]{8}Z$/.test(text) ? Date.parse(text) : NaN;
}
