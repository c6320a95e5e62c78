/** Reads the project's documents in Markdown, for tests. */

const ROOT = new URL("../", import.meta.url);
const TRANSCRIPTS = new URL("tests/transcripts/", ROOT);

/** The documents at the top and those of `docs` and `.github`, as paths from the root of the repository. */
export async function documents(): Promise<string[]> {
  const namesIn = (folder: string) => Array.fromAsync(Deno.readDir(new URL(folder, ROOT)), ({ name }) => folder + name);
  const names = await Promise.all(["./", "docs/", ".github/"].map(namesIn));
  return names.flat().filter((name) => name.endsWith(".md")).map((name) => name.replace(/^\.\//, "")).toSorted();
}

/** @param file from the root of the repository */
export function readDocument(file: string): Promise<string> {
  return Deno.readTextFile(new URL(file, ROOT));
}

/** Whether there is such a file or folder. @param path from the root of the repository */
export async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(new URL(path, ROOT));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The transcripts, by file name. */
export async function readTranscripts(): Promise<Map<string, string>> {
  const names = await Array.fromAsync(Deno.readDir(TRANSCRIPTS), ({ name }) => name);
  const wanted = names.filter((name) => name.endsWith(".txt"));
  return new Map(
    await Promise.all(
      wanted.map(async (name) => [name, await Deno.readTextFile(new URL(name, TRANSCRIPTS))] as const),
    ),
  );
}

/** The code blocks in one language, without the indentation that they have in a list. */
export function codeBlocks(text: string, language: string): string[] {
  return [...text.matchAll(new RegExp(`^( *)\`\`\`${language}\\n([^]*?)^ *\`\`\`$`, "gm"))].map(([, indent, block]) =>
    block!.split("\n").map((line) => line.slice(indent!.length)).join("\n")
  );
}

/** The texts in single backticks, in paragraphs and tables. */
export function codeSpans(text: string): string[] {
  const prose = withoutCode(text.split("\n")).join("\n");
  return [...prose.matchAll(/(?<!`)`([^`]+)`(?!`)/g)].map(([, span]) => span!.replace(/\s+/g, " "));
}

/** Whether a block shows what was written to a stream: all of it, or without some lines where a line is `...`. */
export function shows(block: readonly string[], stream: string): boolean {
  const parts = `\n${block.join("\n")}\n`.split(/(?<=\n)\.\.\.(?=\n)/);
  const text = `\n${stream.trimEnd()}\n`;
  let end = 0;
  for (const [index, part] of parts.entries()) {
    const start = text.indexOf(part, Math.max(0, end - 1));
    if (start < 0 || (index === 0 && start > 0)) return false;
    end = start + part.length;
  }
  return end === text.length || block.at(-1) === "...";
}

/** The text below a heading, up to the next one that is not below it. @throws Error when there is no such heading */
export function sectionOf(text: string, heading: string): string {
  const lines = text.split("\n");
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`there is no section ${heading}`);
  const level = heading.indexOf(" ");
  const isOutside = (line: string) => /^#+ /.test(line) && line.indexOf(" ") <= level;
  const length = withoutCode(lines.slice(start + 1)).findIndex(isOutside);
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join("\n");
}

/** The anchors of a document's headings, as GitHub names them. */
export function anchorsOf(text: string): Set<string> {
  const headings = withoutCode(text.split("\n")).filter((line) => /^#+ /.test(line));
  return new Set(headings.map((heading) => anchorOf(heading.replace(/^#+ /, ""))));
}

/** GitHub's rule for anchors: lower case in any script, `-` for each space, no punctuation and no backticks. */
export function anchorOf(heading: string): string {
  return heading.toLowerCase().replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, "").replaceAll(" ", "-");
}

/**
 * Where a document's links within the repository lead: the file, and the heading where there is one. Links above its
 * root lead to GitHub's own pages about it, such as `../../releases`.
 */
export function linksOf(file: string, text: string): { readonly file: string; readonly anchor: string | undefined }[] {
  return [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)].flatMap(([, target]) => {
    const [path = "", anchor] = target!.split("#");
    const url = path === "" ? new URL(file, ROOT) : new URL(path, new URL(file, ROOT));
    return url.href.startsWith(ROOT.href) ? [{ file: url.href.slice(ROOT.href.length), anchor }] : [];
  });
}

/** The same lines with those of code blocks empty: a comment in a script is no heading. */
function withoutCode(lines: readonly string[]): string[] {
  let isCode = false;
  return lines.map((line) => {
    const isFence = /^ *```/.test(line);
    if (isFence) isCode = !isCode;
    return isFence || isCode ? "" : line;
  });
}
