import type { FilePosition } from "../../errors.ts";
import { checkSize, type FailAt, failIn, findLastAtOrBefore, indexLines, type LineColumn } from "../user_files.ts";
import { parseTemplate, type Part } from "./parse_template.ts";
import { type FunctionTable, isTrue } from "./template_functions.ts";

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
 * Renders a Go text/template in one pass: what a function returns is never looked at again, even if it has `{{` in it.
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
    checkSize(text, file, "once its templates are filled in");
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
