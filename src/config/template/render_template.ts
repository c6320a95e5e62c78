import { ConfigError } from "../../errors.ts";
import { checkSize, LONGEST_TEXT } from "../user_files.ts";
import { findLastAtOrBefore, indexLines, type LineColumn } from "../index_lines.ts";
import { LOGIC_FUNCTIONS } from "./logic_functions.ts";
import type { Call, Operand, Pipeline, Statement } from "./parse_action.ts";
import { parseTemplate, type Part } from "./parse_template.ts";
import {
  type FunctionTable,
  isTrue,
  type TemplateFunction,
  type TemplateValue,
  TemplateValueError,
  writeGoJson,
} from "./template_function.ts";

/** A template's result, which still knows where in the file each part of it came from. */
export interface RenderedText {
  readonly text: string;
  /**
   * The place in the file of an offset in `text`; of a value that a function gave: the place of its `{{`. `undefined`
   * when the file was evaluated before its templates, and where this came from is not known.
   */
  positionAt(offset: number): LineColumn | undefined;
}

interface TemplateOptions {
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
 * @throws ConfigError with line and column for anything wrong in the template, and for a function without a value;
 *   other errors of the functions pass through
 */
export async function renderTemplate(
  source: string,
  file: string,
  functions: Readonly<Record<string, TemplateFunction>>,
  { positionAt = indexLines(source), explainUnknown = () => undefined }: TemplateOptions = {},
): Promise<RenderedText> {
  const evaluation: Evaluation = { file, functions, positionAt, variables: [] };
  const segments: Segment[] = [];
  const renderedStarts: number[] = [];
  let text = "";
  const known = { names: Object.keys(functions), builtIn: Object.keys(LOGIC_FUNCTIONS), explainUnknown };
  const parts = parseTemplate(source, file, known, positionAt);
  for await (const { rendered, ...segment } of renderParts(parts, source, evaluation)) {
    if (rendered === "") continue;
    renderedStarts.push(text.length);
    segments.push(segment);
    text += rendered;
    // Before it is whole: what a template makes has no bound of its own.
    checkSize(text, file, "once its templates are filled in");
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
  /** Of those of the same name the last one counts. */
  readonly variables: { readonly name: string; value: TemplateValue }[];
  positionAt(offset: number): LineColumn | undefined;
}

interface RenderedSegment extends Segment {
  readonly rendered: string;
}

async function* renderParts(
  parts: readonly Part[],
  source: string,
  evaluation: Evaluation,
): AsyncGenerator<RenderedSegment> {
  for (const part of parts) {
    if (part.kind === "text") {
      yield { rendered: source.slice(part.start, part.end), sourceStart: part.start, isCopied: true };
    } else if (part.kind === "action") {
      const value = await evaluateStatement(part.statement, evaluation);
      const rendered = part.statement.variable ? "" : String(value);
      yield { rendered, sourceStart: part.start, isCopied: false };
    } else {
      const { length } = evaluation.variables;
      yield* renderParts(await choose(part, evaluation), source, evaluation);
      // What was declared between `if` and `end` is gone after it.
      evaluation.variables.length = length;
    }
  }
}

/** The parts of the branch that counts. */
async function choose({ branches }: Part & { kind: "if" }, evaluation: Evaluation): Promise<readonly Part[]> {
  for (const { condition, parts } of branches) {
    if (condition === undefined || isTrue(await evaluateStatement(condition, evaluation))) return parts;
  }
  return [];
}

async function evaluateStatement({ pipeline, variable }: Statement, evaluation: Evaluation): Promise<TemplateValue> {
  const value = await evaluatePipeline(pipeline, evaluation);
  if (variable?.isNew) evaluation.variables.push({ name: variable.name, value });
  else if (variable) variableIn(evaluation, variable.name).value = value;
  return value;
}

function variableIn({ variables }: Evaluation, name: string) {
  const variable = variables.findLast((one) => one.name === name);
  if (!variable) throw new Error(`${name} was not looked for when the template was parsed`);
  return variable;
}

async function evaluatePipeline({ first, rest }: Pipeline, evaluation: Evaluation): Promise<TemplateValue> {
  let value = first.kind === "call" ? await evaluateCall(first, [], evaluation) : await evaluate(first, evaluation);
  for (const call of rest) value = await evaluateCall(call, [value], evaluation);
  return value;
}

async function evaluate(operand: Operand, evaluation: Evaluation): Promise<TemplateValue> {
  if (operand.kind === "literal") return operand.value;
  if (operand.kind === "variable") return variableIn(evaluation, operand.name).value;
  return await evaluatePipeline(operand, evaluation);
}

async function evaluateCall(
  call: Call,
  piped: readonly TemplateValue[],
  evaluation: Evaluation,
): Promise<TemplateValue> {
  try {
    return await valueOf(call, piped, evaluation);
  } catch (error) {
    if (!(error instanceof TemplateValueError)) throw error;
    const callOnOneLine = call.source.replaceAll(/\s+/g, " ");
    const areArgumentsWritten = piped.length === 0 && call.args.every(({ kind }) => kind === "literal");
    const detail = areArgumentsWritten && error.detail !== undefined ? `: ${error.detail}` : "";
    throw new ConfigError(`${callOnOneLine}: ${error.message}${detail}`, {
      file: evaluation.file,
      ...evaluation.positionAt(call.start),
    });
  }
}

async function valueOf(call: Call, piped: readonly TemplateValue[], evaluation: Evaluation): Promise<TemplateValue> {
  const args = [
    ...call.args.map((arg) => () => evaluate(arg, evaluation)),
    ...piped.map((value) => () => Promise.resolve(value)),
  ];
  const answer = Object.hasOwn(evaluation.functions, call.name) ? evaluation.functions[call.name] : undefined;
  if (answer === undefined) return await LOGIC_FUNCTIONS[call.name]!(args);
  const texts: string[] = [];
  for (const arg of args) texts.push(String(await arg()));
  const value = await answer(texts);
  const text = typeof value === "string" ? value : writeGoJson(value);
  if (text.length > LONGEST_TEXT) throw new TemplateValueError("its value is too large");
  return text;
}
