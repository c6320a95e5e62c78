import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { fleet } from "../../emulator/fleet.ts";
import { type MyService, myservice, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import {
  ALARMS,
  BAKE,
  balanced,
  denied,
  FAILING,
  MINUTE_MS,
  type PerMinute,
  TARGET_GROUP,
  WELL,
} from "./bake_worlds.ts";

/** The same, with 3 back since some minutes: somebody asks afterwards. */
function back(after: PerMinute, sinceMs: number, world: MyService = {}, act = (_: Emulator) => {}): Emulator {
  const emulator = balanced(FAILING, after, world);
  emulator.clearFaults();
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.setTraffic(TARGET_GROUP, after);
  act(emulator);
  emulator.advance(UNTIL_STEADY_MS + sinceMs);
  return emulator;
}

/** An alarm that was off before the rollback, and had another state after it. */
function withPastAlarm(state: "OK" | "ALARM", act = (_: Emulator) => {}): Emulator {
  const emulator = myservice({ history: [3, 4], service: ALARMS });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.triggerAlarm("web-5xx");
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.setAlarm("web-5xx", state);
  act(emulator);
  emulator.advance(20 * MINUTE_MS);
  return emulator;
}

export const BAKE_ASKED_SCENES: Readonly<Record<string, Scene>> = {
  "ask_afterwards": { args: "wait --bake 5m", world: () => back(WELL, 20 * MINUTE_MS) },
  "ask_afterwards_did_not_help": {
    args: "wait --bake 5m --service myservice --cluster default --region ap-northeast-1",
    world: () => back({ requests: 400, failures: 150 }, 20 * MINUTE_MS),
    options: { files: {} },
  },
  "ask_in_the_middle": { args: "wait --bake 5m", world: () => back(WELL, 2 * MINUTE_MS) },
  "ask_while_it_goes_back": {
    args: "wait --bake 2m --alarm latency",
    world: () => back(WELL, -UNTIL_STEADY_MS + 5_000),
  },
  "ask_by_the_same_command": { args: BAKE, world: () => back(WELL, 20 * MINUTE_MS) },
  "ask_by_the_same_command_dry_run": { args: `${BAKE} --dry-run`, world: () => back(WELL, 20 * MINUTE_MS) },
  "ask_weeks_later": { args: "wait --bake 5m", world: () => back(WELL, 20 * 24 * 60 * MINUTE_MS) },
  "ask_about_an_alarm": { args: "wait --bake 5m", world: () => withPastAlarm("OK") },
  "ask_about_an_alarm_that_stays": { args: "wait --bake 5m", world: () => withPastAlarm("ALARM") },
  "ask_about_an_alarm_of_unknown_past": {
    args: "wait --bake 5m",
    world: () => withPastAlarm("OK", denied("DescribeAlarmHistory")),
  },
  "ask_without_the_record": {
    args: "wait --bake 2m",
    world: () =>
      back(WELL, 20 * MINUTE_MS, {}, (emulator) => {
        emulator.inject({ operation: "ListServiceDeployments", effect: accessDenied(), times: Infinity });
      }),
  },
  "ask_about_many": {
    args: "wait --service service-* --cluster default --region ap-northeast-1 --bake 2m --alarm web",
    world: () => {
      const emulator = fleet({ services: 2 });
      emulator.setAlarm("web", "OK");
      emulator.advance(MINUTE_MS);
      return emulator;
    },
    options: { isFleet: true, files: {} },
  },
  "rolled_back_not_asked": { args: "rollback --revision 3", world: () => balanced(FAILING, WELL) },
  "ask_until_traffic_shifted": { args: "wait --bake 5m --until traffic-shifted" },
};
