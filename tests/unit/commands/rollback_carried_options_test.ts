import assert from "node:assert/strict";
import { buildProgram } from "../../../src/app/program.ts";
import { ecspressoCommand } from "../../../src/report/messages/typed_commands.ts";
import { newContext } from "../../../src/session/context.ts";
import { accessDenied } from "../../emulator/faults.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import { runInProcess } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

/** The options that change what a rollback does, each as it is typed where it is not the default. */
const CARRIED = [
  "--pin never",
  "--pin always",
  "--restore service",
  "--restore none",
  "--preflight off",
  "--preflight 10s",
  "--fail-after 3",
  "--reregister",
  "--allow-unproven",
  "--deregister",
  "--no-wait",
  "--fast",
  "--suspend-auto-scaling",
  "--resume-auto-scaling",
  "--bake 5m",
  "--timeout 90s",
];

/** Those that say where to, what is shown, or what is so anyway. */
const NOT_CARRIED = [
  ["--revision", "--min-served", "--at", "--image-tag", "--deployment", "--from", "--if-deployed-within"],
  ["--dry-run", "--output", "--logs", "--reason", "--hold"],
  // With --bake alone: the last test types it.
  ["--alarm"],
  ["--wait"],
  // What is suggested is for one service.
  ["--parallel", "--on-failure", "--skip-refused"],
  // One names a file that has them, the other is that file.
  ["--plan-out", "--plan"],
].flat();

Deno.test("every option of rollback is carried by the commands that it suggests, or says something else than how", async () => {
  const { host } = madeUpHost({ args: [], clock: new VirtualClock(0), exit: () => {} });
  const program = await buildProgram(newContext(host));
  const rollback = program.commands.find((command) => command.name() === "rollback");
  const known = new Set([...CARRIED.map((typed) => typed.split(" ")[0]), ...NOT_CARRIED]);
  assert.deepEqual(rollback?.options.map(({ long }) => long).filter((long) => !known.has(long!)), []);
});

/** What is printed of commands that roll back. */
async function suggested(emulator: Emulator, typed: string, option: string): Promise<string[]> {
  const args = `rollback ${typed} ${option} --dry-run`.split(" ").filter((part) => part !== "");
  const { stdout, stderr } = await runInProcess(emulator, args);
  return [...`${stdout}${stderr}`.matchAll(/ecspresso rollback .*/g)].map(([command]) => command);
}

function backFor(seconds: number): Emulator {
  const emulator = myservice({ history: [2, 3, 4] });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(seconds * 1_000);
  return emulator;
}

function unrecorded(): Emulator {
  const emulator = myservice();
  emulator.inject({ operation: "ListServiceDeployments", times: Infinity, effect: accessDenied() });
  return emulator;
}

/** What a rollback suggests: the same once more, the same with other options, and other ones. */
const SUGGESTIONS: Readonly<Record<string, [typed: string, world: () => Emulator, isElsewhere?: true]>> = {
  "the same, safe to repeat": ["--revision previous", () => myservice({ history: [3, 4] })],
  "the same, named by its number": ["--revision stable", () => createScenario("two_bad_in_a_row")],
  "one further back": ["--revision previous", () => backFor(120)],
  "one from what runs": ["--revision previous --from 2", () => myservice({ history: [3, 4] }), true],
  "one by number where nothing is on record": ["--at -1m", unrecorded, true],
};

for (const [name, [typed, world, isElsewhere]] of Object.entries(SUGGESTIONS)) {
  Deno.test(`a suggested rollback has the options of the one that was typed: ${name}`, async () => {
    const usual = await suggested(world(), typed, "");
    assert.ok(usual.length > 0, "it suggests one");
    for (const option of CARRIED) {
      if (isElsewhere && option === "--allow-unproven") continue;
      const commands = await suggested(world(), typed, option);
      assert.deepEqual(commands.length, usual.length, option);
      for (const command of commands) assert.match(command, new RegExp(` ${option}( |$)`), command);
    }
  });
}

Deno.test("what is suggested where a copy may not be registered differs in --pin alone", async () => {
  const emulator = myservice({ movingTag: "latest" });
  emulator.inject({ operation: "RegisterTaskDefinition", times: Infinity, effect: accessDenied() });
  const args = "rollback --revision 3 --deregister --restore service --pin always".split(" ");
  const { stderr } = await runInProcess(emulator, args);
  assert.match(stderr, /ecspresso rollback --revision 3 --pin never --restore service --deregister\n/);
});

Deno.test("what is suggested has the variables for Jsonnet where a file is Jsonnet, and hides their values", async () => {
  const config = { region: "ap-northeast-1", cluster: "default", service: "myservice" };
  const variables = ["--ext-str", "STAGE=development;TOKEN=0123456789abcdef", "--ext-code", "N=1"];
  const back = async (file: string) => {
    const args = ["rollback", "--revision", "previous", "--dry-run", "--config", file, ...variables];
    const { code, stdout } = await runInProcess(myservice({ history: [3, 4] }), args, {
      files: { [file]: JSON.stringify(config) },
      invoke: () => Promise.resolve({ code: 0, stdout: JSON.stringify(config), stderr: "" }),
    });
    assert.equal(code, 0, stdout);
    return /ecspresso rollback .*/.exec(stdout)?.[0] ?? "";
  };
  assert.match(
    await back("ecspresso.jsonnet"),
    /--config ecspresso.jsonnet --ext-str STAGE=\S+ --ext-str TOKEN=\(hidden\) --ext-code N=1 --revision previous /,
  );
  assert.match(await back("ecspresso.json"), /--config ecspresso.json --revision previous /);
});

const TRANSCRIPTS = new URL("../../transcripts/", import.meta.url);
/** What a command line says of its service: one is named alike in all commands on it. */
const NAMING = /--(?:service|cluster|region|assume-role-arn) \S+/g;

Deno.test("every command that is suggested for a service without files names it as it was typed, and can be pasted", async () => {
  let count = 0;
  for await (const { name } of Deno.readDir(TRANSCRIPTS)) {
    if (!/^named_.*\.txt$/.test(name)) continue;
    const [typed = "", ...lines] = (await Deno.readTextFile(new URL(name, TRANSCRIPTS))).split("\n");
    for (const line of lines) {
      const [command] = /ecspresso (?:rollback|wait|status|history|revisions|verify|deregister|init) .*/.exec(line) ??
        [];
      if (command === undefined || command.includes("--service NAME")) continue;
      count++;
      assert.deepEqual(command.match(NAMING), typed.match(NAMING), `${name}: ${line}`);
    }
    assert.doesNotMatch(lines.join("\n"), /ecspresso (?:deploy|diff|register|render) [^;]*--service/);
  }
  assert.ok(count > 5, "some are suggested");
});

Deno.test("a command that works with files names a config where the service has none", () => {
  const naming = [["--service", "web"], ["--cluster", "prod"], ["--region", "eu-west-1"]] as const;
  const options = [...naming, ["--assume-role-arn", "ROLE"] as const];
  assert.equal(ecspressoCommand({ options }, "deploy"), "ecspresso deploy --config FILE --assume-role-arn ROLE");
  assert.equal(
    ecspressoCommand({ options }, "wait --until deployed"),
    "ecspresso wait --service web --cluster prod --region eu-west-1 --assume-role-arn ROLE --until deployed",
  );
  assert.equal(ecspressoCommand({ options: [["--config", "a.yml"]] }, "deploy"), "ecspresso deploy --config a.yml");
});
