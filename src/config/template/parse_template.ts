import type { FailAt } from "../user_files.ts";
import { lexAction, matchAt } from "./lex_action.ts";
import { ActionParser, DEEPEST_NESTING, type Variable } from "./parse_action.ts";
import type { Evaluate, FunctionTable } from "./template_functions.ts";

/** A piece of a template, which begins at `start`: text to copy, an action, or an `if`. */
export type Part =
  | { readonly start: number; readonly text: string }
  | { readonly start: number; readonly evaluate: Evaluate; readonly isAssignment: boolean }
  | { readonly start: number; readonly branches: readonly Branch[] };

/** What stands there when the condition is true and none before it was; without a condition: in all other cases. */
interface Branch {
  readonly condition: Evaluate | undefined;
  readonly parts: Part[];
}

const TRIM_LEFT = /-[ \t\r\n]/y;
const SPACE = /[ \t\r\n]*/y;
const COMMENT_END = /\*\/((?:[ \t\r\n]-)?\}\})?/g;

/**
 * Parses a Go text/template of which calls of functions, variables and `if` are supported.
 *
 * @param known the functions there are; a call of another one is refused before any of them runs, as in Go
 * @throws what `fail` throws
 */
export function parseTemplate(
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
    let close: { end: number; trimsRight: boolean };
    if (source.startsWith("/*", contentStart)) {
      close = readComment(source, contentStart, fail);
    } else {
      const action = lexAction(source, open, contentStart, fail);
      blocks.take(new ActionParser(source, action, known, blocks.variables, fail), open);
      close = action;
    }
    textStart = close.end + (close.trimsRight ? matchAt(SPACE, source, close.end)!.length : 0);
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
    if (open !== undefined) this.fail("this {{ if }} is never closed by {{ end }}", open.start);
    return this.#whole;
  }

  #begin(action: ActionParser, start: number): void {
    if (this.#open.length >= DEEPEST_NESTING) this.fail("the ifs are nested too deeply", start);
    const outerVariables = this.variables.length;
    const branches = [{ condition: action.parseStatement().evaluate, parts: [] }];
    this.#open.push({ start, branches, outerVariables, branchVariables: this.variables.length });
  }

  #otherwise(action: ActionParser, at: number): void {
    const open = this.#open.at(-1);
    if (open === undefined || open.branches.at(-1)?.condition === undefined) {
      return this.fail("there is no {{ if }} for this {{ else }}", at);
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
    if (open === undefined) return this.fail("there is no {{ if }} for this {{ end }}", at);
    this.variables.length = open.outerVariables;
    this.add({ start: open.start, branches: open.branches });
  }
}

function readComment(source: string, start: number, fail: FailAt): { end: number; trimsRight: boolean } {
  COMMENT_END.lastIndex = start + 2;
  const match = COMMENT_END.exec(source);
  if (match === null) return fail("this comment is never closed by */}}", start);
  const close = match[1];
  if (close === undefined) return fail("a comment ends right before }}: {{/* ... */}}", match.index);
  return { end: COMMENT_END.lastIndex, trimsRight: close.length > 2 };
}

function skipSpaceBackwards(text: string, offset: number, limit: number): number {
  while (offset > limit && " \t\r\n".includes(text[offset - 1]!)) offset--;
  return offset;
}
