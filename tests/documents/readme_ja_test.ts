import assert from "node:assert/strict";
import { type Node, Parser } from "commonmark";
import { readDocument } from "../documents.ts";

/**
 * README.ja.md says in Japanese what README.md says: a change of the one is a change of the other. That its sessions
 * are real and its links lead somewhere is in links_and_sessions_test.ts, as for all documents.
 */

const ENGLISH = await readSections("README.md");
const JAPANESE = await readSections("README.ja.md");

/** What stands between a heading and the next one, whatever their levels. */
interface Section {
  readonly level: number;
  readonly heading: string;
  /** Its paragraphs, items, code blocks, comments and tables, in their order. */
  readonly blocks: Block[];
  /** What is set as code in its text, each once. */
  readonly codes: Set<string>;
  readonly links: string[];
  /** Its text outside of code, in pieces. */
  readonly texts: string[];
}

interface Block {
  readonly kind: string;
  /** Of code and comments, which are the same in all languages. */
  readonly literal?: string;
  /** Of a table: the number of cells in each row. */
  readonly cells?: readonly number[];
}

async function readSections(file: string): Promise<Section[]> {
  const text = await readDocument(file);
  const lines = text.split("\n");
  const sections: Section[] = [];
  const walker = new Parser().parse(text).walker();
  for (let step = walker.next(); step !== null; step = walker.next()) {
    const { node } = step;
    if (!step.entering) continue;
    if (node.type === "heading") {
      const heading = plainText(node);
      sections.push({
        level: node.level,
        heading,
        blocks: [],
        codes: new Set(),
        links: [],
        texts: [],
      });
    } else if (node.type !== "document") addTo(sections.at(-1)!, node, lines);
  }
  return sections;
}

function addTo(section: Section, node: Node, lines: readonly string[]): void {
  if (node.type === "code") section.codes.add(node.literal!);
  else if (node.type === "link") section.links.push(decodeURIComponent(node.destination!));
  else if (node.type === "text") section.texts.push(node.literal!);
  else if (node.type === "code_block") section.blocks.push({ kind: `code ${node.info}`, literal: node.literal! });
  else if (node.type === "html_block") section.blocks.push({ kind: "comment", literal: node.literal! });
  else if (node.type === "list") section.blocks.push({ kind: `${node.listType} list` });
  else if (node.type === "item") section.blocks.push({ kind: "item" });
  else if (node.type === "paragraph") {
    const [[start], [end]] = node.sourcepos;
    const own = lines.slice(start - 1, end);
    // Tables are GitHub's: to CommonMark they are paragraphs.
    const isTable = own[0]!.startsWith("|");
    const cells = own.map((line) => line.split(/(?<!\\)\|/).length - 2);
    section.blocks.push(isTable ? { kind: "table", cells } : { kind: "paragraph" });
  }
}

function plainText(node: Node): string {
  const parts: string[] = [];
  for (let child = node.firstChild; child !== null; child = child.next) parts.push(child.literal ?? plainText(child));
  return parts.join("");
}

Deno.test("the README in Japanese has the headings of the English one, level by level", () => {
  assert.ok(ENGLISH.length >= 6);
  const levels = (sections: readonly Section[]) => sections.map(({ level }) => level);
  assert.deepEqual(levels(JAPANESE), levels(ENGLISH));
});

Deno.test("each section in Japanese is built as in English, with the same blocks of code and tables of options", () => {
  for (const [index, { heading, blocks }] of ENGLISH.entries()) {
    assert.deepEqual(JAPANESE[index]?.blocks, blocks, heading);
  }
});

Deno.test("each section in Japanese names the same options, files and values", () => {
  for (const [index, { heading, codes }] of ENGLISH.entries()) {
    assert.deepEqual([...JAPANESE[index]!.codes].sort(), [...codes].sort(), heading);
  }
});

Deno.test("each section in Japanese has the same links, but for the one to the other language", () => {
  const linksOf = ({ links }: Section) => links.filter((link) => !/^README(?:\.ja)?\.md$/.test(link)).sort();
  for (const [index, section] of ENGLISH.entries()) {
    assert.deepEqual(linksOf(JAPANESE[index]!), linksOf(section), section.heading);
  }
});

Deno.test("the two READMEs link to each other at the top", () => {
  assert.equal(ENGLISH[0]!.links[0], "README.ja.md");
  assert.equal(JAPANESE[0]!.links[0], "README.md");
});

Deno.test("no mark of emphasis or code is left in the Japanese text", () => {
  // Next to Japanese punctuation, which no space follows, `**` often opens or closes nothing.
  for (const { heading, texts } of JAPANESE) {
    for (const text of texts) assert.doesNotMatch(text, /\*\*|`/, heading);
  }
});
