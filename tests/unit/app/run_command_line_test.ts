import assert from "node:assert/strict";
import { newContext } from "../../../src/session/context.ts";
import { buildProgram } from "../../../src/app/program.ts";
import { run } from "../../../src/app/run.ts";
import { readGrammar } from "../../../src/completion/grammar.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

const hostFor = (args: string, env: Readonly<Record<string, string>> = {}) =>
  madeUpHost({ args: args === "" ? [] : args.split(" "), env, clock: new VirtualClock(0), exit: () => {} });

/** Runs what cannot be carried out as typed: nothing but how that is reported is of interest. */
async function refused(args: string, env: Readonly<Record<string, string>> = {}) {
  const { host, written } = hostFor(args, env);
  assert.equal(await run(host), 2, args);
  return written;
}

/** Each a mistake by itself, which options may follow. */
const MISTAKES = [
  "rollback --revison 3",
  "rollback --revision",
  "rollback --from 3 --from 4",
  "deploy --wait-until never",
  "deploy --tasks",
  "wait --until= ",
  "wait --log-format xml",
  "wait --config",
  "wait now",
  "--revision 3 rollback",
  "--from deploy rollback",
];

for (const mistake of MISTAKES) {
  Deno.test(`"${mistake}" is reported as the options behind it say`, async () => {
    const events = await refused(`${mistake} --output json`);
    const [first = "", last = ""] = events.stdout.trimEnd().split("\n");
    assert.deepEqual([JSON.parse(first).event, JSON.parse(first).kind], ["failed", "usage"], events.stdout);
    assert.deepEqual([JSON.parse(last).event, JSON.parse(last).exitCode], ["finished", 2]);

    const log = await refused(`${mistake} --log-format json`);
    for (const line of log.stderr.trimEnd().split("\n")) assert.equal(JSON.parse(line).level, "error");

    const github = await refused(`${mistake} --github`);
    const command = /rollback|deploy|wait/.exec(mistake.replace("--from deploy", ""))?.[0];
    assert.match(github.stderr, new RegExp(`^::error title=ecspresso ${command}::`, "m"));
  });
}

Deno.test("an error in front of any command is reported in that command's name", async () => {
  const { globalOptions, commands } = readGrammar(await buildProgram(newContext(hostFor("").host)));
  for (const { long, value } of [...globalOptions, ...commands.flatMap(({ options }) => options)]) {
    if (long === "--help" || long === "--version" || long === "--output") continue;
    const { stdout } = await refused(
      `${long}${value === undefined ? "" : " deploy"} rollback --nonsense --output json`,
    );
    assert.match(stdout, /"event":"failed"/, long);
  }
});

Deno.test("the command line wins over the environment, and its last value counts", async () => {
  const isJson = async (args: string, env = {}) => (await refused(args, env)).stderr.startsWith("{");
  assert.equal(await isJson("wait now", { ECSPRESSO_LOG_FORMAT: "json" }), true);
  assert.equal(await isJson("wait now --log-format text", { ECSPRESSO_LOG_FORMAT: "json" }), false);
  const isForGithub = async (args: string, env = {}) => (await refused(args, env)).stderr.includes("::error ");
  assert.equal(await isForGithub("wait now"), false);
  assert.equal(await isForGithub("wait now", { GITHUB_ACTIONS: "false" }), false);
  assert.equal(await isForGithub("wait now", { GITHUB_ACTIONS: "true" }), true);
});

Deno.test("help is nothing but help, with every form of report", async () => {
  for (const args of ["rollback --output json --help", "help rollback", "rollback --github --help"]) {
    const { host, written } = hostFor(args, { GITHUB_ACTIONS: "true" });
    assert.equal(await run(host), 0);
    assert.match(written.stdout, /^Usage: ecspresso rollback[^]*SIGTERM: [^{]*$/);
    assert.equal(written.stderr, "");
  }
});

Deno.test("where part of the log is lost, the log says so, and no result does", async () => {
  const { host } = hostFor("--version");
  await run(host);
  assert.equal(host.stderr.describeGap?.(7), "[7 bytes of output are lost here: nobody read them in time]\n");
  assert.equal(host.stdout.describeGap, undefined);
});
