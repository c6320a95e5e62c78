import assert from "node:assert/strict";
import fc from "fast-check";
import type { DefinitionFileKind } from "../../src/problems.ts";
import { describeFamilyFile } from "../../src/report/messages/config_problem_text.ts";
import { memoryDefinitions, memoryFiles } from "../unit/config/memory_host.ts";
import { assertConfigError, env, textOf } from "./arbitrary_texts.ts";

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

Deno.test("readFamily() answers for any text", async () => {
  await fc.assert(
    fc.asyncProperty(textOf(DEFINITION_PIECES), async (text) => {
      const answer = await memoryDefinitions("t.json", memoryFiles({ "t.json": text }), { env }).readFamily();
      assert.ok("family" in answer ? answer.family !== "" : /^t\.json.*: .+$/.test(describeFamilyFile(answer.unknown)));
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("load() gives a definition or a ConfigError with a place for any text", async () => {
  const kinds = fc.constantFrom<DefinitionFileKind>("taskDefinition", "serviceDefinition");
  await fc.assert(
    fc.asyncProperty(kinds, textOf(DEFINITION_PIECES), fc.boolean(), async (kind, pieces, isComplete) => {
      const text = isComplete ? `{"family": "f", "containerDefinitions": [{}], "x": ${pieces}}` : pieces;
      try {
        const definitions = memoryDefinitions("d.json", memoryFiles({ "d.json": text }), { env });
        const { value, positionAt } = await definitions.load(kind);
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

Deno.test("load() reads back any members, save those that are null or read-only", async () => {
  const key = fc.string({ unit: "grapheme" }).filter((name) => !name.includes("{{"));
  const leaf = fc.oneof(key, fc.integer(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  const member = fc.oneof(leaf, fc.array(leaf), fc.dictionary(key, fc.array(leaf)));
  await fc.assert(
    fc.asyncProperty(fc.dictionary(key.map((name) => `x${name}`), member), async (members) => {
      const text = JSON.stringify({ ...members, status: "ACTIVE", none: null });
      fc.pre(!text.includes("{{"));
      const { value } = await memoryDefinitions("d.json", memoryFiles({ "d.json": text })).load("serviceDefinition");
      assert.deepEqual(value, JSON.parse(JSON.stringify(members)));
    }),
  );
});
