import assert from "node:assert/strict";
import { basicFunctions } from "../../../../src/config/template/template_functions.ts";
import { memoryEnvironment } from "../memory_host.ts";
import { inWords } from "../../../in_words.ts";

const env = memoryEnvironment({ SET: "value", OTHER: "other", EMPTY: "" });
const { functions } = basicFunctions(env);

Deno.test("env yields the first variable that is set and not empty, else its last argument", () => {
  const table: [string[], string][] = [
    [["SET"], "value"],
    [["SET", "default"], "value"],
    [["UNSET", "default"], "default"],
    [["EMPTY", "default"], "default"],
    [["UNSET", "EMPTY", "OTHER", "SET"], "other"],
    [["UNSET"], "UNSET"], // kayac/go-config: the last argument, even when it is the only one
    [["UNSET", "SET"], "value"], // defaults are looked up as well
    [["UNSET", ""], ""],
    [["UNSET", "a=b"], "a=b"],
    [["UNSET", "a\0b"], "a\0b"],
    [[], ""],
  ];
  for (const [args, value] of table) assert.equal(functions.env!(args), value, JSON.stringify(args));
});

Deno.test("must_env yields a variable that is set, even to nothing", () => {
  assert.equal(functions.must_env!(["SET"]), "value");
  assert.equal(functions.must_env!(["EMPTY"]), "");
  for (const name of ["UNSET", "", "a=b"]) {
    assert.throws(
      inWords(() => functions.must_env!([name])),
      { name: "CallError", message: "this environment variable is not set" },
      name,
    );
  }
});

Deno.test("must_env and json_escape take one argument", () => {
  for (const name of ["must_env", "json_escape"]) {
    assert.throws(inWords(() => functions[name]!([])), /CallError: takes one argument, .*; there are 0/, name);
    assert.throws(inWords(() => functions[name]!(["SET", "b"])), /CallError: .*; there are 2/, name);
  }
});

Deno.test("json_escape escapes as Go's encoding/json", () => {
  const table: [string, string][] = [
    ["", ""],
    ["plain é あ", "plain é あ"],
    ['"\\/', '\\"\\\\/'],
    ["\n\r\t\b\f\u0001\x7f", "\\n\\r\\t\\b\\f\\u0001\x7f"],
    ["<a>&", "\\u003ca\\u003e\\u0026"],
    ["\u2028\u2029", "\\u2028\\u2029"],
  ];
  for (const [text, escaped] of table) assert.equal(functions.json_escape!([text]), escaped, JSON.stringify(text));
});
