/** One small way to break the body of a function. */
export type Breakage =
  /** The body returns this expression at once. */
  | { readonly returns: string }
  /** Each statement that has the name goes; of nested ones the innermost. */
  | { readonly drops: string }
  /** Each occurrence of a name is replaced by an expression. */
  | { readonly swaps: readonly [name: string, by: string] };

export type Mutation = Breakage & {
  /** A file, from the root of the repository, and behind a space a function, method or getter in it, without `#`. */
  readonly in: string;
};

/**
 * Breaks one function of a source that `deno fmt` has formatted: by that, a body ends at the first `}` that stands as far
 * left as the function begins.
 *
 * @throws Error where there is not exactly one such function, or where the breakage changes nothing in it
 */
export function mutate(source: string, mutation: Mutation): string {
  const lines = source.split("\n");
  const { first, end } = findBody(lines, mutation);
  const body = lines.slice(first, end);
  const broken = breakBody(body, mutation);
  if (broken.join("\n") === body.join("\n")) throw new Error(`${mutation.in}: the mutation changes nothing`);
  return [...lines.slice(0, first), ...broken, ...lines.slice(end)].join("\n");
}

export function fileOf(mutation: Mutation): string {
  return mutation.in.split(" ")[0]!;
}

/** The lines between the braces. */
function findBody(lines: readonly string[], mutation: Mutation): { readonly first: number; readonly end: number } {
  const name = mutation.in.split(" ")[1]!;
  const header = new RegExp(
    `^(?:(?:export )?(?:async )?function\\*? |  +(?:async )?(?:\\*|get )?#?(?=\\S))${name}(?:<.*>)?\\((?:.*[{(])?$`,
  );
  const headers = lines.flatMap((line, index) => header.test(line) ? [index] : []);
  if (headers.length !== 1) throw new Error(`${mutation.in}: found ${headers.length} times`);
  const from = headers[0]!;
  const indent = /^ */.exec(lines[from]!)![0];
  const isWhole = lines[from]!.endsWith("{") && depthOf(lines[from]!) === 1;
  const opens = isWhole ? from : findLine(lines, from + 1, (line) => isAt(line, indent) && line.endsWith("{"));
  const end = findLine(lines, opens + 1, (line) => line === `${indent}}` || line === `${indent}},`);
  return { first: opens + 1, end };
}

function findLine(lines: readonly string[], from: number, isMeant: (line: string) => boolean): number {
  const index = lines.findIndex((line, index) => index >= from && isMeant(line));
  if (index < 0) throw new Error(`a function that begins above line ${from + 1} has no body`);
  return index;
}

function isAt(line: string, indent: string): boolean {
  return line.startsWith(indent) && line[indent.length] !== " ";
}

/** How many brackets a text opens and does not close; those in strings and patterns are nearly always pairs. */
function depthOf(text: string): number {
  return [...text].reduce((depth, char) => depth + Number("([{".includes(char)) - Number(")]}".includes(char)), 0);
}

function breakBody(body: readonly string[], breakage: Breakage): readonly string[] {
  if ("returns" in breakage) return [`return ${breakage.returns};`];
  if ("drops" in breakage) return dropStatements(body, wordOf(breakage.drops));
  const [name, by] = breakage.swaps;
  return body.map((line) => line.replace(wordOf(name), () => by));
}

/** The name where it is no part of another one. */
function wordOf(name: string): RegExp {
  return new RegExp(`(?<![\\w.#])${RegExp.escape(name)}(?!\\w)`, "g");
}

function dropStatements(body: readonly string[], word: RegExp): readonly string[] {
  const index = body.findIndex((line) => line.search(word) >= 0);
  if (index < 0) return body;
  let from = index;
  while (from > 0 && !beginsStatement(body, from)) from--;
  let end = from + 1;
  while (!endsStatement(body, from, end) && end < body.length) end++;
  return dropStatements([...body.slice(0, from), ...body.slice(end)], word);
}

function beginsStatement(body: readonly string[], index: number): boolean {
  if (/^\s*[)}\]]/.test(body[index]!)) return false;
  const before = body.slice(0, index).findLast((line) => !/^\s*(\/\/|$)/.test(line));
  return before === undefined || /[;}:]$|(?:\)|=>|\b(?:else|try|finally)) \{$/.test(before);
}

function endsStatement(body: readonly string[], from: number, end: number): boolean {
  const text = body.slice(from, end).join("\n");
  return depthOf(text) === 0 && /[;}]$/.test(text) && !/^\s*(else|catch|finally)\b/.test(body[end] ?? "");
}
