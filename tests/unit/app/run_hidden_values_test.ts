import assert from "node:assert/strict";
import { Command } from "@commander-js/extra-typings";
import { newContext, openReporter } from "../../../src/session/context.ts";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess, type RunOptions } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";
import { withMembers } from "./hidden_values.ts";

async function run(args: string, members: string, options: RunOptions = {}) {
  const emulator = myservice();
  emulator.setParameter("/app/pin", "4821", "SecureString");
  emulator.setParameter("/app/long", "s3cret-value", "SecureString");
  return await runInProcess(emulator, args.split(" "), { files: withMembers(members), ...options });
}

Deno.test("the tag of an image stays readable, in the image and elsewhere, whatever its variable is called", async () => {
  const files = changedFiles("ecs-task-def.json", "env `TAG` `1.3.0`", "must_env `RELEASE`");
  const task = files["ecs-task-def.json"]!.replace(
    '"essential"',
    '"dockerLabels": {"v": "{{ must_env `RELEASE` }}"}, "essential"',
  );
  const { stdout } = await runInProcess(myservice(), ["diff"], {
    files: { ...files, "ecs-task-def.json": task },
    env: { RELEASE: "release-1.4.0" },
  });
  assert.match(stdout, /\+ +"image": ".*:release-1\.4\.0"/);
  assert.match(stdout, /\+ +"v": "release-1\.4\.0"/);
});

Deno.test("a value that is too short to be searched for is hidden where it stands", async () => {
  const { stdout } = await run("diff", '"command": ["--pin={{ ssm `/app/pin` }}", "-n", "48210"]');
  assert.match(stdout, /"--pin=\(hidden\)"/);
  assert.match(stdout, /"48210"/);
});

Deno.test("--show-values shows values on a terminal only, and never in events", async () => {
  const members = '"command": ["{{ ssm `/app/long` }}"]';
  for (const args of ["diff --show-values", "deploy --dry-run --show-values", "register --dry-run --show-values"]) {
    const shown = await run(args, members, { isTerminal: true });
    assert.match(shown.stdout, /s3cret-value/, args);
    assert.doesNotMatch(shown.stdout + shown.stderr, /\(hidden/, args);
    for (const isTerminal of [false, ["stdin", "stderr"] as const]) {
      const piped = await run(args, members, { isTerminal });
      assert.match(piped.stdout, /\(hidden\)/, args);
      assert.doesNotMatch(piped.stdout + piped.stderr, /s3cret-value/, args);
      assert.match(piped.stderr, /\[warn\].*--show-values: stdout is not a terminal/, args);
    }
  }
  const events = await run("deploy --dry-run --output json", members, { isTerminal: true });
  assert.doesNotMatch(events.stdout, /s3cret-value/);
  assert.match(events.stdout, /"\+ +\\"\(hidden\)\\"/);
});

Deno.test("with --show-values values of variables are shown, too", async () => {
  const files = changedFiles("ecs-task-def.json", '"value": "debug"', '"value": "trace"');
  const { stdout } = await runInProcess(myservice(), ["diff", "--show-values", "--no-color"], {
    files,
    isTerminal: true,
  });
  assert.match(stdout, /^- +"value": "debug"\n\+ +"value": "trace"$/m);
});

Deno.test("render prints whole files, and register --dry-run says that it does not", async () => {
  const members = '"command": ["{{ ssm `/app/long` }}"]';
  assert.match((await run("render taskdef", members)).stdout, /"s3cret-value"/);
  assert.match((await run("register --dry-run", members)).stderr, /\[warn\].* are shown as \(hidden\): render taskdef/);
  assert.doesNotMatch((await run("register --dry-run", '"command": ["a"]')).stderr, /\[warn\]/);
});

Deno.test("commands to type name their envfiles, whatever a value is", async () => {
  const { stderr } = await runInProcess(myservice(), ["deploy", "--envfile", "production.env", "--no-wait"], {
    files: { ...withMembers('"command": ["{{ must_env `WORLD` }}"]'), "production.env": "WORLD=production\n" },
  });
  assert.match(stderr, /ecspresso wait --envfile production\.env/);
});

Deno.test("what is given to Jsonnet is hidden: texts, the environment's, and texts in code", async () => {
  const files = {
    ...DEFINITION_FILES,
    "ecspresso.yml": DEFINITION_FILES["ecspresso.yml"]!.replace("ecs-task-def.json", "taskdef.jsonnet"),
    "taskdef.jsonnet": "{}",
  };
  const evaluated = JSON.stringify({
    family: "myservice",
    containerDefinitions: [{ name: "app", image: "app:1", command: ["typed-value", "bare-value", "code-value"] }],
  });
  const { stdout, stderr } = await runInProcess(
    myservice(),
    [
      "register",
      "--dry-run",
      "--ext-str",
      "typed=typed-value",
      "--ext-str",
      "bare",
      "--ext-code",
      "code={a: 'code-value'}",
    ],
    {
      files,
      env: { bare: "bare-value" },
      invoke: () => Promise.resolve({ code: 0, stdout: evaluated, stderr: "" }),
    },
  );
  assert.deepEqual(
    JSON.parse(stdout || "{}").containerDefinitions?.[0].command,
    ["(hidden)", "(hidden)", "(hidden)"],
    stderr,
  );
});

Deno.test("the names of the service and what it runs in are shown, whatever else has their value", async () => {
  const { stderr } = await run("deploy --no-wait", '"command": ["{{ must_env `DB_PASSWORD` }}"]', {
    env: { DB_PASSWORD: "myservice" },
  });
  assert.match(stderr, /\[info\] myservice\/default Starting deploy/);
});

Deno.test("printers get no event with a hidden value in it", async () => {
  const { host, written } = madeUpHost({ args: [], clock: new VirtualClock(0), exit: () => {} });
  const context = newContext(host);
  context.hidden.add({ source: "variable", name: "PASSWORD", value: "s3cret" });
  const typed = new Command("deploy").setOptionValue("output", "json");
  const reporter = await openReporter(context, typed, {});
  const scope = { cluster: "default", service: "myservice", options: [["--config", "s3cret"]] } as const;
  await reporter.openLog();
  reporter.emit({
    kind: "refused",
    refusal: { code: "noSuchTaskDefinition", name: "s3cret:1", scope },
    service: scope,
  });

  const { message, advice } = JSON.parse(written.stdout);
  assert.deepEqual(
    [message, advice],
    ["there is no task definition (hidden):1", ["to list the revisions: ecspresso revisions --config '(hidden)'"]],
  );
});
