import assert from "node:assert/strict";
import { diffDefinitions, hideLookedUp } from "../../../src/definitions/diff_definitions.ts";
import type { Json, JsonObject } from "../../../src/model/json.ts";
import { HiddenValues } from "../../../src/secrets/hidden_values.ts";

const diff = (...of: Parameters<typeof diffDefinitions>) => diffDefinitions(...of).map(({ text }) => text);
const NAMES = { old: "app:3", new: "taskdef.json" };
const NEW = "new-secret-1";
const OLD = "old-secret-2";

/** The changed lines, where the new side's `NEW` was looked up. */
function changes(old: JsonObject | undefined, new_: JsonObject): string[] {
  const hidden = new HiddenValues();
  hidden.add({ source: "parameter", name: "p", value: NEW, marked: new Set([NEW]) });
  hidden.addDefinition(new_);
  const lines = diff(NAMES, old, new_, hidden);
  assert.doesNotMatch(lines.join("\n"), /secret-\d/);
  return lines.filter((line) => /^[-+] /.test(line)).map((line) => line.replace(/ +/g, " "));
}

const container = (members: JsonObject): JsonObject => ({ containerDefinitions: [{ ...members, name: "app" }] });
const command = (...words: string[]) => container({ command: words });
const options = (of: JsonObject) => container({ logConfiguration: { logDriver: "splunk", options: of } });

Deno.test("a value that was looked up is hidden in part, and the older one in its place, too", () => {
  assert.deepEqual(changes(command(`db://u:${OLD}@host`), command(`db://u:${NEW}@host`)), [
    '- "db://u:(hidden, old)@host"',
    '+ "db://u:(hidden, new)@host"',
  ]);
});

Deno.test("an equal value is no change", () => {
  assert.deepEqual(changes(command(`db://u:${NEW}@host`), command(`db://u:${NEW}@host`)), []);
});

Deno.test("the older value is hidden wherever in the same member it stood", () => {
  const cases: [JsonObject, JsonObject][] = [
    [command("run", "--verbose", `--token=${OLD}`), command("run", `--token=${NEW}`)],
    [command(`--tok=${OLD}`), command("run", `--token=${NEW}`)],
    [options({ token: OLD }), options({ "splunk-token": NEW })],
    [options({ "splunk-token": OLD, index: "a" }), options({ "splunk-token": "literal", other: NEW, index: "a" })],
    [container({ dockerLabels: { auth: OLD } }), container({ dockerLabels: { auth: `Basic ${NEW}` } })],
    [{ tags: [{ key: "a", value: OLD }] }, { tags: [{ key: "b", value: NEW }] }],
    [container({ healthCheck: { command: ["CMD", OLD] } }), container({ healthCheck: { command: ["CMD", NEW] } })],
    [container({ newMember: { deep: OLD } }), container({ newMember: { deep: NEW } })],
    [container({ image: `repo:${OLD}` }), container({ image: `repo:${NEW}` })],
  ];
  for (const [old, new_] of cases) assert.notDeepEqual(changes(old, new_), [], JSON.stringify(new_));
});

Deno.test("what both sides show in a member stays readable, and what only the older one has does not", () => {
  assert.deepEqual(changes(command("run", "--fast", OLD), command("run", "--quiet", NEW)), [
    '- "(hidden, old)",',
    '- "(hidden, old)"',
    '+ "--quiet",',
    '+ "(hidden, new)"',
  ]);
});

Deno.test("two values that change places are a change", () => {
  const [one, other] = [command(NEW, "x"), command("x", NEW)];
  assert.notDeepEqual(changes(one, other), []);
});

Deno.test("a member in which nothing was looked up is shown as it is", () => {
  const hidden = new HiddenValues();
  hidden.add({ source: "variable", name: "X", value: NEW });
  const lines = diff(
    NAMES,
    command("run a"),
    { ...command("run b"), tags: [{ key: "k", value: NEW }] },
    hidden,
  );
  assert.ok(lines.some((line) => line.endsWith('"run a"')) && lines.some((line) => line.endsWith('"run b"')));
});

Deno.test("a value that is found on the older side only is hidden, too", () => {
  assert.deepEqual(changes(command(NEW), command("none")), ['- "(hidden, old)"', '+ "none"']);
});

Deno.test("what looks like a secret is hidden on the older side where nothing is looked up any more", () => {
  const cases: [JsonObject, JsonObject][] = [
    [options({ "splunk-token": OLD, index: "a" }), options({ index: "b" })],
    [command("run", `--db-password=${OLD}`), command("run")],
    [command("run", `postgres://app:${OLD}@db/app`), command("run")],
    [command("sh", "-c", `DB_PASSWORD=${OLD} exec app`), command("app")],
    [container({ dockerLabels: { api_token: OLD } }), container({ dockerLabels: {} })],
    [{ tags: [{ key: "WebhookSecret", value: OLD }] }, { tags: [] }],
  ];
  for (const [old, new_] of cases) {
    const lines = diff(NAMES, old, new_, new HiddenValues()).join("\n");
    assert.match(lines, /\(hidden(?:, old)?\)/, lines);
    assert.doesNotMatch(lines, /secret-\d/);
  }
  const literal = (name: string) => command("run", "--token=literal", name);
  const lines = diff(NAMES, literal("a"), literal("b"), new HiddenValues()).join("\n");
  assert.match(lines, /"--token=literal"/, "what the file itself shows");
});

Deno.test("all values are shown where that is asked for", () => {
  const environment: Json = [{ name: "A", value: NEW }];
  const lines = diff(NAMES, container({ environment: [] }), container({ environment }), "showsAll");
  assert.ok(lines.some((line) => line.includes(NEW)));
});

Deno.test("hideLookedUp() hides what was looked up in one definition, and nothing else", () => {
  const hidden = new HiddenValues();
  hidden.add({ source: "variable", name: "X", value: NEW });
  const definition = container({ command: [`-p${NEW}`], environment: [{ name: "A", value: "b" }], cpu: 1 });
  assert.deepEqual(
    hideLookedUp(definition, hidden),
    container({ command: ["-p(hidden)"], environment: [{ name: "A", value: "b" }], cpu: 1 }),
  );
});
