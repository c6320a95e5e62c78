import { ConfigError } from "../../errors.ts";
import { findLastAtOrBefore } from "../find_last_at_or_before.ts";
import { indexLines, type LineColumn } from "../index_lines.ts";
import { type Call, type Operand, parseTemplate, type Pipeline } from "./parse_template.ts";
import { type TemplateFunction, TemplateValueError } from "./template_function.ts";

/** A template's result, which still knows where in the file each part of it came from. */
export interface RenderedText {
  readonly text: string;
  /** The place in the file of an offset in `text`; of a value that a function gave: the place of its `{{`. */
  positionAt(offset: number): LineColumn;
}

/** A stretch of the result: copied from `sourceStart` on, or, when not copied, the value of the action there. */
interface Segment {
  readonly sourceStart: number;
  readonly isCopied: boolean;
}

/**
 * Renders a Go text/template in one pass: what a function returns is never looked at again, even if it has `{{` in it.
 *
 * @param file its name, for messages
 * @param functions what the template may call; nothing else can be reached from it
 * @throws ConfigError with line and column for anything wrong in the template, and for a function without a value;
 *   other errors of the functions pass through
 */
export async function renderTemplate(
  source: string,
  file: string,
  functions: Readonly<Record<string, TemplateFunction>>,
): Promise<RenderedText> {
  const positionAt = indexLines(source);
  const evaluation: Evaluation = { file, functions, positionAt };
  const segments: Segment[] = [];
  const renderedStarts: number[] = [];
  let text = "";
  for (const part of parseTemplate(source, file, Object.keys(functions))) {
    const isCopied = part.kind === "text";
    const rendered = isCopied ? source.slice(part.start, part.end) : await evaluatePipeline(part.pipeline, evaluation);
    if (rendered === "") continue;
    renderedStarts.push(text.length);
    segments.push({ sourceStart: part.start, isCopied });
    text += rendered;
  }
  const sourceOffset = (offset: number) => {
    const index = findLastAtOrBefore(renderedStarts, offset);
    const segment = segments[index];
    if (segment === undefined) return 0;
    return segment.sourceStart + (segment.isCopied ? offset - renderedStarts[index]! : 0);
  };
  return { text, positionAt: (offset) => positionAt(sourceOffset(offset)) };
}

interface Evaluation {
  readonly file: string;
  readonly functions: Readonly<Record<string, TemplateFunction>>;
  positionAt(offset: number): LineColumn;
}

async function evaluatePipeline({ first, rest }: Pipeline, evaluation: Evaluation): Promise<string> {
  let value = first.kind === "call" ? await evaluateCall(first, [], evaluation) : await evaluate(first, evaluation);
  for (const call of rest) value = await evaluateCall(call, [value], evaluation);
  return value;
}

async function evaluate(operand: Operand, evaluation: Evaluation): Promise<string> {
  return operand.kind === "string" ? operand.text : await evaluatePipeline(operand, evaluation);
}

async function evaluateCall(call: Call, piped: readonly string[], evaluation: Evaluation): Promise<string> {
  const args: string[] = [];
  for (const arg of call.args) args.push(await evaluate(arg, evaluation));
  try {
    return await evaluation.functions[call.name]!([...args, ...piped]);
  } catch (error) {
    if (!(error instanceof TemplateValueError)) throw error;
    const callOnOneLine = call.source.replaceAll(/\s+/g, " ");
    throw new ConfigError(`${callOnOneLine}: ${error.message}`, {
      file: evaluation.file,
      ...evaluation.positionAt(call.start),
    });
  }
}
