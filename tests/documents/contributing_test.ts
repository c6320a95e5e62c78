import assert from "node:assert/strict";
import { codeBlocks, codeSpans, documents, exists, readDocument } from "../documents.ts";

/** What CONTRIBUTING.md names is there, and what is there is on its map. */

const TEXT = await readDocument("CONTRIBUTING.md");
const MAINTAINING = await readDocument("docs/maintaining.md");
const SPANS = codeSpans(MAINTAINING);
const MAP = codeBlocks(TEXT, "text").flatMap((block) =>
  block.match(/(?<![\w/])(?:main\.ts|tools|(?:src|tests)\/[\w/.]*\w)(?![\w/])/g) ?? []
);
const TASKS = Object.keys(JSON.parse(await readDocument("deno.json")).tasks);

function tasksIn(text: string): string[] {
  return [...text.matchAll(/\b(?:deno|deno@[\d.]+) task ([a-z-]+)/g)].map(([, task]) => task!);
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(new URL(`../../${folder}`, import.meta.url)));
  return entries.filter(({ isDirectory }) => isDirectory).map(({ name }) => `${folder}/${name}`);
}

Deno.test("every task that a document names is one of deno.json", async () => {
  for (const file of await documents()) {
    for (const task of tasksIn(await readDocument(file))) {
      assert.ok(TASKS.includes(task), `${file} names deno task ${task}`);
    }
  }
});

Deno.test("every task of deno.json is explained in docs/maintaining.md", () => {
  for (const task of TASKS) {
    assert.match(
      MAINTAINING,
      new RegExp(`^\\| \`deno task ${task}[ \`].*\\| \\w`, "m"),
      `deno task ${task} is not explained`,
    );
  }
});

Deno.test("every path on the map is there", async () => {
  for (const path of MAP) assert.ok(await exists(path), `there is no ${path}`);
});

Deno.test("every room of the program and of its tests is on the map", async () => {
  const rooms = [...await foldersIn("src"), ...await foldersIn("tests")];
  assert.ok(rooms.length >= 15);
  assert.deepEqual(rooms.filter((room) => !MAP.includes(room)), []);
});

Deno.test("the variables that repeat a property test are those that it reads", async () => {
  const source = await readDocument("tests/property/how_often.ts");
  const named = SPANS.flatMap((span) => span.match(/\bFC_[A-Z]+/g) ?? []);
  assert.deepEqual(new Set(named), new Set(["FC_RUNS", "FC_SEED", "FC_PATH"]));
  for (const name of named) assert.ok(source.includes(`"${name}"`), `${name} is not read`);
});

Deno.test("the glossary fits on a screen, and the walk has ten steps", () => {
  const section = (name: string) => TEXT.split(`\n## ${name}\n`)[1]!.split("\n## ")[0]!;
  const rows = section("Glossary").split("\n").filter((line) => line.startsWith("| ")).slice(2);
  assert.ok(rows.length >= 10 && rows.flatMap((row) => row.split("|")[1]!.split(",")).length <= 30);
  assert.deepEqual(
    section("One command through the house").match(/^\d+(?=\. )/gm),
    Array.from({ length: 10 }, (_, index) => `${index + 1}`),
  );
});
