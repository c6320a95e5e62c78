/**
 * What GitHub's runner reads from a step's output and from the file of its outputs, after ActionCommand.cs,
 * ActionCommandManager.cs and FileCommandManager.cs in actions/runner.
 */

interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

const REGISTERED = new Set(
  ("add-mask add-matcher add-path debug echo endgroup error group notice remove-matcher save-state set-env set-output " +
    "stop-commands warning").split(" "),
);

/** The commands in a text, in order; the lines that are none are not looked at again. */
export function readCommands(text: string): Command[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => readCommand(line) ?? readOldCommand(line) ?? []);
}

function readCommand(line: string): Command | undefined {
  // What .NET's TrimStart takes off: JavaScript's white space with NEL and without the byte order mark; both are taken off.
  const text = line.replace(/^[\s\x85]+/, "");
  const end = text.indexOf("::", 2);
  if (!text.startsWith("::") || end < 0) return undefined;
  return command(text.slice(2, end), ",", text.slice(end + 2), (value) => {
    return value.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%3A", ":").replaceAll("%2C", ",")
      .replaceAll("%25", "%");
  });
}

function readOldCommand(line: string): Command | undefined {
  const start = line.indexOf("##[");
  const end = start < 0 ? -1 : line.indexOf("]", start);
  if (end < 0) return undefined;
  return command(line.slice(start + 3, end), ";", line.slice(end + 1), (value) => value);
}

function command(
  info: string,
  separator: string,
  data: string,
  unescape: (value: string) => string,
): Command | undefined {
  const space = info.indexOf(" ");
  const name = (space < 0 ? info : info.slice(0, space)).toLowerCase();
  if (!REGISTERED.has(name)) return undefined;
  const pairs = space < 0 ? [] : info.slice(space + 1).split(separator).map((pair) => pair.split(/=(.*)/s));
  const properties = Object.fromEntries(pairs.map(([key = "", value = ""]) => [key.trim(), unescape(value)]));
  return { name, properties, data: data.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%") };
}

/** `NAME=VALUE` lines; fails at anything else, as the runner does, and at a value over several lines. */
export function readOutputs(text: string): Record<string, string> {
  const lines = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(lines.map((line) => {
    const equals = line.indexOf("=");
    const heredoc = line.indexOf("<<");
    if (equals < 0 || (heredoc >= 0 && heredoc < equals)) throw new Error(`no output: ${line}`);
    return [line.slice(0, equals), line.slice(equals + 1)];
  }));
}
