import { escapeInvisible, escapeInvisibleInJson } from "../model/invisible_characters.ts";
import { parseJson } from "../model/json.ts";
import { type NamedText, namedTextsIn } from "./looked_up.ts";
import { unescapedTexts } from "./unescape.ts";

/** Where a text was found: the index of its first character, and the one after its last. */
export type Span = readonly [start: number, end: number];

/** Every text that is searched for has at least this many characters. */
export const SHORTEST_SEARCHED = 6;

/** ECS cuts what it says of a container after 255 bytes, and of a task after 1,024: only a value's beginning is left. */
const SHORTEST_CUT = 200;
const LONGEST_CUT = 1_024;

const PAIRS = 65_536;
const FACTOR = 251;

/**
 * Finds any of many texts in another one. Looks them up by their beginnings: a regular expression of thousands of texts
 * takes seconds to compile, and one of a few hundred kilobytes is refused, with all of the texts in the message.
 */
export class TextFinder {
  readonly #byBeginning = new Map<string, string[]>();
  /** Whether a text may begin with these two characters: at most places, none does. */
  readonly #mayBegin = new Uint8Array(PAIRS);

  /** Adds a text of `SHORTEST_SEARCHED` characters or more. */
  add(text: string): void {
    const beginning = text.slice(0, SHORTEST_SEARCHED);
    const alike = this.#byBeginning.get(beginning);
    this.#mayBegin[pairOf(text.charCodeAt(0), text.charCodeAt(1))] = 1;
    if (alike === undefined) this.#byBeginning.set(beginning, [text]);
    else alike.push(text);
  }

  /** Finds them as they are, and with any of their characters escaped as in JSON or in a URL. */
  find(text: string): Span[] {
    if (this.#byBeginning.size === 0) return [];
    const spans = this.#findIn(text);
    const ofEscaped = unescapedTexts(text).flatMap(({ text, starts }) =>
      this.#findIn(text).map(([start, end]): Span => [starts[start]!, starts[end]!])
    );
    return ofEscaped.length === 0 ? spans : mergeSpans([...spans, ...ofEscaped].sort(([a], [b]) => a - b));
  }

  #findIn(text: string): Span[] {
    const spans: Span[] = [];
    const mayBeCutFrom = text.length < SHORTEST_CUT ? Infinity : text.length - LONGEST_CUT;
    const mayBegin = this.#mayBegin;
    // Each character is read once, and `pairOf` is written out: every text of every event is searched.
    let second = text.charCodeAt(0);
    for (let start = 0; start + SHORTEST_SEARCHED <= text.length; start++) {
      const first = second;
      second = text.charCodeAt(start + 1);
      if (mayBegin[(first * FACTOR + second) % PAIRS] === 0) continue;
      const alike = this.#byBeginning.get(text.slice(start, start + SHORTEST_SEARCHED));
      if (alike === undefined) continue;
      const longest = alike.reduce((most, one) => text.startsWith(one, start) ? Math.max(most, one.length) : most, 0);
      const isCut = longest === 0 && start >= mayBeCutFrom && alike.some((one) => one.startsWith(text.slice(start)));
      if (longest > 0 || isCut) spans.push([start, isCut ? text.length : start + longest]);
    }
    return mergeSpans(spans);
  }
}

/** A number for two characters; few pairs share one. */
function pairOf(first: number, second: number): number {
  return (first * FACTOR + second) % PAIRS;
}

/** Joins spans that overlap; they are in the order of their beginnings. */
export function mergeSpans(spans: readonly Span[]): Span[] {
  const merged: Span[] = [];
  for (const [start, end] of spans) {
    const last = merged.at(-1);
    if (last !== undefined && start < last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], end)];
    else merged.push([start, end]);
  }
  return merged;
}

/** Anything larger is not a secret, and would take long to search for in all its forms. */
const LONGEST_ENCODED = 65_536;

/**
 * The forms in which a value may occur in a text: as it is, on one line, each of its lines alone (messages are cut at
 * line ends), and written as JSON, as part of a URL, in shell quotes or in Base64, at any offset of the encoded bytes.
 * A single line is searched for only as it is and as JSON: a value may have thousands of lines.
 */
export function formsOf(value: string): string[] {
  const lines = value.split(/[\r\n]+/).map((line) => line.trim());
  const texts = [value, value.trim(), value.replaceAll(/\s+/g, " ").trim()];
  const encoded = value.length > LONGEST_ENCODED
    ? []
    : [...lines.flatMap(jsonOf), ...[...new Set(texts)].flatMap((text) => [...jsonOf(text), ...encodingsOf(text)])];
  const forms = new Set([...texts, ...lines, ...encoded]);
  return [...forms].filter((form) => form.trim().length >= SHORTEST_SEARCHED);
}

/** The texts in a value that is JSON, and in the JSON that a template makes by putting the value between quotes. */
export function textsWithin({ name, text }: NamedText): NamedText[] {
  const texts = [text, `"${text}"`].flatMap((json) => namedTextsIn(name, parseJson(json) ?? ""));
  return texts.filter((one) => one.text !== text);
}

// As JSON writes it, and as Go's JSON does; as such JSON within another JSON text; and as this program writes these to
// a terminal and to GitHub's runner, where a member's name may be a value, too.
function jsonOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const inner = json.replaceAll(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  const forms = [json, inner, JSON.stringify(json).slice(1, -1), JSON.stringify(inner).slice(1, -1)];
  const harmless = forms.map((form) => form.replaceAll("##[", "#\\u0023["));
  return [...forms, ...harmless.map(escapeInvisible), ...harmless.map(escapeInvisibleInJson)];
}

function encodingsOf(text: string): string[] {
  const url = encodeURIComponent(text.toWellFormed());
  // As --ext-str takes it.
  const typed = text.replaceAll(";", "\\;");
  return [
    ...[url, url.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase()), url.replaceAll("%20", "+")],
    ...[encodeURI(text.toWellFormed()), text.replaceAll("'", `'\\''`)],
    ...[text, typed].flatMap((one) => [one, one.replaceAll("'", `'"'"'`)]),
    ...base64Of(text),
  ];
}

/** The part of its Base64 that does not depend on what precedes and follows it, for each of its three offsets. */
function base64Of(text: string): string[] {
  const bytes = new TextEncoder().encode(text);
  const forms = [0, 1, 2].map((before) => {
    const padded = new Uint8Array(before + bytes.length);
    padded.set(bytes, before);
    const end = Math.floor(padded.length * 8 / 6);
    return padded.toBase64().slice(Math.ceil(before * 8 / 6), end);
  });
  return forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]);
}
