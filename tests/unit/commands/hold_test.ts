import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, dropAfter } from "../../emulator/faults.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { myservice } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { parsePolicy } from "../../emulator/policy.ts";
import { runInProcess } from "../../in_process.ts";

/** A held service stays as it is, until the hold ends. */

const NEW = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
const HOUR_MS = 3_600_000;

async function runOn(emulator: Emulator, line: string, options = {}) {
  emulator.calls.length = 0;
  const { code, stderr } = await runInProcess(emulator, line.split(" "), options);
  const changes = emulator.calls.map(({ operation }) => operation).filter((operation) => !isRead(operation));
  return { code, stderr, changes };
}

function tagOf(emulator: Emulator): string | undefined {
  const input = { services: ["myservice"], include: ["TAGS"] };
  const { services } = emulator.call("AmazonEC2ContainerServiceV20141113.DescribeServices", input);
  const [{ tags = [] }] = services as [{ tags?: JsonObject[] }];
  return tags.find(({ key }) => key === "ecspresso:hold")?.value as string | undefined;
}

Deno.test("a deploy of a held service is refused, and changes nothing, until the hold ends", async () => {
  const emulator = myservice();
  assert.equal((await runOn(emulator, "hold --for 2h")).code, 0);
  for (const line of ["deploy", "deploy --dry-run", "deploy --revision 3", "deploy --tasks 3"]) {
    const { code, changes, stderr } = await runOn(emulator, line, NEW);
    assert.deepEqual([code, changes], [4, []], `${line}: ${stderr}`);
  }
  emulator.advance(2 * HOUR_MS);
  const later = await runOn(emulator, "deploy --no-wait", NEW);
  assert.deepEqual([later.code, later.changes], [0, ["RegisterTaskDefinition", "UpdateService"]], later.stderr);
});

Deno.test("a hold can be ended, overridden, and is no difference", async () => {
  const emulator = myservice();
  await runOn(emulator, "hold --for 2h");
  const diff = await runInProcess(emulator, ["diff", "--exit-code"], { files: DEFINITION_FILES });
  assert.deepEqual([diff.code, diff.stdout], [0, ""]);
  assert.equal((await runOn(emulator, "deploy --no-wait --override-hold", NEW)).code, 0);
  assert.notEqual(tagOf(emulator), undefined);
  const { code, changes } = await runOn(emulator, "hold --release");
  assert.deepEqual([code, changes, tagOf(emulator)], [0, ["UntagResource"], undefined]);
});

Deno.test("the statement of the documents denies the update of a held service, and no other", async () => {
  const page = await Deno.readTextFile(new URL("../../../docs/companions.md", import.meta.url));
  const [, json = ""] = /## hold\n[^]*?```json\n([^]*?)```/.exec(page) ?? [];
  const statement = JSON.parse(json);
  const allowed = { Effect: "Allow", Action: "*", Resource: "*" };
  const emulator = myservice();
  emulator.authorize(parsePolicy({ Version: "2012-10-17", Statement: [allowed, statement] }));
  assert.equal((await runOn(emulator, "deploy --no-wait", NEW)).code, 0);
  assert.equal((await runOn(emulator, "hold --for 2h")).code, 0);
  emulator.advance(2 * HOUR_MS);
  for (const line of ["deploy --no-wait", "hold --release"]) {
    const { code, stderr } = await runOn(emulator, line, { ...NEW, env: { TAG: "1.1.0" } });
    assert.equal(code, 5, stderr);
    assert.match(stderr, /not authorized to perform: ecs:(?:UpdateService|UntagResource) on resource/);
  }
  emulator.authorize(undefined);
  assert.equal((await runOn(emulator, "hold --release")).code, 0);
  assert.equal((await runOn(emulator, "deploy --no-wait", { ...NEW, env: { TAG: "1.1.0" } })).code, 0);
});

Deno.test("a rollback holds once ECS has taken the order, and not where it has not", async () => {
  const emulator = myservice();
  const { code, changes } = await runOn(emulator, "rollback --revision 3 --hold 2h --no-wait");
  assert.deepEqual([code, changes], [0, ["UpdateService", "TagResource"]]);
  assert.match(tagOf(emulator) ?? "", /^v1 until=2023-01-01T14:10:0\dZ /);
  const refused = myservice();
  refused.inject({ operation: "UpdateService", effect: accessDenied(), times: Infinity });
  const other = await runOn(refused, "rollback --revision 3 --hold 2h");
  assert.deepEqual([other.code, other.changes.includes("TagResource"), tagOf(refused)], [5, false, undefined]);
});

Deno.test("a rollback whose hold may not be written is done, and says what is left", async () => {
  const emulator = myservice();
  emulator.inject({ operation: "TagResource", effect: accessDenied(), times: Infinity });
  const { code, stderr } = await runOn(emulator, "rollback --revision 3 --hold 2h");
  assert.equal(code, 8, stderr);
  assert.match(stderr, /ecspresso hold --for 2h/);
  assert.equal(emulator.describeService("myservice").taskDefinition?.toString().endsWith("myservice:3"), true);
});

for (const [line, isHeld] of [["hold --for 2h", true], ["hold --release", false]] as const) {
  Deno.test(`where the answer to "${line}" is lost, and then refused, the tag is looked for`, async () => {
    const emulator = myservice();
    if (!isHeld) await runOn(emulator, "hold --for 1h");
    const operation = isHeld ? "TagResource" : "UntagResource";
    emulator.inject({ operation, effect: accessDenied(), nth: 2, times: Infinity });
    emulator.inject({ operation, effect: dropAfter(), times: 1 });
    const { code, stderr } = await runOn(emulator, line);
    assert.equal(code, 0, stderr);
    assert.equal(tagOf(emulator) !== undefined, isHeld);
    assert.ok(emulator.calls.some(({ operation }) => operation === "ListTagsForResource"));
  });
}

Deno.test("where a reason is demanded, whatever changes a service gives one", async () => {
  const env = { ECSPRESSO_REQUIRE_REASON: "1" };
  for (
    const line of ["rollback --revision 3 --no-wait", "deploy --no-wait", "scale --tasks 3 --no-wait", "hold --for 2h"]
  ) {
    const files = { files: DEFINITION_FILES };
    const without = await runOn(myservice(), line, { ...files, env });
    assert.deepEqual([without.code, without.changes], [2, []], without.stderr);
    assert.match(without.stderr, /add --reason TEXT/);
    assert.equal((await runOn(myservice(), `${line} --reason load`, { ...files, env })).code, 0);
    assert.equal((await runOn(myservice(), `${line} --dry-run`, { ...files, env })).code, 0);
    assert.equal((await runOn(myservice(), line, { ...files, env: { ECSPRESSO_REQUIRE_REASON: "0" } })).code, 0);
  }
  assert.equal((await runOn(myservice(), "status", { env })).code, 0);
});
