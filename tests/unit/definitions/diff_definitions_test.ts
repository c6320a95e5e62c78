import assert from "node:assert/strict";
import { diffDefinitions } from "../../../src/definitions/diff_definitions.ts";
import type { Json, JsonObject } from "../../../src/model/json.ts";
import { HiddenValues } from "../../../src/secrets/hidden_values.ts";

const diff = (names: typeof NAMES, old: JsonObject | undefined, new_: JsonObject) =>
  diffDefinitions(names, old, new_, new HiddenValues()).map(({ text }) => text);
const NAMES = { old: "arn:task-definition/app:3", new: "ecs-task-def.json" };
const withEnvironment = (environment: Json): JsonObject => ({ containerDefinitions: [{ environment, name: "app" }] });

/** The lines that are not the same on both sides, without the header. */
function changes(old: JsonObject | undefined, new_: JsonObject): string[] {
  return diff(NAMES, old, new_).slice(2).filter((line) => /^[-+]/.test(line)).map((line) => line.replace(/ +/g, " "));
}

Deno.test("diffDefinitions() is empty between equals", () => {
  assert.deepEqual(diff(NAMES, { family: "app" }, { family: "app" }), []);
});

Deno.test("diffDefinitions() shows changed lines with three lines around them", () => {
  const definition = (image: string): JsonObject => ({
    containerDefinitions: [{ command: ["a"], image, memory: 1, name: "app", user: "u", workingDirectory: "/" }],
  });
  assert.deepEqual(diff(NAMES, definition("app:1"), definition("app:2")), [
    "--- arn:task-definition/app:3",
    "+++ ecs-task-def.json",
    "@@ -4,7 +4,7 @@",
    '       "command": [',
    '         "a"',
    "       ],",
    '-      "image": "app:1",',
    '+      "image": "app:2",',
    '       "memory": 1,',
    '       "name": "app",',
    '       "user": "u",',
  ]);
});

Deno.test("diffDefinitions() says of each line what it is", () => {
  const lines = diffDefinitions(NAMES, { family: "app" }, { family: "++" }, new HiddenValues());
  const kinds = ["file", "file", "hunk", "context", "removed", "added", "context"];
  assert.deepEqual(lines.map(({ kind }) => kind), kinds);
});

Deno.test("diffDefinitions() shows everything as new where there was nothing", () => {
  assert.deepEqual(diff(NAMES, undefined, { family: "app" }), [
    "--- arn:task-definition/app:3",
    "+++ ecs-task-def.json",
    "@@ -0,0 +1,3 @@",
    "+{",
    '+  "family": "app"',
    "+}",
  ]);
});

Deno.test("diffDefinitions() hides the values of variables and says whether they differ", () => {
  const [same, other] = [{ name: "A", value: "s3cret-1" }, { name: "B", value: "s3cret-2" }];
  const lines = diff(
    NAMES,
    withEnvironment([same, other]),
    withEnvironment([same, { name: "B", value: "s3cret-3" }]),
  );
  assert.deepEqual(lines.slice(3), [
    "         },",
    "         {",
    '           "name": "B",',
    '-          "value": "(hidden, old)"',
    '+          "value": "(hidden, new)"',
    "         }",
    "       ],",
    '       "name": "app"',
  ]);
});

Deno.test("diffDefinitions() hides the values of variables that come and go", () => {
  const [one, two] = [{ name: "A", value: "s3cret-1" }, { name: "B", value: "s3cret-2" }];
  const hidden = ['"name": "A",', '"value": "(hidden)"', "{", "},"];
  const gone = changes(withEnvironment([one, two]), withEnvironment([two]));
  const added = changes(withEnvironment([two]), withEnvironment([one, two]));
  assert.deepEqual(gone.sort(), hidden.map((line) => `- ${line}`));
  assert.deepEqual(added.sort(), hidden.map((line) => `+ ${line}`));
});

Deno.test("diffDefinitions() distinguishes values of different types without showing them", () => {
  const lines = changes(
    withEnvironment([{ name: "PORT", value: "8080" }]),
    withEnvironment([{ name: "PORT", value: 8080 }]),
  );
  assert.deepEqual(lines, ['- "value": "(hidden, old)"', '+ "value": "(hidden, new)"']);
});

Deno.test("diffDefinitions() takes variables of two containers for two", () => {
  const definition = (first: string, second: string): JsonObject => ({
    containerDefinitions: [
      { environment: [{ name: "KEY", value: first }], name: "app" },
      { environment: [{ name: "KEY", value: second }], name: "log" },
    ],
  });
  assert.deepEqual(changes(definition("a", "b"), definition("a", "c")), [
    '- "value": "(hidden, old)"',
    '+ "value": "(hidden, new)"',
  ]);
  assert.equal(changes(definition("a", "b"), definition("b", "a")).length, 4);
});

Deno.test("diffDefinitions() sees that two values of one name have changed places", () => {
  const one = [{ name: "KEY", value: "a" }, { name: "KEY", value: "b" }];
  assert.equal(changes(withEnvironment(one), withEnvironment(one.toReversed())).length, 4);
});

const STRANGE_ENVIRONMENTS: Record<string, Json> = {
  "a map": { KEY: "s3cret-a", name: "s3cret-b" },
  "texts": ["KEY=s3cret-a"],
  "a text": "KEY=s3cret-a",
  "maps": [{ KEY: "s3cret-a" }],
  "members that AWS does not know": [{ name: "KEY", Value: "s3cret-a", valueFrom: { name: "s3cret-b" } }],
  "lists in it": [{ name: "KEY", value: [{ name: "s3cret-a" }] }, [{ name: "s3cret-b" }]],
  "a name that is none": [{ name: { name: "s3cret-a" }, value: "s3cret-b" }],
};

for (const [what, environment] of Object.entries(STRANGE_ENVIRONMENTS)) {
  Deno.test(`diffDefinitions() shows no value of an environment that is or has ${what}`, () => {
    const lines = diff(NAMES, withEnvironment("none"), withEnvironment(environment)).join("\n");
    assert.match(lines, /hidden/);
    assert.doesNotMatch(lines, /s3cret/);
    assert.doesNotMatch(diff(NAMES, undefined, { Environment: environment }).join("\n"), /s3cret/);
  });
}

Deno.test("diffDefinitions() sees a hidden name change", () => {
  const definition = (name: string): JsonObject => withEnvironment([{ name: "KEY", value: [{ name }] }]);
  assert.deepEqual(changes(definition("a"), definition("b")), [
    '- "name": "(hidden, old)"',
    '+ "name": "(hidden, new)"',
  ]);
});

Deno.test("diffDefinitions() shows references to secrets, commands, entry points and the log driver's options", () => {
  const lines = changes(undefined, {
    command: ["run --all"],
    entryPoint: ["/entry"],
    logConfiguration: {
      options: { "awslogs-group": "group" },
      secretOptions: [{ name: "splunk-token", valueFrom: "arn:token" }],
    },
    repositoryCredentials: { credentialsParameter: "arn:credentials" },
    secrets: [{ name: "KEY", valueFrom: "arn:key" }],
  }).join("\n");
  for (const shown of ["run --all", "/entry", "group", "arn:token", "arn:credentials", "arn:key"]) {
    assert.ok(lines.includes(shown), shown);
  }
});

Deno.test("diffDefinitions() passes no control character on", () => {
  const names = { old: "a\x1b[31m\nb", new: "ファイル.json" };
  assert.deepEqual(diff(names, undefined, { "k\x9b": "\x1b\r\n\x7f" }), [
    "--- a\\u{1b}[31m\\u{a}b",
    "+++ ファイル.json",
    "@@ -0,0 +1,3 @@",
    "+{",
    '+  "k\\u{9b}": "\\u001b\\r\\n\\u{7f}"',
    "+}",
  ]);
});
