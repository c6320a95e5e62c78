import type { FilePosition } from "../../problems.ts";
import { checkSize, type FailAt, failIn, findLastAtOrBefore, indexLines, type LineColumn } from "../user_files.ts";
import { lexAction, matchAt } from "./lex_action.ts";
import { ActionParser, DEEPEST_NESTING, type Variable } from "./parse_action.ts";
import { type Evaluate, type FunctionTable, isTrue } from "./template_functions.ts";

/** A template's result, which still knows where in the file each part of it came from. */
export interface RenderedText {
  readonly text: string;
  /**
   * The place of an offset in `text`; of a value that a function gave: the place of its `{{`. It is only the file when
   * that was evaluated before its templates, and where this came from is not known.
   */
  readonly positionAt: (offset: number) => FilePosition;
  readonly failAt: FailAt;
}

interface TemplateOptions extends Partial<Pick<FunctionTable, "explainUnknown">> {
  /** The place in the file of an offset in the source; counted in the source itself when left out. */
  readonly positionAt?: (offset: number) => LineColumn | undefined;
}

/** A stretch of the result: copied from `start` in the source on, or, when not copied, the value of the action there. */
interface Segment {
  readonly start: number;
  readonly text: string;
  readonly isCopied: boolean;
}

/**
 * Renders a Go text/template, of which calls of functions, variables and `if` are supported, in one pass: what a function
 * returns is never looked at again, even if it has `{{` in it.
 *
 * @throws ConfigError with line and column for anything wrong in the template, and for a function without a value;
 *   other errors of the functions pass through
 */
export async function renderTemplate(
  source: string,
  file: string,
  functions: FunctionTable["functions"],
  { positionAt = indexLines(source), explainUnknown = () => undefined }: TemplateOptions = {},
): Promise<RenderedText> {
  const segments: Segment[] = [];
  const renderedStarts: number[] = [];
  let text = "";
  const parts = parseTemplate(
    source,
    { functions, explainUnknown },
    failIn((offset) => ({ file, ...positionAt(offset) })),
  );
  for await (const segment of renderParts(parts)) {
    if (segment.text === "") continue;
    renderedStarts.push(text.length);
    segments.push(segment);
    text += segment.text;
    // Before it is whole: what a template makes has no bound of its own.
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
    else if ("branches" in part) yield* renderParts(await choose(part));
    else {
      const value = await part.evaluate();
      if (!part.isAssignment) yield { start, text: String(value), isCopied: false };
    }
  }
}

/** The parts of the branch that counts. */
async function choose({ branches }: Extract<Part, { branches: unknown }>): Promise<readonly Part[]> {
  for (const { condition, parts } of branches) {
    if (condition === undefined || isTrue(await condition())) return parts;
  }
  return [];
}

/** A piece of a template, which begins at `start`: text to copy, an action, or an `if`. */
type Part =
  | { readonly start: number; readonly text: string }
  | { readonly start: number; readonly evaluate: Evaluate; readonly isAssignment: boolean }
  | { readonly start: number; readonly branches: readonly Branch[] };

/** What stands there when the condition is true and none before it was; without a condition: in all other cases. */
interface Branch {
  readonly condition: Evaluate | undefined;
  readonly parts: Part[];
}

const TRIM_LEFT = /-[ \t\r\n]/y;
const COMMENT_END = /\*\/(\}\}|[ \t\r\n]-\}\}[ \t\r\n]*)?/g;

/** Parses the whole before any of it is evaluated, so that a call of an unknown function is refused first, as in Go. */
function parseTemplate(
  source: string,
  known: Pick<FunctionTable, "functions" | "explainUnknown">,
  fail: FailAt,
): readonly Part[] {
  const blocks = new OpenBlocks(fail);
  let textStart = 0;
  for (let open = source.indexOf("{{"); open !== -1; open = source.indexOf("{{", textStart)) {
    const trimsLeft = matchAt(TRIM_LEFT, source, open + 2) !== undefined;
    const textEnd = trimsLeft ? skipSpaceBackwards(source, open, textStart) : open;
    blocks.add({ start: textStart, text: source.slice(textStart, textEnd) });

    const contentStart = open + (trimsLeft ? 4 : 2);
    if (source.startsWith("/*", contentStart)) {
      textStart = findCommentEnd(source, contentStart, fail);
    } else {
      const action = lexAction(source, open, contentStart, fail);
      blocks.take(new ActionParser(source, action, known, blocks.variables, fail), open);
      textStart = action.end;
    }
  }
  blocks.add({ start: textStart, text: source.slice(textStart) });
  return blocks.close();
}

interface OpenIf {
  readonly start: number;
  readonly branches: Branch[];
  /** How many variables there were before it. */
  readonly outerVariables: number;
  /** The same for the branch that is being read: those of its condition are there in the branches after it, too. */
  branchVariables: number;
}

class OpenBlocks {
  readonly variables: Variable[] = [];
  readonly #whole: Part[] = [];
  readonly #open: OpenIf[] = [];

  constructor(private readonly fail: FailAt) {}

  add(part: Part): void {
    (this.#open.at(-1)?.branches.at(-1)?.parts ?? this.#whole).push(part);
  }

  /** Takes an action, which begins at `start`. */
  take(action: ActionParser, start: number): void {
    const keyword = action.takeKeyword();
    switch (keyword?.text) {
      case "if":
        return this.#begin(action, start);
      case "else":
        return this.#otherwise(action, keyword.start);
      case "end":
        action.end();
        return this.#end(keyword.start);
      default:
        this.add({ start, ...action.parseStatement() });
    }
  }

  close(): readonly Part[] {
    const open = this.#open.at(-1);
    if (open !== undefined) this.fail({ code: "ifNotClosed" }, open.start);
    return this.#whole;
  }

  #begin(action: ActionParser, start: number): void {
    if (this.#open.length >= DEEPEST_NESTING) this.fail({ code: "tooManyNested", kind: "ifs" }, start);
    const outerVariables = this.variables.length;
    const branches = [{ condition: action.parseStatement().evaluate, parts: [] }];
    this.#open.push({ start, branches, outerVariables, branchVariables: this.variables.length });
  }

  #otherwise(action: ActionParser, at: number): void {
    const open = this.#open.at(-1);
    if (open === undefined || open.branches.at(-1)?.condition === undefined) {
      return this.fail({ code: "noIf", kind: "else" }, at);
    }
    this.variables.length = open.branchVariables;
    const isConditional = action.takeKeyword()?.text === "if";
    const condition = isConditional ? action.parseStatement().evaluate : undefined;
    if (!isConditional) action.end();
    open.branches.push({ condition, parts: [] });
    open.branchVariables = this.variables.length;
  }

  #end(at: number): void {
    const open = this.#open.pop();
    if (open === undefined) return this.fail({ code: "noIf", kind: "end" }, at);
    this.variables.length = open.outerVariables;
    this.add({ start: open.start, branches: open.branches });
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
