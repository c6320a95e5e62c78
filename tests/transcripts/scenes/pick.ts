import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { RunOptions } from "../../in_process.ts";
import type { Scene } from "../scene.ts";
import { withFiles } from "./files.ts";
import { badTwice, changed, codeDeploy, faulty } from "./worlds.ts";

/** Somebody at the terminal. */
function typing(...typed: readonly string[]): RunOptions {
  return { isTerminal: true, typed, env: { NO_COLOR: "1" } };
}

/** Revision 2 served for long; each that came after it, for less than two minutes. */
function changedOften(times: number): Emulator {
  const emulator = myservice({ history: [2], revisions: 3 + times });
  emulator.advance(7_200_000);
  for (let count = 0; count < times; count++) {
    emulator.updateService({ service: "myservice", taskDefinition: `myservice:${3 + count}` });
    emulator.advance(120_000);
  }
  return emulator;
}

export const PICK_SCENES: Readonly<Record<string, Scene>> = {
  "pick": { args: "rollback --no-wait", world: badTwice, options: typing("3", "y") },
  "pick_wrong_numbers": {
    args: "rollback --no-wait",
    world: badTwice,
    options: typing("myservice:2", "０", "３", "n"),
  },
  "pick_only_wrong_numbers": { args: "rollback", world: badTwice, options: typing("0", "4", "2.0", "3") },
  "pick_none": { args: "rollback", world: badTwice, options: typing("") },
  "pick_without_an_answer": { args: "rollback", world: badTwice, options: typing() },
  "pick_interrupted": {
    args: "rollback",
    world: badTwice,
    options: { ...typing(), stopAfterCalls: { calls: 5, signal: "SIGINT" } },
  },
  "pick_dry_run": {
    args: "rollback --config ecspresso.yml --dry-run",
    world: () => createScenario("tag_moved"),
    options: typing("2"),
  },
  "pick_of_a_forced_deployment": {
    args: "rollback --no-wait",
    world: () => createScenario("tag_moved"),
    options: typing("2", "y"),
  },
  "pick_what_runs": { args: "rollback", world: badTwice, options: typing("1") },
  "pick_among_failures": {
    args: "rollback --no-wait",
    world: () => createScenario("circuit_breaker_rolling_back"),
    options: typing("1", "y"),
  },
  "pick_under_way": {
    args: "rollback --no-wait",
    world: () =>
      changed((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:4" });
        emulator.advance(10_000);
      }, myservice({ history: [2, 3] })),
    options: typing("2", "y"),
  },
  "pick_deregistered": {
    args: "rollback",
    world: () => changed((emulator) => emulator.deregisterTaskDefinition("myservice:3"), myservice()),
    options: typing("2"),
  },
  "pick_of_many": {
    args: "rollback --dry-run",
    world: () => changedOften(20),
    options: typing("15"),
  },
  "pick_from_another": { args: "rollback --from 3", world: badTwice, options: typing("3") },
  "pick_of_one": { args: "rollback", world: () => myservice({ history: [4] }), options: typing("1") },
  "pick_without_records": {
    args: "rollback",
    world: () => faulty("ListServiceDeployments", accessDenied()),
    options: typing("1"),
  },
  "pick_of_code_deploy": { args: "rollback", world: codeDeploy, options: typing("1") },
  "pick_without_service": {
    args: "rollback",
    options: { ...withFiles({ "ecspresso.yml": "region: ap-northeast-1\nservice: myservce\n" }), ...typing("1") },
  },
  "pick_not_in_ci": {
    args: "rollback",
    world: badTwice,
    options: { ...typing("3", "y"), env: { NO_COLOR: "1", CI: "true" } },
  },
  "pick_not_for_a_program": { args: "rollback --output json", world: badTwice, options: typing("3", "y") },
  "pick_not_with_stderr_elsewhere": {
    args: "rollback",
    world: badTwice,
    options: { ...typing("3", "y"), isTerminal: ["stdin", "stdout"] },
  },
};
