import assert from "node:assert/strict";
import { type Expectation, expecting } from "./expectations.ts";

const EXPECTED: Expectation = {
  name: "twice",
  kayac: "takes the last",
  ours: "refuses",
  why: "one is a mistake",
  seen: /there twice/,
  checks: ["doubled"],
};

/** Runs a check beside "doubled", both of which end as `outcome` says. */
async function runExpecting(name: string, outcome: Error | undefined): Promise<string> {
  const run = () => outcome ? Promise.reject(outcome) : Promise.resolve();
  const [check] = expecting([{ name, run }, { name: "doubled", run }], [EXPECTED]);
  return await check!.run().then(() => "ok", String);
}

const cases: [string, string, Error | undefined, string | RegExp][] = [
  ["a difference that is expected is none", "doubled", new Error("image: is there twice"), "ok"],
  ["one that is gone is a failure", "doubled", undefined, /there is no difference any more/],
  ["another one is a failure", "doubled", new Error("no region"), /not the difference .* \(twice\): no region/],
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

Deno.test("expecting() names the expectation in the name of the check, and refuses one that is not there", () => {
  const [check] = expecting([{ name: "doubled", run: () => Promise.resolve() }], [EXPECTED]);
  assert.equal(check?.name, "doubled (differs on purpose: twice)");
  assert.throws(() => expecting([], [EXPECTED]), /no check "doubled"/);
});
