import type { FilePosition } from "../../problems.ts";
import { checkSize } from "../files/user_files.ts";
import { type FailAt, failIn, findLastAtOrBefore, indexLines, type LineColumn } from "../files/positions.ts";
import { lexAction, matchAt, type Token } from "./lex_action.ts";
import { ActionParser, DEEPEST_NESTING, type KnownFunctions, type Variable } from "./parse_action.ts";
import { type Evaluate, isTrue } from "./template_functions.ts";

/** A template's result, which still knows where in the file each part of it came from. */
export interface RenderedText {
  readonly text: string;
  /**
   * The place of an offset in `text`; for a value that a function gave, the place of its `{{`. Only the file, where the
   * file was evaluated before its templates and the place is not known.
   */
  readonly positionAt: (offset: number) => FilePosition;
  readonly failAt: FailAt;
}

/** A stretch of the result: copied from `start` in the source, or the value of the action that begins there. */
interface Segment {
  readonly start: number;
  readonly text: string;
  readonly isCopied: boolean;
}

/**
 * Renders a Go text/template (calls of functions, variables and `if` only) in one pass: what a function returns is
 * never looked at again, even if it has `{{` in it.
 *
 * @param positionAt the place in the file of an offset in the source; counted in the source itself when left out
 * @throws ConfigError with line and column for anything wrong in the template, and for a function without a value;
 * other errors of the functions pass through
 */
export async function renderTemplate(
  source: string,
  file: string,
  known: KnownFunctions,
  positionAt: (offset: number) => LineColumn | undefined = indexLines(source),
): Promise<RenderedText> {
  const segments: Segment[] = [];
  const renderedStarts: number[] = [];
  let text = "";
  const fail = failIn((offset) => ({ file, ...positionAt(offset) }));
  const parts = new TemplateParser(source, known, fail).parse();
  for await (const segment of renderParts(parts)) {
    if (segment.text === "") continue;
    renderedStarts.push(text.length);
    segments.push(segment);
    text += segment.text;
    // Checked on the way: nothing else limits what a template makes.
    checkSize(text, file, { kind: "rendered" });
  }
  const sourceOffset = (offset: number) => {
    const index = findLastAtOrBefore(renderedStarts, offset);
    const { start, isCopied } = segments[index] ?? { start: 0, isCopied: false };
    return start + (isCopied ? offset - renderedStarts[index]! : 0);
  };
  const renderedPosition = (offset: number) => ({ file, ...positionAt(sourceOffset(offset)) });
  return { text, positionAt: renderedPosition, failAt: failIn(renderedPosition) };
}

async function* renderParts(parts: readonly Part[]): AsyncGenerator<Segment> {
  for (const part of parts) {
    const { start } = part;
    if ("text" in part) yield { start, text: part.text, isCopied: true };
    else if ("branches" in part) {
      for (const { condition, parts } of part.branches) {
        if (condition !== undefined && !isTrue(await condition())) continue;
        yield* renderParts(parts);
        break;
      }
    } else {
      const value = await part.evaluate();
      if (!part.isAssignment) yield { start, text: String(value), isCopied: false };
    }
  }
}

/** A piece of a template, which begins at `start`: text to copy, an action, or an `if`. */
type Part =
  | { readonly start: number; readonly text: string }
  | { readonly start: number; readonly evaluate: Evaluate; readonly isAssignment: boolean }
  | { readonly start: number; readonly branches: readonly Branch[] };

/** Rendered if the condition holds and no earlier one did; without a condition, in all other cases. */
interface Branch {
  readonly condition: Evaluate | undefined;
  readonly parts: readonly Part[];
}

const TRIM_LEFT = /-[ \t\r\n]/y;
const COMMENT_END = /\*\/(\}\}|[ \t\r\n]-\}\}[ \t\r\n]*)?/g;

/** Parses everything before it evaluates anything, so that a call of an unknown function is refused first, as in Go. */
class TemplateParser {
  #at = 0;
  readonly #variables: Variable[] = [];

  constructor(private readonly source: string, private readonly known: KnownFunctions, private readonly fail: FailAt) {}

  parse(): readonly Part[] {
    const { parts, stop } = this.#parseParts(0);
    if (stop === undefined) return parts;
    const { action, keyword } = stop;
    if (keyword.text === "end") action.end();
    return this.fail({ code: "noIf", kind: keyword.text as "else" | "end" }, keyword.start);
  }

  /** Parses up to the end, or to an `else` or `end` (`stop`), which the enclosing `if` handles. */
  #parseParts(depth: number): { parts: readonly Part[]; stop?: { action: ActionParser; keyword: Token } } {
    const parts: Part[] = [];
    for (;;) {
      const start = this.#at;
      const open = this.source.indexOf("{{", start);
      const trimsLeft = open !== -1 && matchAt(TRIM_LEFT, this.source, open + 2) !== undefined;
      const textEnd = trimsLeft ? skipSpaceBackwards(this.source, open, start) : open;
      parts.push({ start, text: this.source.slice(start, open === -1 ? undefined : textEnd) });
      if (open === -1) return { parts };

      const contentStart = open + (trimsLeft ? 4 : 2);
      if (this.source.startsWith("/*", contentStart)) {
        this.#at = findCommentEnd(this.source, contentStart, this.fail);
        continue;
      }
      const tokens = lexAction(this.source, open, contentStart, this.fail);
      const action = new ActionParser(this.source, tokens, this.known, this.#variables, this.fail);
      this.#at = tokens.end;
      const keyword = action.takeKeyword();
      if (keyword === undefined) parts.push({ start: open, ...action.parseStatement() });
      else if (keyword.text === "if") parts.push(this.#parseIf(action, open, depth));
      else return { parts, stop: { action, keyword } };
    }
  }

  #parseIf(first: ActionParser, start: number, depth: number): Part {
    if (depth >= DEEPEST_NESTING) return this.fail({ code: "tooManyNested", kind: "ifs" }, start);
    const outerVariables = this.#variables.length;
    const branches: Branch[] = [];
    for (let condition: Evaluate | undefined = first.parseStatement().evaluate;;) {
      // The variables of a condition are visible in the branches after it, too.
      const branchVariables = this.#variables.length;
      const { parts, stop } = this.#parseParts(depth + 1);
      branches.push({ condition, parts });
      if (stop === undefined) return this.fail({ code: "ifNotClosed" }, start);
      const { action, keyword } = stop;
      const isEnd = keyword.text === "end";
      this.#variables.length = isEnd ? outerVariables : branchVariables;
      if (!isEnd && condition === undefined) return this.fail({ code: "noIf", kind: "else" }, keyword.start);
      condition = !isEnd && action.takeKeyword()?.text === "if" ? action.parseStatement().evaluate : undefined;
      if (condition === undefined) action.end();
      if (isEnd) return { start, branches };
    }
  }
}

function findCommentEnd(source: string, start: number, fail: FailAt): number {
  COMMENT_END.lastIndex = start + 2;
  const match = COMMENT_END.exec(source);
  if (match === null) return fail({ code: "commentNotClosed" }, start);
  if (match[1] === undefined) return fail({ code: "commentEnd" }, match.index);
  return COMMENT_END.lastIndex;
}

function skipSpaceBackwards(text: string, offset: number, limit: number): number {
  while (offset > limit && " \t\r\n".includes(text[offset - 1]!)) offset--;
  return offset;
}
