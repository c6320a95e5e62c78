import assert from "node:assert/strict";
import { Skipped } from "./check.ts";
import { type Expectation, expecting } from "./expectations.ts";

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
