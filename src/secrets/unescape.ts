/** A text without its escapes, and where each of its characters begins in the escaped text; the last element is its end. */
interface UnescapedText {
  readonly text: string;
  readonly starts: readonly number[];
}

type Unescape = readonly [pattern: RegExp, characterOf: (escape: string) => string];

/** Programs differ in what they escape: PHP `/`, Python what is beyond ASCII, this program the `;` of a variable. */
const JSON_ESCAPES: Unescape = [/\\(?:u[\da-f]{4}|[^])/gi, (escape) => {
  const letter = escape[1]!;
  return escape.length > 2 ? String.fromCharCode(parseInt(escape.slice(2), 16)) : CONTROLS[letter] ?? letter;
}];
const CONTROLS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** Characters of one to four bytes in UTF-8. */
const OCTETS = String.raw`%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|` +
  String.raw`%f[0-4](?:%[89ab][\da-f]){3}`;
const URL_ESCAPES: Unescape = [new RegExp(OCTETS, "gi"), characterOfUrl];
const FORM_ESCAPES: Unescape = [new RegExp(String.raw`\+|${OCTETS}`, "gi"), characterOfUrl];

/** A text is searched within one that was escaped twice: JSON in JSON, a URL in JSON. */
const DEEPEST = 2;

/** The text with its escapes undone, as those of JSON, of URLs and of forms, and of one within the other. */
export function unescapedTexts(text: string): UnescapedText[] {
  // Every text of every event is searched, and most have none.
  if (!text.includes("\\") && !text.includes("%")) return [];
  const readings: UnescapedText[] = [];
  let last: UnescapedText[] = [{ text, starts: [] }];
  for (let depth = 1; depth <= DEEPEST && last.length > 0; depth++) {
    last = last.flatMap((reading) => escapesIn(reading.text).flatMap((escapes) => unescape(reading, escapes) ?? []));
    readings.push(...last);
  }
  return readings;
}

/** If no octet is escaped, a `+` is not a space: it begins the lines of a diff. */
function escapesIn(text: string): Unescape[] {
  return /%[\da-f]{2}/i.test(text) ? [JSON_ESCAPES, URL_ESCAPES, FORM_ESCAPES] : [JSON_ESCAPES];
}

/** `undefined` if nothing is escaped. */
function unescape({ text, starts }: UnescapedText, [pattern, characterOf]: Unescape): UnescapedText | undefined {
  const startOf = (index: number) => starts[index] ?? index;
  let unescaped = "";
  const places: number[] = [];
  let at = 0;
  const takeUntil = (end: number) => {
    unescaped += text.slice(at, end);
    for (; at < end; at++) places.push(startOf(at));
  };
  for (const { 0: escape, index } of text.matchAll(pattern)) {
    const character = characterOf(escape);
    takeUntil(index);
    unescaped += character;
    for (let unit = 0; unit < character.length; unit++) places.push(startOf(index));
    at = index + escape.length;
  }
  if (at === 0 || unescaped === text) return undefined;
  takeUntil(text.length);
  return { text: unescaped, starts: [...places, startOf(text.length)] };
}

function characterOfUrl(escape: string): string {
  if (escape === "+") return " ";
  try {
    return decodeURIComponent(escape);
  } catch {
    // Not UTF-8 after all, such as an overlong form.
    return escape;
  }
}
