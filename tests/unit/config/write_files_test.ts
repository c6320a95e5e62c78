import assert from "node:assert/strict";
import { renderConfigFile, renderDefinitionFile } from "../../../src/config/write_files.ts";

Deno.test("Jsonnet has its own quotes, and names that are words of it are quoted", () => {
  const definition = { family: "it's", local: [1, true, null, []], "a.b": { text: 'a "b" \\ \n {{x}}' }, empty: {} };
  assert.equal(
    renderDefinitionFile("a.jsonnet", definition),
    `{
  family: 'it\\'s',
  'local': [
    1,
    true,
    null,
    [],
  ],
  'a.b': {
    text: 'a "b" \\\\ \\n {{\`{{\`}}x}}',
  },
  empty: {},
}
`,
  );
});

Deno.test("a config is in the format of its name, and a name that looks like a number stays a name", () => {
  const settings = { cluster: "no", service: "1_000", task_definition: "a b.json" };
  assert.equal(renderConfigFile("a.yml", settings), 'cluster: "no"\nservice: "1_000"\ntask_definition: a b.json\n');
  assert.deepEqual(JSON.parse(renderConfigFile("a.json", settings)), settings);
  assert.match(renderConfigFile("a.jsonnet", settings), /^\{\n {2}cluster: 'no',\n/);
});
