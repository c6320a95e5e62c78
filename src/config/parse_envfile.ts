import type { EnvfileProblem } from "../problems.ts";
import { checkSize, stripByteOrderMark } from "./files/user_files.ts";
import { type FailAt, failIn } from "./files/positions.ts";

/** `export ` is dropped only before another name, so that `export=1` sets a variable named `export`. */
const LEAD = /^[ \t]*(?:export[ \t]+(?=[^ \t]))?/;
const VARIABLE_NAME = /^[A-Za-z_][A-Za-z0-9_./]*$/;
const ESCAPE = String.raw`\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4})`;
const UNTIL_QUOTE = String.raw`"[^"\\]*(?:${ESCAPE}[^"\\]*)*`;
/** What a value is made of: white space, pieces in quotes, and bare ones. */
const PIECE = new RegExp(String.raw`[ \t]+|'[^']*'|${UNTIL_QUOTE}"|[^ \t'"]+`, "y");

/**
 * Reads an envfile: `KEY=value` lines, blank lines, `#` comments, an optional `export `. The rules are those of
 * hashicorp/go-envparse, which Kayac's ecspresso uses (values end on their line; double quotes know JSON's escapes,
 * single quotes none; quoted and bare pieces may be joined), except that `#` starts a comment only after white space,
 * as in a shell, so that `PASSWORD=a#b` keeps its end.
 *
 * @param refuse says why a variable may not be set; `undefined` if it may
 * @returns the variables; of two lines for one name, the last counts
 * @throws ConfigError with line and column, or with the size of what is too large; never with any part of a value, which
 *   may be a secret
 */
export function parseEnvfile(
  text: string,
  file: string,
  refuse: (name: string) => EnvfileProblem | undefined = () => undefined,
): ReadonlyMap<string, string> {
  checkSize(text, file, { kind: "envfile" });
  const variables = new Map<string, string>();
  for (const [index, line] of stripByteOrderMark(text).split(/\r?\n/).entries()) {
    if (/^[ \t]*(?:#|$)/.test(line)) continue;
    const fail = failIn((offset) => ({ file, line: index + 1, column: offset + 1 }));
    const { name, nameOffset, valueOffset } = readName(line, fail);
    const problem = refuse(name);
    if (problem !== undefined) fail(problem, nameOffset);
    variables.set(name, readValue(line, valueOffset, fail));
  }
  return variables;
}

function readName(line: string, fail: FailAt): { name: string; nameOffset: number; valueOffset: number } {
  const equals = line.indexOf("=");
  // The line is not quoted here: without its "=", it may well be the second half of a secret.
  if (equals === -1) return fail({ code: "noEquals" }, line.search(/\S|$/));
  const left = line.slice(0, equals);
  const nameOffset = LEAD.exec(left)![0].length;
  const name = left.slice(nameOffset).trimEnd();
  if (!VARIABLE_NAME.test(name)) return fail({ code: "badVariableName" }, nameOffset);
  return { name, nameOffset, valueOffset: equals + 1 };
}

function readValue(line: string, start: number, fail: FailAt): string {
  let value = "";
  let space = ""; // part of the value only where something stands on both sides of it
  for (let at = start; at < line.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(line)?.[0] ?? failInQuotes(line, at, fail);
    if (/^[ \t]/.test(piece)) {
      if (line[PIECE.lastIndex] === "#") break;
      space = at === start ? "" : piece;
    } else {
      value += space + unquote(piece, at, fail);
      space = "";
    }
  }
  return value;
}

function failInQuotes(line: string, start: number, fail: FailAt): never {
  const end = start + (new RegExp(`^${UNTIL_QUOTE}`).exec(line.slice(start))?.[0].length ?? 0);
  if (end > start && line[end] === "\\") return fail({ code: "badEnvfileEscape" }, end);
  return fail({ code: "noPartner", sign: line[start]!, isOnLine: true }, start);
}

function unquote(piece: string, start: number, fail: FailAt): string {
  const [quote] = piece;
  const content = quote === '"' || quote === "'" ? piece.slice(1, -1) : piece;
  const text = quote === '"'
    ? content.replaceAll(new RegExp(ESCAPE, "g"), (escape) => JSON.parse(`"${escape}"`))
    : content;
  // No operating system can hold one in an environment variable; the value would be cut or refused later.
  if (text.includes("\0")) fail({ code: "nul" }, start + piece.search(quote === '"' ? /\0|\\u0000/ : /\0/));
  return text;
}
