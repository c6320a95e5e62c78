import assert from "node:assert/strict";
import { createScenario } from "../emulator/scenarios.ts";
import { type ServedWorld, withServer } from "./cli_process.ts";
import { HAS_TMUX, type Pane, withPane } from "./tmux.ts";

/** `rollback` without a target on a real terminal: 2 served for an hour, 3 and 4 for a minute each. */

const QUESTION = /^Go back to which of them\? 1 to 3, or Enter for none:/;
const PLANNED = /^Roll myservice\/default back to myservice:2\? \[y\/N\]/;
const FAST = 60;

function onTerminal(name: string, test: (pane: Pane, world: ServedWorld) => Promise<void>): void {
  Deno.test({
    name,
    ignore: !HAS_TMUX,
    fn: () =>
      withServer(
        createScenario("two_bad_in_a_row"),
        (world) => withPane(world.url, ["rollback"], {}, (pane) => test(pane, world)),
        FAST,
      ),
  });
}

const shows = (wanted: RegExp) => (lines: readonly string[]) => wanted.test(lines.at(-1) ?? "");
const changes = ({ emulator }: ServedWorld) => emulator.calls.filter(({ operation }) => operation === "UpdateService");

onTerminal("a deployment is picked by its number, and rolled back to once that is confirmed", async (pane, world) => {
  const list = await pane.until(shows(QUESTION));
  assert.match(list.at(-2)!, /^3 +myservice:2 +1\.1\.0 .* stable +replaced$/);
  await pane.press("7", "Enter");
  await pane.until((lines) => lines.some((line) => line.includes('"7" is not a number from 1 to 3')));
  await pane.until(shows(QUESTION));
  await pane.press("3", "Enter");
  const plan = await pane.until(shows(PLANNED));
  assert.ok(
    plan.some((line) => / The same again: ecspresso rollback --deployment [0-9a-f]+$/.test(line)),
    plan.join("\n"),
  );
  assert.equal(changes(world).length, 0);
  await pane.press("y", "Enter");
  const ended = await pane.until(shows(/^exit=/));
  assert.equal(ended.at(-1), "exit=0", ended.join("\n"));
  assert.match(ended.at(-2)!, /Service is stable now\. Completed!$/);
  assert.equal(world.emulator.state().services["default/myservice"]?.taskDefinition, "myservice:2");
});

const ENDS: readonly (readonly [how: string, keys: readonly string[], exit: number])[] = [
  ["Ctrl-C", ["C-c"], 130],
  ["Ctrl-D", ["C-d"], 4],
  ["Enter", ["Enter"], 4],
];
for (const [how, keys, exit] of ENDS) {
  onTerminal(`${how} in place of a number changes nothing`, async (pane, world) => {
    await pane.until(shows(QUESTION));
    await pane.press(...keys);
    const ended = await pane.until(shows(/^exit=/));
    assert.equal(ended.at(-1), `exit=${exit}`, ended.join("\n"));
    assert.ok(ended.some((line) => /Not confirmed: nothing has been changed$/.test(line)), ended.join("\n"));
    assert.equal(changes(world).length, 0);
  });

  onTerminal(`${how} in place of yes changes nothing`, async (pane, world) => {
    await pane.until(shows(QUESTION));
    await pane.press("3", "Enter");
    await pane.until(shows(PLANNED));
    await pane.press(...keys);
    assert.equal((await pane.until(shows(/^exit=/))).at(-1), `exit=${exit}`);
    assert.equal(changes(world).length, 0);
  });
}
