import type { Json } from "../model/json.ts";
import { escapeInvisible, escapeInvisibleInJson } from "../model/invisible_characters.ts";
import { type NamedText, namedTextsIn } from "./looked_up.ts";
import { SHORTEST_SEARCHED } from "./text_finder.ts";

/** What is larger is no secret, and would take long to search for in all its forms. */
const LONGEST_ENCODED = 65_536;

/**
 * The forms in which a value may stand in a text: as it is, on one line, by its lines (messages are cut at their ends), and
 * written as JSON, as a part of a URL, in quotes of a shell or in Base64, at any place of what was encoded. A single line is
 * searched for as it is and as JSON: a value may have thousands.
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

/**
 * The texts that JSON makes of a value: those in it where it is JSON itself, and the one that comes of a template between
 * quotes, which is read as the inside of a text.
 */
export function textsWithin({ name, text }: NamedText): NamedText[] {
  return [text, `"${text}"`].flatMap((json) => namedTextsIn(name, parse(json) ?? "")).filter((one) =>
    one.text !== text
  );
}

function parse(json: string): Json | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

// As JSON writes it, and Go's JSON; once, and within a text that is JSON again; and as this program writes either to a
// terminal and to GitHub's runner, where a member's name may be a value, too.
function jsonOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const inner = json.replaceAll(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  const forms = [json, inner, JSON.stringify(json).slice(1, -1), JSON.stringify(inner).slice(1, -1)];
  const harmless = forms.map((form) => form.replaceAll("##[", "#\\u0023["));
  return [...forms, ...harmless.map(escapeInvisible), ...harmless.map(escapeInvisibleInJson)];
}

function encodingsOf(text: string): string[] {
  const url = encodeURIComponent(text.toWellFormed());
  return [
    ...[url, url.replaceAll(/%[\dA-F]{2}/g, (code) => code.toLowerCase()), url.replaceAll("%20", "+")],
    ...[encodeURI(text.toWellFormed()), text.replaceAll("'", `'"'"'`), text.replaceAll("'", `'\\''`)],
    ...base64Of(text),
  ];
}

/** What of its Base64 does not depend on what stands before and behind it, for each of the three places it may begin at. */
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
