import { type Behaviour, failsToStart } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actBefore } from "../../emulator/faults.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { onGithub } from "./files.ts";
import { tagMoved } from "./moving_tags.ts";
import { badTwice, changed, faulty, slowToRead, STOPPING } from "./worlds.ts";

/** 3, then 4; half an hour later 3 again, whose tasks behave so. */
function wentBack(behaviour?: Behaviour): Emulator {
  const emulator = myservice({ service: { deploymentConfiguration: STOPPING } });
  if (behaviour !== undefined) emulator.setBehaviour("myservice:3", behaviour);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(1_800_000);
  return emulator;
}

export const ROLLBACK_IF_DEPLOYED_WITHIN_SCENES: Readonly<Record<string, Scene>> = {
  "rollback_if_deployed_within": {
    args: "rollback --revision stable --if-deployed-within 60m --reason alarm:5xx",
    world: badTwice,
  },
  "rollback_if_deployed_within_dry_run": {
    args: "rollback --revision stable --if-deployed-within 60m --dry-run",
    world: () => changed((emulator) => emulator.advance(3_600_000), badTwice()),
  },
  "rollback_if_deployed_within_not": {
    args: "rollback --revision stable --if-deployed-within 60m --reason alarm:5xx",
    world: () => changed((emulator) => emulator.advance(3_600_000), badTwice()),
  },
  "rollback_if_deployed_within_not_on_github": {
    args: "rollback --revision stable --if-deployed-within 60m --reason `alarm`:##[error]5xx\u001b[2J",
    world: () => changed((emulator) => emulator.advance(3_600_000), badTwice()),
    options: onGithub(),
  },
  "rollback_if_deployed_within_not_json": {
    args: "rollback --revision stable --if-deployed-within 60m --reason alarm:5xx --output json",
    world: () => changed((emulator) => emulator.advance(3_600_000), badTwice()),
  },
  "rollback_if_deployed_within_going_back": {
    args: "rollback --revision stable --if-deployed-within 60m",
    world: () => createScenario("circuit_breaker_rolling_back"),
  },
  "rollback_if_deployed_within_gone_back": {
    args: "rollback --revision previous --if-deployed-within 60m --output json",
    world: () => wentBack(),
  },
  "rollback_if_deployed_within_failed_to_go_back": {
    args: "rollback --revision previous --if-deployed-within 60m",
    world: () => wentBack(failsToStart("CannotPullContainerError: pull image manifest has been retried 5 time(s)")),
  },
  "rollback_if_deployed_within_overtaken": {
    args: "rollback --revision 3 --if-deployed-within 60m",
    world: () => {
      const emulator = slowToRead();
      const another = () => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
      emulator.inject({ operation: "DescribeTaskDefinition", times: 1, effect: actBefore(another) });
      return emulator;
    },
  },
  "rollback_if_deployed_within_of_a_moved_tag": {
    args: "rollback --revision 3 --if-deployed-within 60m",
    world: () => {
      const emulator = tagMoved({ history: [3, 4] });
      const same = () => emulator.registerTaskDefinition(emulator.calls.at(-1)!.input as JsonObject);
      emulator.inject({ operation: "RegisterTaskDefinition", times: 1, effect: actBefore(same) });
      return emulator;
    },
  },
  "rollback_if_deployed_within_without_records": {
    args: "rollback --revision previous --if-deployed-within 60m",
    world: () => faulty("ListServiceDeployments", accessDenied(), Infinity, badTwice()),
  },
  "rollback_if_deployed_within_no_duration": { args: "rollback --revision stable --if-deployed-within recently" },
};
