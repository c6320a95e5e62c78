import { type JsonObject, objectsIn, textIn } from "./json.ts";

/** The key of the tag on a service that says until when no deploy may replace what runs, and who said so. */
export const HOLD_KEY = "ecspresso:hold";

export interface Hold {
  /** Milliseconds since the epoch; `undefined` where the tag has a value that this program has not written: no end is known. */
  readonly untilMs: number | undefined;
  readonly atMs: number | undefined;
  /** Who, as far as the machine knew. */
  readonly by: string | undefined;
  readonly reason: string | undefined;
}

const VALUE = /^v1 until=([0-9TZ:.-]{20,24}) at=([0-9TZ:.-]{20,24}) by=([A-Za-z0-9+\-=._:/@]+)(?: because (.+))?$/;
/** API reference, Tag. */
const LONGEST_VALUE = 256;
const LONGEST_NAME = 64;

/** The tag's value: within AWS's 256 characters of letters, digits, spaces and `+ - = . _ : / @` (API reference, Tag). */
export function formatHold(
  { untilMs, atMs, by, reason }: Hold & { readonly untilMs: number; readonly atMs: number; readonly by: string },
): string {
  const moment = (ms: number) => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
  const name = by.replace(/[^A-Za-z0-9+\-=._:/@]/g, "_").slice(0, LONGEST_NAME) || "unknown";
  const why = (reason ?? "").replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "_").replace(/\p{Z}+/gu, " ").trim();
  const value = `v1 until=${moment(untilMs)} at=${moment(atMs)} by=${name}${why === "" ? "" : ` because ${why}`}`;
  return [...value].slice(0, LONGEST_VALUE).join("").trimEnd();
}

/** What holds a service, by AWS's description of it with its tags; `undefined`: nothing does, or not any more. */
export function findHold({ tags }: JsonObject, nowMs: number): Hold | undefined {
  const tag = objectsIn(tags).find(({ key }) => key === HOLD_KEY);
  if (tag === undefined) return undefined;
  const hold = parseHold(textIn(tag.value) ?? "");
  return hold.untilMs !== undefined && hold.untilMs <= nowMs ? undefined : hold;
}

function parseHold(value: string): Hold {
  const [, until, at, by, reason] = VALUE.exec(value) ?? [];
  const [untilMs, atMs] = [Date.parse(until ?? ""), Date.parse(at ?? "")];
  if (Number.isNaN(untilMs) || Number.isNaN(atMs)) {
    return { untilMs: undefined, atMs: undefined, by: undefined, reason: undefined };
  }
  return { untilMs, atMs, by, reason };
}
