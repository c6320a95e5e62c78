import { crashLoop, failingHealthCheck, outOfMemory, secretNotFound, unplaceable } from "../../emulator/behaviours.ts";
import { actBefore } from "../../emulator/faults.ts";
import { myservice, RESOURCE_ID, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { afterUpdate, API_KEY, BREAKER, BREAKER_WITH_ROLLBACK, changed, slowToRead } from "./worlds.ts";

export const ROLLBACK_ENDINGS_SCENES: Readonly<Record<string, Scene>> = {
  "failed": {
    args: "rollback --revision 3 --preflight off",
    world: () => myservice({ service: BREAKER, history: [2, 4], behaviours: { 3: secretNotFound(API_KEY) } }),
  },
  "rolled_back_by_ecs": {
    args: "rollback --revision 3 --deregister --preflight off",
    world: () =>
      myservice({ service: BREAKER_WITH_ROLLBACK, history: [2, 4], behaviours: { 3: secretNotFound(API_KEY) } }),
  },
  "superseded": {
    args: "rollback --revision 3",
    world: () =>
      afterUpdate((emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })),
  },
  "service_deleted": {
    args: "rollback --revision 3",
    world: () => afterUpdate((emulator) => emulator.deleteService({ service: "myservice", force: true })),
  },
  "timed_out": {
    args: "rollback --revision 3 --timeout 90s --suspend-auto-scaling --resume-auto-scaling",
    world: () => myservice({ history: [2, 4], behaviours: { 3: crashLoop() } }),
  },
  "interrupted": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    options: { stopAfterMs: { ms: 2_500, signal: "SIGINT" } },
  },
  "interrupted_before_the_order": {
    args: "rollback --revision 3 --suspend-auto-scaling --resume-auto-scaling",
    options: { stopAfterCalls: { calls: 14, signal: "SIGTERM" } },
  },
  "plan_outdated": {
    args: "rollback --revision 3",
    world: () => {
      const emulator = slowToRead();
      const another = () => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" });
      emulator.inject({ operation: "DescribeTaskDefinition", times: 1, effect: actBefore(another) });
      return emulator;
    },
  },
  "target_failed": {
    args: "rollback --revision 4",
    world: () => myservice({ service: BREAKER, behaviours: { 4: secretNotFound(API_KEY) } }),
  },
  "no_task_wanted": {
    args: "rollback --revision 3",
    world: () =>
      changed((emulator) => {
        emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, MinCapacity: 0, MaxCapacity: 10 });
        emulator.updateService({ service: "myservice", desiredCount: 0 });
        emulator.advance(UNTIL_STEADY_MS);
      }, myservice()),
  },
  "scaled_to_zero_meanwhile": {
    args: "rollback --revision 3",
    world: () => afterUpdate((emulator) => emulator.updateService({ service: "myservice", desiredCount: 0 })),
  },
  "no_room_for_tasks": {
    args: "rollback --revision 3 --timeout 2m",
    world: () => myservice({ history: [2, 4], behaviours: { 3: unplaceable() } }),
  },
  "out_of_memory": {
    args: "rollback --revision 3 --timeout 2m",
    world: () => myservice({ history: [2, 4], behaviours: { 3: outOfMemory() } }),
  },
  "image_gone": {
    args: "rollback --revision 3 --preflight off",
    world: () => createScenario("circuit_breaker"),
  },
  "health_check_fails": {
    args: "rollback --revision 3 --timeout 3m",
    world: () => myservice({ history: [2, 4], behaviours: { 3: failingHealthCheck() } }),
  },
  "interrupted_while_planning": {
    args: "rollback --revision 3",
    options: { stopAfterCalls: { calls: 1, signal: "SIGTERM" } },
  },
  "rollback_fail_after": {
    args: "rollback --revision 3 --preflight off --fail-after 2",
    world: () => myservice({ history: [2, 4], behaviours: { 3: secretNotFound(API_KEY) } }),
  },
};
