import assert from "node:assert/strict";
import fc from "fast-check";
import { loadConfig } from "../../src/config/load_config.ts";
import { parseEnvfile } from "../../src/config/parse_envfile.ts";
import { wordsOf } from "../in_words.ts";
import { startStopwatch } from "../stopwatch.ts";
import { assertConfigError, textOf, tools } from "./arbitrary_texts.ts";

/** Far longer than any of these takes, far shorter than a run-away pattern. */
const HANG_MS = 2_000;

const CONFIG_PIECES = [
  "service",
  "cluster",
  "timeout",
  "required_version",
  "plugins",
  "ignore",
  "codedeploy",
  "{name: tfstate, config: {path: a}}",
  '{"name": "ssm"}',
  "name: tfstate\n",
  "config",
  "func_prefix: a_\n",
  "url: s3://b/k\n",
  "tags",
  "<<",
  ": ",
  ":",
  "\n",
  "\r\n",
  "  ",
  "\t",
  "- ",
  "? ",
  "&a ",
  "*a",
  "{",
  "}",
  "[",
  "]",
  ",",
  '"',
  "'",
  "|\n",
  ">-\n",
  "---\n",
  "...\n",
  "%YAML 1.1\n",
  "# c\n",
  "!t ",
  "!!binary ",
  "//",
  "/*",
  "10m",
  "0",
  ">= 2",
  "null",
  "true",
  "\\",
  "@",
  "`",
  "{{",
  "}}",
  "{{- ",
  " -}}",
  "{{ env `SERVICE` }}",
  "{{ env `LINES` }}",
  '{{ env "EMPTY" | json_escape }}',
  "{{ env `BRACES` }}",
];

Deno.test("loadConfig() gives a config or a ConfigError for any text", async () => {
  const path = fc.constantFrom("ecspresso.yml", "ecspresso.json");
  await fc.assert(
    fc.asyncProperty(path, textOf(CONFIG_PIECES), async (path, text) => {
      const workedMs = startStopwatch();
      try {
        const config = await loadConfig({ path, text }, tools);
        assert.ok(config.service !== "" && Number.isSafeInteger(config.timeoutMs) && config.timeoutMs >= 0);
      } catch (error) {
        assertConfigError(error, path, text);
      }
      assert.ok(workedMs() < HANG_MS);
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("loadConfig() reads back any service name from YAML and JSON", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1 }), async (service) => {
      fc.pre(!service.includes("{{"));
      const written = JSON.stringify(service);
      assert.equal((await loadConfig({ path: "c.yml", text: `service: ${written}\n` }, tools)).service, service);
      assert.equal((await loadConfig({ path: "c.json", text: `{"service": ${written}}` }, tools)).service, service);
    }),
  );
});

Deno.test("loadConfig() finds a wrong timeout on its own line, however many lines and values stand before", async () => {
  const line = fc.constantFrom(
    "",
    "# note",
    "x{n}: {{ env `SERVICE` }}",
    "x{n}: '{{ env `LINES` | json_escape }}'",
    "{{- /* c */}}",
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 20 }), fc.nat({ max: 8 }), async (lines, spaces) => {
      const before = lines.map((text, index) => text.replace("{n}", `${index}`));
      const text = ["service: s", ...before, `timeout:${" ".repeat(spaces + 1)}soon`].join("\n");
      await assert.rejects(loadConfig({ path: "c.yml", text }, tools), (error) => {
        assert.match(wordsOf(error), new RegExp(`^c\\.yml:${lines.length + 2}:${spaces + 10}: timeout: `));
        return true;
      });
    }),
  );
});

Deno.test("parseEnvfile() gives variables or a ConfigError for any text", () => {
  const pieces = [
    "A",
    "_b",
    "export ",
    "=",
    " ",
    "\t",
    "#",
    '"',
    "'",
    "\\",
    "\\n",
    "\\u0041",
    "\n",
    "\r\n",
    "\0",
    "x y",
  ];
  fc.assert(
    fc.property(textOf(pieces), (text) => {
      try {
        for (const [name, value] of parseEnvfile(text, "e.env")) {
          assert.match(name, /^[A-Za-z_][\w./]*$/);
          assert.ok(!value.includes("\0"));
        }
      } catch (error) {
        assertConfigError(error, "e.env", text);
      }
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("parseEnvfile() reads back any value, quoted either way", () => {
  const value = fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0"));
  fc.assert(fc.property(value, (text) => {
    assert.equal(parseEnvfile(`A=${JSON.stringify(text)} # c`, "e").get("A"), text);
    fc.pre(!/['\r\n]/.test(text));
    assert.equal(parseEnvfile(`export A='${text}'`, "e").get("A"), text);
  }));
});
