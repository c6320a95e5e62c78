/**
 * What a pipeline has for a value: text, also where a function answers with something else, or what is written in the
 * template or comes of a comparison.
 */
export type TemplateValue = string | bigint | boolean;

/** The value as it stands in the text, and as functions are given it. */
export function textOf(value: TemplateValue): string {
  return String(value);
}

/** What Go takes for true: everything but an empty text, 0 and false (https://pkg.go.dev/text/template#hdr-Actions). */
export function isTrue(value: TemplateValue): boolean {
  return value !== "" && value !== 0n && value !== false;
}
