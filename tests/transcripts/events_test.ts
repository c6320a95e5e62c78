import assert from "node:assert/strict";
import { EVENT_NAMES, readEvents } from "../event_schema.ts";
import { runInProcess } from "../in_process.ts";
import { checkEnd, checkLength, checkLogSaysAll, checkSaidOnce } from "./log_coverage.ts";
import { SCENES } from "./scenes.ts";
import { crashing } from "./scenes/worlds.ts";

/** The commands whose runs can be read as events. */
const WITH_EVENTS = /(?:^|\s)(?:rollback|deploy|wait)(?:\s|$)/;
const eventScenes = Object.entries(SCENES).filter(([, { args }]) => WITH_EVENTS.test(args) && !args.includes("--help"));
const seenEvents = new Set<string>();

for (const [name, scene] of eventScenes) {
  Deno.test(`events of the scene ${name} are as the schema says, and end as the program does`, async () => {
    const args = [...scene.args.split(" "), ...(scene.args.includes("--output json") ? [] : ["--output", "json"])];
    const { code, stdout, stderr } = await runInProcess((scene.world ?? crashing)(), args, scene.options);
    const events = readEvents(stdout);
    for (const { event } of events) seenEvents.add(event);
    assert.equal(events.at(-1)?.exitCode, code);
    // Of JSON, and of a log that the runner reads, the lines are others.
    // Where lines are broken, the same scene has them whole elsewhere.
    const isBroken = scene.options?.columns !== undefined;
    if (args.includes("--log-format") || scene.options?.env?.GITHUB_ACTIONS !== undefined || isBroken) return;
    checkLogSaysAll(events, stderr);
    checkEnd(events, stderr);
    checkSaidOnce(stderr);
    if (!args.includes("--verbose") && !args.includes("--debug")) checkLength(events, stderr);
  });
}

Deno.test("there is no event in the schema that no scene shows", () => {
  assert.deepEqual(EVENT_NAMES.filter((name) => !seenEvents.has(name)), []);
});
