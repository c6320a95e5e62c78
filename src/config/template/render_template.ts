import { ConfigError } from "../../errors.ts";
import { findLastAtOrBefore } from "../find_last_at_or_before.ts";
import { indexLines, type LineColumn } from "../index_lines.ts";
import { type Call, type Operand, parseTemplate, type Pipeline } from "./parse_template.ts";
import { type FunctionTable, type TemplateFunction, TemplateValueError } from "./template_function.ts";
import { writeGoJson } from "./write_go_json.ts";

/** A template's result, which still knows where in the file each part of it came from. */
export interface RenderedText {
  readonly text: string;
  /**
   * The place in the file of an offset in `text`; of a value that a function gave: the place of its `{{`. `undefined`
   * when the file was evaluated before its templates, and where this came from is not known.
   */
  positionAt(offset: number): LineColumn | undefined;
}

/** What there is to say about a template besides its text. */
export interface TemplateOptions {
  /** The place in the file of an offset in the source; counted in the source itself when left out. */
  readonly positionAt?: (offset: number) => LineColumn | undefined;
  readonly explainUnknown?: FunctionTable["explainUnknown"];
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
  { positionAt = indexLines(source), explainUnknown = () => undefined }: TemplateOptions = {},
): Promise<RenderedText> {
  const evaluation: Evaluation = { file, functions, positionAt };
  const segments: Segment[] = [];
  const renderedStarts: number[] = [];
  let text = "";
  for (const part of parseTemplate(source, file, { names: Object.keys(functions), explainUnknown }, positionAt)) {
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
  positionAt(offset: number): LineColumn | undefined;
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
    const value = await evaluation.functions[call.name]!([...args, ...piped]);
    return typeof value === "string" ? value : writeGoJson(value);
  } catch (error) {
    if (!(error instanceof TemplateValueError)) throw error;
    const callOnOneLine = call.source.replaceAll(/\s+/g, " ");
    const areArgumentsWritten = piped.length === 0 && call.args.every(({ kind }) => kind === "string");
    const detail = areArgumentsWritten && error.detail !== undefined ? `: ${error.detail}` : "";
    throw new ConfigError(`${callOnOneLine}: ${error.message}${detail}`, {
      file: evaluation.file,
      ...evaluation.positionAt(call.start),
    });
  }
}
