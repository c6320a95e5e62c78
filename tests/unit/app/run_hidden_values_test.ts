import assert from "node:assert/strict";
import { Command } from "@commander-js/extra-typings";
import { newContext, openReporter } from "../../../src/session/context.ts";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { crashLoop, failsToStart } from "../../emulator/behaviours.ts";
import { actAfter, answerWith } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { readEvents } from "../../event_schema.ts";
import { runInProcess, type RunOptions } from "../../in_process.ts";
import { madeUpHost } from "../../made_up_host.ts";
import { VirtualClock } from "../../virtual_clock.ts";

const GITHUB = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };

/** The files of `myservice`, whose container has more members. */
const withMembers = (members: string) =>
  changedFiles("ecs-task-def.json", '"essential": true', `${members}, "essential": true`);

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

Deno.test("what a deploy lists as changed has no value that was looked up, nor the one in its place before", async () => {
  const withCpu = (cpu: string) =>
    changedFiles("ecs-task-def.json", '"essential": true', `"cpu": ${cpu}, "essential": true`);
  const emulator = myservice();
  const set = (pin: string) => emulator.setParameter("/app/pin", pin, "SecureString");
  const deploy = async (args: string[]) =>
    await runInProcess(emulator, ["deploy", ...args], { files: withCpu("{{ ssm `/app/pin` }}"), env: GITHUB });
  set("113");
  assert.equal((await deploy([])).code, 0);
  set("127");
  for (const args of [["--dry-run"], ["--dry-run", "--output", "json"], []]) {
    const { stdout, stderr, files } = await deploy(args);
    const all = stdout + stderr + (files.get("summary.md") ?? "");
    assert.match(all, /cpu changed|"attribute":"cpu","kind":"changed"}/, args.join(" "));
    assert.doesNotMatch(all, /\b(?:113|127)\b/, args.join(" "));
  }
});

Deno.test("what an automatic rollback brings back has no value that was looked up, nor the one in its place before", async () => {
  const service = DEFINITION_FILES["ecs-service-def.json"]!
    .replace('"subnet-0a1b2c3d4e5f60718"', '"{{ ssm `/app/subnet` }}"')
    .replace("{", '{"healthCheckGracePeriodSeconds": {{ ssm `/app/grace` }},');
  const files = { ...withMembers('"cpu": {{ ssm `/app/pin` }}'), "ecs-service-def.json": service };
  for (const args of [["--output", "json"], []]) {
    const emulator = myservice({ behaviours: { 6: crashLoop() } });
    const deploy = async (pin: string, subnet: string) => {
      emulator.setParameter("/app/pin", pin, "SecureString");
      emulator.setParameter("/app/grace", pin.repeat(2), "SecureString");
      emulator.setParameter("/app/subnet", subnet, "SecureString");
      const typed = ["deploy", "--rollback-events", "DEPLOYMENT_FAILURE", "--timeout", "4m", ...args];
      return await runInProcess(emulator, typed, { files, env: GITHUB });
    };
    assert.equal((await deploy("113", "subnet-0aaaa")).code, 0);
    const { code, stdout, stderr, files: written } = await deploy("127", "subnet-0bbbb");
    assert.equal(code, 6);
    assert.match(stderr, /Restoring the service's settings: healthCheckGracePeriodSeconds changed$/m);
    const all = stdout + stderr + written.get("summary.md");
    assert.doesNotMatch(all, /\b(?:113|127|113113|127127)\b|subnet-0(?:aaaa|bbbb)/, args.join(" "));
  }
});

Deno.test("what an automatic rollback could not bring back is in no command to type where it was looked up", async () => {
  const emulator = myservice({ behaviours: { 6: crashLoop() } });
  const hook = {
    hookTargetArn: "arn:aws:lambda:ap-northeast-1:123456789012:function:check",
    roleArn: "arn:aws:iam::123456789012:role/hooks",
    lifecycleStages: ["PRE_SCALE_UP", "{{ must_env `STAGE` }}"],
    hookDetails: { token: "a-token-in-clear" },
  };
  const hooks = `"deploymentConfiguration": ${JSON.stringify({ lifecycleHooks: [hook] })}`;
  const files = {
    ...withMembers('"cpu": {{ must_env `CPU` }}'),
    "ecs-service-def.json": DEFINITION_FILES["ecs-service-def.json"]!
      .replace("{", `{"healthCheckGracePeriodSeconds": {{ ssm \`/app/grace\` }}, ${hooks},`),
  };
  const deploy = async (CPU: string, grace: string, STAGE: string) => {
    emulator.setParameter("/app/grace", grace, "SecureString");
    const args = ["deploy", "--rollback-events", "DEPLOYMENT_FAILURE", "--timeout", "4m"];
    return await runInProcess(emulator, args, { files, env: { CPU, STAGE } });
  };
  assert.equal((await deploy("3", "7113", "POST_SCALE_UP")).code, 0);
  // Somebody sets both once more, just after the update that restores them.
  const again = { lifecycleHooks: [{ ...hook, lifecycleStages: ["PRE_SCALE_UP"] }] };
  const setAgain = actAfter((world) =>
    world.updateService({ service: "myservice", healthCheckGracePeriodSeconds: 7127, deploymentConfiguration: again })
  );
  emulator.inject({ operation: "UpdateService", nth: 2, effect: setAgain });
  const { code, stderr } = await deploy("4", "7127", "POST_TEST_TRAFFIC_SHIFT");
  assert.equal(code, 6);
  for (const name of ["healthCheckGracePeriodSeconds", "deploymentConfiguration"]) {
    assert.match(stderr, new RegExp(`NOT restored: .*\\b${name}\\b`));
    assert.match(stderr, new RegExp(`the earlier ${name} may be secret, so it is not shown`));
  }
  assert.doesNotMatch(stderr, /\b(?:7113|7127)\b|a-token-in-clear/);
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
      assert.match(piped.stderr, /\[warn\].*--show-values: stdout is no terminal/, args);
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

Deno.test("a value is hidden before a line is cut, so that no beginning of it is left", async () => {
  const value = `start-of-it-${"x".repeat(300)}`;
  for (let length = 560; length < 840; length += 40) {
    const emulator = myservice();
    const message = `${"y".repeat(length)}${value}`;
    emulator.inject({ operation: "RegisterTaskDefinition", effect: answerWith("ClientException", message) });
    const { code, stderr, files } = await runInProcess(emulator, ["deploy"], {
      files: withMembers('"command": ["{{ must_env `X` }}"]'),
      env: { ...GITHUB, X: value },
    });
    assert.equal(code, 5);
    assert.doesNotMatch(stderr + files.get("summary.md"), /start-of-it/, `behind ${length} letters`);
  }
});

Deno.test("of AWS's words, which are cut where they are endless, no beginning of a value is left", async () => {
  const emulator = myservice();
  const message = `${"y".repeat(1_990)}start-of-it-and-more${"z".repeat(100)}`;
  emulator.inject({ operation: "RegisterTaskDefinition", effect: answerWith("ClientException", message) });
  const { code, stderr } = await runInProcess(emulator, ["deploy"], {
    files: withMembers('"command": ["{{ must_env `X` }}"]'),
    env: { X: "start-of-it-and-more" },
  });
  assert.equal(code, 5);
  assert.match(stderr, /yyy\(hidden\)/);
  assert.doesNotMatch(stderr, /start-of/);
});

Deno.test("a value that is one of the program's words breaks no event and no line", async () => {
  const members = '"command": ["{{ must_env `X` }}"]';
  const crashing = () => myservice({ behaviours: { 5: crashLoop() } });
  const args = ["deploy", "--output", "json", "--rollback-events", "DEPLOYMENT_FAILURE", "--timeout", "4m"];
  const usual = await runInProcess(crashing(), args, { files: withMembers(members), env: { X: "s3cret-value" } });
  const kinds = readEvents(usual.stdout).map(({ event }) => event);
  assert.ok(kinds.includes("rollbackDecided"), "it is about a deploy that is rolled back");
  for (const X of ["deploy", "rollout", "logged", "register", "update", "message", "causes", "outcome", "FAILED"]) {
    const { code, stdout, stderr } = await runInProcess(crashing(), args, { files: withMembers(members), env: { X } });
    assert.equal(code, usual.code, X);
    // Also checks them against their schema.
    assert.deepEqual(readEvents(stdout).map(({ event }) => event), kinds, X);
    assert.match(stdout, /"\+ +\\"\(hidden\)\\"/, X);
    assert.doesNotMatch(stderr, /\(hidden\)/, X);
  }
});

Deno.test("lines of a JSON log have their keys and times, whatever a value is", async () => {
  for (const X of ["message", "subject", "2023-01-01"]) {
    const { stderr } = await runInProcess(myservice(), ["deploy", "--log-format", "json"], {
      files: withMembers('"command": ["{{ must_env `X` }}"]'),
      env: { X },
    });
    for (const line of stderr.trim().split("\n")) {
      const entry = JSON.parse(line);
      assert.deepEqual(Object.keys(entry), ["time", "level", "subject", "message"], X);
      assert.ok(Date.parse(entry.time) > 0, line);
    }
  }
});

Deno.test("of the config, what is a secret by its name is hidden, also where a message quotes it", async () => {
  const config = DEFINITION_FILES["ecspresso.yml"]!.replace(/timeout: .*\n/, "");
  const DB_PASSWORD = `hunter22-${"abcdefghij".repeat(8)}`;
  for (
    const [line, shown] of [
      ["timeout: '{{ must_env `DB_PASSWORD` }}'", 'timeout: cannot read "(hidden)" as a duration'],
      ["required_version: '{{ must_env `DB_PASSWORD` }}'", 'cannot read "(hidden)" as a version constraint'],
      ["'{{ must_env `DB_PASSWORD` }}': 1", "(hidden): unknown key, ignored"],
      ["timeout: '{{ must_env `LIMIT` }}'", 'timeout: cannot read "ten-minutes" as a duration'],
    ] as const
  ) {
    const { stdout, stderr } = await runInProcess(myservice(), ["status"], {
      files: { ...DEFINITION_FILES, "ecspresso.yml": `${config}${line}\n` },
      env: { DB_PASSWORD, LIMIT: "ten-minutes" },
    });
    assert.ok(stderr.includes(shown), stderr);
    assert.doesNotMatch(stdout + stderr, /hunter22/);
  }
});

Deno.test("credentials that a refusal repeats are hidden, and a made-up word is none", async () => {
  const env = { AWS_SECRET_ACCESS_KEY: "example", AWS_SESSION_TOKEN: "IQoJb3JpZ2luX2VjEXAMPLE" };
  const emulator = myservice();
  const message = `for example, x-amz-security-token:${env.AWS_SESSION_TOKEN} was signed`;
  emulator.inject({ operation: "DescribeServices", effect: answerWith("InvalidSignatureException", message) });
  const { code, stderr } = await runInProcess(emulator, ["status"], { env });
  assert.equal(code, 5);
  assert.match(stderr, /for example, x-amz-security-token:\(hidden\) was signed/);
});

Deno.test("commands to type name their envfiles, whatever a value is", async () => {
  const { stderr } = await runInProcess(myservice(), ["deploy", "--envfile", "production.env", "--no-wait"], {
    files: { ...withMembers('"command": ["{{ must_env `WORLD` }}"]'), "production.env": "WORLD=production\n" },
  });
  assert.match(stderr, /ecspresso wait --envfile production\.env/);
});

Deno.test("a value that is the name of a label is hidden, however its characters are written", async () => {
  for (const X of ["##[group]s3cret", "s3cret\u202e-\u200b", "s3cret\u2028\u009b-x", 's3cret"\\-\n%']) {
    for (const args of ["diff", "deploy --dry-run --output json", "register --dry-run", "deploy --dry-run"]) {
      const { code, stdout, stderr } = await runInProcess(myservice(), args.split(" "), {
        files: withMembers('"dockerLabels": {"{{ must_env `X` | json_escape }}": "a"}'),
        env: { X, ...GITHUB },
      });
      assert.equal(code, 0);
      assert.match(stdout, /\(hidden\)\\*": /, args);
      assert.doesNotMatch(stdout + stderr, /s3cret/, args);
    }
  }
});

Deno.test("a control character in a value does not make it another one", async () => {
  const emulator = myservice();
  const X = "bell\x07and\u202etext";
  emulator.inject({ operation: "RegisterTaskDefinition", effect: answerWith("ClientException", `Invalid ${X}`) });
  const { stderr } = await runInProcess(emulator, ["deploy"], {
    files: withMembers('"command": ["{{ must_env `X` | json_escape }}"]'),
    env: { X },
  });
  assert.match(stderr, /Invalid \(hidden\)/);
});

Deno.test("a task that stops with a value of its command in the reason shows it to no view", async () => {
  for (
    const [args, before, length] of [["deploy", 150, 900], ["deploy --output json", 1, 60], ["deploy", 1, 60]] as const
  ) {
    const X = `secret\x07-${"x".repeat(length)}`;
    const reason = `CannotStartContainerError: exec: "${"y".repeat(before)}/${X}": executable file not found in $PATH`;
    const emulator = myservice({ behaviours: { 5: failsToStart(reason) } });
    const { code, stdout, stderr, files } = await runInProcess(emulator, [...args.split(" "), "--timeout", "2m"], {
      files: withMembers('"command": ["{{ must_env `X` | json_escape }}"]'),
      env: { ...GITHUB, X },
    });
    assert.equal(code, 7);
    const all = stdout + stderr + files.get("summary.md") + files.get("outputs");
    assert.match(all, /\(hidden\)\\*": executable file not found/, args);
    assert.doesNotMatch(all, /secret(?!s)/, args);
  }
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
