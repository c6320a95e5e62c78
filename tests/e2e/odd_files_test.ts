import assert from "node:assert/strict";
import { createScenario } from "../emulator/scenarios.ts";
import { CONFIG, type Ended, runScript, withServer } from "./cli_process.ts";
import { NOWHERE } from "./nowhere.ts";

/** Files that are no files: pipes, devices, what a shell puts in a file's place. */

const IS_UNIX = Deno.build.os !== "windows";
const IS_LINUX = Deno.build.os === "linux";
const TASK_DEFINITION = '{"family":"myservice","containerDefinitions":[{"name":"app","image":"app:2","memory":128}]}';
const FILES = {
  ...CONFIG,
  "full.yml": `${CONFIG["ecspresso.yml"]}task_definition: task.json\n`,
  "task.json": TASK_DEFINITION,
  "state.yml": `${
    CONFIG["ecspresso.yml"]
  }task_definition: of-state.json\nplugins: [{name: tfstate, config: {path: pipe}}]\n`,
  "of-state.json": TASK_DEFINITION.replace('"app:2"', `"{{ tfstate \`image.tag\` }}"`),
  "variables.env": "SERVICE=myservice\n",
};
/** Less than the 60 s after which a process is killed, and more than any of these takes on a loaded machine. */
const SOON_MS = 30_000;

function run(url: string, script: string): Promise<Ended> {
  return runScript(url, script, { files: FILES });
}

function assertEnds(ended: Ended, code: number, said: RegExp): void {
  assert.equal(ended.code, code, ended.stderr);
  assert.match(ended.stdout + ended.stderr, said);
  assert.doesNotMatch(ended.stderr, /^\s+at |defect|allow-all/m);
  assert.ok(ended.tookMs < SOON_MS, `took ${ended.tookMs} ms`);
}

Deno.test({
  name: "a config or an envfile may be stdin, or what the shell puts in a file's place",
  ignore: !IS_UNIX,
  fn: () =>
    withServer(createScenario("healthy"), async ({ url }) => {
      const dryRun = "rollback --revision 3 --dry-run";
      const template = "printf 'region: ap-northeast-1\\nservice: {{ must_env `SERVICE` }}\\n'";
      const scripts = [
        `cat ecspresso.yml | ecspresso ${dryRun} --config -`,
        `ECSPRESSO_CONFIG=/dev/stdin ecspresso ${dryRun} <ecspresso.yml`,
        `ecspresso ${dryRun} --config <(sleep 0.3; cat ecspresso.yml)`,
        `${template} >templated.yml; ecspresso ${dryRun} --config templated.yml --envfile <(cat variables.env)`,
        `${template} >templated.yml; ecspresso ${dryRun} --config templated.yml --envfile - <variables.env`,
        `unset AWS_ACCESS_KEY_ID; mkfifo keys
         (printf '[default]\\naws_access_key_id=AKIDEXAMPLE\\naws_secret_access_key=secret\\n' >keys) &
         AWS_SHARED_CREDENTIALS_FILE=keys ecspresso ${dryRun}`,
        `mkfifo pipe; (sleep 0.3; cat ecspresso.yml >pipe) & ecspresso ${dryRun} --config pipe`,
        ...(IS_LINUX ? [`ecspresso ${dryRun} --config /proc/self/fd/7 7<ecspresso.yml`] : []),
      ];
      await Promise.all(scripts.map(async (script) => {
        const ended = await run(url, script);
        assertEnds(ended, 0, /Plan/);
      }));
    }),
});

Deno.test({
  name: "what a config that is no file names counts from the working directory, and stdin is read once",
  ignore: !IS_UNIX,
  fn: () =>
    withServer(createScenario("healthy"), async ({ url }) => {
      assertEnds(await run(url, "ecspresso register --dry-run --config <(cat full.yml)"), 0, /"image": "app:2"/);
      assertEnds(await run(url, "ecspresso diff --config - --envfile - <full.yml"), 2, /stdin can be only one file/);
    }),
});

Deno.test({
  name: "a file that never comes to its end is waited for until the time limit, and no longer",
  ignore: !IS_UNIX,
  fn: async () => {
    const rollback = "ecspresso rollback --revision 3 --dry-run --timeout 1";
    const scripts = [
      `mkfifo pipe; ${rollback} --config pipe`,
      `mkfifo pipe; ${rollback} --envfile pipe`,
      `mkfifo pipe; sleep 50 >pipe & ${rollback} --config pipe; code=$?; kill $!; exit $code`,
      `mkfifo pipe; sleep 50 >pipe & ${rollback} --config - <pipe; code=$?; kill $!; exit $code`,
      `mkfifo pipe; AWS_CA_BUNDLE=pipe ${rollback}`,
      `mkfifo pipe; AWS_ACCESS_KEY_ID= AWS_CONFIG_FILE=pipe ${rollback}`,
      `mkfifo pipe; AWS_ACCESS_KEY_ID= AWS_ROLE_ARN=arn:aws:iam::123456789012:role/r AWS_WEB_IDENTITY_TOKEN_FILE=pipe ${rollback}`,
      "mkfifo pipe; ln -sf pipe task.json; ecspresso register --dry-run --timeout 1 --config full.yml",
      "mkfifo pipe; ecspresso register --dry-run --timeout 1 --config state.yml",
    ];
    await Promise.all(scripts.map(async (script) => {
      const said = /Timed out after 1s: nothing has been changed; \S+ was being read/;
      assertEnds(await run(NOWHERE, script), 7, said);
    }));
  },
});

Deno.test({
  name: "a stop signal ends the program while it waits for a file",
  ignore: !IS_UNIX,
  fn: async () => {
    const script = `mkfifo pipe; ecspresso_exec rollback --revision 3 --config pipe & pid=$!
      # Opening it waits for the reader.
      exec 9>pipe; kill -TERM $pid; wait $pid; code=$?; exec 9>&-; exit $code`;
    assertEnds(await run(NOWHERE, script), 143, /Interrupted: nothing has been changed; pipe was being read/);
  },
});

Deno.test({
  name: "a file that cannot be read is one line",
  ignore: !IS_UNIX,
  fn: async () => {
    const cases: readonly (readonly [string, RegExp])[] = [
      ["--config /dev/zero", /^error: \/dev\/zero: cannot be read: .*64 MiB/m],
      ["--config /dev/null", /^error: \/dev\/null/m],
      ["--config .", /^error: \.: cannot be read: Is a directory/m],
      ["--config loop", /^error: loop: cannot be read: Too many levels of symbolic links/m],
      ["--config /dev/tty", /^error: \/dev\/tty: cannot be read: No such device or address/m],
      ["--config /dev/fd/77", /^error: \/dev\/fd\/77: (?:cannot be read|there is no such config file)/m],
      ["--envfile /dev/zero", /^error: \/dev\/zero: cannot be read: .*64 MiB/m],
    ];
    await Promise.all(cases.map(async ([options, said]) => {
      assertEnds(await run(NOWHERE, `ln -s loop loop; ecspresso_exec rollback --revision 3 ${options}`), 3, said);
    }));
    // Opening a pipe ourselves would wait without a limit.
    const withoutCat = "mkfifo pipe; PATH=/none ecspresso_exec rollback --revision 3 --config pipe";
    assertEnds(
      await run(NOWHERE, withoutCat),
      3,
      /^error: pipe: cannot be read: .*needs the program cat, and there is none/m,
    );
    await Promise.all(["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"].map(async (variable) => {
      const script = `AWS_ACCESS_KEY_ID= ${variable}=/dev/zero ecspresso_exec rollback --revision 3`;
      assertEnds(await run(NOWHERE, script), 3, /\[error\] \S+ \/dev\/zero: cannot be read: .*64 MiB/);
    }));
  },
});

Deno.test({
  name: "register writes the ARN to a device or a pipe, too, and says so when nobody takes it",
  ignore: !IS_UNIX,
  fn: () =>
    withServer(createScenario("healthy"), async ({ url }) => {
      const register = "ecspresso register --config full.yml";
      const arn = /^arn:aws:ecs:ap-northeast-1:123456789012:task-definition\/myservice:\d+\n$/;
      // The last `cat` waits for the first one: until the `:` behind that, it has the pipe open, too.
      for (const output of ["-", ">(cat >taken; :) | cat; cat taken"]) {
        const { code, stdout, stderr } = await run(url, `${register} --output ${output}`);
        assert.equal(code, 0, stderr);
        assert.match(stdout, arn);
      }
      assertEnds(await run(url, `${register} --output /dev/null`), 0, /Task definition is registered/);
      const lost = /is registered[^]*could not be written to (\S+): [^]*still to do: write it there: arn:aws:ecs/;
      assertEnds(await run(url, `mkfifo pipe; ${register} --output pipe`), 8, lost);
      if (IS_LINUX) {
        assertEnds(await run(url, `${register} --output /dev/full`), 8, /No space left on device[^]*still to/);
      }
    }),
});
