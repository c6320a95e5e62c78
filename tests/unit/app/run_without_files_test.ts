import assert from "node:assert/strict";
import { myservice } from "../../emulator/myservice.ts";
import { isRead } from "../../emulator/operations.ts";
import { runInProcess, type RunOptions } from "../../in_process.ts";

/** Each command that takes a service by its name alone, and each that is not. */

const COMMANDS = [
  "rollback --revision previous --no-wait",
  "history",
  "status",
  "revisions",
  "wait",
  "verify",
  "deregister --revision 1",
  "scale --tasks 3 --no-wait",
  "hold --for 2h",
  "init",
];
const NEED_FILES = ["deploy", "diff", "register", "render config"];

const REGION = "ap-northeast-1";
const ARN = `arn:aws:ecs:${REGION}:123456789012:service/default/myservice`;
/** Where it is read, the run fails. */
const BROKEN = { "ecspresso.yml": "region: [", "ecspresso.yaml": "{" };

async function runOn(line: string, options: RunOptions = {}) {
  const emulator = myservice();
  emulator.calls.length = 0;
  const result = await runInProcess(emulator, line.split(" "), { files: {}, ...options });
  const changes = emulator.calls.map(({ operation }) => operation).filter((operation) => !isRead(operation));
  return { ...result, changes, called: emulator.calls.length };
}

for (const command of COMMANDS) {
  const withConfig = command === "init" ? `${command} --config other.yml` : command;
  Deno.test(`${command} takes a name, and looks for no config`, async () => {
    const named = await runOn(`${withConfig} --service myservice --cluster default --region ${REGION}`, {
      files: BROKEN,
    });
    assert.equal(named.code, 0, named.stderr);
    const byVariable = await runOn(`${withConfig} --service myservice`, {
      files: BROKEN,
      env: { AWS_REGION: REGION, ECSPRESSO_CONFIG: "ecspresso.yml" },
    });
    assert.deepEqual([byVariable.code, byVariable.stdout], [0, named.stdout], byVariable.stderr);
  });

  Deno.test(`${command} takes an ARN, which says cluster, region and account`, async () => {
    const { code, stderr } = await runOn(`${command} --service ${ARN}`);
    assert.equal(code, 0, stderr);
    const cluster = `arn:aws:ecs:${REGION}:123456789012:cluster/default`;
    assert.equal((await runOn(`${command} --service myservice --cluster ${cluster}`)).code, 0);
    for (const more of ["--region us-east-1", "--cluster other", `--cluster ${cluster.replace("1234", "4321")}`]) {
      const other = await runOn(`${command} --service ${ARN} ${more}`);
      assert.deepEqual([other.code, other.called], [2, 0], other.stderr);
    }
  });

  Deno.test(`${command} refuses another account's ARN, and changes nothing`, async () => {
    const other = ARN.replace("123456789012", "210987654321");
    const { code, changes, files, stderr } = await runOn(`${command} --service ${other}`);
    assert.deepEqual([code, changes, files.size], [4, [], 0], stderr);
    assert.match(stderr, /belongs to the account 210987654321, and the credentials to 123456789012/);
  });

  Deno.test(`${command} names the nearest names of a service or cluster that is not there`, async () => {
    for (
      const [typed, meant] of [["--service myservcie", "myservice"], [
        "--service myservice --cluster defualt",
        "default",
      ]]
    ) {
      const { code, changes, files, stderr } = await runOn(`${command} ${typed} --region ${REGION}`);
      assert.deepEqual([code, changes, files.size], [4, [], 0], stderr);
      assert.ok(stderr.includes(`(did you mean ${meant}?)`), stderr);
    }
  });
}

for (const command of COMMANDS.filter((one) => one !== "init")) {
  Deno.test(`${command} takes a config or a name`, async () => {
    const { code, called, stderr } = await runOn(`${command} --service myservice --config ecspresso.yml`);
    assert.deepEqual([code, called], [2, 0]);
    assert.match(stderr, /--config cannot be used with --service/);
  });
}

for (const command of NEED_FILES) {
  Deno.test(`${command} needs files, and says which command writes them`, async () => {
    for (const typed of [`--service myservice --region ${REGION}`, `--service ${ARN}`]) {
      const { code, called, stderr } = await runOn(`${command} ${typed}`);
      assert.deepEqual([code, called], [2, 0], stderr);
      assert.ok(stderr.includes(`ecspresso init ${typed}\n`), stderr);
    }
  });
}
