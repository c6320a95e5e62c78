import assert from "node:assert/strict";
import { recordedOutput } from "./shown_run.ts";
import { readCommands } from "./step_runner.ts";

function write(...texts: readonly string[]): string {
  const { output, written } = recordedOutput();
  for (const text of texts) output.plain.write(text);
  return written();
}

Deno.test("a text that would be a command gets a space into it", () => {
  const cases: [text: string, written: string][] = [
    ["::error::no\n", ": :error::no\n"],
    ["  \t::add-mask::a", "  \t: :add-mask::a"],
    ["\u00a0\x85\u2003::error::no", "\u00a0\x85\u2003: :error::no"],
    ["one\r::error::no\r\n::error::no\n", "one\r: :error::no\r\n: :error::no\n"],
    ["one ##[error]no", "one ## [error]no"],
    ["###[error]no ##[error]", "### [error]no ## [error]"],
  ];
  for (const [text, expected] of cases) {
    assert.ok(readCommands(text).length > 0, `no command in the first place: ${text}`);
    assert.equal(write(text), expected);
    assert.deepEqual(readCommands(expected), []);
  }
});

Deno.test("a text that is no command stays as it is", () => {
  for (
    const text of ["arn:aws:iam::123456789012:role/deployer\n", "2023/01/01 ::error::", "#[a]\n: :\n", "##\n[a]\n"]
  ) {
    assert.equal(write(text), text);
  }
});

Deno.test("two texts on one line make no command, either", () => {
  for (const parts of [[":", ":error::no"], ["  ", "::error::no"], ["##", "[error]no"], ["#", "#[error]no"]]) {
    assert.ok(readCommands(parts.join("")).length > 0);
    assert.deepEqual(readCommands(write(...parts)), []);
  }
  assert.equal(write("Go on? [y/N] ", "yes\n", "::"), "Go on? [y/N] yes\n: :");
});

Deno.test("a command begins on a line of its own", () => {
  const { output, written } = recordedOutput();
  output.plain.write("unfinished");
  output.command("::endgroup::");
  output.command("::group::a");
  output.plain.write("inside\n");
  output.command("::endgroup::");
  assert.equal(written(), "unfinished\n::endgroup::\n::group::a\ninside\n::endgroup::\n");
});
