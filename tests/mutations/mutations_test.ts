import * as esbuild from "esbuild";
import assert from "node:assert/strict";
import { fileOf, mutate } from "./mutate.ts";
import { testOf } from "./rule.ts";
import { RULES } from "./rules.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("each rule of safety is kept by a function that can be broken, and watched by a test", async () => {
  try {
    for (const rule of RULES) {
      const source = await Deno.readTextFile(new URL(fileOf(rule), ROOT));
      const broken = mutate(source, rule);
      // Every test would seem to notice code that cannot be parsed, or that calls what is not there.
      await assert.doesNotReject(esbuild.transform(broken, { loader: "ts" }), `${rule.rule}: ${rule.in}`);
      const words = new Set(source.match(/\w+/g));
      const unknown = broken.match(/(?<![.\w])[a-z]\w*(?=\()/gi)?.filter((name) => !words.has(name));
      assert.deepEqual(unknown, [], `${rule.rule}: ${rule.in}`);
      assert.ok((await Deno.stat(new URL(testOf(rule), ROOT))).isFile, rule.rule);
    }
  } finally {
    await esbuild.stop();
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
async function* open(
  first: string,
): Thing {
  if (first === "") {
    return close({
      first,
    });
  } else if (close) {
    note(first);
  }
  return first + closed;
}
`;

Deno.test("a function is broken inside, and nothing else is", () => {
  const at = { in: "door.ts open" };
  assert.match(mutate(SOURCE, { ...at, returns: "undefined" }), /^\): Thing \{\nreturn undefined;\n\}$/m);
  assert.match(mutate(SOURCE, { ...at, drops: "note" }), /\} else if \(close\) \{\n {2}\}\n {2}return first/);
  assert.match(mutate(SOURCE, { ...at, drops: "close" }), /: Thing \{\n {2}return first/);
  assert.match(mutate(SOURCE, { ...at, swaps: ["first", "1"] }), /first: string,[^]*1 === ""[^]*\(1\)[^]*1 \+ closed/);
  assert.throws(() => mutate(SOURCE, { ...at, drops: "lock" }), /door\.ts open: the mutation changes nothing/);
  assert.throws(() => mutate(SOURCE + SOURCE, { ...at, drops: "note" }), /found 2 times/);
  assert.throws(() => mutate(SOURCE, { in: "door.ts ope", drops: "note" }), /found 0 times/);
});
