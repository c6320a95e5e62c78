import { crashLoop } from "../../emulator/behaviours.ts";
import { accessDenied, dropBefore } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { NO_FILES, withFiles } from "./files.ts";
import { faulty, SERVICE_ARN, someTimeInto } from "./worlds.ts";

export const STATUS_NAMED_SCENES: Readonly<Record<string, Scene>> = {
  "named_arn": { args: `status --service ${SERVICE_ARN}`, options: NO_FILES },
  "named_arn_account_unknown": {
    args: `status --service ${SERVICE_ARN} --events 1`,
    world: () => faulty("GetCallerIdentity", dropBefore(), 4),
    options: NO_FILES,
  },
  "named_arn_and_another_region": { args: `status --service ${SERVICE_ARN} --region us-east-1`, options: NO_FILES },
  "named_arn_and_another_cluster": { args: `status --service ${SERVICE_ARN} --cluster other`, options: NO_FILES },
  "named_status": {
    args: "status --service myservice --cluster default --region ap-northeast-1 --events 1",
    world: () => someTimeInto(60_000, "myservice:4", myservice({ history: [3], behaviours: { 4: crashLoop() } })),
    options: NO_FILES,
  },
  "named_beside_a_config": { args: "status --service myservice --config ecspresso.yml" },
  "named_config_there": {
    args: "status --service myservice --region ap-northeast-1 --events 1",
    options: { ...withFiles({ "ecspresso.yml": "service: another\n" }), env: { ECSPRESSO_CONFIG: "other.yml" } },
  },
  "named_mistyped_may_not_list": {
    args: "status --service myservcie --region ap-northeast-1",
    world: () => faulty("ListServices", accessDenied()),
    options: NO_FILES,
  },
  "named_cluster_mistyped": {
    args: "status --service myservice --cluster defualt --region ap-northeast-1",
    options: NO_FILES,
  },
  "named_of_what": { args: "status --service my/service", options: NO_FILES },
  "named_cluster_alone": { args: "status --cluster default" },
  "named_region_with_a_config": { args: "status --config ecspresso.yml --region us-east-1" },
};
