import { DEFINITION_FILES } from "../../definition_files.ts";
import { ask } from "../../emulator/asking.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import { myservice } from "../../emulator/myservice.ts";
import type { RunOptions } from "../../in_process.ts";
import type { Scene } from "../scene.ts";
import { denied, fleetOfTwo, REGION } from "./shell_worlds.ts";

const AS_ALICE: RunOptions = { env: { USER: "alice" } };
const HOLD = "v1 until=2023-01-01T14:05:00Z at=2023-01-01T12:05:00Z by=alice because INC-42: leaks";

/** Somebody wants what runs to stay. */
function held(value = HOLD): Emulator {
  const emulator = myservice();
  const { serviceArn } = emulator.describeService("myservice");
  ask(emulator, "TagResource", { resourceArn: serviceArn!, tags: [{ key: "ecspresso:hold", value }] });
  emulator.calls.length = 0;
  return emulator;
}

/** Alice has rolled it back, and wants that to stay. */
function rolledBack(): Emulator {
  const emulator = myservice({ history: [3, 4, 3] });
  const { serviceArn } = emulator.describeService("myservice");
  const [deployment] = emulator.describeService("myservice").deployments as [{ createdAt: number }];
  const at = new Date(deployment.createdAt * 1_000).toISOString().replace(/\.\d+Z$/, "Z");
  const tags = [
    { key: "ecspresso:hold", value: HOLD },
    {
      key: "ecspresso:last-rollback",
      value: `v1 from=myservice:4 to=myservice:3 at=${at} by=alice because INC-42: leaks`,
    },
  ];
  ask(emulator, "TagResource", { resourceArn: serviceArn!, tags });
  emulator.calls.length = 0;
  return emulator;
}

export const HOLD_SCENES: Readonly<Record<string, Scene>> = {
  "help_hold": { args: "hold --help" },
  "hold": { args: "hold --for 2h --reason leaks", world: myservice, options: AS_ALICE },
  "hold_dry_run": { args: "hold --for 2h --dry-run", world: myservice, options: AS_ALICE },
  "hold_again": { args: "hold --for 30m", world: () => held(), options: AS_ALICE },
  "hold_release": { args: "hold --release", world: () => held() },
  "hold_release_not_held": { args: "hold --release", world: myservice },
  "hold_given_nothing": { args: "hold", world: myservice },
  "hold_for_what": { args: "hold --for 0", world: myservice },
  "hold_denied": { args: "hold --for 2h", world: () => denied("TagResource", "ecs"), options: AS_ALICE },
  "hold_named": {
    args: `hold --service myservice --region ${REGION} --for 2h`,
    world: myservice,
    options: { files: {}, ...AS_ALICE },
  },
  "hold_of_a_service_that_is_not_there": {
    args: `hold --service mysevice --region ${REGION} --for 2h`,
    world: myservice,
    options: AS_ALICE,
  },
  "hold_many": {
    args: `hold --service * --region ${REGION} --for 2h`,
    world: fleetOfTwo,
    options: { files: {}, isFleet: true, ...AS_ALICE },
  },
  "held_status": { args: "status --events 1", world: () => held() },
  "held_status_foreign": { args: "status --events 1", world: () => held("yes") },
  "held_deploy": { args: "deploy", world: () => held(), options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } } },
  "held_deploy_dry_run": {
    args: "deploy --dry-run",
    world: () => held(),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "held_deploy_foreign": { args: "deploy", world: () => held("yes"), options: { files: DEFINITION_FILES } },
  "held_deploy_override": {
    args: "deploy --override-hold --no-wait",
    world: () => held(),
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "held_deploy_override_github": {
    args: "deploy --override-hold --no-wait",
    world: () => held(),
    options: {
      files: DEFINITION_FILES,
      env: { TAG: "1.4.0", GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md" },
    },
  },
  "held_no_more": {
    args: "deploy",
    world: () => held(HOLD.replace("T14", "T12")),
    options: { files: DEFINITION_FILES },
  },
  "held_rollback": { args: "rollback --revision 3 --no-wait", world: () => held() },
  "rollback_hold": { args: "rollback --revision 3 --hold 2h --reason leaks", options: AS_ALICE },
  "rollback_hold_dry_run": { args: "rollback --revision 3 --hold 2h --dry-run", options: AS_ALICE },
  "rollback_hold_denied": {
    args: "rollback --revision 3 --hold 2h",
    world: () => denied("TagResource", "ecs"),
    options: AS_ALICE,
  },
  "rollback_reason": { args: "rollback --revision 3 --reason leaks --no-wait", options: AS_ALICE },
  "rollback_reason_dry_run": { args: "rollback --revision 3 --reason leaks --dry-run", options: AS_ALICE },
  "rollback_reason_denied": {
    args: "rollback --revision 3 --reason leaks --no-wait",
    world: () => denied("TagResource", "ecs"),
    options: AS_ALICE,
  },
  "rolled_back_status": { args: "status --events 1", world: rolledBack },
  "rolled_back_history": { args: "history --output table", world: rolledBack },
  "rolled_back_history_json": { args: "history --output json", world: rolledBack },
  "held_history": { args: "history", world: () => held() },
  "held_history_foreign": { args: "history --output json", world: () => held("yes") },
  "rollback_hold_interrupted": {
    args: "rollback --revision 3 --hold 2h --reason leaks",
    world: myservice,
    options: { ...AS_ALICE, stopAfterCalls: { calls: 12, signal: "SIGINT" } },
  },
  "rollback_hold_at_the_target": { args: "rollback --revision 4 --hold 90m", world: myservice, options: AS_ALICE },
};
