import assert from "node:assert/strict";
import { findConflict, HOW_CONFLICTS, keyAtFault } from "../../../src/session/rollback_conflicts.ts";

const VALUES = {
  "--deregister": { deregister: true },
  "--fail-after": { failAfter: 0 },
  "--bake": { bake: 300_000 },
  "--fast": { fast: true },
  "--suspend-auto-scaling": { suspendAutoScaling: true },
  "--resume-auto-scaling": { resumeAutoScaling: true },
  "--on-failure=undo": { onFailure: "undo" },
  "--hold": { hold: 60_000 },
  "--no-wait": { wait: false },
} as const;

Deno.test("findConflict() finds each conflict of the command line between values, too, and none with less", () => {
  for (const conflict of Object.keys(HOW_CONFLICTS)) {
    const names = conflict.split(" ") as (keyof typeof VALUES)[];
    const valuesOf = (some: typeof names) => Object.assign({}, ...some.map((name) => VALUES[name]));
    assert.deepEqual(findConflict(valuesOf(names)), names);
    for (const left of names) assert.equal(findConflict(valuesOf(names.filter((name) => name !== left))), undefined);
  }
  assert.equal(findConflict({ wait: true, deregister: false, fast: false, onFailure: "stop" }), undefined);
});

Deno.test("keyAtFault() names what cannot be without waiting", () => {
  assert.equal(keyAtFault(["--suspend-auto-scaling", "--resume-auto-scaling", "--no-wait"]), "resumeAutoScaling");
  assert.equal(keyAtFault(["--on-failure=undo", "--deregister"]), "deregister");
});
