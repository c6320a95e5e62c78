/** Go's one-letter escapes in a double-quoted string (https://go.dev/ref/spec#String_literals). */
const LETTER_ESCAPES: Readonly<Record<string, number>> = {
  a: 0x07,
  b: 0x08,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
  "\\": 0x5c,
  '"': 0x22,
};

const ESCAPE = /\\(?:([abfnrtv\\"])|x([\dA-Fa-f]{2})|([0-7]{3})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8}))/y;

/**
 * Reads what stands between the quotes of a double-quoted Go string. `\x41` and `\101` are bytes of UTF-8 there, not
 * characters, so that `"\xe3\x81\x82"` is one letter.
 *
 * @returns the text, or the offset in `body` of the first escape that Go does not know
 */
export function unquoteString(body: string): { text: string } | { badEscapeAt: number } {
  if (!body.includes("\\")) return { text: body };
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let at = 0; at < body.length;) {
    if (body[at] !== "\\") {
      const next = body.indexOf("\\", at);
      const end = next === -1 ? body.length : next;
      for (const byte of encoder.encode(body.slice(at, end))) bytes.push(byte);
      at = end;
      continue;
    }
    ESCAPE.lastIndex = at;
    const escape = ESCAPE.exec(body);
    const escaped = escape === null ? undefined : readEscape(escape, encoder);
    if (escaped === undefined) return { badEscapeAt: at };
    bytes.push(...escaped);
    at = ESCAPE.lastIndex;
  }
  return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes)) };
}

function readEscape([, letter, hexByte, octalByte, ...codePoints]: RegExpExecArray, encoder: TextEncoder) {
  if (letter !== undefined) return [LETTER_ESCAPES[letter]!];
  if (hexByte !== undefined) return [parseInt(hexByte, 16)];
  if (octalByte !== undefined) {
    const byte = parseInt(octalByte, 8);
    return byte > 0xff ? undefined : [byte];
  }
  const codePoint = parseInt(codePoints.join(""), 16);
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return isSurrogate || codePoint > 0x10ffff ? undefined : encoder.encode(String.fromCodePoint(codePoint));
}
