import assert from "node:assert/strict";
import { parseEnvfile } from "../../../src/config/parse_envfile.ts";
import { inWords } from "../../in_words.ts";

function parse(text: string): Record<string, string> {
  return Object.fromEntries(parseEnvfile(text, "prod.env"));
}

Deno.test("parseEnvfile() reads values", () => {
  const table: [string, Record<string, string>][] = [
    ["", {}],
    ["A=1", { A: "1" }],
    ["A=", { A: "" }],
    ["A = 1 ", { A: "1" }],
    ["  export A=1", { A: "1" }],
    ["export\tA=1", { A: "1" }],
    ["export=1", { export: "1" }],
    ["export =1", { export: "1" }],
    ["A=b=c", { A: "b=c" }],
    ["A=one two", { A: "one two" }],
    ["_a.b/c9=1", { "_a.b/c9": "1" }],
    ["A=1\n\n  \nB=2\n", { A: "1", B: "2" }],
    ["A=1\r\nB=2\r\n", { A: "1", B: "2" }],
    ["\uFEFFA=1", { A: "1" }],
    ["A=1\nA=2", { A: "2" }],
    ["A=日本 語", { A: "日本 語" }],
    ["__proto__=1", { ["__proto__"]: "1" }],
  ];
  for (const [text, variables] of table) assert.deepEqual(parse(text), variables, text);
});

Deno.test("parseEnvfile() reads quotes", () => {
  const table: [string, string][] = [
    [`" a # b "`, " a # b "],
    [`' a # b '`, " a # b "],
    [String.raw`"a\nb\tc\"d\\e\/f\r\b\f"`, 'a\nb\tc"d\\e/f\r\b\f'],
    [String.raw`"\u00e9\u3042"`, "éあ"],
    [String.raw`'a\nb'`, String.raw`a\nb`],
    [String.raw`a\nb`, String.raw`a\nb`],
    [`'it"s'`, `it"s`],
    [`"it's"`, "it's"],
    [`a"b c"'d e' f`, "ab cd e f"],
    [`""`, ""],
    [`"" x`, " x"],
    [`"a "  `, "a "],
  ];
  for (const [written, value] of table) assert.deepEqual(parse(`A=${written}`), { A: value }, written);
});

Deno.test("parseEnvfile() reads comments", () => {
  const table: [string, string][] = [
    ["1 # note", "1"],
    ["1\t# note", "1"],
    [" # note", ""],
    ["1   # note 'unbalanced", "1"],
    ["a#b", "a#b"],
    ["#b", "#b"],
    [`"a" # note`, "a"],
  ];
  for (const [written, value] of table) {
    assert.deepEqual(parse(`# top\n  # indented\nA=${written}`), { A: value }, written);
  }
});

Deno.test("parseEnvfile() names the place and never the value", () => {
  const table: [string, string][] = [
    ["hunter2", "1:1: there is no ="],
    ["A=1\n  hunter2", "2:3: there is no ="],
    ["=hunter2", "1:1: the text before = is not a variable name"],
    ["1A=hunter2", "1:1: the text before = is not a variable name"],
    ["export A B=hunter2", "1:8: the text before = is not a variable name"],
    ["A-B=hunter2", "1:1: the text before = is not a variable name"],
    ['A="hunter2', '1:3: this " has no partner on its line'],
    ["A=x 'hunter2", "1:5: this ' has no partner on its line"],
    ['A="hunter2\nB"', '1:3: this " has no partner on its line'],
    ['A="hunter2\\', "1:11: unknown backslash sequence"],
    ['A="hunter2\\x41"', "1:11: unknown backslash sequence"],
    ['A="hunter2\\u00g0"', "1:11: unknown backslash sequence"],
    ["A=hunter2\0", "1:10: a NUL character"],
    ["A='hunter2\0'", "1:11: a NUL character"],
    ['A="hunter2\\u0000"', "1:11: a NUL character"],
    ['A="hunter2\0"', "1:11: a NUL character"],
  ];
  for (const [text, message] of table) {
    assert.throws(inWords(() => parse(text)), (error: Error) => {
      assert.equal(error.name, "ConfigError");
      assert.ok(error.message.startsWith(`prod.env:${message}`), `${JSON.stringify(text)}: ${error.message}`);
      assert.doesNotMatch(error.message, /hunter2/);
      assert.doesNotMatch(error.message, /\n/);
      return true;
    });
  }
});
