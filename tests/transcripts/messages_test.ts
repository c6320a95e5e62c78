import assert from "node:assert/strict";
import { runInProcess } from "../in_process.ts";
import { SCENES } from "./scenes.ts";
import { GITHUB_FILES } from "./scenes/files.ts";
import { crashing } from "./scenes/worlds.ts";
import { transcriptFile } from "./scene.ts";

/**
 * Every message as a user sees it, from the whole program on a virtual clock. After a change that is meant:
 * `deno test -A tests/transcripts -- --update`, then read the difference.
 */

/** As a shell takes it: a pattern is for the program. */
function asTyped(args: string): string {
  return args.split(" ").map((word) => word.includes("*") ? `'${word}'` : word).join(" ");
}

for (const [name, { args, world = crashing, options }] of Object.entries(SCENES)) {
  Deno.test(`transcript ${name}`, async () => {
    const { code, stdout, stderr, files } = await runInProcess(world(), args === "" ? [] : args.split(" "), options);
    const streams = `--- stdout\n${stdout}--- stderr\n${stderr}--- exit code ${code}\n`;
    const given = options?.files ?? {};
    const made = args.startsWith("init ") ? files.keys() : [];
    const shown = [...Object.values(GITHUB_FILES), "plan.json", ...made].filter((path) =>
      files.has(path) && !(path in given)
    );
    const output = `$ ecspresso ${asTyped(args)}\n${streams}` +
      shown.map((path) => `--- ${path}\n${files.get(path)}`).join("");
    // Each run has another ID.
    const transcript = output.replace(
      /(\b[Rr]un `?|"run":"|deployment-settings:)[0-9a-f]{8}\b/g,
      (_, before) => `${before}0badcafe`,
    );
    const file = transcriptFile(name);
    if (Deno.args.includes("--update")) return await Deno.writeTextFile(file, transcript);
    assert.equal(transcript, await Deno.readTextFile(file));
  });
}

Deno.test("there is no transcript without its scene", async () => {
  const files: string[] = [];
  for await (const { name } of Deno.readDir(new URL(".", import.meta.url))) {
    if (name.endsWith(".txt")) files.push(name.slice(0, -4));
  }
  assert.deepEqual(files.sort(), Object.keys(SCENES).sort());
});
