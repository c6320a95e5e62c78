// Characters that a reader does not see, or that change how the text around them is shown: controls (C0, DEL, C1),
// format characters (among them those that change the direction of text), characters that are not drawn where a font
// does not know them (zero-width characters, variation selectors, tags, fillers), line and paragraph separators, lone
// surrogates, and noncharacters. From https://www.unicode.org/reports/tr36/,
// https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point, https://trojansource.codes
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/** No script needs so many marks on one letter; with more, they are drawn over the lines above and below. */
const OVERLOADED = /(?<=[\p{Mn}\p{Me}]{8})[\p{Mn}\p{Me}]/gu;

/** The text with each invisible character shown as `\u{202e}`, so that what is read is all that there is. */
export function escapeInvisible(text: string): string {
  return text.replace(OVERLOADED, showCodePoint).replace(INVISIBLE, showCodePoint);
}

/** Escape sequences of ECMA-48: they colour text or move the cursor (CSI), or name a window or a link (OSC). */
const ESCAPES = /\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)/g;

/** The text without its terminal escape sequences. Broken ones stay: `escapeInvisible` shows them. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPES, "");
}

function showCodePoint(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** JSON with invisible characters as JSON's own escapes, but for line feeds. A parser sees no difference. */
export function escapeInvisibleInJson(json: string): string {
  return json.replace(INVISIBLE, (character) => character === "\n" ? character : escapeUnits(character));
}

function escapeUnits(character: string): string {
  return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
