import { accessDenied } from "../../emulator/faults.ts";
import { fleet } from "../../emulator/fleet.ts";
import { DEPLOY_ROLE } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { IN_REGION, NO_FILES, withFiles } from "./files.ts";
import { faulty, SERVICE_ARN, threeServices } from "./worlds.ts";

export const SERVICES_SCENES: Readonly<Record<string, Scene>> = {
  "named_rollback": {
    args: "rollback --service myservice --cluster default --region ap-northeast-1 --revision previous",
    options: NO_FILES,
  },
  "named_rollback_dry_run": { args: "rollback --service myservice --revision previous --dry-run", options: IN_REGION },
  "named_role": {
    args:
      `rollback --service myservice --region ap-northeast-1 --assume-role-arn ${DEPLOY_ROLE} --revision 3 --no-wait`,
    options: NO_FILES,
  },
  "named_no_revision": { args: "rollback --service myservice --region ap-northeast-1", options: NO_FILES },
  "named_arn_of_another_account": {
    args: `rollback --service ${SERVICE_ARN.replace("123456789012", "210987654321")} --revision previous`,
    options: NO_FILES,
  },
  "named_mistyped": {
    args: "rollback --service myservcie --region ap-northeast-1 --revision previous",
    options: NO_FILES,
  },
  "many_cluster_missing_by_name": {
    args: "rollback --service other --cluster default --cluster prod --revision previous",
    world: threeServices,
    options: IN_REGION,
  },
  "many_too_many": {
    args: "rollback --service * --revision previous",
    world: () => fleet({ services: 21 }),
    options: IN_REGION,
  },
  "many_by_pattern_dry_run": {
    args: "rollback --service *other --region ap-northeast-1 --revision 3 --dry-run",
    world: threeServices,
    options: NO_FILES,
  },
  "many_may_not_be_listed": {
    args: "rollback --service * --revision previous",
    world: () => faulty("ListServices", accessDenied(), Infinity, threeServices()),
    options: IN_REGION,
  },
  "fleet_file": {
    args: "rollback --fleet fleet.yml --revision previous --dry-run",
    world: threeServices,
    options: withFiles({
      "fleet.yml": "x-region: &region\n  region: ap-northeast-1\nservices:\n  - config: ecs/a/*.yml\n    wave: 2\n" +
        "  - service: other\n    <<: *region\n",
      "ecs/a/ecspresso.yml": "region: ap-northeast-1\nservice: myservice\n",
    }),
  },
  "fleet_file_misspelt_key": {
    args: "rollback --fleet fleet.yml --revision previous",
    options: withFiles({ "fleet.yml": "services:\n  - config: a.yml\n    wvae: 2\n" }),
  },
};
