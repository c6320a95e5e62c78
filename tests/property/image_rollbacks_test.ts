import fc from "fast-check";
import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import { accessDenied } from "../emulator/faults.ts";
import { DRY_RUNS, tries } from "./how_often.ts";
import { deploymentsOnRecord, type ImageRun, type OnRecord, runningDigests, runRollback } from "./image_run.ts";
import { arbitraryImageWorld, createImageWorld, type ImageWorldSpec, type PastStep } from "./image_worlds.ts";

/**
 * After `rollback --revision X` that says succeeded, the digests run that ran when X was last successful, or the plan has
 * said otherwise: whatever has been pushed, forced, stopped or lost before, and whatever may not be read.
 */

interface Asked {
  readonly target: number | "previous";
  readonly pin: "auto" | "never" | "always";
  /** An operation that is refused. */
  readonly denied: string | null;
}

const arbitraryAsked: fc.Arbitrary<Asked> = fc.record({
  target: fc.oneof(fc.integer({ min: 5, max: 7 }), fc.constant("previous" as const)),
  pin: fc.oneof(
    { weight: 4, arbitrary: fc.constant("auto" as const) },
    { weight: 1, arbitrary: fc.constantFrom("never" as const, "always") },
  ),
  denied: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        "ListServiceDeployments",
        "DescribeServiceRevisions",
        "DescribeServiceDeployments",
        "DescribeImages",
        "RegisterTaskDefinition",
        "StopServiceDeployment",
      ),
    },
  ),
});

function copyOf(world: Emulator, { denied }: Asked): Emulator {
  const emulator = world.copy();
  if (denied === "DescribeImages") emulator.inject({ operation: denied, times: Infinity, effect: accessDenied("ecr") });
  else if (denied !== null) emulator.inject({ operation: denied, times: Infinity, effect: accessDenied() });
  return emulator;
}

const isNumber = (target: Asked["target"]): target is number => target !== "previous";

/** The dry run shows what the real run does, and refuses what that refuses. */
function checkDryRun(dry: ImageRun, real: ImageRun): void {
  if (dry.plan === undefined) return assert.equal(real.code, dry.code);
  assert.deepEqual({ ...real.plan, notices: [] }, { ...dry.plan, notices: [] });
  assert.deepEqual(dry.writes, [], "a dry run writes");
}

/** What runs is what the plan has said, and what ran before where the plan says nothing else. */
function checkDigests(run: ImageRun, emulator: Emulator, before: readonly OnRecord[], asked: Asked): void {
  const { plan, outcome } = run;
  if (outcome?.kind !== "succeeded" && outcome?.kind !== "unchanged") return;
  const running = runningDigests(emulator);
  const ran = before.find(({ taskDefinition, status }) =>
    status === "SUCCESSFUL" && taskDefinition.endsWith(`:${asked.target}`)
  );
  for (const image of plan?.images ?? []) {
    const { container, isConsistent, starts } = image;
    const digests = new Set(running.map((one) => one[container]));
    if (isConsistent && starts !== undefined) assert.deepEqual([...digests], [starts], `${container}: not as planned`);
    const expected = isNumber(asked.target) ? ran?.digests[container] : undefined;
    if (expected === undefined || expected === "" || !isConsistent) continue;
    const line = new RegExp(`${container}: starts `);
    const hasSaid = image.ran === undefined || (image.starts !== image.ran && line.test(run.text));
    if (!hasSaid) assert.deepEqual([...digests], [expected], `${container}: not what ran, and nothing was said`);
    if (asked.denied === null && asked.pin !== "never") {
      assert.equal(image.ran, expected, `${container}: known wrongly`);
    }
    const isKnown = starts !== undefined && (asked.denied === null || /Register|Stop|Images/.test(asked.denied));
    const isSure = isKnown && asked.pin !== "never";
    if (isSure) assert.deepEqual([...digests], [expected], `${container}: not what ran`);
  }
}

/** What can be typed again does nothing more. */
async function checkRepeated(run: ImageRun, emulator: Emulator, asked: Asked, args: string[]): Promise<string[]> {
  if (run.outcome?.kind !== "succeeded") return [];
  const from = run.plan?.repeatedBy?.from.revision;
  if (asked.target === "previous" && from === undefined) return [];
  const again = from === undefined ? args : [...args, `--from=${from}`];
  const before = runningDigests(emulator);
  const repeated = await runRollback(emulator, again);
  const explained = () => [run.text, repeated.text].join("\n");
  // Without its record, nobody knows what ran before what was left.
  const mayRefuse = asked.target === "previous" && /^(List|Describe)Service/.test(asked.denied ?? "");
  if (!mayRefuse) assert.equal(repeated.code, 0, explained());
  assert.deepEqual(repeated.writes, [], explained());
  assert.deepEqual(runningDigests(emulator), before, explained());
  return [repeated.text];
}

/** `--from` of what the plan names does the same as what was typed. */
async function checkRepetition(dry: ImageRun, world: Emulator, asked: Asked, args: string[]): Promise<void> {
  const from = dry.plan?.repeatedBy?.from.revision;
  if (from === undefined) return;
  const other = await runRollback(copyOf(world, asked), [...args, `--from=${from}`, "--dry-run"]);
  const meant = ({ plan, code }: ImageRun) => [code, plan?.to, plan?.steps, plan?.images];
  assert.deepEqual(meant(other), meant(dry), `${dry.text}\n${other.text}`);
}

async function check(spec: ImageWorldSpec, asked: Asked): Promise<void> {
  const world = createImageWorld(spec);
  const emulator = copyOf(world, asked);
  const args = [`--revision=${asked.target}`, `--pin=${asked.pin}`];
  const before = deploymentsOnRecord(emulator);
  const dry = await runRollback(emulator, [...args, "--dry-run"]);
  const real = await runRollback(emulator, args);
  try {
    assert.ok([0, 4, 5, 6, 7].includes(real.code), `exit ${real.code}`);
    checkDryRun(dry, real);
    checkDigests(real, emulator, before, asked);
    await checkRepetition(dry, world, asked, args);
    await checkRepeated(real, emulator, asked, args);
  } catch (error) {
    throw new Error([(error as Error).message, JSON.stringify(before, null, 1), dry.text, real.text].join("\n"));
  }
}

Deno.test(`${DRY_RUNS} rollbacks among moving tags start what ran, or say what they start`, async () => {
  await fc.assert(fc.asyncProperty(arbitraryImageWorld, arbitraryAsked, check), tries(DRY_RUNS));
});

Deno.test("what failed and is under way once more is left for what served, and the printed command does the same", async () => {
  const step = (revision: number, ends: PastStep["ends"]) => ({ revision, ends, pushes: false });
  const steps = [step(7, "well"), step(5, "well"), step(7, "crashes"), step(7, "crashes")];
  const world = { side: "ecr", sharesTag: false, steps, breaker: "none", pushesLast: false, gone: null } as const;
  await check({ ...world, afterLastMs: 300_000 }, { target: "previous", pin: "auto", denied: null });
});
