import type { Json } from "../ecs/json.ts";
import { textsIn } from "./looked_up.ts";

/** A text shorter than this stands in other words by chance: it is not searched for in what is written. */
export const SHORTEST_SEARCHED = 6;

/** What is larger is no secret, and would take long to search for in all its forms. */
const LONGEST_ENCODED = 65_536;

/**
 * The forms in which a value may stand in a text: as it is, on one line, by its lines (messages are cut at their ends), and written as
 * JSON, as a part of a URL, in quotes of a shell or in Base64, at any place of what was encoded. Of a value that is JSON
 * itself, the texts in it, too.
 */
export function formsOf(value: string): string[] {
  const texts = new Set([value, ...partsOf(value)]);
  for (const text of [...texts]) {
    texts.add(text.trim());
    texts.add(text.replaceAll(/\s+/g, " ").trim());
    for (const line of text.split(/[\r\n]+/)) texts.add(line.trim());
  }
  const forms = [...texts].flatMap((text) => [text, ...(text.length > LONGEST_ENCODED ? [] : encodingsOf(text))]);
  return [...new Set(forms)].filter((form) => form.trim().length >= SHORTEST_SEARCHED);
}

/** What JSON makes of it: a template that stands between quotes is read as the inside of a text. */
function partsOf(value: string): string[] {
  return [value, `"${value}"`].flatMap((json) => textsIn("", parse(json) ?? "").map(({ text }) => text));
}

function parse(json: string): Json | undefined {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function encodingsOf(text: string): string[] {
  const json = JSON.stringify(text).slice(1, -1);
  const inner = json.replaceAll(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`);
  const url = encodeURIComponent(text.toWellFormed());
  return [
    ...[json, inner, JSON.stringify(json).slice(1, -1), JSON.stringify(inner).slice(1, -1)],
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
