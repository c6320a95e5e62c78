import { ConfigError } from "../../errors.ts";
import type { LineColumn } from "../index_lines.ts";
import { type Fail, lexAction, matchAt } from "./lex_action.ts";
import { ActionParser, DEEPEST_NESTING, type KnownFunctions, type Statement } from "./parse_action.ts";

/** A stretch of the source: text to copy (`start` to `end`), or an action. */
export type Part =
  | { readonly kind: "text"; readonly start: number; readonly end: number }
  | { readonly kind: "action"; readonly start: number; readonly statement: Statement }
  | { readonly kind: "if"; readonly start: number; readonly branches: readonly Branch[] };

/** What stands there when the condition is true and none before it was; without a condition: in all other cases. */
interface Branch {
  readonly condition: Statement | undefined;
  readonly parts: readonly Part[];
}

const TRIM_LEFT = /-[ \t\r\n]/y;
const SPACE = /[ \t\r\n]*/y;
const COMMENT_END = /\*\/((?:[ \t\r\n]-)?\}\})?/g;

/**
 * Parses a Go text/template of which calls of functions, variables and `if` are supported.
 *
 * @param known the functions there are; a call of another one is refused before any of them runs, as in Go
 * @throws ConfigError with line and column
 */
export function parseTemplate(
  source: string,
  file: string,
  known: KnownFunctions,
  positionAt: (offset: number) => LineColumn | undefined,
): readonly Part[] {
  const fail: Fail = (problem, offset) => {
    throw new ConfigError(problem, { file, ...positionAt(offset) });
  };
  const blocks = new OpenBlocks(fail);
  let textStart = 0;
  for (let open = source.indexOf("{{"); open !== -1; open = source.indexOf("{{", textStart)) {
    const trimsLeft = matchAt(TRIM_LEFT, source, open + 2) !== undefined;
    const textEnd = trimsLeft ? skipSpaceBackwards(source, open, textStart) : open;
    blocks.add({ kind: "text", start: textStart, end: textEnd });

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
  blocks.add({ kind: "text", start: textStart, end: source.length });
  return blocks.close();
}

interface OpenIf {
  readonly start: number;
  readonly branches: { condition: Statement | undefined; parts: Part[] }[];
  /** How many variables there were before it. */
  readonly variables: number;
  /** The same for the branch that is being read: those of its condition are there in the branches after it, too. */
  branchVariables: number;
}

class OpenBlocks {
  readonly #whole: Part[] = [];
  readonly #open: OpenIf[] = [];
  #variables: string[] = [];

  constructor(private readonly fail: Fail) {}

  get variables(): readonly string[] {
    return this.#variables;
  }

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
        this.add({ kind: "action", start, statement: this.#declared(action.parseStatement()) });
    }
  }

  close(): readonly Part[] {
    const open = this.#open.at(-1);
    if (open !== undefined) this.fail("this {{ if }} is never closed by {{ end }}", open.start);
    return this.#whole;
  }

  #begin(action: ActionParser, start: number): void {
    if (this.#open.length >= DEEPEST_NESTING) this.fail("the ifs are nested too deeply", start);
    const variables = this.#variables.length;
    const condition = this.#declared(action.parseStatement());
    this.#open.push({
      start,
      branches: [{ condition, parts: [] }],
      variables,
      branchVariables: this.#variables.length,
    });
  }

  #otherwise(action: ActionParser, at: number): void {
    const open = this.#open.at(-1);
    if (open === undefined || open.branches.at(-1)?.condition === undefined) {
      return this.fail("there is no {{ if }} for this {{ else }}", at);
    }
    this.#variables.length = open.branchVariables;
    const isConditional = action.takeKeyword()?.text === "if";
    const condition = isConditional ? this.#declared(action.parseStatement()) : undefined;
    if (!isConditional) action.end();
    open.branches.push({ condition, parts: [] });
    open.branchVariables = this.#variables.length;
  }

  #end(at: number): void {
    const open = this.#open.pop();
    if (open === undefined) return this.fail("there is no {{ if }} for this {{ end }}", at);
    this.#variables.length = open.variables;
    this.add({ kind: "if", start: open.start, branches: open.branches });
  }

  #declared(statement: Statement): Statement {
    if (statement.variable?.isNew) this.#variables.push(statement.variable.name);
    return statement;
  }
}

function readComment(source: string, start: number, fail: Fail): { end: number; trimsRight: boolean } {
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
