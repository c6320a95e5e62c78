import assert from "node:assert/strict";
import { serviceTags } from "../../emulator/asking.ts";
import { crashLoop } from "../../emulator/behaviours.ts";
import { accessDenied, answerWith } from "../../emulator/faults.ts";
import { fleet } from "../../emulator/fleet.ts";
import { runInProcess } from "../../in_process.ts";
import { CONFIGS, filesOf, NAMES, running, runOn } from "./fleet_runs.ts";

Deno.test("where one deploy of many fails and goes back, the others go back, too", async () => {
  const emulator = fleet({ services: 3 });
  emulator.setBehaviour(`${NAMES[1]}:3`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  const { code, stderr } = await runOn(emulator, "deploy --rollback-events DEPLOYMENT_FAILURE --deregister-failed");
  assert.equal(code, 6, stderr);
  assert.deepEqual(running(emulator), [2, 2, 2]);
  const states = NAMES.map((name) => emulator.state().taskDefinitions[`${name}:3`]);
  assert.deepEqual(states, ["INACTIVE", "INACTIVE", "INACTIVE"], stderr);
});

Deno.test("where AWS refuses the update of one deploy of many, the others go back where that is asked for", async () => {
  const refused = answerWith("InvalidParameterException", "The container port is not there.");
  for (const [events, ran] of [["DEPLOYMENT_FAILURE", 2], ["DEPLOYMENT_STOP_ON_ALARM", 3]] as const) {
    const emulator = fleet({ services: 3 });
    emulator.inject({ operation: "UpdateService", nth: 2, effect: refused });
    const { code, stderr } = await runOn(emulator, `deploy --parallel 1 --rollback-events ${events}`);
    assert.deepEqual(running(emulator), [ran, 2, 2], stderr);
    assert.equal(code, ran === 2 ? 6 : 5, stderr);
  }
});

for (const command of ["rollback --revision previous --on-failure stop", "deploy"]) {
  Deno.test(`of many, crashes are noticed before the time is up, unless 0 is said: ${command}`, async () => {
    for (const option of ["", " --fail-after 0"]) {
      const emulator = fleet({ services: 3 });
      const target = command === "deploy" ? 3 : 1;
      emulator.setBehaviour(`${NAMES[0]}:${target}`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
      const { code, stderr } = await runOn(emulator, `${command} --parallel 1${option}`);
      assert.equal(code, option === "" ? 6 : 7, stderr);
      assert.deepEqual(running(emulator), [target, 2, 2]);
    }
  });
}

Deno.test("after an undo the command for the others takes them back, without the one that failed", async () => {
  const emulator = fleet({ services: 3 });
  emulator.setBehaviour(`${NAMES[1]}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  const { code, stderr } = await runOn(emulator, "rollback --revision previous --on-failure undo");
  assert.deepEqual([code, running(emulator)], [6, [2, 2, 2]], stderr);
  const [, command] = /to roll back the other 2 without \S+: ecspresso (.*)/.exec(stderr) ?? [];
  const again = await runInProcess(emulator, command!.split(" "), { files: filesOf(), isFleet: true });
  assert.deepEqual([again.code, running(emulator)], [0, [1, 2, 1]], again.stderr);
});

Deno.test("an undo of a rollback with --restore service also brings back the settings that it had replaced", async () => {
  const emulator = fleet({ services: 3 });
  const awsvpcConfiguration = { subnets: ["subnet-1"], securityGroups: ["sg-0fedcba9876543210"] };
  const networkConfiguration = { awsvpcConfiguration };
  const hasGroup = () => /sg-0fedcba/.test(JSON.stringify(emulator.describeService(NAMES[0]!).networkConfiguration));
  emulator.updateService({ service: NAMES[0]!, taskDefinition: `${NAMES[0]}:2`, networkConfiguration });
  emulator.advance(600_000);
  emulator.setBehaviour(`${NAMES[1]}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  const options = "--revision previous --restore service --on-failure undo";
  const { code, stderr } = await runOn(emulator, `rollback ${options}`);
  assert.deepEqual([code, running(emulator)], [6, [2, 2, 2]], stderr);
  assert.ok(hasGroup(), stderr);
  assert.doesNotMatch(stderr, /still to do/);
});

Deno.test("one that fails until the time is up is named after the undo, and the others go back without it", async () => {
  const emulator = fleet({ services: 3 });
  emulator.setBehaviour(`${NAMES[1]}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  const options = "--parallel 1 --fail-after 0 --timeout 2m --on-failure undo";
  const { stderr } = await runOn(emulator, `rollback --revision previous ${options}`);
  assert.deepEqual(running(emulator), [2, 2, 2], stderr);
  assert.match(stderr, /^service-0002\/default {2}FAILED, undone .* container app exited with code 1$/m);
  assert.match(
    stderr,
    /1 of 3 rollbacks failed: service-0002\/default \(container app exited with code 1\)\. 2 are undone/,
  );
  const [, command] = /to roll back the other 2 without service-0002\S+: ecspresso (.*)/.exec(stderr) ?? [];
  const again = await runInProcess(emulator, command!.split(" "), { files: filesOf(), isFleet: true });
  assert.deepEqual(running(emulator), [1, 2, 1], again.stderr);
});

Deno.test("an undo that is interrupted leaves what follows it, and the others go back with those under way", async () => {
  const emulator = fleet({ services: 3 });
  emulator.setBehaviour(`${NAMES[1]}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  const args = ["rollback", ...CONFIGS, ..."--revision previous --parallel 1 --on-failure undo".split(" ")];
  const stopAfterMs = { ms: 160_000, signal: "SIGINT" } as const;
  const { code, stderr } = await runInProcess(emulator, args, { files: filesOf(), isFleet: true, stopAfterMs });
  assert.equal(code, 130, stderr);
  assert.match(stderr, /service-0001\/default is NOT undone: interrupted; ECS goes on with its undo\./);
  assert.match(stderr, /to follow the undo that ECS goes on with: ecspresso wait --config service-0001\/ecspresso.yml/);
  const [, command] = /to roll back the other 2 without service-0002\S+: ecspresso (.*)/.exec(stderr) ?? [];
  const again = await runInProcess(emulator, command!.split(" "), { files: filesOf(), isFleet: true });
  assert.deepEqual(running(emulator), [1, 2, 1], again.stderr);
});

Deno.test("the note of a rollback says after an undo that the service was rolled back again, to the release that was left", async () => {
  for (
    const [isDenied, noted] of [[false, "from=service-0001:1 to=service-0001:2"], [
      true,
      "from=service-0001:2",
    ]] as const
  ) {
    const emulator = fleet({ services: 3 });
    emulator.setBehaviour(`${NAMES[1]}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
    if (isDenied) emulator.inject({ operation: "TagResource", nth: 4, effect: accessDenied(), times: Infinity });
    const line = "rollback --revision previous --parallel 1 --reason leaks --on-failure undo";
    const { code, stderr } = await runOn(emulator, line);
    assert.deepEqual([code, running(emulator)], [6, [2, 2, 2]], stderr);
    const value = serviceTags(emulator, NAMES[0]!)["ecspresso:last-rollback"]!;
    assert.ok(value.includes(noted), value);
    assert.equal(/not written on the service: the tag ecspresso:last-rollback/.test(stderr), isDenied);
  }
});
