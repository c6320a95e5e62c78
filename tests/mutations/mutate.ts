/** One small way to break the body of a function. */
type Breakage =
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

export function fileOf(mutation: Mutation): string {
  return mutation.in.split(" ")[0]!;
}

/**
 * Breaks one function of a source that `deno fmt` has formatted: by that, a body ends at the first `}` that stands as far
 * left as the function begins.
 *
 * @throws Error where there is not exactly one such function, or where the breakage changes nothing in it
 */
export function mutate(source: string, mutation: Mutation): string {
  const found = [...source.matchAll(functionOf(mutation.in.split(" ")[1]!))];
  if (found.length !== 1) throw new Error(`${mutation.in}: found ${found.length} times`);
  const [{ index, groups }] = found as [RegExpExecArray];
  const { header, body } = groups as { header: string; body: string };
  const broken = breakBody(body.split("\n"), mutation).join("\n");
  if (broken === body) throw new Error(`${mutation.in}: the mutation changes nothing`);
  const from = index + header.length;
  return source.slice(0, from) + broken + source.slice(from + body.length);
}

function functionOf(name: string): RegExp {
  const begin = `^(?<indent> *)(?:export |async |function\\*? |get )*[*#]*${name}(?:<.*>)?\\(`;
  const further = "(?:\\n\\k<indent> .*)+\\n\\k<indent>[)>].*";
  // All on one line, or closed on a later one, with or without a `{` of the parameters' on the first.
  const header = `${begin}(?:.*\\).*|${further}|.*\\{${further}) \\{$`;
  return new RegExp(`(?<header>${header})(?<body>[^]*?)^\\k<indent>\\}`, "gm");
}

/** How many brackets a text opens and does not close; those in strings and patterns are nearly always pairs. */
function depthOf(text: string): number {
  return [...text].reduce((depth, char) => depth + Number("([{".includes(char)) - Number(")]}".includes(char)), 0);
}

function breakBody(body: readonly string[], breakage: Breakage): readonly string[] {
  if ("returns" in breakage) return ["", `return ${breakage.returns};`, ""];
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
