import assert from "node:assert/strict";
import type { Emulator } from "../emulator/emulator.ts";
import { runInProcess, type RunOptions } from "../in_process.ts";
import { FLEET_SCENES } from "./scenes/fleet.ts";
import { FLEET_DEPLOYS_SCENES } from "./scenes/fleet_deploys.ts";
import { FLEET_FAILURES_SCENES } from "./scenes/fleet_failures.ts";
import { PLAN_FILE_SCENES } from "./scenes/plan_file.ts";
import type { Scene } from "./scene.ts";

/** What a run of many services suggests to type is typed: it is taken, and what is to go on goes on to the end. */

/** Where somebody has to choose first. */
const WITH_A_GAP = / (?:N|FILE|ID)\b/;
/** What does all that is left. */
const GOES_ON =
  /(?:to (?:roll back|deploy) the other (?:one|\d+)(?: without (?:it|them))?|to go on with (?:it|all \d+))$/;

interface Suggested {
  readonly purpose: string;
  readonly command: string;
}

/** The commands at the ends of lines, and those that stand alone in a plan. */
function suggestedIn(text: string): Suggested[] {
  const found = [
    ...text.matchAll(/^(?:(.*): |\s+)ecspresso ((?:rollback|wait|status|history|verify|revisions)\b.*)$/gm),
  ];
  return found.map(([, purpose = "", command]) => ({ purpose, command: command!.replace(/\)\).*$/, "") }))
    .filter(({ command }) => !WITH_A_GAP.test(command));
}

/** As a POSIX shell takes it apart. */
function split(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare!);
}

/** Stops a run early that is to be gone on with; what is typed then is not stopped. */
const unstopped = ({ stopAfterCalls: _, stopAfterMs: __, ...others }: RunOptions = {}): RunOptions => others;

interface Ended {
  readonly emulator: Emulator;
  readonly said: string;
  readonly files: Record<string, string>;
}

async function runScene({ args, world, options }: Scene): Promise<Ended> {
  const emulator = world!();
  const { stdout, stderr, files } = await runInProcess(emulator, args.split(" "), options);
  return { emulator, said: `${stdout}\n${stderr}`, files: Object.fromEntries(files) };
}

const typedOn = new Set<string>();

async function type({ purpose, command }: Suggested, { emulator, files }: Ended, options?: RunOptions): Promise<void> {
  const { code, stderr } = await runInProcess(emulator, split(command), { ...unstopped(options), files });
  assert.ok(code !== 1 && code !== 2 && code !== 3, `${command}\n${stderr}`);
  const [goesOn] = GOES_ON.exec(purpose) ?? [];
  if (goesOn !== undefined) typedOn.add(goesOn.replace(/\d+/, "N"));
  if (goesOn !== undefined) assert.equal(code, 0, `${command}\n${stderr}`);
  assert.ok(!(command.includes("--config") && command.includes("--service ")), command);
}

const OF_MANY = { ...FLEET_SCENES, ...FLEET_FAILURES_SCENES, ...FLEET_DEPLOYS_SCENES, ...PLAN_FILE_SCENES };

for (const [name, scene] of Object.entries(OF_MANY)) {
  // There, lines are broken.
  if (scene.options?.columns !== undefined) continue;
  Deno.test(`what the scene ${name} suggests can be typed`, async () => {
    const ended = await runScene(scene);
    const suggested = suggestedIn(ended.said);
    const once = [...new Map(suggested.map((one) => [one.command, one])).values()];
    // What only reads leaves all as it is. After anything else, the scene has to be run anew.
    const isReading = ({ command }: Suggested) => /^(?:status|history|verify|revisions)\b/.test(command);
    for (const one of once.filter(isReading)) await type(one, ended, scene.options);
    for (const [index, one] of once.filter((one) => !isReading(one)).entries()) {
      await type(one, index === 0 ? ended : await runScene(scene), scene.options);
    }
  });
}

Deno.test("each way to go on is among them", () => {
  assert.deepEqual([...typedOn].toSorted(), [
    "to go on with all N",
    "to go on with it",
    "to roll back the other N",
    "to roll back the other one",
  ]);
});
