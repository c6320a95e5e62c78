import assert from "node:assert/strict";
import { crashLoop } from "../../emulator/behaviours.ts";
import { fleet, fleetService } from "../../emulator/fleet.ts";
import { runInProcess } from "../../in_process.ts";

/** What a run of many services prints to be typed again, of what was typed. */

const NAMES = [1, 2, 3].map(fleetService);

/** The configs of the services are called as `nameOf` says. */
function configsOf(nameOf: (service: string) => string): Record<string, string> {
  return Object.fromEntries(NAMES.map((service) => [
    nameOf(service),
    `region: ap-northeast-1\ncluster: default\nservice: ${service}\n`,
  ]));
}

/** The words of a command for a POSIX shell that quotes no quote. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

Deno.test("a file whose name looks like an option is named so that the command can be typed again", async () => {
  const emulator = fleet({ services: 3 });
  const files = configsOf((service) => `--${service}.yml`);
  const [first = "", ...others] = Object.keys(files).map((file) => `--config=${file}`);
  const typed = ["rollback", first, "--revision", "previous", "--reason=--dry-run", ...others];
  const dry = await runInProcess(emulator, [...typed, "--dry-run"], { files, isFleet: true });
  assert.equal(dry.code, 0, dry.stderr);
  const [, command] = / to carry it out: ecspresso (.*)/.exec(dry.stderr) ?? [];
  assert.deepEqual(wordsOf(command!), typed);
  const { code, stderr } = await runInProcess(emulator, wordsOf(command!), { files, isFleet: true });
  assert.equal(code, 0, stderr);
  assert.match(stderr, /--dry-run/, "the reason is given again");
});

Deno.test("in place of how long ago a moment was, the command that is typed again has the moment", async () => {
  const files = configsOf((service) => `${service}.yml`);
  const typed = ["rollback", "--config", "*.yml", "--at", "-6m", "--dry-run"];
  const { stderr } = await runInProcess(fleet({ services: 3 }), typed, { files, isFleet: true });
  assert.match(stderr, /ecspresso rollback --config '\*.yml' --at 2023-01-01T12:04:00.000Z$/m);
});

Deno.test("a reason that begins as an ARN does is none of the services of a plan", async () => {
  const emulator = fleet({ services: 3 });
  const files = configsOf((service) => `${service}.yml`);
  const configs = Object.keys(files).flatMap((file) => ["--config", file]);
  const planning = ["rollback", ...configs, "--revision", "previous", "--dry-run", "--plan-out", "plan.json"];
  const made = await runInProcess(emulator, planning, { files, isFleet: true });
  emulator.setBehaviour(`${NAMES[0]}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  const carrying = "rollback --plan plan.json --parallel 1 --on-failure stop --reason arn:aws:tells-why".split(" ");
  const { code, stderr } = await runInProcess(emulator, carrying, {
    files: Object.fromEntries(made.files),
    isFleet: true,
  });
  assert.equal(code, 6, stderr);
  assert.match(stderr, new RegExp(`rollback --plan plan.json --service ${NAMES[1]} --service ${NAMES[2]}`));
});
