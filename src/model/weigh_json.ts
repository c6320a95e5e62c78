// What parts of JSON take in memory once they are parsed, in bytes, as measured with V8: an object without members takes
// fifty times its text.
const CONTAINER = 108;
const VALUE = 14;
const NEW_TEXT = 60;
const KNOWN_TEXT = 30;
/** A shape of its own for each new key. */
const NEW_KEY = 130;

/** How many texts are distinguished. */
const REMEMBERED_BITS = 22;

const QUOTE = 0x22, BACKSLASH = 0x5c, COMMA = 0x2c, COLON = 0x3a, BRACKET = 0x5b, BRACE = 0x7b;

/**
 * About how many bytes of memory a JSON text would take when it is parsed, without parsing it: real ones take a few times
 * their length, made-up ones take hundreds of times that. What is no JSON has some weight, too.
 */
export function weighJson(json: string | Uint8Array): number {
  const codeAt = typeof json === "string" ? (at: number) => json.charCodeAt(at) : (at: number) => json[at]!;
  const seen = new Uint8Array(2 ** (REMEMBERED_BITS - 3));
  let weight = 0;
  let isNew = false;
  for (let at = 0; at < json.length; at++) {
    const code = codeAt(at);
    if (code === QUOTE) {
      let hash = 0x811c9dc5;
      for (at++; at < json.length && codeAt(at) !== QUOTE; at++) {
        if (codeAt(at) === BACKSLASH) at++;
        hash = Math.imul(hash ^ codeAt(at), 0x01000193);
      }
      const place = (hash >>> 0) >>> (32 - REMEMBERED_BITS);
      const bit = 1 << (place & 7);
      isNew = (seen[place >> 3]! & bit) === 0;
      seen[place >> 3]! |= bit;
      weight += isNew ? NEW_TEXT : KNOWN_TEXT;
    } else if (code === BRACE || code === BRACKET) weight += CONTAINER;
    else if (code === COMMA) weight += VALUE;
    else if (code === COLON) weight += isNew ? NEW_KEY : VALUE - KNOWN_TEXT;
  }
  return weight;
}
