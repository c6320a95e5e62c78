/** Two runs on one service at the same time: whatever the order of their calls, auto scaling is as it was in the end. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { type Emulator } from "../emulator/emulator.ts";
import { myservice, RESOURCE_ID } from "../emulator/myservice.ts";
import { runTogether, type ServedCall, type Which } from "./programs_at_once.ts";
import { RUNS, tries } from "./how_often.ts";
import { ALL, type Flags } from "./world_spec.ts";
import { arbitraryFlags } from "./arbitrary_worlds.ts";
import { RECORD_KEY, suspendedState } from "./rollback_worlds.ts";

const BOTH = ["--suspend-auto-scaling", "--resume-auto-scaling"];
const NEITHER: readonly string[] = [];

interface TwoRuns {
  readonly prior: Flags;
  readonly revisions: Readonly<Record<Which, number>>;
  readonly scaling: Readonly<Record<Which, readonly string[]>>;
  readonly order: readonly Which[];
}

const arbitraryWhich = fc.constantFrom<Which>("first", "second");
const arbitraryScaling = fc.oneof(
  { weight: 4, arbitrary: fc.constant(BOTH) },
  { weight: 1, arbitrary: fc.constant(NEITHER) },
);
const arbitraryTwoRuns: fc.Arbitrary<TwoRuns> = fc.record({
  prior: arbitraryFlags,
  revisions: fc.record({ first: fc.integer({ min: 1, max: 3 }), second: fc.integer({ min: 1, max: 3 }) }),
  scaling: fc.record({ first: arbitraryScaling, second: arbitraryScaling }),
  order: fc.array(arbitraryWhich, { minLength: 1, maxLength: 60 }),
});

function targetOf(emulator: Emulator) {
  return emulator.state().scalableTargets[RESOURCE_ID]!;
}

async function observe({ prior, revisions, scaling, order }: TwoRuns) {
  const emulator = myservice();
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: suspendedState(prior) });
  const args = (which: Which) => ["rollback", "--revision", String(revisions[which]), ...scaling[which]];
  const ran = await runTogether(emulator, { first: args("first"), second: args("second") }, order);
  return { emulator, ...ran };
}

/** Whether `call` sets other flags than all three. */
function resumes({ operation, input }: ServedCall): boolean {
  const state = (input as { SuspendedState?: Record<string, boolean> }).SuspendedState;
  return operation === "RegisterScalableTarget" && state !== undefined && Object.values(state).includes(false);
}

/**
 * Whether one run has joined the record and looked at it once more, all between the other one's look and its own joining:
 * neither sees the other then, for AWS has no conditional write.
 */
function wasUnseen(calls: readonly ServedCall[]): boolean {
  const joined = (which: Which) => calls.findIndex(({ by, operation }) => by === which && operation === "TagResource");
  return (["first", "second"] as const).some((which) => {
    const tagged = joined(which);
    const looked = calls.findLastIndex(({ by, operation }, at) =>
      at < tagged && by === which && operation === "ListTagsForResource"
    );
    const between = calls.slice(looked, tagged).filter(({ by }) => by !== which).map(({ operation }) => operation);
    return between.includes("TagResource") &&
      between.lastIndexOf("ListTagsForResource") > between.indexOf("TagResource");
  });
}

Deno.test("two runs at once: auto scaling is restored once, by the run that wins", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryTwoRuns, async (two) => {
      const { emulator, ended, calls } = await observe(two);
      const said = `${JSON.stringify(two)}\n${ended.first.stderr}\n${ended.second.stderr}\n` +
        calls.map(({ by, operation }) => `${by} ${operation}`).join("\n");
      assert.deepEqual(targetOf(emulator).suspendedState, suspendedState(two.prior), said);
      assert.equal(targetOf(emulator).tags[RECORD_KEY], undefined, said);

      const orders = calls.filter(({ operation }) => operation === "UpdateService");
      const winner = orders.at(-1)?.by;
      if (winner === undefined || two.scaling[winner].length === 0 || String(two.prior) === String(ALL)) return;
      // Who goes back to the same follows the other's deployment to its end.
      if (two.revisions.first === two.revisions.second) return;
      assert.equal(ended[winner].code, 0, said);
      if (wasUnseen(calls)) return;
      const won = calls.indexOf(orders.at(-1)!);
      const others = calls.slice(won).filter((call) => call.by !== winner && resumes(call));
      assert.deepEqual(others, [], `auto scaling was resumed under the run that won\n${said}`);
    }),
    tries(Math.ceil(RUNS / 20)),
  );
});
