import { type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { isCommentKey } from "../model/json.ts";
import { type FailAt, failIn } from "./settings.ts";
import type { RenderedText } from "./template/render_template.ts";

/**
 * Parses JSON with comments and trailing commas.
 *
 * @returns the root node, its offsets in the rendered text
 * @throws ConfigError with line and column, without any value of the file, when it is no JSON or has a key twice in one
 *   object: which of the two is meant, nobody can tell
 */
export function parseJsonTree(rendered: RenderedText, file: string): Node {
  const failAt = failIn(file, rendered);
  const errors: ParseError[] = [];
  const root = parseOrUndefined(rendered.text, errors);
  const [error] = errors;
  if (error !== undefined) return failAt(`is not valid JSON: ${describe(error)}`, error.offset);
  if (root === undefined) return failAt("is nested too deeply", 0);
  checkUniqueKeys(root, failAt);
  return root;
}

function checkUniqueKeys(root: Node, failAt: FailAt): void {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const seen = new Set<string>();
    for (const child of node.children ?? []) {
      pending.push(child);
      const [key] = child.type === "property" ? child.children! : [];
      // A comment may be there as often as there is something to say.
      if (key === undefined || isCommentKey(key.value)) continue;
      if (seen.has(key.value)) failAt(`${key.value}: is there twice`, key.offset);
      seen.add(key.value);
    }
  }
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
