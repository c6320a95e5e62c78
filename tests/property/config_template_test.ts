import fc from "fast-check";
import assert from "node:assert/strict";
import { definitionFunctions } from "../../src/config/definition_functions.ts";
import { renderTemplate } from "../../src/config/template/render_template.ts";
import { ConfigError } from "../../src/errors.ts";
import { memoryEnvironment, memoryFiles, memoryValues } from "../unit/config/memory_host.ts";

const env = memoryEnvironment({ SET: "value", LINES: "a\nb", BRACES: "{{ must_env `GONE` }}" });
const { sources } = memoryValues({
  parameters: { SET: { type: "StringList", value: "{{ ssm `SET` }},b" } },
  secrets: { SET: "arn" },
});
const state = '{"version": 4, "outputs": {"SET": {"value": ["a\\nb", {"c": 1}], "type": "x"}}}';
const table = definitionFunctions(
  [
    { kind: "tfstate", prefix: "", location: { kind: "file", path: "state" } },
    { kind: "unsupported", name: "external", prefix: "", functions: undefined },
  ],
  {
    env,
    files: memoryFiles({ state }),
    connectValues: () => Promise.resolve(sources),
    signal: new AbortController().signal,
  },
);
const { functions, explainUnknown } = table;

const ACTION_PIECES = [
  "{{",
  "}}",
  "{{- ",
  " -}}",
  "{{/*",
  "*/}}",
  "env",
  "must_env",
  "json_escape",
  "ssm",
  "secretsmanager_arn",
  "tfstate",
  "tfstatef",
  "gone",
  "{{ if `` }}",
  "{{ else }}",
  "{{ end }}",
  "{{ $x := env `SET` }}",
  "if",
  "else",
  "eq",
  "or",
  "true",
  ":=",
  "$x",
  ".X",
  " ",
  "\n",
  "|",
  "(",
  ")",
  "`SET`",
  "`LINES`",
  "`BRACES`",
  "`output.SET`",
  "`output.%s[%d].c`",
  '"SET"',
  '"\\x41\\u00e9"',
  '"',
  "`",
  "'",
  "\\",
  "0",
  "1",
  "5.",
  "-",
  "text",
];

const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...ACTION_PIECES) },
  fc.string({ unit: "binary", maxLength: 5 }),
);
const anySource = fc.oneof(
  fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join("")),
  fc.array(piece, { maxLength: 12 }).map((pieces) => `a {{ ${pieces.join(" ")} }} b`),
);

Deno.test("renderTemplate() gives a text or a ConfigError with a place for any source", async () => {
  await fc.assert(
    fc.asyncProperty(anySource, async (source) => {
      try {
        const rendered = await renderTemplate(source, "t", { functions, explainUnknown });
        for (let offset = 0; offset <= rendered.text.length; offset++) {
          assertInside(source, rendered.positionAt(offset));
        }
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        assertInside(source, error.position);
      }
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("renderTemplate() leaves text without actions as it is, places included", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "é", "😀", "\n", "\r\n", "{", "}", " ", "-", "`", "\uFEFF") });
  await fc.assert(
    fc.asyncProperty(text, async (source) => {
      fc.pre(!source.includes("{{"));
      const rendered = await renderTemplate(source, "t", { functions, explainUnknown });
      assert.equal(rendered.text, source);
      for (let offset = 0; offset <= source.length; offset++) {
        assert.equal(offsetOf(source, rendered.positionAt(offset)), offset);
      }
    }),
  );
});

Deno.test("renderTemplate() puts any value in place once, and what follows keeps its place", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "\n", " ", "}") });
  const value = fc.string({ unit: "grapheme" });
  await fc.assert(
    fc.asyncProperty(text, value, text, async (before, value, after) => {
      const source = `${before}{{ value }}${after}`;
      const rendered = await renderTemplate(source, "t", { functions: { value: () => value }, explainUnknown });
      assert.equal(rendered.text, before + value + after);
      for (let at = 0; at < after.length; at++) {
        const place = rendered.positionAt(before.length + value.length + at);
        assert.equal(offsetOf(source, place), source.length - after.length + at);
      }
      for (let at = 0; at < value.length; at++) {
        assert.equal(offsetOf(source, rendered.positionAt(before.length + at)), before.length);
      }
    }),
  );
});

Deno.test("renderTemplate() reads back any text from either kind of string", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme" }), async (text) => {
      // JSON's escapes are Go's, except for the escaped slash, which JSON.stringify does not write.
      assert.equal(
        (await renderTemplate(`{{ ${JSON.stringify(text)} }}`, "t", { functions: {}, explainUnknown })).text,
        text,
      );
      fc.pre(!/[`\r]/.test(text));
      assert.equal((await renderTemplate(`{{ \`${text}\` }}`, "t", { functions: {}, explainUnknown })).text, text);
    }),
  );
});

Deno.test("json_escape gives the inside of a JSON string", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), async (text) => {
      const escaped = await functions.json_escape!([text]);
      assert.equal(JSON.parse(`"${escaped}"`), text);
      assert.doesNotMatch(String(escaped), /[<>&\n]/);
    }),
  );
});

type Place = { readonly line?: number | undefined; readonly column?: number | undefined } | undefined;

function offsetOf(source: string, place: Place): number {
  const lines = source.split("\n").slice(0, place!.line! - 1);
  return lines.reduce((offset, line) => offset + line.length + 1, 0) + place!.column! - 1;
}

function assertInside(source: string, place: Place): void {
  assert.ok(place?.line !== undefined && place.column !== undefined);
  const line = source.split("\n")[place.line - 1];
  assert.ok(line !== undefined && place.column >= 1 && place.column <= line.length + 1, JSON.stringify(place));
}
