import assert from "node:assert/strict";
import { annotation, codeBlock, codeSpan, cut, Excerpt, groupStart } from "../../../../src/report/github/texts.ts";

Deno.test("annotation() and groupStart() escape what would end a line, a property or a command", () => {
  assert.equal(
    annotation("error", "a: 50%, b", ["one\ntwo, 100%", "three\r: four"]),
    "::error title=a%3A 50%25%2C b::one two, 100%25%0Athree\\u{d}: four",
  );
  assert.equal(
    annotation("error", "a", ["b"], { file: "a,b:c%\n.yml", line: 2, column: 10 }),
    "::error file=a%2Cb%3Ac%25 .yml,line=2,col=10,title=a::b",
  );
  assert.equal(groupStart("a::b 1% ##[c]"), "::group::a::b 1%25 ## [c]");
});

Deno.test("codeSpan() cannot be closed by its text", () => {
  const cases: [text: string, code: string][] = [
    ["a*b*", "`a*b*`"],
    ["a`b", "``a`b``"],
    ["``", "``` `` ```"],
    [" a", "`  a `"],
    ["a\nb", "`a b`"],
    ["", "(empty)"],
  ];
  for (const [text, code] of cases) assert.equal(codeSpan(text), code);
});

Deno.test("codeBlock() has a fence longer than any within it", () => {
  assert.deepEqual(codeBlock(["a", "````", "b"], "text"), ["`````text", "a", "````", "b", "`````"]);
  assert.deepEqual(codeBlock(["a\n```"], "sh"), ["````sh", "a ```", "````"]);
});

Deno.test("an excerpt keeps the first and the last lines, and counts the others", () => {
  const excerpt = new Excerpt({ first: 2, last: 1, lineLength: 6 });
  for (const line of ["one", "two", "three", "four"]) excerpt.add(line);
  excerpt.add("a long line");
  assert.deepEqual(excerpt.lines(), ["one", "two", "... (2 left out) ...", "a l..."]);
  assert.deepEqual(new Excerpt({ first: 2, last: 1, lineLength: 6 }, ["one", "two", "three"]).lines().length, 3);
});

Deno.test("cut() leaves alone what fits", () => {
  assert.equal(cut("abcdef", 6), "abcdef");
  assert.equal(cut("abcdefg", 6), "abc...");
});
