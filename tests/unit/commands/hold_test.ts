import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { serviceTags } from "../../emulator/asking.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, dropAfter, dropBefore, throttle } from "../../emulator/faults.ts";
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

function tagOf(emulator: Emulator, key = "ecspresso:hold"): string | undefined {
  return serviceTags(emulator, "myservice")[key];
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

Deno.test("a rollback that another run has ordered meanwhile is followed, and held", async () => {
  const emulator = myservice();
  emulator.inject({ operation: "UpdateService", forMs: 5_000, effect: throttle() });
  emulator.schedule(1_000, () => emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" }));
  const { code, stderr } = await runOn(emulator, "rollback --revision 3 --hold 2h");
  assert.equal(code, 0, stderr);
  assert.match(stderr, /another run has begun to roll back to myservice:3 meanwhile/);
  assert.notEqual(tagOf(emulator), undefined);
});

const NOTED = "ecspresso:last-rollback";

Deno.test("why a service was rolled back is noted on it, with the hold in one call, once ECS has taken the order", async () => {
  for (const [hold, isHeld] of [["", false], [" --hold 2h", true]] as const) {
    const emulator = myservice();
    const line = `rollback --revision 3${hold} --no-wait --reason leaks`;
    const { code, changes } = await runOn(emulator, line, { env: { USER: "alice" } });
    assert.deepEqual([code, changes], [0, ["UpdateService", "TagResource"]]);
    assert.match(
      tagOf(emulator, NOTED) ?? "",
      /^v1 from=myservice:4 to=myservice:3 at=2023-01-01T12:10:0\dZ by=alice because leaks$/,
    );
    assert.equal(tagOf(emulator) !== undefined, isHeld);
    const diff = await runInProcess(emulator, ["diff", "--exit-code"], { files: DEFINITION_FILES });
    assert.doesNotMatch(diff.stdout, /ecspresso:/);
  }
});

Deno.test("nothing is noted of a rollback without a reason, of none at all, and of one that ECS has not taken", async () => {
  for (const line of ["rollback --revision 3 --no-wait", "rollback --revision 4 --reason leaks"]) {
    const { code, changes } = await runOn(myservice(), line);
    assert.deepEqual([code, changes.includes("TagResource")], [0, false], line);
  }
  const refused = myservice();
  refused.inject({ operation: "UpdateService", effect: accessDenied(), times: Infinity });
  const { code, changes } = await runOn(refused, "rollback --revision 3 --reason leaks");
  assert.deepEqual([code, changes.includes("TagResource")], [5, false]);
});

Deno.test("a reason that may not be noted, or not in time, costs a warning", async () => {
  for (const effect of [accessDenied(), throttle()]) {
    const emulator = myservice();
    emulator.inject({ operation: "TagResource", effect, times: Infinity });
    const { code, stderr } = await runOn(emulator, "rollback --revision 3 --reason leaks");
    assert.equal(code, 0, stderr);
    assert.equal(stderr.match(/not written on the service: the tag ecspresso:last-rollback/g)?.length, 1, stderr);
    assert.ok(emulator.now() < Date.UTC(2023, 0, 1, 12, 15), "the deployment was watched");
  }
});

Deno.test("what is noted names the copy that runs", async () => {
  const emulator = myservice();
  emulator.deregisterTaskDefinition("myservice:3");
  const { code } = await runOn(emulator, "rollback --revision 3 --reregister --no-wait --reason leaks");
  assert.equal(code, 0);
  assert.match(tagOf(emulator, NOTED) ?? "", / from=myservice:4 to=myservice:5 /);
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

/** What is true of the service, and what a run that has ended early says of it, however it has ended. */
function assertSaid(emulator: Emulator, { code, stderr }: { code: number; stderr: string }, where: string): void {
  const isOrdered = String(emulator.describeService("myservice").taskDefinition).endsWith("myservice:3");
  const isHeld = tagOf(emulator) !== undefined;
  const says = stderr.includes("ecspresso hold --for 2h --reason 'it_s bad'");
  const commands = stderr.match(/ecspresso hold /g)?.length ?? 0;
  if (isHeld) assert.ok(!says || stderr.includes("may not be held"), `${where}: ${stderr}`);
  else if (isOrdered || !/may have accepted|may be carrying/.test(stderr)) {
    assert.deepEqual([says, commands], isOrdered ? [true, 1] : [false, 0], `${where}: ${stderr}`);
  }
  if (isOrdered && !isHeld) assert.ok([5, 7, 8, 130].includes(code), `${where}: ${code}`);
}

/** What is due after a time limit is tried less often. */
const HOLDING = ["rollback", "--revision", "3", "--hold", "2h", "--reason", "it's bad", "--timeout", "90s"];

Deno.test("stopped after any call, a rollback says whether the service is held", async () => {
  const line = [...HOLDING, "--suspend-auto-scaling", "--resume-auto-scaling"];
  const whole = myservice();
  assert.equal((await runInProcess(whole, line)).code, 0);
  assert.ok(whole.calls.some(({ operation }) => operation === "TagResource"));
  for (let calls = 1; calls < whole.calls.length; calls++) {
    const emulator = myservice();
    const ended = await runInProcess(emulator, line, { stopAfterCalls: { calls, signal: "SIGINT" } });
    assertSaid(emulator, ended, `after call ${calls}`);
  }
});

Deno.test("without AWS from any call on, a rollback says whether the service is held", async () => {
  const whole = myservice();
  assert.equal((await runInProcess(whole, HOLDING)).code, 0);
  const ordering = whole.calls.findIndex(({ operation }) => operation === "UpdateService");
  for (const effect of [dropBefore(), dropAfter(), accessDenied()]) {
    for (let nth = ordering; nth < whole.calls.length; nth++) {
      const emulator = myservice();
      emulator.inject({ nth, times: Infinity, effect });
      assertSaid(emulator, await runInProcess(emulator, HOLDING), `${effect.kind} from call ${nth} on`);
    }
  }
});

Deno.test("that the tags may not be written is said once, whichever they are", async () => {
  for (const reason of ["", " --reason leaks"]) {
    const emulator = myservice();
    emulator.inject({ operation: "TagResource", effect: accessDenied(), times: Infinity });
    const { code, stderr } = await runOn(emulator, `rollback --revision 3 --hold 2h${reason}`);
    assert.equal(code, 8, stderr);
    assert.equal(stderr.match(/TagResource failed/g)?.length, 1, stderr);
    assert.equal(/not written on the service: the tag ecspresso:last-rollback\n/.test(stderr), reason !== "", stderr);
  }
});
