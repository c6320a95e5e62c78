/** A piece of what stands between `{{` and `}}`; offsets count in the whole source. */
export interface Token {
  readonly kind: "name" | "string" | "number" | "boolean" | "variable" | "keyword" | ":=" | "=" | "|" | "(" | ")";
  /** A name, a keyword or a variable (with its `$`) as written, a string's value, the digits of a whole number. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Action {
  readonly tokens: readonly Token[];
  /** Where `}}` or ` -}}` begins. */
  readonly closeStart: number;
  readonly end: number;
  /** It ends with ` -}}`: the white space after it is dropped. */
  readonly trimsRight: boolean;
}

/** Reports a problem at an offset of the source; does not return. */
export type Fail = (problem: string, offset: number) => never;

const KEYWORDS = new Set(["if", "else", "end"]);
const BOOLEANS = new Set(["true", "false"]);
const REFUSED_WORDS = new Set(["block", "break", "continue", "define", "range", "template", "with", "nil"]);
/** What there is instead of what is refused. */
const SUPPORTED = "only calls of functions, variables and if are";

const CLOSE = /(?:[ \t\r\n]-)?\}\}/y;
const SPACE = /[ \t\r\n]/;
const WORD = /[\p{L}_][\p{L}\p{Nd}_]*/uy;
const VARIABLE = /\$[\p{L}\p{Nd}_]*/uy;
const FIELD = /\.[\p{L}\p{Nd}_]*/uy;
const WHOLE_NUMBER = /-?(?:0|[1-9]\d*)(?![\p{L}\p{Nd}_.])/uy;
const NUMBER_START = /[+-]?\.?\d/y;

/**
 * Splits an action of Go's text/template into tokens (https://pkg.go.dev/text/template#hdr-Actions). Calls of
 * functions, variables and `if` are known here; everything else that Go has (`range`, `.X`, fractions) is refused by its
 * name.
 */
export function lexAction(source: string, open: number, start: number, fail: Fail): Action {
  const tokens: Token[] = [];
  for (let at = start; at < source.length;) {
    const close = matchAt(CLOSE, source, at);
    if (close !== undefined) {
      return { tokens, closeStart: at, end: at + close.length, trimsRight: close.length > 2 };
    }
    if (SPACE.test(source[at]!)) {
      at++;
      continue;
    }
    const token = lexToken(source, at, fail);
    const previous = tokens.at(-1);
    if (previous?.end === at && endsOperand(previous) && startsOperand(token)) fail("a space is missing here", at);
    tokens.push(token);
    at = token.end;
  }
  return fail("this {{ is never closed by }}", open);
}

function lexToken(source: string, start: number, fail: Fail): Token {
  const char = source[start]!;
  switch (char) {
    case "|":
    case "(":
    case ")":
      return { kind: char, text: char, start, end: start + 1 };
    case '"':
      return lexQuotedString(source, start, fail);
    case "`":
      return lexRawString(source, start, fail);
    case "'":
      return fail('single quotes do not hold a string in Go templates (write "..." or `...`)', start);
    case "/":
      return fail("a comment starts right after {{ and ends right before }}: {{/* ... */}}", start);
  }
  const sign = source.startsWith(":=", start) ? ":=" : char === "=" ? "=" : undefined;
  if (sign !== undefined) return { kind: sign, text: sign, start, end: start + sign.length };
  const word = matchAt(WORD, source, start);
  if (word !== undefined) return lexWord(word, start, fail);
  const number = matchAt(WHOLE_NUMBER, source, start);
  if (number !== undefined) return { kind: "number", text: number, start, end: start + number.length };
  if (matchAt(NUMBER_START, source, start) !== undefined) {
    return fail("only whole numbers in decimal digits are supported in templates (put others in quotes)", start);
  }
  const variable = matchAt(VARIABLE, source, start);
  if (variable !== undefined && variable !== "$") {
    return { kind: "variable", text: variable, start, end: start + variable.length };
  }
  const field = variable ?? matchAt(FIELD, source, start);
  if (field !== undefined) return fail(`${field} is not supported in templates, ${SUPPORTED}`, start);
  return fail(`unexpected ${JSON.stringify(String.fromCodePoint(source.codePointAt(start)!))} in a template`, start);
}

function lexWord(word: string, start: number, fail: Fail): Token {
  if (REFUSED_WORDS.has(word)) return fail(`${word} is not supported in templates, ${SUPPORTED}`, start);
  const kind = KEYWORDS.has(word) ? "keyword" : BOOLEANS.has(word) ? "boolean" : "name";
  return { kind, text: word, start, end: start + word.length };
}

function lexQuotedString(source: string, start: number, fail: Fail): Token {
  let end = start + 1;
  while (end < source.length && source[end] !== '"' && source[end] !== "\n") end += source[end] === "\\" ? 2 : 1;
  if (source[end] !== '"') return fail('this " has no partner on its line', start);
  const unquoted = unquoteString(source.slice(start + 1, end));
  if ("badEscapeAt" in unquoted) {
    const offset = start + 1 + unquoted.badEscapeAt;
    return fail("unknown backslash sequence in a string (`...` takes backslashes as they are)", offset);
  }
  return { kind: "string", text: unquoted.text, start, end: end + 1 };
}

function lexRawString(source: string, start: number, fail: Fail): Token {
  const close = source.indexOf("`", start + 1);
  if (close === -1) return fail("this ` has no partner", start);
  // Go drops carriage returns from raw strings, so that a file means the same with Windows line ends.
  return { kind: "string", text: source.slice(start + 1, close).replaceAll("\r", ""), start, end: close + 1 };
}

/** What an operand can be besides a pipeline in parentheses. */
const OPERANDS: ReadonlySet<Token["kind"]> = new Set(["name", "string", "number", "boolean", "variable", "keyword"]);

function startsOperand({ kind }: Token): boolean {
  return OPERANDS.has(kind) || kind === "(";
}

function endsOperand({ kind }: Token): boolean {
  return OPERANDS.has(kind) || kind === ")";
}

/** What a sticky pattern matches at an offset. */
export function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

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
function unquoteString(body: string): { text: string } | { badEscapeAt: number } {
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
