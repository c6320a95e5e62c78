import { startStopwatch } from "../stopwatch.ts";
import fc from "fast-check";
import assert from "node:assert/strict";
import { loadConfig } from "../../src/config/load_config.ts";
import { loadDefinition, readTaskDefinitionFamily } from "../../src/config/definitions.ts";
import { parseDuration } from "../../src/config/parse_duration.ts";
import { parseEnvfile } from "../../src/config/parse_envfile.ts";
import { checkRequiredVersion } from "../../src/config/settings.ts";
import { ConfigError } from "../../src/errors.ts";
import type { DefinitionFileKind } from "../../src/problems.ts";
import { describeFamilyFile, describeProblem } from "../../src/report/messages/config_problem_text.ts";
import { describeDuration } from "../../src/report/messages/value_problem_text.ts";
import { wordsOf } from "../in_words.ts";
import { memoryEnvironment, memoryFiles, memoryLoaderTools, memoryTools } from "../unit/config/memory_host.ts";

/** Far longer than any of these takes, far shorter than a run-away pattern. */
const HANG_MS = 2_000;

const env = memoryEnvironment({ SERVICE: "web", EMPTY: "", LINES: "a\nb: c", BRACES: "{{ env `SERVICE` }}" });
const tools = memoryTools(env);

/** Text that gets past the first check of a grammar far more often than random characters do. */
function textOf(pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...pieces) },
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  return fc.array(piece, { maxLength: 30 }).map((chosen) => chosen.join(""));
}

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

Deno.test("parseDuration() gives milliseconds or a RangeError for any text", () => {
  const pieces = [
    "1",
    "0",
    "9",
    ".",
    "-",
    "+",
    "h",
    "m",
    "s",
    "ms",
    "us",
    "µs",
    "ns",
    " ",
    "e",
    "99999999999999999999",
  ];
  fc.assert(
    fc.property(textOf(pieces), (text) => {
      const ms = parseDuration(text);
      if (typeof ms !== "number") return assert.ok(!describeDuration(ms).includes("\n"));
      assert.ok(Number.isSafeInteger(ms) && ms >= 0);
      assert.equal(ms === 0, !/[1-9]/.test(text), "only zero means none");
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("parseDuration() reads back any duration that Go would print", () => {
  fc.assert(fc.property(fc.nat({ max: 366 * 86_400_000 }), (ms) => {
    const hours = Math.floor(ms / 3_600_000);
    const minutes = Math.floor(ms / 60_000) % 60;
    const seconds = `${Math.floor(ms / 1_000) % 60}.${String(ms % 1_000).padStart(3, "0")}`;
    assert.equal(parseDuration(`${hours}h${minutes}m${seconds}s`), ms);
    assert.equal(parseDuration(`${ms}ms`), ms);
  }));
});

Deno.test("checkRequiredVersion() answers in one line for any text", () => {
  const pieces = ["2", "8", "0", ".", ">=", "<", "~>", "!=", "=", ",", " ", "-", "+", "v", "beta", "~"];
  fc.assert(
    fc.property(textOf(pieces), (text) => {
      const problem = checkRequiredVersion(text);
      assert.ok(problem === undefined || !describeProblem({ code: "badValue", key: "", problem }).includes("\n"));
    }),
    { numRuns: 5_000 },
  );
});

Deno.test("checkRequiredVersion() holds for exactly one of <, = and > of any release", () => {
  const release = fc.array(fc.nat({ max: 9 }), { minLength: 1, maxLength: 4 }).map((numbers) => numbers.join("."));
  fc.assert(fc.property(release, (version) => {
    const holding = ["<", "=", ">"].filter((operator) => checkRequiredVersion(`${operator} ${version}`) === undefined);
    assert.equal(holding.length, 1);
  }));
});

const DEFINITION_PIECES = [
  "{",
  "}",
  "[",
  "]",
  '"family"',
  '"taskDefinition"',
  '"services"',
  '"containerDefinitions": [{}]',
  '"status": 1',
  '"__proto__"',
  "null",
  ":",
  ",",
  '"a"',
  "//",
  "/*",
  "\n",
  "{{ env `SERVICE` }}",
  "{{ ssm `SERVICE` }}",
  "{{",
];

Deno.test("readTaskDefinitionFamily() answers for any text", async () => {
  await fc.assert(
    fc.asyncProperty(textOf(DEFINITION_PIECES), async (text) => {
      const answer = await readTaskDefinitionFamily(
        "t.json",
        memoryLoaderTools(memoryFiles({ "t.json": text }), { env }),
      );
      assert.ok("family" in answer ? answer.family !== "" : /^t\.json.*: .+$/.test(describeFamilyFile(answer.unknown)));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("loadDefinition() gives a definition or a ConfigError with a place for any text", async () => {
  const kinds = fc.constantFrom<DefinitionFileKind>("taskDefinition", "serviceDefinition");
  await fc.assert(
    fc.asyncProperty(kinds, textOf(DEFINITION_PIECES), fc.boolean(), async (kind, pieces, isComplete) => {
      const text = isComplete ? `{"family": "f", "containerDefinitions": [{}], "x": ${pieces}}` : pieces;
      try {
        const tools = memoryLoaderTools(memoryFiles({ "d.json": text }), { env });
        const { value, positionAt } = await loadDefinition("d.json", kind, tools);
        assert.equal(value["status"], undefined);
        for (const path of [[], ["x"], ["containerDefinitions", 0, "name"]]) {
          const { line } = positionAt(path);
          assert.ok(line !== undefined && line <= text.split("\n").length);
        }
      } catch (error) {
        if (error instanceof assert.AssertionError) throw error;
        assertConfigError(error, "d.json", text);
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("loadDefinition() reads back any members, save those that are null or read-only", async () => {
  const key = fc.string({ unit: "grapheme" }).filter((name) => !name.includes("{{"));
  const leaf = fc.oneof(key, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  const member = fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, fc.array(leaf)));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key.map((name) => `x${name}`), member), async (members) => {
      const text = JSON.stringify({ ...members, status: "ACTIVE", none: null });
      fc.pre(!text.includes("{{"));
      const tools = memoryLoaderTools(memoryFiles({ "d.json": text }));
      const { value } = await loadDefinition("d.json", "serviceDefinition", tools);
      assert.deepEqual(value, JSON.parse(JSON.stringify(members)));
    }),
  );
});

function assertConfigError(error: unknown, file: string, text: string): void {
  if (!(error instanceof ConfigError)) throw error;
  const { line, column } = error.position ?? {};
  assert.equal(error.position?.file, file);
  const lines = text.split("\n");
  assert.ok(line !== undefined && line >= 1 && line <= lines.length, wordsOf(error));
  // One past the last character: where something is missing.
  assert.ok(column !== undefined && column >= 1 && column <= lines[line - 1]!.length + 1, wordsOf(error));
}
