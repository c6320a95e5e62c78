import assert from "node:assert/strict";
import { isRead } from "../emulator/operations.ts";
import { runInProcess } from "../in_process.ts";
import { SCENES } from "./scenes.ts";
import { crashing } from "./scenes/worlds.ts";
import { transcriptFile } from "./scene.ts";

/** What a plan cannot know: what somebody does between it and the order, and what ECS makes of a copy. */
const AFTER_THE_PLAN: ReadonlySet<string> = new Set([
  "rollback_image_gone_stop_refused",
  "fast_stale",
  "plan_outdated",
  "rollback_if_deployed_within_overtaken",
  "rollback_reregister_incomplete",
  "rollback_tag_moved_copy_denied",
  "suspension_changed_before_the_first_write",
  "update_throttled_and_overtaken",
]);
const PLANNED = ["deploy", "rollback", "register", "deregister"];

/** The exit code of a scene: `messages_test.ts` sees to it that its run ends as its transcript does. */
async function codeOf(name: string): Promise<number> {
  return Number(/^--- exit code (\d+)$/m.exec(await Deno.readTextFile(transcriptFile(name)))![1]);
}

for (const [name, { args, world = crashing, options }] of Object.entries(SCENES)) {
  const words = args.split(" ").filter((word) => word !== "--dry-run");
  const isPlanned = words.some((word) => PLANNED.includes(word)) && !words.includes("--help");
  // Whether a run is a dry one is all that these options look at.
  if (words.includes("--untrusted") || words.includes("--show-values")) continue;
  // Nobody is asked in a dry run, and what stops a run at a call stops the two at different ones.
  if (!isPlanned || options?.typed !== undefined || options?.stopAfterCalls !== undefined) continue;
  // Transcripts that are just being rewritten say nothing yet.
  const isWritten = !args.includes("--dry-run") && !Deno.args.includes("--update");
  Deno.test(`a dry run of the scene ${name} writes nothing, and refuses what the real run refuses`, async () => {
    const emulator = world();
    const before = emulator.state();
    const dry = await runInProcess(emulator, [...words, "--dry-run"], options);
    const writes = emulator.calls.filter(({ operation }) => !isRead(operation) && operation !== "AssumeRole");
    assert.deepEqual(writes.map(({ operation }) => operation), []);
    if (dry.code !== 0) assert.deepEqual(emulator.state(), before);
    const code = isWritten ? await codeOf(name) : (await runInProcess(world(), words, options)).code;
    const isRefused = code >= 2 && code <= 4 && !AFTER_THE_PLAN.has(name);
    if (dry.code !== 0 || isRefused) assert.equal(code, dry.code, dry.stderr);
  });
}
