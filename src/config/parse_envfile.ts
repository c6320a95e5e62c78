import { ConfigError } from "../errors.ts";
import { checkSize, stripByteOrderMark } from "./user_files.ts";

/** `export ` is dropped only before another name, so that `export=1` sets a variable named `export`. */
const LEAD = /^[ \t]*(?:export[ \t]+(?=[^ \t]))?/;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_./]*$/;
const JSON_ESCAPE = /\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})/y;

/**
 * Reads an envfile: `KEY=value` lines, blank lines, `#` comments, an optional `export `. The rules are those of
 * hashicorp/go-envparse, which Kayac's ecspresso uses (values end on their line; double quotes know JSON's escapes,
 * single quotes none; quoted and bare pieces may be joined), except that `#` starts a comment only after white space,
 * as in a shell, so that `PASSWORD=a#b` keeps its end.
 *
 * @param refuse says why a variable may not be set; `undefined` where it may
 * @returns the variables; of two lines for one name, the last counts
 * @throws ConfigError with line and column, or with the size of what is too large; never with any part of a value, which
 *   may be a secret
 */
export function parseEnvfile(
  text: string,
  file: string,
  refuse: (name: string) => string | undefined = () => undefined,
): ReadonlyMap<string, string> {
  checkSize(text, file, "for an envfile");
  const variables = new Map<string, string>();
  for (const [index, line] of stripByteOrderMark(text).split(/\r?\n/).entries()) {
    if (/^[ \t]*(?:#|$)/.test(line)) continue;
    const fail: Fail = (problem, offset) => {
      throw new ConfigError(problem, { file, line: index + 1, column: offset + 1 });
    };
    const { name, nameOffset, valueOffset } = readName(line, fail);
    const problem = refuse(name);
    if (problem !== undefined) fail(problem, nameOffset);
    variables.set(name, readValue(line, valueOffset, fail));
  }
  return variables;
}

type Fail = (problem: string, offset: number) => never;

function readName(line: string, fail: Fail): { name: string; nameOffset: number; valueOffset: number } {
  const equals = line.indexOf("=");
  // The line is not quoted here: without its "=", it may well be the second half of a secret.
  if (equals === -1) return fail("there is no = in this line (write KEY=value)", line.search(/\S|$/));
  const left = line.slice(0, equals);
  const nameOffset = LEAD.exec(left)![0].length;
  const name = left.slice(nameOffset).trimEnd();
  if (!VARIABLE_NAME.test(name)) {
    return fail("what stands before = is no variable name (letters, digits and _, no digit first)", nameOffset);
  }
  return { name, nameOffset, valueOffset: equals + 1 };
}

function readValue(line: string, start: number, fail: Fail): string {
  const contentStart = start + line.slice(start).search(/[^ \t]|$/);
  let value = "";
  let keptLength = 0; // up to here white space is part of the value: it was quoted, or something follows it
  for (let at = start; at < line.length;) {
    const char = line[at]!;
    if (char === '"' || char === "'") {
      const quoted = char === '"' ? readDoubleQuoted(line, at, fail) : readSingleQuoted(line, at, fail);
      value += quoted.text;
      keptLength = value.length;
      at = quoted.end;
    } else if (char === " " || char === "\t") {
      if (line[at + 1] === "#") break;
      if (at >= contentStart) value += char;
      at++;
    } else {
      value += readPlain(char, at, fail);
      keptLength = value.length;
      at++;
    }
  }
  return value.slice(0, keptLength);
}

interface Piece {
  readonly text: string;
  readonly end: number;
}

function readSingleQuoted(line: string, start: number, fail: Fail): Piece {
  const close = line.indexOf("'", start + 1);
  if (close === -1) return fail("this ' has no partner on its line", start);
  let text = "";
  for (let at = start + 1; at < close; at++) text += readPlain(line[at]!, at, fail);
  return { text, end: close + 1 };
}

function readDoubleQuoted(line: string, start: number, fail: Fail): Piece {
  let text = "";
  for (let at = start + 1; at < line.length;) {
    const char = line[at]!;
    if (char === '"') return { text, end: at + 1 };
    if (char === "\\") {
      JSON_ESCAPE.lastIndex = at;
      const escape = JSON_ESCAPE.exec(line)?.[0];
      if (escape === undefined) {
        return fail(String.raw`unknown backslash sequence (known: \n \r \t \b \f \" \\ \/ \u0000; or use '...')`, at);
      }
      text += readPlain(JSON.parse(`"${escape}"`), at, fail);
      at += escape.length;
    } else {
      text += readPlain(char, at, fail);
      at++;
    }
  }
  return fail('this " has no partner on its line', start);
}

/** No operating system can hold a NUL in an environment variable; the value would be cut or refused later. */
function readPlain(char: string, offset: number, fail: Fail): string {
  return char === "\0" ? fail("a NUL character cannot be part of a variable", offset) : char;
}
