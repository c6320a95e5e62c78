import { DEFINITION_FILES } from "../../definition_files.ts";
import { crashLoop, healthy, secretNotFound, slowDrain, unplaceable } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter, answerWith, dropBefore, type FaultEffect, throttle } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import { createScenario } from "../../emulator/scenarios.ts";
import type { Scene } from "../scene.ts";
import { withFiles, withNewTag } from "./files.ts";
import { afterUpdate, API_KEY, BREAKER, BREAKER_WITH_ROLLBACK, changed, faulty, throttledFor } from "./worlds.ts";

/** What happens while what was registered waits for its order, which AWS throttles for seconds. */
function registeredInVain(effect: FaultEffect): Emulator {
  const emulator = faulty("UpdateService", throttle(), 3);
  emulator.inject({ operation: "RegisterTaskDefinition", effect });
  return emulator;
}

/** Somebody else's deploy. */
function deploySecond(emulator: Emulator): void {
  emulator.schedule(500, () => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" }));
}

/** From the registration on, the service may not be read any more. */
function denyReading(emulator: Emulator): void {
  const effect = actAfter((later) =>
    later.inject({ operation: "DescribeServices", times: Infinity, effect: accessDenied() })
  );
  emulator.inject({ operation: "RegisterTaskDefinition", effect });
}

export const DEPLOY_FAILURES_SCENES: Readonly<Record<string, Scene>> = {
  "deploy_way_back_throttled": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      changed(
        (emulator) => emulator.inject({ operation: "UpdateService", nth: 2, forMs: 100_000, effect: throttle() }),
        myservice({ history: [2, 4], behaviours: { 3: secretNotFound(API_KEY) }, service: BREAKER }),
      ),
  },
  "deploy_failed": {
    args: "deploy --revision 3 --preflight off",
    world: () => createScenario("circuit_breaker"),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_given_up_after_crashes": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      myservice({ history: [2, 4], behaviours: { 3: crashLoop({ afterMs: 45_000 }), 4: slowDrain(120_000) } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_given_up_never_placed": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: () => myservice({ history: [2, 4], behaviours: { 3: unplaceable() } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_fail_after_1": {
    args: "deploy --revision 3 --preflight off --fail-after 1",
    world: () => myservice({ history: [2, 4], behaviours: { 3: secretNotFound(API_KEY) } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_fail_after_dry_run": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE --dry-run",
    world: () => myservice({ history: [2, 4] }),
    options: withFiles(DEFINITION_FILES),
  },
  "events_deploy_given_up": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE --output json",
    world: () => myservice({ history: [2, 4], behaviours: { 3: unplaceable() } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_update_refused": {
    args: "deploy",
    world: () => faulty("UpdateService", answerWith("InvalidParameterException", "Invalid namespace.")),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "deploy_registered_then_overtaken": {
    args: "deploy",
    world: () => registeredInVain(actAfter((emulator) => deploySecond(emulator))),
    options: withNewTag(),
  },
  "deploy_registered_then_interrupted": {
    args: "deploy --suspend-auto-scaling --resume-auto-scaling",
    world: myservice,
    options: withNewTag({ stopAfterCalls: { calls: 12, signal: "SIGINT" } }),
  },
  "deploy_registered_then_timed_out": {
    args: "deploy --timeout 1m",
    world: () => throttledFor("UpdateService", Infinity),
    options: withNewTag(),
  },
  "deploy_registered_then_timed_out_deregisters": {
    args: "deploy --timeout 1m --deregister-failed",
    world: () => throttledFor("UpdateService", Infinity),
    options: withNewTag(),
  },
  "deploy_registered_then_lost": {
    args: "deploy",
    world: () => faulty("UpdateService", dropBefore()),
    options: withNewTag(),
  },
  "deploy_registered_then_service_gone": {
    args: "deploy",
    world: () =>
      registeredInVain(actAfter((emulator) => emulator.deleteService({ service: "myservice", force: true }))),
    options: withNewTag(),
  },
  "deploy_registered_then_not_to_be_read": {
    args: "deploy --deregister-failed",
    world: () => faulty("UpdateService", throttle(), 8, changed(denyReading, myservice())),
    options: withNewTag(),
  },
  "deploy_registered_then_not_suspended": {
    args: "deploy --suspend-auto-scaling --resume-auto-scaling",
    world: () => faulty("RegisterScalableTarget", accessDenied("application-autoscaling")),
    options: withNewTag(),
  },
  "deploy_deregisters_failed": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --deregister-failed",
    world: () =>
      changed(
        (emulator) => emulator.setBehaviour("myservice:5", secretNotFound(API_KEY)),
        myservice({ service: BREAKER, history: [2, 4] }),
      ),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "deploy_deregisters_refused": {
    args: "deploy --deregister-failed",
    world: () => faulty("UpdateService", accessDenied()),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "deploy_over_a_deregistered": {
    args: "deploy --revision 3 --preflight off --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      changed((emulator) => emulator.deregisterTaskDefinition("myservice:4"), createScenario("circuit_breaker")),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_timed_out_with_tasks_that_stopped_early": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE --timeout 3m",
    world: () =>
      afterUpdate(
        (emulator) => emulator.schedule(28_000, (later) => later.setBehaviour("myservice:3", healthy())),
        myservice({ history: [2, 4], behaviours: { 3: crashLoop(), 4: slowDrain() } }),
      ),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_again_after_a_failure": {
    args: "deploy --revision 4 --config ecspresso.yml",
    world: () => myservice({ service: BREAKER, behaviours: { 4: secretNotFound(API_KEY) } }),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_interrupted": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: myservice,
    options: { files: DEFINITION_FILES, stopAfterCalls: { calls: 16, signal: "SIGINT" } },
  },
  "deploy_superseded": {
    args: "deploy --revision 3 --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      afterUpdate((emulator) => emulator.updateService({ service: "myservice", taskDefinition: "myservice:2" })),
    options: withFiles(DEFINITION_FILES),
  },
  "deploy_over_what_was_not_completed": {
    args: "deploy --revision 1 --rollback-events DEPLOYMENT_FAILURE",
    world: () =>
      myservice({
        service: BREAKER_WITH_ROLLBACK,
        behaviours: { 1: secretNotFound(API_KEY) },
        afterLastMs: 20_000,
      }),
    options: withFiles(DEFINITION_FILES),
  },
};
