import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied, throttle } from "../../emulator/faults.ts";
import { ACCESS_POINT, FILE_SYSTEM, mounting } from "../../emulator/mounting.ts";
import { imageOf, myservice } from "../../emulator/myservice.ts";
import { neededMore, needingMore } from "../../emulator/needing_more.ts";
import type { Scene } from "../scene.ts";
import { imageOf3Gone } from "./moving_tags.ts";
import { faulty, LOAD_BALANCER, taken } from "./worlds.ts";

/** Somebody has deleted what sends traffic to the service. */
function withoutTargetGroup(): Emulator {
  const emulator = myservice({ service: { loadBalancers: [LOAD_BALANCER] } });
  emulator.setTargetGroup(LOAD_BALANCER.targetGroupArn, null);
  return emulator;
}

function needsDenied(): Emulator {
  const emulator = neededMore();
  const denied = { GetRole: "iam", DescribeSecret: "secretsmanager", GetParameter: "ssm", HeadObject: "s3" } as const;
  for (const [operation, service] of Object.entries(denied)) {
    emulator.inject({ operation, effect: accessDenied(service), times: Infinity });
  }
  return emulator;
}

export const ROLLBACK_NEEDS_SCENES: Readonly<Record<string, Scene>> = {
  "rollback_target_group_gone": { args: "rollback --revision 3", world: withoutTargetGroup },
  "rollback_image_gone_preflight_off": { args: "rollback --revision 3 --preflight off", world: imageOf3Gone },
  "rollback_secret_gone_record_denied": {
    args: "rollback --revision 3",
    world: () =>
      faulty(
        "ListServiceDeployments",
        accessDenied(),
        Infinity,
        taken((one) => one.setSecret("myservice/api_key", false)),
      ),
  },
  "rollback_secret_gone": {
    args: "rollback --revision 3",
    world: () => taken((one) => one.setSecret("myservice/api_key", false)),
  },
  "rollback_secret_version_gone": { args: "rollback --revision 5", world: () => neededMore("stage") },
  "rollback_parameter_gone": { args: "rollback --revision 5", world: () => neededMore("parameter") },
  "rollback_log_group_and_file_gone": {
    args: "rollback --revision 5",
    world: () => neededMore("logGroup", "file"),
  },
  "rollback_file_system_gone": { args: "rollback --revision 5", world: () => mounting(() => {}) },
  "rollback_access_point_of_another": {
    args: "rollback --revision 5 --dry-run",
    world: () =>
      mounting((emulator) => {
        emulator.setFileSystem(FILE_SYSTEM);
        emulator.setAccessPoint(ACCESS_POINT, "fs-1a2b3c4d");
      }),
  },
  "rollback_role_gone": {
    args: "rollback --revision 3",
    world: () => taken((one) => one.setRole("myservice-task", null)),
  },
  "rollback_role_not_assumable": {
    args: "rollback --revision 3",
    world: () => taken((one) => one.setRole("myservice-task", "ec2.amazonaws.com")),
  },
  "rollback_image_archived": {
    args: "rollback --revision 3",
    world: () => taken((one) => one.archiveImage(imageOf(3))),
  },
  "rollback_needs_denied": { args: "rollback --revision 5 --dry-run", world: needsDenied },
  "rollback_needs_too_slow": {
    args: "rollback --revision 3",
    world: () => faulty("DescribeSecret", throttle(), Infinity, myservice()),
  },
  "rollback_needs_foreign": {
    args: "rollback --revision 5 --dry-run",
    world: () => needingMore({ image: "public.ecr.aws/nginx/nginx:1.27" }),
  },
  "rollback_preflight_off": {
    args: "rollback --revision 3 --preflight off --dry-run",
    world: () => taken((one) => one.setSecret("myservice/api_key", false)),
  },
  "rollback_preflight_of_what": { args: "rollback --revision 3 --preflight soon" },
};
