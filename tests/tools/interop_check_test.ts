import assert from "node:assert/strict";
import { type Expectation, expecting, type Group, runGroup, Skipped } from "../../tools/interop/check.ts";

function group(open: () => Promise<void> = () => Promise.resolve()): Group {
  const check = (name: string, outcome?: Error) => ({
    name,
    run: () => outcome ? Promise.reject(outcome) : Promise.resolve(),
  });
  const checks = [check("works"), check("breaks", new Error("one\ntwo")), check("needs Go", new Skipped("no Go here"))];
  return { name: "tool", checks, open };
}

async function linesOf(group: Group, wanted: readonly string[] = []) {
  const lines: string[] = [];
  return { totals: await runGroup(group, wanted, (line) => lines.push(line)), lines };
}

Deno.test("runGroup() prints a line for each check, and counts", async () => {
  const { totals, lines } = await linesOf(group());
  assert.deepEqual(totals, { ok: 1, failed: 1, skipped: 1 });
  assert.deepEqual(lines, [
    "ok      tool: works",
    "FAILED  tool: breaks: one\n          two",
    "skipped tool: needs Go: no Go here",
  ]);
});

Deno.test("runGroup() runs the checks that are wanted, by a part of the name of either", async () => {
  assert.deepEqual((await linesOf(group(), ["tool: wo"])).lines, ["ok      tool: works"]);
  assert.deepEqual((await linesOf(group(), ["tool"])).totals, { ok: 1, failed: 1, skipped: 1 });
});

Deno.test("runGroup() makes nothing ready when no check is wanted", async () => {
  const { totals, lines } = await linesOf(group(() => Promise.reject(new Error("made ready"))), ["elsewhere"]);
  assert.deepEqual([totals, lines], [{ ok: 0, failed: 0, skipped: 0 }, []]);
});

Deno.test("runGroup() says why a whole group is skipped, or has failed", async () => {
  const skipped = await linesOf(group(() => Promise.reject(new Skipped("no tool"))));
  assert.deepEqual([skipped.totals.skipped, skipped.lines], [3, ["skipped tool, all of 3: no tool"]]);
  const failed = await linesOf(group(() => Promise.reject(new Error("broken"))));
  assert.deepEqual([failed.totals.failed, failed.lines], [3, ["FAILED  tool, all of 3: broken"]]);
});

const EXPECTED: Expectation = {
  name: "twice",
  kayac: "takes the last",
  ours: "refuses",
  why: "one is a mistake",
  seen: /there twice/,
  checks: ["doubled"],
};

/** Runs the one check of a group, which ends as `outcome` says. */
async function runExpecting(name: string, outcome: Error | undefined): Promise<string> {
  const run = () => outcome ? Promise.reject(outcome) : Promise.resolve();
  const checks = [{ name, run }, { name: "doubled", run }];
  const group = expecting({ name: "render", checks, open: () => Promise.resolve() }, [EXPECTED]);
  try {
    await group.checks[0]?.run();
    return "ok";
  } catch (error) {
    return error instanceof Skipped ? "skipped" : String(error);
  }
}

const cases: [string, string, Error | undefined, string | RegExp][] = [
  ["a difference that is expected is none", "doubled", new Error("image: is there twice"), "ok"],
  ["one that is gone is a failure", "doubled", undefined, /there is no difference any more/],
  ["another one is a failure", "doubled", new Error("no region"), /not the difference .* \(twice\): no region/],
  ["what was not looked at is none", "doubled", new Skipped("not here"), "skipped"],
  ["other checks are left alone", "plain", undefined, "ok"],
  ["other checks fail as ever", "plain", new Error("image: is there twice"), "Error: image: is there twice"],
];

for (const [name, check, outcome, expected] of cases) {
  Deno.test(`expecting(): ${name}`, async () => {
    const ended = await runExpecting(check, outcome);
    if (typeof expected === "string") assert.equal(ended, expected);
    else assert.match(ended, expected);
  });
}

Deno.test("expecting() names the expectation in the name of the check", () => {
  const checks = [{ name: "doubled", run: () => Promise.resolve() }];
  const group = expecting({ name: "render", checks, open: () => Promise.resolve() }, [EXPECTED]);
  assert.equal(group.checks[0]?.name, "doubled (differs on purpose: twice)");
});

Deno.test("expecting() refuses the name of a check that is not there", () => {
  const group = { name: "render", checks: [], open: () => Promise.resolve() };
  assert.throws(() => expecting(group, [EXPECTED]), /render has no check "doubled"/);
});
