import assert from "node:assert/strict";
import { MISBEHAVIOURS } from "../chaos/misbehaviours.ts";
import { documents, readDocument } from "../documents.ts";
import { listOf } from "../emulator/policy.ts";
import { readPermissions } from "../iam/permissions.ts";
import { POWERS } from "../e2e/trust_powers.ts";
import { DEFINITIONS, DEPLOYS, DRY_RUNS, RUNS } from "../property/how_often.ts";

/** The README says how often each promise is tried, and no document is too long to be read. */

const README = await readDocument("README.md");

Deno.test({
  name: "the figures of the README are those of the tests that it names",
  ignore: Deno.env.has("FC_RUNS"),
  fn: async () => {
    const rows = [...readPermissions(await readDocument("docs/iam.md")).values()].flat();
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

Deno.test("the README has at most 12 KB, and each page at most 400 lines", async () => {
  assert.ok(new TextEncoder().encode(README).length <= 12_000);
  for (const page of (await documents()).filter((name) => name.startsWith("docs/"))) {
    assert.ok((await readDocument(page)).trimEnd().split("\n").length <= 400, page);
  }
});
