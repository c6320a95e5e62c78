import type { TemplateProblem } from "../../problems.ts";
import type { FailAt } from "../files/positions.ts";

/** A token between `{{` and `}}`; offsets count in the whole source. */
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
  /** After `}}`, and after the white space that ` -}}` drops. */
  readonly end: number;
}

const KEYWORDS = new Set(["if", "else", "end"]);
const BOOLEANS = new Set(["true", "false"]);
const REFUSED_WORDS = new Set(["block", "break", "continue", "define", "range", "template", "with", "nil"]);

const CLOSE = /\}\}|[ \t\r\n]-\}\}[ \t\r\n]*/y;
const SPACE = /[ \t\r\n]/;
/** All tokens but quoted strings. */
const TOKEN = new RegExp(
  String.raw`:=|[=|()]|(?<word>[\p{L}_][\p{L}\p{Nd}_]*)|(?<variable>\$[\p{L}\p{Nd}_]+)` +
    String.raw`|(?<number>-?(?:0|[1-9]\d*)(?![\p{L}\p{Nd}_.]))`,
  "uy",
);
const FIELD = /\$|\.[\p{L}\p{Nd}_]*/uy;
const NUMBER_START = /[+-]?\.?\d/y;

/**
 * Splits an action of Go's text/template into tokens (https://pkg.go.dev/text/template#hdr-Actions). Supports calls of
 * functions, variables and `if`; refuses the rest of Go's syntax (`range`, `.X`, fractions) by name.
 */
export function lexAction(source: string, open: number, start: number, fail: FailAt): Action {
  const tokens: Token[] = [];
  for (let at = start; at < source.length;) {
    const close = matchAt(CLOSE, source, at);
    if (close !== undefined) return { tokens, closeStart: at, end: at + close.length };
    if (SPACE.test(source[at]!)) {
      at++;
      continue;
    }
    const token = lexToken(source, at, fail);
    const previous = tokens.at(-1);
    const follows = previous?.end === at && (isOperand(previous) || previous.kind === ")");
    if (follows && (isOperand(token) || token.kind === "(")) fail({ code: "spaceMissing" }, at);
    tokens.push(token);
    at = token.end;
  }
  return fail({ code: "actionNotClosed" }, open);
}

function lexToken(source: string, start: number, fail: FailAt): Token {
  if (source[start] === '"') return lexQuotedString(source, start, fail);
  if (source[start] === "`") return lexRawString(source, start, fail);
  TOKEN.lastIndex = start;
  const { 0: text, groups = {} } = TOKEN.exec(source) ?? fail(findProblem(source, start), start);
  if (REFUSED_WORDS.has(text)) return fail({ code: "notSupported", text }, start);
  return { kind: kindOf(text, groups), text, start, end: start + text.length };
}

function kindOf(text: string, { word, variable, number }: Readonly<Record<string, string | undefined>>): Token["kind"] {
  if (word !== undefined) return KEYWORDS.has(word) ? "keyword" : BOOLEANS.has(word) ? "boolean" : "name";
  if (variable !== undefined) return "variable";
  return number === undefined ? text as Token["kind"] : "number";
}

/** Why no token begins at `start`. */
function findProblem(source: string, start: number): TemplateProblem {
  const char = String.fromCodePoint(source.codePointAt(start)!);
  if (char === "'") return { code: "singleQuotes" };
  if (char === "/") return { code: "commentStart" };
  if (matchAt(NUMBER_START, source, start) !== undefined) return { code: "onlyWholeNumbers" };
  const field = matchAt(FIELD, source, start);
  return field === undefined ? { code: "unexpected", text: char } : { code: "notSupported", text: field };
}

function lexQuotedString(source: string, start: number, fail: FailAt): Token {
  let end = start + 1;
  while (end < source.length && source[end] !== '"' && source[end] !== "\n") end += source[end] === "\\" ? 2 : 1;
  if (source[end] !== '"') return fail({ code: "noPartner", sign: '"', isOnLine: true }, start);
  return { kind: "string", text: unquoteString(source.slice(0, end), start + 1, fail), start, end: end + 1 };
}

function lexRawString(source: string, start: number, fail: FailAt): Token {
  const close = source.indexOf("`", start + 1);
  if (close === -1) return fail({ code: "noPartner", sign: "`", isOnLine: false }, start);
  // Go drops carriage returns from raw strings, so that a file means the same with Windows line ends.
  return { kind: "string", text: source.slice(start + 1, close).replaceAll("\r", ""), start, end: close + 1 };
}

/** Whether a token is an operand by itself. (So is a pipeline in parentheses.) */
function isOperand({ kind }: Token): boolean {
  return !/^[:=|()]/.test(kind);
}

/** What a sticky pattern matches at an offset. */
export function matchAt(pattern: RegExp, text: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(text)?.[0];
}

/** Go's one-letter escapes in a double-quoted string, and their meaning (https://go.dev/ref/spec#String_literals). */
const [LETTERS, ESCAPED] = ['abfnrtv\\"', '\x07\b\f\n\r\t\v\\"'] as const;

const STRING_PIECE = /([^\\]+)|\\(?:([abfnrtv\\"])|x([\dA-Fa-f]{2})|([0-7]{3})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8}))/y;

/**
 * Reads a double-quoted Go string from `start` to the end of `source`. `\x41` and `\101` are bytes of UTF-8 there, not
 * characters, so that `"\xe3\x81\x82"` is one letter.
 */
function unquoteString(source: string, start: number, fail: FailAt): string {
  const bytes: number[] = [];
  const encoder = new TextEncoder();
  for (let at = start; at < source.length; at = STRING_PIECE.lastIndex) {
    STRING_PIECE.lastIndex = at;
    const piece = STRING_PIECE.exec(source);
    const bytesOfPiece = piece && readPiece(piece, encoder);
    if (!bytesOfPiece) return fail({ code: "badEscape" }, at);
    for (const byte of bytesOfPiece) bytes.push(byte);
  }
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(new Uint8Array(bytes));
}

function readPiece([, plain, letter, hexByte, octalByte, ...codePoints]: RegExpExecArray, encoder: TextEncoder) {
  if (plain !== undefined) return encoder.encode(plain);
  if (letter !== undefined) return [ESCAPED.charCodeAt(LETTERS.indexOf(letter))];
  if (hexByte !== undefined) return [parseInt(hexByte, 16)];
  if (octalByte !== undefined) {
    const byte = parseInt(octalByte, 8);
    return byte > 0xff ? undefined : [byte];
  }
  const codePoint = parseInt(codePoints.join(""), 16);
  const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
  return isSurrogate || codePoint > 0x10ffff ? undefined : encoder.encode(String.fromCodePoint(codePoint));
}
