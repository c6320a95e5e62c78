import { DEFINITION_FILES } from "../../definition_files.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, actAfter, actBefore, dropBefore, tagsUnsupported, throttle } from "../../emulator/faults.ts";
import { fleet, fleetService } from "../../emulator/fleet.ts";
import { withoutWaits } from "../../../src/model/waits.ts";
import type { JsonObject } from "../../emulator/model.ts";
import { myservice } from "../../emulator/myservice.ts";
import { waitingService, WAITS } from "../../emulator/waiting_service.ts";
import { fillTags, recordWaits } from "../../waits_in_tags.ts";
import type { Scene } from "../scene.ts";

/** Going back without what the service's deployments wait for. */

const FAST = "rollback --revision 3 --fast";
const UPDATES = { operation: "UpdateService" };

function waiting(act: (emulator: Emulator) => void): Emulator {
  const emulator = waitingService();
  act(emulator);
  return emulator;
}

/** Somebody goes back to 3 by a deployment that waits for nothing, and leaves it so. */
function goFast(emulator: Emulator): void {
  const deploymentConfiguration = {
    canaryConfiguration: { canaryPercent: 100, canaryBakeTimeInMinutes: 0 },
    bakeTimeInMinutes: 0,
    lifecycleHooks: [],
  };
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3", deploymentConfiguration });
  emulator.advance(120_000);
}

/** An earlier run was killed. */
const leftFast = (before: JsonObject = WAITS) =>
  waiting((emulator) => {
    goFast(emulator);
    recordWaits(emulator, before);
  });

/** Somebody else's tag. */
const unreadable = () =>
  waiting((emulator) => {
    const tags = [{ key: "ecspresso:deployment-settings", value: "ours" }];
    const { serviceArn: resourceArn } = emulator.describeService("myservice");
    emulator.call("AmazonEC2ContainerServiceV20141113.TagResource", { resourceArn, tags } as JsonObject);
  });

const setMeanwhile = (deploymentConfiguration: JsonObject) => (emulator: Emulator) =>
  void emulator.updateService({ service: "myservice", deploymentConfiguration });

/** Another run that knows nothing of this one writes its record just then, and orders later. */
function recordedByOther(emulator: Emulator): void {
  const effect = actBefore((changed) => recordWaits(changed, WAITS, { atMs: changed.now() + 5_000 }));
  emulator.inject({ operation: "TagResource", effect });
}

/** Three services, two of which wait. */
function someWait(): Emulator {
  const emulator = fleet({ services: 3 });
  for (const number of [1, 3]) {
    const deploymentConfiguration = { strategy: "CANARY", ...WAITS };
    emulator.updateService({ service: fleetService(number), deploymentConfiguration });
  }
  return emulator;
}

/** The same, two of which an earlier run has left on their way or there, and one of those somebody has restored by hand. */
function someLeft(): Emulator {
  const emulator = someWait();
  const deploymentConfiguration = withoutWaits(WAITS as never) as JsonObject;
  for (const number of [1, 3]) {
    const service = fleetService(number);
    emulator.updateService({ service, taskDefinition: `${service}:1`, deploymentConfiguration });
    recordWaits(emulator, WAITS, { service });
  }
  emulator.advance(120_000);
  emulator.updateService({ service: fleetService(3), deploymentConfiguration: { strategy: "ROLLING" } });
  return emulator;
}

const ALL = "rollback --service service-* --region ap-northeast-1 --revision previous --fast";
const NO_FILES = { isFleet: true, files: {} };

export const FAST_SCENES: Readonly<Record<string, Scene>> = {
  "fast": { args: FAST, world: waitingService },
  "fast_json": { args: `${FAST} --output json`, world: waitingService },
  "fast_dry_run": { args: `${FAST} --dry-run`, world: waitingService },
  "fast_not_given": { args: "rollback --revision 3 --dry-run", world: waitingService },
  "fast_fleet": { args: ALL, world: someWait, options: NO_FILES },
  "fast_fleet_dry_run": { args: `${ALL} --dry-run`, world: someWait, options: NO_FILES },
  "fast_fleet_undo_dry_run": { args: `${ALL} --on-failure undo --dry-run`, world: someWait, options: NO_FILES },
  "fast_fleet_left": { args: ALL, world: someLeft, options: NO_FILES },
  "fast_fleet_left_there": {
    args: ALL.replace("*", "0001 --service service-0003"),
    world: someLeft,
    options: NO_FILES,
  },
  "fast_fleet_left_dry_run": { args: `${ALL} --dry-run`, world: someLeft, options: NO_FILES },
  "fast_hold": { args: `${FAST} --hold 2h --reason leaks`, world: waitingService },
  "fast_plan_out": { args: `${FAST} --dry-run --plan-out plan.json`, world: waitingService },
  "fast_no_wait": { args: `${FAST} --no-wait`, world: waitingService },
  "fast_rolling": { args: FAST, world: () => myservice({ history: [3, 4], afterLastMs: 300_000 }) },
  "fast_stops": {
    args: `${FAST} --dry-run`,
    world: () =>
      waiting((emulator) => {
        goFast(emulator);
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:4", deploymentConfiguration: WAITS });
        emulator.advance(60_000);
      }),
  },
  "fast_under_way": {
    args: `${FAST} --dry-run`,
    world: () =>
      waiting((emulator) => {
        emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
        emulator.advance(60_000);
      }),
  },
  "fast_linear": {
    args: `${FAST} --dry-run`,
    world: () =>
      waiting((emulator) => {
        const linearConfiguration = { stepPercent: 25, stepBakeTimeInMinutes: 6 };
        setMeanwhile({ strategy: "LINEAR", linearConfiguration, lifecycleHooks: [] })(emulator);
      }),
  },
  "fast_cannot_record": {
    args: FAST,
    world: () => waiting((emulator) => emulator.inject({ operation: "TagResource", effect: accessDenied() })),
  },
  "fast_too_many_tags": { args: FAST, world: () => waiting((emulator) => fillTags(emulator, 49)) },
  "fast_refused_by_ecs": {
    args: FAST,
    world: () => waiting((emulator) => emulator.inject({ ...UPDATES, effect: accessDenied() })),
  },
  "fast_order_lost": {
    args: FAST,
    world: () => waiting((emulator) => emulator.inject({ ...UPDATES, effect: dropBefore(), times: 1 })),
  },
  "fast_interrupted": {
    args: FAST,
    world: waitingService,
    options: { stopAfterMs: { ms: 5_000, signal: "SIGINT" } },
  },
  "fast_timed_out": { args: `${FAST} --timeout 10s`, world: waitingService },
  "fast_not_restored": {
    args: FAST,
    world: () =>
      waiting((emulator) => emulator.inject({ ...UPDATES, nth: 2, effect: accessDenied(), times: Infinity })),
  },
  "fast_record_remains": {
    args: FAST,
    world: () => waiting((emulator) => emulator.inject({ operation: "UntagResource", effect: accessDenied() })),
  },
  "fast_left_to_other": { args: FAST, world: () => waiting(recordedByOther) },
  "fast_left_to_other_record_remains": {
    args: FAST,
    world: () =>
      waiting((emulator) => {
        recordedByOther(emulator);
        emulator.inject({ operation: "UntagResource", effect: accessDenied() });
      }),
  },
  "fast_changed_by_others": {
    args: FAST,
    world: () =>
      waiting((emulator) => {
        const effect = actAfter(setMeanwhile({ bakeTimeInMinutes: 3 }));
        emulator.inject({ operation: "DescribeServiceDeployments", nth: 2, effect });
      }),
  },
  "fast_stale": {
    args: FAST,
    world: () =>
      waiting((emulator) => {
        const effect = actBefore(setMeanwhile({ bakeTimeInMinutes: 3 }));
        emulator.inject({ operation: "DescribeServices", nth: 2, effect });
        emulator.inject({ operation: "DescribeTaskDefinition", effect: throttle(), times: 8 });
      }),
  },
  "fast_again_after_kill": { args: FAST, world: leftFast },
  "fast_further_after_kill": { args: "rollback --revision 2 --fast", world: leftFast },
  "fast_again_rolling_by_now": {
    args: `${FAST} --dry-run`,
    world: () => {
      const emulator = leftFast();
      setMeanwhile({ strategy: "ROLLING" })(emulator);
      return emulator;
    },
  },
  "fast_left_rollback": { args: "rollback --revision 2 --dry-run", world: leftFast },
  "fast_left_deploy": {
    args: "deploy --dry-run",
    world: leftFast,
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "fast_left_wait": { args: "wait", world: leftFast },
  "fast_left_scale": { args: "scale --tasks 3", world: leftFast },
  "fast_left_scale_dry_run": { args: "scale --tasks 3 --dry-run", world: leftFast },
  "fast_left_status": { args: "status", world: leftFast },
  "fast_left_status_restored": {
    args: "status",
    world: () => waiting((emulator) => recordWaits(emulator, WAITS)),
  },
  "fast_left_status_unreadable": { args: "status", world: unreadable },
  "fast_left_status_details": {
    args: "status",
    world: () =>
      leftFast({ lifecycleHooks: [{ ...(WAITS.lifecycleHooks as JsonObject[])[0], hookDetails: { key: "secret" } }] }),
  },
  "fast_left_previous": { args: "rollback --revision previous --fast", world: leftFast },
  "fast_tags_not_read": {
    args: FAST,
    world: () =>
      waiting((emulator) => {
        emulator.inject({ operation: "DescribeServices", effect: tagsUnsupported(), times: Infinity });
      }),
  },
  "fast_record_unreadable": { args: FAST, world: unreadable },
};
