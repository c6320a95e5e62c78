import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../../definition_files.ts";
import { cannotStart, crashLoop, failsToStart } from "../../emulator/behaviours.ts";
import { answerWith } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { readEvents } from "../../event_schema.ts";
import { runInProcess } from "../../in_process.ts";
import { GITHUB, withMembers } from "./hidden_values.ts";

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

Deno.test("an event of the service is masked before its words are taken apart, and what AWS has cut is masked, too", async () => {
  const X = "secret.of-it-and-more.";
  const cut = `CannotStartContainerError: ${"y".repeat(212)} ${X}`.slice(0, 255);
  for (
    const behaviour of [
      cannotStart(`was unable to place a task. Reason: cannot start ${X}`),
      failsToStart(cut),
      crashLoop({ reason: cut }),
    ]
  ) {
    for (const args of ["deploy", "deploy --output json"]) {
      const { code, stdout, stderr, files } = await runInProcess(
        myservice({ behaviours: { 5: behaviour } }),
        [...args.split(" "), "--timeout", "2m"],
        { files: withMembers('"command": ["{{ must_env `X` | json_escape }}"]'), env: { ...GITHUB, X } },
      );
      assert.ok([6, 7].includes(code), stderr);
      const all = stdout + stderr + files.get("summary.md") + files.get("outputs");
      assert.match(all, /(?:cannot start|yyy) \(hidden\)/, args);
      assert.doesNotMatch(all, /secret[^s]/, args);
    }
  }
});

Deno.test("commands to type have no value of a variable for Jsonnet, with a ; in it or without", async () => {
  const files = {
    ...DEFINITION_FILES,
    "ecspresso.yml": DEFINITION_FILES["ecspresso.yml"]!.replace("ecs-task-def.json", "taskdef.jsonnet"),
    "taskdef.jsonnet": "{}",
  };
  const stdout = DEFINITION_FILES["ecs-task-def.json"]!.replaceAll(/{{.*?}}/g, "1.4.0");
  for (const value of ["s3cret-value", "s3cret\\;value", "s3'cret\\;value"]) {
    const { code, stderr } = await runInProcess(
      myservice(),
      ["deploy", "--no-wait", "--ext-str", `password=${value}`, "--ext-code", `token="${value}"`],
      { files, invoke: () => Promise.resolve({ code: 0, stdout, stderr: "" }) },
    );
    assert.equal(code, 0, stderr);
    assert.match(stderr, /ecspresso wait --ext-str 'password=\(hidden\)' --ext-code 'token=.*\(hidden\)/);
    assert.doesNotMatch(stderr, /cret/);
  }
});
