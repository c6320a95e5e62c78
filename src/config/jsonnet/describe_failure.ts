import { ConfigError } from "../../errors.ts";
import { isList, type Json, parseJson } from "../../model/json.ts";
import { isOwnWord } from "../../secrets/own_words.ts";
import { resolveBeside } from "../files/user_files.ts";
import { CallError, type FunctionTable } from "../template/template_functions.ts";

interface Evaluated {
  readonly path: string;
  readonly text: string;
  /** What preceded the text, on its first line. */
  readonly prelude: string;
  /** Why a call has no value, by key. */
  readonly problems: ReadonlyMap<string, unknown>;
  readonly explainUnknown: FunctionTable["explainUnknown"];
  readonly secrets: readonly string[];
  /** The user's names of external variables, by the names that jsonnet was given. */
  readonly variables: ReadonlyMap<string, string>;
}

/** Stands before the key of a call that has no value, in the error that the prelude ends with. */
// deno-lint-ignore house/words-in-report -- a mark in what jsonnet writes
export const NO_VALUE = "ecspresso has no ";
/** Takes the function's place in a key if there is no such function. */
export const NO_FUNCTION = "std.native";
/** Jsonnet's name for the text that it reads from stdin. */
const STDIN = "<stdin>";
/** Jsonnet's name for the code of an external variable. */
const EXTERNAL_VARIABLE = /^<extvar:(.+)>$/;
/** A shorter value is not taken for a secret: masking it would take single letters out of a message. */
const SHORTEST_SECRET = 4;
/** A part of a message that may be part of a secret; a shorter one reveals little, and may be an ordinary word. */
const PART = /[^\s"'`,:;()]{6,}/g;
const LONGEST_CALL = 100;

/**
 * Turns what jsonnet wrote to stderr into an error with the place in the user's files: for a native without a value,
 * the call as it stands in the file and the reason.
 *
 * @returns what is to be thrown: a ConfigError, or what the native threw
 */
export function describeFailure(stderr: string, evaluated: Evaluated): unknown {
  const failure = readFailure(stderr);
  const place = findPlace(failure, evaluated);
  const position = place?.position ?? { file: evaluated.path };
  const unanswered = readUnanswered(failure.message);
  const call = place?.written ?? unanswered?.name ?? "";
  if (unanswered?.name === NO_FUNCTION) {
    const name = String(parseKey(unanswered.key)[1]);
    const why = evaluated.explainUnknown(name);
    return new ConfigError({ code: "unknownNative", call, name: maskSecrets(name, evaluated), why }, position);
  }
  const problem = unanswered && evaluated.problems.get(unanswered.key);
  if (problem instanceof CallError) {
    return new ConfigError({ code: "noValue", call, problem: problem.problem }, position);
  }
  if (problem !== undefined) return problem;
  const message = maskSecrets(failure.message, evaluated);
  const passedAs = EXTERNAL_VARIABLE.exec(failure.frames[0]?.file ?? "")?.[1];
  const variable = passedAs && (evaluated.variables.get(passedAs) ?? passedAs);
  // The command has no natives; in the file itself they come from the prelude, which an imported file does not see.
  const isImported = place !== undefined && place.written === undefined && /null/.test(message) &&
    /function/.test(message);
  return new ConfigError({ code: "jsonnetFailed", message, variable, isImported }, position);
}

/** The call without a value that jsonnet ended for; `undefined` when it ended for something else. */
function readUnanswered(message: string): { readonly key: string; readonly name: string } | undefined {
  if (!message.startsWith(NO_VALUE)) return undefined;
  const key = message.slice(NO_VALUE.length);
  const [name] = parseKey(key);
  return typeof name === "string" ? { key, name } : undefined;
}

/** A function's name and its arguments; empty for what is not a key: a file may write anything to stderr. */
export function parseKey(key: string): readonly Json[] {
  const parsed = parseJson(key);
  return isList(parsed) ? parsed : [];
}

/**
 * The innermost place in a file of the user's, not in the prelude or in jsonnet's own library, and the code there, on one
 * line; `undefined` in an imported file.
 */
function findPlace({ frames }: Failure, { path, text, prelude }: Evaluated) {
  const encoder = new TextEncoder();
  const preludeLength = encoder.encode(prelude).length;
  const isOfUser = ({ file, line, column }: Frame) =>
    file === STDIN ? line > 1 || column > preludeLength : !/^(?:std\.jsonnet|<.*>)$/.test(file);
  const frame = frames.find(isOfUser);
  if (frame === undefined) return undefined;
  const { file, line, column, endLine, endColumn } = frame;
  if (file !== STDIN) return { position: { file: resolveBeside(path, file), line, column }, written: undefined };

  const decoder = new TextDecoder();
  const lines = text.split("\n").map((one) => encoder.encode(one));
  const bytesBefore = (at: number, column: number) => Math.max(0, column - 1 - (at === 1 ? preludeLength : 0));
  const start = bytesBefore(line, column);
  const end = bytesBefore(endLine, endColumn);
  const written = lines.slice(line - 1, endLine).map((bytes, index, { length }) =>
    decoder.decode(bytes.subarray(index === 0 ? start : 0, index === length - 1 ? end : undefined))
  );
  const call = written.join(" ").replaceAll(/\s+/g, " ").trim();
  return {
    position: { file: path, line, column: decoder.decode(lines[line - 1]?.subarray(0, start)).length + 1 },
    written: call.length > LONGEST_CALL ? `${call.slice(0, LONGEST_CALL)}…` : call,
  };
}

/** Jsonnet also quotes parts of values, such as a word of the code at which it ends, or the JSON it has read so far. */
function maskSecrets(message: string, { secrets, text }: Pick<Evaluated, "secrets" | "text">): string {
  const masked = secrets.filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((masked, secret) => masked.replaceAll(secret, "***"), message);
  const inSmall = secrets.map((secret) => secret.toLowerCase());
  return masked.replaceAll(PART, (part) => {
    // What the file itself contains is not secret.
    if (isOwnWord(part) || text.includes(part)) return part;
    return inSmall.some((secret) => secret.includes(part.toLowerCase())) ? "***" : part;
  });
}

/** A stretch of a file, in lines and bytes that count from 1, as jsonnet counts them. The end is exclusive. */
interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

interface Failure {
  readonly message: string;
  readonly frames: readonly Frame[];
}

/** Characters of stderr: a message may be of any length, and all of it is searched for places. */
const LONGEST_FAILURE = 1_000_000;
const LONGEST_LINE = 4_000;

const PLACE = String.raw`(?<file>.+?):(?:` +
  String.raw`\((?<line>\d+):(?<column>\d+)\)-\((?<endLine>\d+):(?<endColumn>\d+)\)|` +
  String.raw`(?<line>\d+):(?<column>\d+)(?:-(?<endColumn>\d+))?)(?!\S*\d)`;
const STATIC = new RegExp(`^(?:STATIC ERROR: )?${PLACE}:? (?<message>.*)$`, "m");
const STACK_LINE = new RegExp(String.raw`^\t${PLACE}(?:\s|$)`);

/**
 * Reads what the `jsonnet` command writes to stderr when it fails. The two programs of that name, in C++ and in Go,
 * differ: `STATIC ERROR: f:1:2: message` and `f:1:2-3 message`, the latter followed by the line of the file.
 */
export function readFailure(stderr: string): Failure {
  const lines = stderr.slice(-LONGEST_FAILURE).split(/\r?\n/).map((line) => line.slice(0, LONGEST_LINE));
  const start = lines.findLastIndex((line) => line.startsWith("RUNTIME ERROR: "));
  if (start >= 0) {
    const stack = lines.findIndex((line, index) => index > start && line.startsWith("\t"));
    const message = lines.slice(start, stack === -1 ? undefined : stack).join(" ").trim();
    const frames = stack === -1 ? [] : lines.slice(stack).flatMap((line) => toFrames(STACK_LINE.exec(line)));
    return { message: message.slice("RUNTIME ERROR: ".length), frames };
  }
  const said = lines.filter((line) => !line.startsWith("TRACE: "));
  const match = said.map((line) => STATIC.exec(line)).find((found) => found !== null);
  if (match) return { message: match.groups!["message"]!.trim(), frames: toFrames(match) };
  const first = said.find((line) => line.trim() !== "") ?? "";
  return { message: first.replace(/^ERROR: /, ""), frames: [] };
}

function toFrames(match: RegExpExecArray | null): Frame[] {
  const { file, line, column, endLine = line, endColumn = Number(column) + 1 } = match?.groups ?? {};
  if (file === undefined) return [];
  return [{ file, line: Number(line), column: Number(column), endLine: Number(endLine), endColumn: Number(endColumn) }];
}
