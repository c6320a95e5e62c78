import assert from "node:assert/strict";
import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { crashLoop } from "../../emulator/behaviours.ts";
import { actAfter } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { runInProcess } from "../../in_process.ts";
import { GITHUB, withMembers } from "./hidden_values.ts";

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
