import assert from "node:assert/strict";
import { fileOf, mutate } from "./mutate.ts";
import { RULES } from "./rules.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("each rule of safety is kept by a function that can be broken, and watched by a test", async () => {
  for (const { test, ...mutation } of RULES) {
    mutate(await Deno.readTextFile(new URL(fileOf(mutation), ROOT)), mutation);
    assert.ok((await Deno.stat(new URL(`tests/${test}`, ROOT))).isFile, test);
  }
});

Deno.test("the rules are those of CONTRIBUTING.md, each once, and each paragraph there has one", async () => {
  const page = await Deno.readTextFile(new URL("CONTRIBUTING.md", ROOT));
  const section = /^## Rules of safety\n([\s\S]*?)(?=^## )/m.exec(page)?.[1];
  assert.ok(section !== undefined);
  const bullets = section.split(/^- /m).slice(1).map((bullet) => bullet.replace(/\s+/g, " ").trim());
  for (const { rule } of RULES) assert.ok(bullets.some((bullet) => bullet.includes(rule)), `not there: ${rule}`);
  for (const bullet of bullets) assert.ok(RULES.some(({ rule }) => bullet.includes(rule)), `never broken: ${bullet}`);
  assert.equal(new Set(RULES.map(({ rule }) => rule)).size, RULES.length);
});

const SOURCE = `
export async function* open(
  first: string,
): Thing {
  // Once.
  if (first === "") {
    return close({
      first,
    });
  } else if (close) {
    note(first);
  }
  const opened = first + closed;
  return opened;
}

class Door {
  #open(): void {
    open(this);
  }
}
`;

Deno.test("a function is broken inside, and nothing else is", () => {
  const at = { in: "door.ts open" };
  const only = SOURCE.replace(/class[^]*/, "");
  assert.match(mutate(only, { ...at, returns: "undefined" }), /^\): Thing \{\nreturn undefined;\n\}$/m);
  assert.match(mutate(only, { ...at, drops: "note" }), /\} else if \(close\) \{\n {2}\}\n {2}const opened/);
  assert.match(mutate(only, { ...at, drops: "close" }), /\/\/ Once\.\n {2}const opened/);
  assert.match(
    mutate(only, { ...at, swaps: ["first", "1"] }),
    /first: string,[^]*1 === ""[^]*return close\(\{\n {6}1,/,
  );
  assert.throws(() => mutate(only, { ...at, drops: "lock" }), /door\.ts open: the mutation changes nothing/);
  assert.throws(() => mutate(SOURCE, { ...at, drops: "note" }), /found 2 times/);
  assert.throws(() => mutate(SOURCE, { ...at, in: "door.ts ope", drops: "note" }), /found 0 times/);
});
