import fc from "fast-check";
import assert from "node:assert/strict";
import { healthy } from "../emulator/behaviours.ts";
import { Emulator, type EmulatorOptions } from "../emulator/emulator.ts";
import { isRead } from "../emulator/operations.ts";
import { runInProcess } from "../in_process.ts";
import { deploys, FAMILY, type Files } from "./arbitrary_deploys.ts";
import { RUNS, tries } from "./how_often.ts";

/**
 * A deploy brings the service to what the files say, once: ECS's defaults and orders are no differences, and a tag that is
 * pushed again is one.
 */

const CONFIG = `region: ap-northeast-1
cluster: default
service: app
service_definition: service.json
task_definition: task.json
`;

/** How long tasks take means nothing here: as much as a deploy sees pass costs a test its time. */
const QUICK = healthy({ startMs: 2_000, stopMs: 2_000 });
const MAX_REVISIONS = 5;

function createWorld(options: EmulatorOptions): Emulator {
  const emulator = new Emulator(options);
  for (let revision = 1; revision <= MAX_REVISIONS; revision++) emulator.setBehaviour(`${FAMILY}:${revision}`, QUICK);
  return emulator;
}

async function run(emulator: Emulator, command: string, { service, task }: Files) {
  const files = { "ecspresso.yml": CONFIG, "service.json": JSON.stringify(service), "task.json": JSON.stringify(task) };
  const before = emulator.calls.length;
  const { code, stdout, stderr } = await runInProcess(emulator, [command], { files });
  const operations = emulator.calls.slice(before).map(({ operation }) => operation);
  return { code, stdout, stderr, writes: operations.filter((name) => !isRead(name)) };
}

async function deploysOnce(emulator: Emulator, files: Files): Promise<void> {
  const { code, stderr } = await run(emulator, "deploy", files);
  assert.equal(code, 0, stderr);
  const again = await run(emulator, "deploy", files);
  assert.deepEqual([again.code, again.writes], [0, []], again.stderr);
}

/** The tags of all images move to others. Returns whether some task runs an image of Amazon ECR by its tag. */
function pushAgain(emulator: Emulator, { task }: Files): boolean {
  const images = (task.containerDefinitions as { image: string }[]).map(({ image }) => image);
  for (const image of images) for (let times = 0; times < 2; times++) emulator.setImage(image);
  const { runningCount } = emulator.describeService("app");
  return Number(runningCount) > 0 && images.some((image) => image.includes(".dkr.ecr."));
}

function hasTagLine({ stdout }: { stdout: string }): boolean {
  return /deploy would start that/.test(stdout);
}

/** What was pushed is a difference, is deployed, and then is none any more. */
async function deploysPushed(emulator: Emulator, files: Files): Promise<void> {
  const hasMoved = pushAgain(emulator, files);
  const diff = await run(emulator, "diff", files);
  assert.deepEqual([diff.code, hasTagLine(diff)], [0, hasMoved], diff.stderr);
  const { code, stderr, writes } = await run(emulator, "deploy", files);
  assert.deepEqual([code, writes], [0, hasMoved ? ["UpdateService"] : []], stderr);
  const [again, same] = [await run(emulator, "deploy", files), await run(emulator, "diff", files)];
  assert.deepEqual([again.code, again.writes, hasTagLine(same)], [0, [], false], again.stderr);
}

Deno.test("what was deployed is deployed once: the same files again write nothing, and differ in nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      deploys,
      fc.boolean(),
      fc.boolean(),
      async ({ first, second }, terseAnswers, fillsInAllDefaults) => {
        const emulator = createWorld({ terseAnswers, fillsInAllDefaults });
        await deploysOnce(emulator, first);
        const diff = await run(emulator, "diff", first);
        assert.deepEqual([diff.code, diff.stdout], [0, ""]);
        await deploysOnce(emulator, second);
        await deploysPushed(emulator, second);
      },
    ),
    tries(Math.ceil(RUNS / 40)),
  );
});
