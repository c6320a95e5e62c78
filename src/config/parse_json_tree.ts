import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { failIn } from "./settings.ts";
import type { RenderedText } from "./template/render_template.ts";

/**
 * Parses JSON with comments and trailing commas, which Kayac's ecspresso takes too (it evaluates JSON as Jsonnet).
 *
 * @returns the root node, its offsets in the rendered text
 * @throws ConfigError with line and column, without any text of the file, when it is no JSON
 */
export function parseJsonTree(rendered: RenderedText, file: string): Node {
  const failAt = failIn(file, rendered);
  const errors: ParseError[] = [];
  const root = parseOrUndefined(rendered.text, errors);
  const [error] = errors;
  if (error !== undefined) return failAt(`is not valid JSON: ${describe(error)}`, error.offset);
  return root ?? failAt("is nested too deeply", 0);
}

/** `undefined`, without an error, when the parser, which is recursive, ran out of stack. */
function parseOrUndefined(text: string, errors: ParseError[]): Node | undefined {
  try {
    return parseTree(text, errors, { allowTrailingComma: true });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** `CloseBraceExpected` -> `close brace expected`. */
function describe({ error }: ParseError): string {
  return printParseErrorCode(error).replaceAll(/(?!^)[A-Z]/g, " $&").toLowerCase();
}
