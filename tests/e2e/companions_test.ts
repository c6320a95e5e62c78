import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../definition_files.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { myservice } from "../emulator/myservice.ts";
import { type CliOptions, runCli, runScript, withServer } from "./cli_process.ts";

/** The other commands as processes, in the pipes and loops that scripts have them in. */

const ignore = Deno.build.os === "windows";

async function run(emulator: Emulator, commandLine: string, options: CliOptions = { files: DEFINITION_FILES }) {
  let ended: Awaited<ReturnType<typeof runCli>> | undefined;
  await withServer(emulator, async ({ url }) => {
    ended = await runCli(url, commandLine.split(" ").slice(1), options);
  });
  return ended!;
}

async function script(emulator: Emulator, text: string) {
  let ended: Awaited<ReturnType<typeof runScript>> | undefined;
  await withServer(emulator, async ({ url }) => {
    ended = await runScript(url, text, { files: DEFINITION_FILES });
  });
  return ended!;
}

Deno.test({
  name: "revisions are numbers in a pipe, as the reference uses them",
  ignore,
  fn: async () => {
    const previous = await script(myservice(), "ecspresso revisions | sort -n | tail -2 | head -1");
    assert.deepEqual([previous.code, previous.stdout], [0, "3\n"]);
    const old = await script(myservice({ revisions: 7, history: [4] }), "ecspresso revisions | head -n -5");
    assert.equal(old.stdout, "1\n2\n");
  },
});

Deno.test({
  name: "a reader that has had enough is no failure",
  ignore,
  fn: async () => {
    const world = myservice({ revisions: 5_000, history: [4] });
    const { code, stdout, stderr } = await script(world, "set -o pipefail; ecspresso revisions | head -1");
    assert.deepEqual([code, stdout, stderr], [0, "1\n", ""]);
  },
});

Deno.test({
  name: "a result that cannot be written is a failure, in one line",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    for (const command of ["revisions", "render taskdef", "diff --revision 3", "register --dry-run", "--version"]) {
      const { code, stdout, stderr } = await script(myservice(), `ecspresso ${command} > /dev/full`);
      assert.deepEqual([code, stdout], [8, ""], command);
      const errors = stderr.split("\n").filter((line) => /error/.test(line));
      assert.equal(errors.length, 1, stderr);
      assert.match(errors[0]!, /the result could not be written to stdout: No space left on device/);
    }
  },
});

Deno.test({
  name: "the reference's loop deregisters old revisions without a terminal and asks nothing",
  ignore,
  fn: async () => {
    const emulator = myservice({ revisions: 7, history: [6, 7] });
    const loop = "for REV in $(ecspresso revisions | head -n -5); do ecspresso deregister --revision $REV; done";
    const { code, stderr } = await script(emulator, loop);
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /\[y\/N\]/);
    assert.equal((await run(emulator, "ecspresso revisions --output json")).stdout, "[3,4,5,6,7]\n");
  },
});

Deno.test({
  name: "register writes the ARN into a file",
  ignore,
  fn: async () => {
    const { code, stdout } = await script(myservice(), "ecspresso register --output taskdef.arn && cat taskdef.arn");
    assert.equal(code, 0);
    assert.equal(stdout, "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:5\n");
  },
});

Deno.test("status, diff, render and verify answer on stdout, and with the exit code", async () => {
  const status = await run(myservice(), "ecspresso status --events 1");
  assert.match(status.stdout, /^Service: myservice\nCluster: default\nTaskDefinition: myservice:4\n/);
  const same = await run(myservice(), "ecspresso diff --exit-code");
  assert.deepEqual([same.code, same.stdout], [0, ""], same.stderr);
  const options = { files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
  const different = await run(myservice(), "ecspresso diff --exit-code", options);
  assert.equal(different.code, 9);
  assert.match(different.stdout, /^\+ +"image": ".*myservice:1\.4\.0",$/m);
  const rendered = await run(myservice(), "ecspresso render taskdef", options);
  assert.match(JSON.parse(rendered.stdout).containerDefinitions[0].image, /myservice:1\.4\.0$/);
  const verified = await run(myservice(), "ecspresso verify", options);
  assert.equal(verified.code, 4);
  assert.match(verified.stdout, /^missing {2}image .*myservice:1\.4\.0$/m);
});

Deno.test("wait follows a deployment to its end, and a deploy creates a service that is missing", async () => {
  const emulator = myservice();
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  const waited = await run(emulator, "ecspresso wait");
  assert.equal(waited.code, 0, waited.stderr);
  assert.match(waited.stderr, /Service is stable now\. Completed!\n$/);
  const files = {
    ...changedFiles("ecspresso.yml", "service: myservice", "service: another"),
    "ecs-service-def.json": changedFiles("ecs-service-def.json", "{", '{ "desiredCount": 1,')["ecs-service-def.json"]!,
  };
  const created = await run(emulator, "ecspresso deploy", { files });
  assert.equal(created.code, 0, created.stderr);
  assert.equal(emulator.state().services["default/another"]?.runningCount, 1);
});

/** A `jsonnet` that is never done, and does something first. */
const endlessJsonnet = (does: string) =>
  `mkdir bin && printf '#!/bin/sh\n%s\nexec sleep 60\n' '${does}' > bin/jsonnet && chmod +x bin/jsonnet
  sed -i.bak 's/ecs-task-def.json/ecs-task-def.jsonnet/' ecspresso.yml && echo '{}' > ecs-task-def.jsonnet
  export PATH="$PWD/bin:$PATH"`;

Deno.test({
  name: "a stop or the time limit while jsonnet runs is no fault of the file",
  ignore,
  fn: async () => {
    const ended: [string, string, number, RegExp][] = [
      ["kill -INT $PPID", "render taskdef", 130, /Interrupted: nothing has been changed/],
      ["kill -TERM $PPID", "register", 143, /Interrupted: nothing has been changed/],
      ["kill -TERM $PPID", "rollback --revision 3", 143, /Interrupted: nothing has been changed/],
      [":", "render taskdef --timeout 1", 7, /Timed out after 1s: nothing has been changed/],
    ];
    for (const [does, command, expected, said] of ended) {
      const { code, stderr } = await script(myservice(), `${endlessJsonnet(does)}\necspresso ${command}`);
      assert.equal(code, expected, stderr);
      assert.match(stderr, said);
    }
  },
});

/** The largest amount of memory that the process held, in MiB, as Linux shows while it lives. */
async function peakMemoryMiB(revisions: number): Promise<number> {
  const { code, stdout, stderr } = await script(
    myservice({ revisions, history: [4] }),
    `ecspresso_exec revisions > numbers & pid=$!
    while read -r _ peak_now _ < <(grep VmHWM /proc/$pid/status); do peak=$peak_now; done
    wait $pid && wc -l < numbers && echo $peak`,
  );
  assert.equal(code, 0, stderr);
  const [listed, peakKiB] = stdout.trimEnd().split("\n").map(Number);
  assert.equal(listed, revisions);
  return peakKiB! / 1_024;
}

Deno.test({
  name: "ten thousand revisions are listed page by page, in about the memory that ten take",
  ignore: Deno.build.os !== "linux",
  fn: async () => {
    const [few, many] = [await peakMemoryMiB(10), await peakMemoryMiB(10_000)];
    assert.ok(few > 10, `the memory was not measured: ${few} MiB`);
    assert.ok(many < few + 50, `${many.toFixed(0)} MiB for 10,000 revisions, ${few.toFixed(0)} MiB for 10`);
  },
});
