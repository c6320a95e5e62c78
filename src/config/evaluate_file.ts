import { type RenderedText, renderTemplate } from "./template/render_template.ts";
import { checkSize, stripByteOrderMark } from "./files/user_files.ts";
import { indexLines, type LineColumn } from "./files/positions.ts";
import { evaluateJsonnet, type JsonnetTools } from "./jsonnet/evaluate_jsonnet.ts";
import type { FileKind } from "../problems.ts";
import type { FunctionTable } from "./template/template_functions.ts";

/** A file of the user's as it was read, before Jsonnet and templates. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/**
 * Turns a file into plain YAML or JSON: Jsonnet first, when its name ends in `.jsonnet`, then its templates.
 *
 * @returns the text, which knows where in the file it came from; after Jsonnet, only for templates
 * @throws ConfigError with the place in the file; what the functions throw
 */
export async function evaluateFile(
  { path, text }: SourceFile,
  kind: FileKind,
  functions: FunctionTable,
  tools: JsonnetTools,
): Promise<RenderedText> {
  checkSize(text, path, { kind });
  const source = stripByteOrderMark(text);
  if (!/\.jsonnet$/i.test(path)) return await renderTemplate(source, path, functions);
  const evaluated = await evaluateJsonnet(source, path, functions, tools);
  checkSize(evaluated, path, { kind: "evaluated" });
  return await renderTemplate(evaluated, path, functions, findActions(evaluated, source));
}

/** Finds the actions of Jsonnet's output in the file, by their text: Jsonnet rarely changes it. */
function findActions(evaluated: string, source: string): (offset: number) => LineColumn | undefined {
  const positionAt = indexLines(source);
  return (offset) => {
    const start = evaluated.lastIndexOf("{{", offset);
    const close = start === -1 ? -1 : evaluated.indexOf("}}", start);
    if (close === -1 || close + 2 <= offset) return undefined;
    const found = source.indexOf(evaluated.slice(start, close + 2));
    return found === -1 ? undefined : positionAt(found + offset - start);
  };
}
