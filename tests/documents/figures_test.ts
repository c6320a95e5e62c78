import assert from "node:assert/strict";
import { MISBEHAVIOURS } from "../chaos/misbehaviours.ts";
import { readDocument } from "../documents.ts";
import { listOf } from "../emulator/policy.ts";
import { readPermissions } from "../iam/permissions.ts";
import { POWERS } from "../e2e/trust_powers.ts";
import { DEFINITIONS, DEPLOYS, DRY_RUNS, RUNS } from "../property/how_often.ts";

/** What documents say of the tests: how often each promise is tried, and which attacks. */

const README = await readDocument("README.md");

Deno.test({
  name: "the figures of the README are those of the tests that it names",
  ignore: Deno.env.has("FC_RUNS"),
  fn: async () => {
    const rows = [...readPermissions(await readDocument("docs/permissions.md")).values()].flat();
    const figures = {
      "random rollbacks": RUNS,
      "dry runs": DRY_RUNS,
      "random deploys": DEPLOYS,
      "random definitions": DEFINITIONS,
      "ways in which networks": MISBEHAVIOURS.length,
      "permissions": rows.flatMap(({ Action }) => listOf(Action)).length,
      "attacks": POWERS.length,
    };
    const words = README.replaceAll(/\s+/g, " ");
    for (const [what, figure] of Object.entries(figures)) {
      assert.ok(words.includes(` ${figure.toLocaleString("en")} ${what}`), `README.md has not: ${figure} ${what}`);
    }
  },
});

Deno.test("the README has at most 12 KB", () => {
  assert.ok(new TextEncoder().encode(README).length <= 12_000);
});

Deno.test("docs/trust.md has a row for every power that is tested, and no other", async () => {
  const rows = (await readDocument("docs/trust.md")).split("\n").filter((line) => line.startsWith("| "));
  const [, , ...names] = rows.map((row) => row.split("|")[1]!.trim());
  assert.deepEqual(names.toSorted(), POWERS.map(({ name }) => name).toSorted());
});
