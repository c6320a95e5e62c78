/** A stretch of a file, in lines and bytes that count from 1, as jsonnet counts them; the end is just behind it. */
export interface Frame {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What jsonnet says of a failure: one line, and the places that led there, the innermost first. */
export interface Failure {
  readonly message: string;
  readonly frames: readonly Frame[];
}

/** Characters: what a file says is wrong may be of any length, and is looked through for places. */
const LONGEST_FAILURE = 1_000_000;
const LONGEST_LINE = 4_000;

const PLACE = String.raw`(.+?):(?:\((\d+):(\d+)\)-\((\d+):(\d+)\)|(\d+):(\d+)(?:-(\d+))?)(?!\S*\d)`;
const STATIC = new RegExp(`^(?:STATIC ERROR: )?${PLACE}:? (.*)$`, "m");
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
    const frames = (stack === -1 ? [] : lines.slice(stack)).map((line) => toFrame(STACK_LINE.exec(line)));
    return { message: message.slice("RUNTIME ERROR: ".length), frames: frames.filter((frame) => frame !== undefined) };
  }
  const said = lines.filter((line) => !line.startsWith("TRACE: "));
  const match = said.map((line) => STATIC.exec(line)).find((found) => found !== null) ?? null;
  const frame = toFrame(match);
  if (match !== null && frame !== undefined) return { message: match.at(-1)!.trim(), frames: [frame] };
  const first = said.find((line) => line.trim() !== "") ?? "it does not say why";
  return { message: first.replace(/^ERROR: /, ""), frames: [] };
}

function toFrame(match: RegExpExecArray | null): Frame | undefined {
  if (match === null) return undefined;
  const [, file, startLine, startColumn, endLine, endColumn, line, column, end] = match;
  const first = Number(line ?? startLine);
  const from = Number(column ?? startColumn);
  return {
    file: file!,
    line: first,
    column: from,
    endLine: Number(endLine ?? first),
    endColumn: Number(endColumn ?? end ?? from + 1),
  };
}
