import { ConfigError } from "../../errors.ts";
import type { LineColumn } from "../index_lines.ts";
import { type Action, type Fail, lexAction, type Token } from "./lex_action.ts";

/** A call of a function; `source` is the call as it stands in the file, with what is piped into it. */
export interface Call {
  readonly kind: "call";
  readonly name: string;
  readonly args: readonly Operand[];
  readonly start: number;
  readonly source: string;
}

/** A string, or a pipeline in parentheses. */
export type Operand = { readonly kind: "string"; readonly text: string } | Pipeline;

/** Commands whose results are each the last argument of the next; all but the first are calls. */
export interface Pipeline {
  readonly kind: "pipeline";
  readonly first: Operand | Call;
  readonly rest: readonly Call[];
}

/** A stretch of the source: text to copy (`start` to `end`), or a pipeline whose value takes its place. */
export type Part =
  | { readonly kind: "text"; readonly start: number; readonly end: number }
  | { readonly kind: "action"; readonly start: number; readonly end: number; readonly pipeline: Pipeline };

/** What a template may call. */
export interface KnownFunctions {
  readonly names: readonly string[];
  /** What is to be said of another name, when there is more to say than which functions there are. */
  readonly explainUnknown: (name: string) => string | undefined;
}

/** Far deeper than anyone nests by hand, and far from exhausting the stack. */
const DEEPEST_NESTING = 100;

const TRIM_LEFT = /-[ \t\r\n]/y;
const COMMENT_END = /\*\/((?:[ \t\r\n]-)?\}\})?/g;

/**
 * Parses a Go text/template of which only calls of functions are supported.
 *
 * @param known the functions there are; a call of another one is refused before any of them runs, as in Go
 * @param positionAt the place in `file` of an offset in `source`
 * @throws ConfigError with line and column
 */
export function parseTemplate(
  source: string,
  file: string,
  known: KnownFunctions,
  positionAt: (offset: number) => LineColumn | undefined,
): Part[] {
  const fail: Fail = (problem, offset) => {
    throw new ConfigError(problem, { file, ...positionAt(offset) });
  };
  const parts: Part[] = [];
  let textStart = 0;
  for (let open = source.indexOf("{{"); open !== -1; open = source.indexOf("{{", textStart)) {
    const trimsLeft = matchesAt(TRIM_LEFT, source, open + 2);
    const textEnd = trimsLeft ? skipSpaceBackwards(source, open, textStart) : open;
    parts.push({ kind: "text", start: textStart, end: textEnd });

    const contentStart = open + (trimsLeft ? 4 : 2);
    let close: { end: number; trimsRight: boolean };
    if (source.startsWith("/*", contentStart)) {
      close = readComment(source, contentStart, fail);
    } else {
      const action = lexAction(source, open, contentStart, fail);
      const pipeline = new ActionParser(source, action, known, fail).parse();
      parts.push({ kind: "action", start: open, end: action.end, pipeline });
      close = action;
    }
    textStart = close.trimsRight ? skipSpace(source, close.end) : close.end;
  }
  parts.push({ kind: "text", start: textStart, end: source.length });
  return parts;
}

function readComment(source: string, start: number, fail: Fail): { end: number; trimsRight: boolean } {
  COMMENT_END.lastIndex = start + 2;
  const match = COMMENT_END.exec(source);
  if (match === null) return fail("this comment is never closed by */}}", start);
  const close = match[1];
  if (close === undefined) return fail("a comment ends right before }}: {{/* ... */}}", match.index);
  return { end: COMMENT_END.lastIndex, trimsRight: close.length > 2 };
}

/** A recursive descent over the tokens of one action. */
class ActionParser {
  #next = 0;

  constructor(
    private readonly source: string,
    private readonly action: Action,
    private readonly known: KnownFunctions,
    private readonly fail: Fail,
  ) {}

  parse(): Pipeline {
    const pipeline = this.#parsePipeline(0);
    const extra = this.#peek();
    if (extra !== undefined) this.fail(`unexpected ${extra.text}`, extra.start);
    return pipeline;
  }

  #parsePipeline(depth: number): Pipeline {
    const start = this.#offset();
    const first = this.#parseFirstCommand(start, depth);
    const rest: Call[] = [];
    while (this.#peek()?.kind === "|") {
      this.#next++;
      const token = this.#peek();
      if (token?.kind !== "name") return this.fail("the name of a function is missing after |", this.#offset());
      rest.push(this.#parseCall(token, start, depth));
    }
    return { kind: "pipeline", first, rest };
  }

  #parseFirstCommand(start: number, depth: number): Operand | Call {
    const token = this.#peek();
    if (token?.kind === "name") return this.#parseCall(token, start, depth);
    const operand = this.#parseOperand(depth);
    if (operand === undefined) return this.fail("a function or a string is missing here", start);
    const argument = this.#peek();
    if (argument !== undefined && argument.kind !== "|" && argument.kind !== ")") {
      return this.fail("only a function takes arguments", argument.start);
    }
    return operand;
  }

  #parseCall(name: Token, pipelineStart: number, depth: number): Call {
    if (!this.known.names.includes(name.text)) return this.fail(this.#describeUnknown(name.text), name.start);
    this.#next++;
    const args: Operand[] = [];
    for (let arg = this.#parseOperand(depth); arg !== undefined; arg = this.#parseOperand(depth)) args.push(arg);
    const end = this.action.tokens[this.#next - 1]!.end;
    const source = this.source.slice(pipelineStart, end);
    return { kind: "call", name: name.text, args, start: name.start, source };
  }

  #describeUnknown(name: string): string {
    const explanation = this.known.explainUnknown(name);
    if (explanation !== undefined) return `${name}: ${explanation}`;
    return `there is no template function ${name} (known: ${[...this.known.names].sort().join(", ")})`;
  }

  /** `undefined` when what follows is no operand. */
  #parseOperand(depth: number): Operand | undefined {
    const token = this.#peek();
    switch (token?.kind) {
      case "string":
        this.#next++;
        return { kind: "string", text: token.text };
      case "(":
        return this.#parseParentheses(token, depth + 1);
      case "name":
        return this.fail(`a call among the arguments needs parentheses: (${token.text} ...)`, token.start);
      default:
        return undefined;
    }
  }

  #parseParentheses(open: Token, depth: number): Pipeline {
    if (depth > DEEPEST_NESTING) return this.fail("the parentheses are nested too deeply", open.start);
    this.#next++;
    const pipeline = this.#parsePipeline(depth);
    if (this.#peek()?.kind !== ")") return this.fail("this ( has no partner", open.start);
    this.#next++;
    return pipeline;
  }

  #peek(): Token | undefined {
    return this.action.tokens[this.#next];
  }

  #offset(): number {
    return this.#peek()?.start ?? this.action.closeStart;
  }
}

function matchesAt(pattern: RegExp, text: string, offset: number): boolean {
  pattern.lastIndex = offset;
  return pattern.test(text);
}

function skipSpace(text: string, offset: number): number {
  while (offset < text.length && " \t\r\n".includes(text[offset]!)) offset++;
  return offset;
}

function skipSpaceBackwards(text: string, offset: number, limit: number): number {
  while (offset > limit && " \t\r\n".includes(text[offset - 1]!)) offset--;
  return offset;
}
