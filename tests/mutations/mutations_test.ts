import assert from "node:assert/strict";
import { mutate, MUTATIONS } from "./mutations.ts";

const ROOT = new URL("../../", import.meta.url);

for (const mutation of MUTATIONS) {
  Deno.test(`the mutation "${mutation.name}" fits the sources`, async () => {
    const source = await Deno.readTextFile(new URL(mutation.file, ROOT));
    assert.notEqual(mutate(source, mutation), source);
  });
}

Deno.test("every mutation has a name of its own, and there are at least twelve", () => {
  const names = new Set(MUTATIONS.map(({ name }) => name));
  assert.equal(names.size, MUTATIONS.length);
  assert.ok(names.size >= 12);
});

Deno.test("mutate() wants the text exactly once, and takes the replacement as it is", () => {
  const mutation = { name: "n", rule: "r", file: "f.ts", search: "a.b", replacement: "$&$1" };
  assert.equal(mutate("x a.b y", mutation), "x $&$1 y");
  assert.throws(() => mutate("x axb y", mutation), /mutation "n": "a\.b" is not in f\.ts/);
  assert.throws(() => mutate("a.b a.b", mutation), /is 2 times in f\.ts/);
});
