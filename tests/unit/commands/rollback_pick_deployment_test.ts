import assert from "node:assert/strict";
import { cannotPullContainer } from "../../emulator/behaviours.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { imageOf, myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess, type RunOptions } from "../../in_process.ts";
import { PASTS } from "./pasts.ts";

const typing = (...typed: readonly string[]): RunOptions => ({ isTerminal: true, typed, env: { NO_COLOR: "1" } });

const rowsOf = (stderr: string) => stderr.split("\n").filter((line) => /^\d+ +myservice:/.test(line));

/** Where a plan goes, and how: without why, and what is doubtful about it. */
const placeOf = (plan: string) =>
  plan.replace(/^(?:Notices|Safe to repeat)$[^]*/m, "").split("\n").filter((line) => !/^ {7}\S/.test(line)).join("\n");

for (const [name, makeWorld] of Object.entries(PASTS)) {
  const dryRun = (args: string, ...typed: readonly string[]) =>
    runInProcess(makeWorld(), `rollback --dry-run ${args}`.trim().split(" "), typing(...typed));

  Deno.test(`what is picked is what --deployment goes to, and the marks where rollback goes: ${name}`, async () => {
    const rows = rowsOf((await dryRun("", "")).stderr);
    for (const [index, row] of rows.entries()) {
      const picked = await dryRun("", String(index + 1));
      const again = /The same again: ecspresso (.*)\n/.exec(picked.stderr)?.[1] ?? "";
      assert.ok(again.startsWith("rollback --dry-run --deployment "), picked.stderr);
      const typed = await runInProcess(makeWorld(), again.split(" "), typing());
      assert.deepEqual([picked.code, picked.stdout], [typed.code, typed.stdout]);
      for (const which of ["previous", "stable"]) {
        if (!new RegExp(` ${which}(?![a-z])`).test(row)) continue;
        const chosen = await dryRun(`--revision ${which}`);
        assert.equal(placeOf(picked.stdout), placeOf(chosen.stdout), `${which}: ${row}`);
      }
    }
  });
}

Deno.test("the list has at most fifteen deployments, newest first, each that rollback calls something marked once", async () => {
  const emulator = myservice({ revisions: 30 });
  for (let revision = 5; revision <= 30; revision++) {
    emulator.updateService({ service: "myservice", taskDefinition: `myservice:${revision}` });
    emulator.advance(1_000_000);
  }
  const { stderr } = await runInProcess(emulator, ["rollback"], typing(""));
  const rows = rowsOf(stderr);
  assert.deepEqual(
    rows.map((row) => row.split(/ +/)[1]),
    [...Array(15).keys()].map((index) => `myservice:${30 - index}`),
  );
  assert.deepEqual(rows.filter((row) => row.includes("previous")), [rows[1]]);
  assert.deepEqual(rows.filter((row) => row.includes("runs now")), [rows[0]]);
});

Deno.test("nothing is asked, and nothing is changed, where no person sits at the terminal", async () => {
  const makeWorld = () => createScenario("two_bad_in_a_row");
  const asked = typing("3", "y");
  const piped = await runInProcess(makeWorld(), ["rollback"], { env: { NO_COLOR: "1" } });
  assert.equal(piped.code, 2);
  const others: [args: string, options: RunOptions][] = [
    ["rollback", { ...asked, isTerminal: ["stdin", "stdout"] }],
    ["rollback", { ...asked, isTerminal: ["stderr", "stdout"] }],
    ["rollback", { ...asked, env: { NO_COLOR: "1", CI: "true" } }],
    ["rollback", { ...asked, env: { NO_COLOR: "1", CI: "1" } }],
  ];
  for (const [args, options] of others) {
    const emulator = makeWorld();
    const { code, stdout, stderr } = await runInProcess(emulator, args.split(" "), options);
    assert.deepEqual([code, stdout, stderr], [piped.code, piped.stdout, piped.stderr]);
    assert.ok(emulator.calls.every(({ operation }) => operation !== "UpdateService"));
  }
  for (const args of ["rollback --output json", "rollback --log-format json", "rollback --github"]) {
    const { code, stderr } = await runInProcess(makeWorld(), args.split(" "), asked);
    assert.equal(code, 2, stderr);
    assert.doesNotMatch(stderr, /Go back to which/);
  }
  for (const CI of ["", "false", "0"]) {
    const { code } = await runInProcess(makeWorld(), ["rollback", "--no-wait"], { ...asked, env: { CI } });
    assert.equal(code, 0);
  }
});

Deno.test("the list does without what may not be read of how deployments ended, and of what ran before them", async () => {
  const emulator = createScenario("circuit_breaker_rolling_back");
  emulator.inject({ operation: "DescribeServiceDeployments", effect: accessDenied(), times: Infinity });
  const { code, stderr } = await runInProcess(emulator, ["rollback"], typing(""));
  assert.equal(code, 4);
  assert.equal(rowsOf(stderr).length, 2, stderr);
  assert.equal(stderr.match(/AccessDenied/g)?.length, stderr.match(/\[warn\].*; the list does not show/g)?.length);
  assert.match(stderr, /AccessDenied/);
});

/** Revision 3 runs, and 4 was tried so often: ECS's circuit breaker has gone back each time. */
function triedOften(times: number) {
  const emulator = myservice({
    history: [3],
    behaviours: { 4: cannotPullContainer(imageOf(4)) },
    service: { deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: true } } },
  });
  for (let count = 0; count < times; count++) {
    emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
    emulator.advance(1_800_000);
  }
  return emulator;
}

Deno.test("what runs now is in the list, however many deployments have failed since", async () => {
  for (const [times, length] of [[2, 3], [20, 15]] as const) {
    const rows = rowsOf((await runInProcess(triedOften(times), ["rollback"], typing(""))).stderr);
    assert.equal(rows.length, length);
    assert.deepEqual(rows.filter((row) => row.includes("runs now")), [rows.at(-1)], rows.join("\n"));
    assert.ok(rows.slice(0, -1).every((row) => row.includes("rolled back by ECS to myservice:3")), rows.join("\n"));
  }
});

Deno.test("nothing is listed where nothing but failures is on record: what ran before is not among them", async () => {
  const emulator = triedOften(0);
  // ECS keeps 90 days.
  emulator.advance(100 * 24 * 3_600_000);
  for (let count = 0; count < 2; count++) {
    emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
    emulator.advance(1_800_000);
  }
  const { code, stderr } = await runInProcess(emulator, ["rollback"], typing("1", "y"));
  assert.equal(code, 2, stderr);
  assert.match(stderr, /rollback needs --revision/);
});

Deno.test("what was picked is rolled back to after a yes, and after nothing else", async () => {
  const answers: [answer: string, code: number][] = [["y", 0], ["yes", 0], ["n", 4], ["", 4], ["3", 4]];
  for (const [answer, expected] of answers) {
    const emulator = createScenario("two_bad_in_a_row");
    const { code, stderr } = await runInProcess(emulator, ["rollback", "--no-wait"], typing("3", answer));
    assert.equal(code, expected, stderr);
    const writes = emulator.calls.filter(({ operation }) => !/^(Describe|List|Get)/.test(operation));
    assert.deepEqual(writes.map(({ operation }) => operation), expected === 0 ? ["UpdateService"] : [], answer);
  }
});
