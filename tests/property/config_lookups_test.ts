import fc from "fast-check";
import assert from "node:assert/strict";
import { evaluateJsonnet } from "../../src/config/jsonnet/evaluate_jsonnet.ts";
import { basicFunctions, CallError, writeGoJson } from "../../src/config/template/template_functions.ts";
import { formatAddress } from "../../src/config/definition_functions.ts";
import { locateState } from "../../src/config/plugins.ts";
import { parseState } from "../../src/config/terraform_states.ts";
import { ConfigError } from "../../src/errors.ts";
import { describeProblem } from "../../src/report/messages/config_problem_text.ts";
import { wordsOf } from "../in_words.ts";
import { memoryEnvironment, memoryTools } from "../unit/config/memory_host.ts";

/** Text that gets past the first check of a grammar far more often than random characters do. */
function textOf(pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...pieces) },
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  return fc.array(piece, { maxLength: 20 }).map((chosen) => chosen.join(""));
}

Deno.test("find() answers for any address, and finds every instance and output by its own", () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9_-]{0,5}$/);
  const key = fc.string({ unit: "grapheme", maxLength: 5 }).filter((text) => !/['"\\]/.test(text));
  const resource = fc.record({
    type: name,
    name,
    module: fc.option(name.map((one) => `module.${one}`), { nil: undefined }),
    mode: fc.constantFrom("managed", "data"),
    keys: fc.uniqueArray(fc.oneof(fc.nat({ max: 5 }), key), { minLength: 1, maxLength: 3, selector: String }),
  });
  const resources = fc.uniqueArray(resource, {
    maxLength: 5,
    selector: ({ module, mode, type, name }) => `${module}.${mode}.${type}.${name}`,
  });
  const address = textOf(["output", "module", "data", ".", "[", "]", "0", "-1", '"', "'", "a", "\\", "__proto__"]);
  fc.assert(fc.property(resources, fc.dictionary(name, fc.integer()), address, (resources, outputs, anyAddress) => {
    const state = parseState(
      JSON.stringify({
        version: 4,
        outputs: Object.fromEntries(Object.entries(outputs).map(([key, value]) => [key, { value, type: "number" }])),
        resources: resources.map(({ keys, ...rest }) => ({
          ...rest,
          instances: keys.map((key) => ({ index_key: key, attributes: { id: [`id ${key}`] } })),
        })),
      }),
      "s",
    );
    state.find(anyAddress);
    for (const [name, value] of Object.entries(outputs)) assert.equal(state.find(`output.${name}`), value);
    for (const { module, mode, type, name, keys } of resources) {
      const prefix = `${module === undefined ? "" : `${module}.`}${mode === "data" ? "data." : ""}`;
      for (const key of keys) {
        assert.equal(state.find(`${prefix}${type}.${name}[${JSON.stringify(key)}].id[0]`), `id ${key}`);
      }
    }
  }));
});

Deno.test("parseState() gives a state or a CallError for any text", () => {
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    '"version": 4',
    '"resources"',
    '"outputs"',
    '"instances"',
    ":",
    ",",
    '"a"',
    "null",
  ];
  fc.assert(
    fc.property(fc.oneof(textOf(pieces), fc.json()), (text) => {
      try {
        parseState(text, "s").find("a.b.c");
      } catch (error) {
        assert.ok(error instanceof CallError && !wordsOf(error).includes("\n"));
      }
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("formatAddress() and locateState() answer in one line for any text", () => {
  const format = textOf(["%", "%s", "%d", "a", "[", "'"]);
  fc.assert(fc.property(format, fc.array(fc.string(), { maxLength: 3 }), (format, args) => {
    try {
      formatAddress(format, args);
    } catch (error) {
      assert.ok(error instanceof CallError && !wordsOf(error).includes("\n"));
    }
  }));
  fc.assert(fc.property(textOf(["s3", "file", "http", ":", "/", "//", "%", "%2F", "b", "."]), (url) => {
    const location = locateState(url);
    assert.ok(location.kind !== "object" || (location.bucket !== "" && location.key !== ""));
    assert.ok(location.kind !== "unsupported" || !wordsOf(new CallError(location.problem)).includes("\n"));
  }));
});

Deno.test("writeGoJson() writes JSON that means the same, and nothing that HTML reads", () => {
  fc.assert(fc.property(fc.json(), (json) => {
    const written = writeGoJson(JSON.parse(json));
    assert.deepEqual(JSON.parse(written), JSON.parse(json));
    assert.doesNotMatch(written, /[<>&\n]/);
  }));
});

Deno.test("evaluateJsonnet() gives a text or a ConfigError of one line, whatever jsonnet says", async () => {
  const pieces = [
    "RUNTIME ERROR: ",
    "STATIC ERROR: ",
    "TRACE: ",
    "<stdin>",
    ":1:2-3",
    ":(1:2)-(3:4)",
    ":9999:9999",
    " ecspresso asks ",
    "ecspresso has no ",
    '["env", "SECRET", ""]',
    '["std.native", "x"]',
    '["',
    "\t",
    "\n",
    "\r\n",
    "a.libsonnet",
    "hunter2",
  ];
  const env = memoryEnvironment({ SECRET: "hunter2" });
  const functions = { ...basicFunctions(env), explainUnknown: () => undefined };
  await fc.assert(
    fc.asyncProperty(textOf(pieces), fc.boolean(), fc.boolean(), async (said, isAsked, isOk) => {
      const stderr = isAsked ? `TRACE: <stdin>:1 ecspresso asks ["env", "SECRET", ""]\n${said}` : said;
      const tools = memoryTools(env, () => Promise.resolve({ code: isOk ? 0 : 1, stdout: "{}", stderr }));
      try {
        assert.equal(await evaluateJsonnet("{\n é: std.native\n}", "d/f.jsonnet", functions, tools), "{}");
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        const words = describeProblem(error.problem);
        assert.doesNotMatch(words, /\n/);
        // Without the place: the name of a file that is imported is no value.
        if (isAsked) assert.doesNotMatch(words, /hunter2/);
      }
    }),
    { numRuns: 2_000 },
  );
});
