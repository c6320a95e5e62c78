/**
 * Splits a text that holds several values, as kayac/ecspresso does: `\` before a separator makes that a part of the
 * value, and a separator at the very end begins no other value.
 *
 * @param separator one character
 */
export function splitValues(text: string, separator: string): string[] {
  const values: string[] = [];
  let value = "";
  for (let at = 0; at < text.length; at++) {
    const isEscaped = text[at] === "\\" && text[at + 1] === separator;
    if (isEscaped) value += text[++at];
    else if (text[at] === separator) {
      values.push(value);
      value = "";
    } else value += text[at];
  }
  return value === "" ? values : [...values, value];
}

/** A value as `splitValues` reads it as one. */
export function escapeSeparators(value: string, separator: string): string {
  return value.replaceAll(separator, `\\${separator}`);
}
