import assert from "node:assert/strict";
import { readFailure } from "../../../../src/config/jsonnet/describe_failure.ts";

const at = (file: string, line: number, column: number, endColumn: number, endLine = line) => ({
  file,
  line,
  column,
  endLine,
  endColumn,
});

Deno.test("readFailure() reads what jsonnet says when a file does not parse, in C++ and in Go", () => {
  const table: [string, string, ReturnType<typeof at>][] = [
    [
      'STATIC ERROR: <stdin>:2:6: unexpected: "," while parsing terminal\n',
      'unexpected: "," while parsing terminal',
      at("<stdin>", 2, 6, 7),
    ],
    [
      '<stdin>:2:6-7 Unexpected: "," while parsing terminal\n\n  1 +, }\n\n\n',
      'Unexpected: "," while parsing terminal',
      at("<stdin>", 2, 6, 7),
    ],
    ["STATIC ERROR: <stdin>:1:10-13: duplicate field: a\n", "duplicate field: a", at("<stdin>", 1, 10, 13)],
    [
      "STATIC ERROR: lib/a b.libsonnet:1:1: Unknown variable: x\n",
      "Unknown variable: x",
      at("lib/a b.libsonnet", 1, 1, 2),
    ],
    ["<stdin>:(1:2)-(3:4) Unknown variable: x\n", "Unknown variable: x", at("<stdin>", 1, 2, 4, 3)],
    [
      "TRACE: <stdin>:1 note\n<stdin>:1:1 Unexpected end of file\n\n\n",
      "Unexpected end of file",
      at("<stdin>", 1, 1, 2),
    ],
  ];
  for (const [stderr, message, frame] of table) {
    assert.deepEqual(readFailure(stderr), { message, frames: [frame] }, stderr);
  }
});

Deno.test("readFailure() reads the stack of a failure while evaluating, the innermost place first", () => {
  const stderr = [
    "TRACE: <stdin>:1 note",
    "RUNTIME ERROR: boo",
    "bar",
    "\tstd.jsonnet:1519:16-24\tthunk <ta>",
    "\tlib.libsonnet:1:26-40\tobject <anonymous>",
    "\t<stdin>:(2:3)-(3:10)\tobject <anonymous>",
    '\tField "a"\t',
    "\tDuring manifestation\t",
    "",
  ];
  const frames = [
    at("std.jsonnet", 1519, 16, 24),
    at("lib.libsonnet", 1, 26, 40),
    at("<stdin>", 2, 3, 10, 3),
  ];
  assert.deepEqual(readFailure(stderr.join("\n")), { message: "boo bar", frames });
  assert.deepEqual(readFailure(stderr.join("\r\n")), { message: "boo bar", frames });
});

Deno.test("readFailure() answers for anything else", () => {
  const table: [string, string][] = [
    ["ERROR: environment variable NOPE was undefined.\n", "environment variable NOPE was undefined."],
    [
      "RUNTIME ERROR: function parameter x not bound in call.\n\tTop-level function\t\n",
      "function parameter x not bound in call.",
    ],
    ["RUNTIME ERROR: cut off", "cut off"],
    ["TRACE: <stdin>:1 note\n\nsomething else\nand more\n", "something else"],
    ["", ""],
  ];
  for (const [stderr, message] of table) assert.deepEqual(readFailure(stderr), { message, frames: [] }, stderr);
});
