import type { Scene } from "./scene.ts";
import { AWS_TROUBLE_SCENES } from "./scenes/aws_trouble.ts";
import { BAKE_SCENES } from "./scenes/bake.ts";
import { BAKE_ASKED_SCENES } from "./scenes/bake_asked.ts";
import { COMMAND_LINE_SCENES } from "./scenes/command_line.ts";
import { DEFINITIONS_SCENES } from "./scenes/definitions.ts";
import { DEPLOY_SCENES } from "./scenes/deploy.ts";
import { DEPLOY_FAILURES_SCENES } from "./scenes/deploy_failures.ts";
import { DEPLOY_ROLLBACK_SCENES } from "./scenes/deploy_rollback.ts";
import { DEPLOY_SETTINGS_SCENES } from "./scenes/deploy_settings.ts";
import { DEPLOY_TAGS_SCENES } from "./scenes/deploy_tags.ts";
import { DEREGISTER_SCENES } from "./scenes/deregister.ts";
import { FAST_SCENES } from "./scenes/fast.ts";
import { FLEET_SCENES } from "./scenes/fleet.ts";
import { FLEET_DEPLOYS_SCENES } from "./scenes/fleet_deploys.ts";
import { FLEET_FAILURES_SCENES } from "./scenes/fleet_failures.ts";
import { HISTORY_SCENES } from "./scenes/history.ts";
import { HOLD_SCENES } from "./scenes/hold.ts";
import { INIT_SCENES } from "./scenes/init.ts";
import { PICK_SCENES } from "./scenes/pick.ts";
import { PLAN_FILE_SCENES } from "./scenes/plan_file.ts";
import { ROLLBACK_SCENES } from "./scenes/rollback.ts";
import { ROLLBACK_ENDINGS_SCENES } from "./scenes/rollback_endings.ts";
import { ROLLBACK_IF_DEPLOYED_WITHIN_SCENES } from "./scenes/rollback_if_deployed_within.ts";
import { ROLLBACK_IMAGES_SCENES } from "./scenes/rollback_images.ts";
import { ROLLBACK_NEEDS_SCENES } from "./scenes/rollback_needs.ts";
import { ROLLBACK_SCALING_SCENES } from "./scenes/rollback_scaling.ts";
import { ROLLBACK_SETTINGS_SCENES } from "./scenes/rollback_settings.ts";
import { ROLLBACK_TARGET_SCENES } from "./scenes/rollback_target.ts";
import { SCALE_SCENES } from "./scenes/scale.ts";
import { SERVICES_SCENES } from "./scenes/services.ts";
import { STATUS_SCENES } from "./scenes/status.ts";
import { STATUS_MANY_SCENES } from "./scenes/status_many.ts";
import { STATUS_NAMED_SCENES } from "./scenes/status_named.ts";
import { VERIFY_SCENES } from "./scenes/verify.ts";
import { WAIT_SCENES } from "./scenes/wait.ts";

/** Runs of the whole program on a virtual clock, by the names of their transcripts. */
export const SCENES: Readonly<Record<string, Scene>> = {
  ...AWS_TROUBLE_SCENES,
  ...BAKE_SCENES,
  ...BAKE_ASKED_SCENES,
  ...COMMAND_LINE_SCENES,
  ...DEFINITIONS_SCENES,
  ...DEPLOY_SCENES,
  ...DEPLOY_FAILURES_SCENES,
  ...DEPLOY_ROLLBACK_SCENES,
  ...DEPLOY_SETTINGS_SCENES,
  ...DEPLOY_TAGS_SCENES,
  ...DEREGISTER_SCENES,
  ...FAST_SCENES,
  ...FLEET_SCENES,
  ...FLEET_DEPLOYS_SCENES,
  ...FLEET_FAILURES_SCENES,
  ...HISTORY_SCENES,
  ...HOLD_SCENES,
  ...INIT_SCENES,
  ...PICK_SCENES,
  ...PLAN_FILE_SCENES,
  ...ROLLBACK_SCENES,
  ...ROLLBACK_ENDINGS_SCENES,
  ...ROLLBACK_IF_DEPLOYED_WITHIN_SCENES,
  ...ROLLBACK_IMAGES_SCENES,
  ...ROLLBACK_NEEDS_SCENES,
  ...ROLLBACK_SCALING_SCENES,
  ...ROLLBACK_SETTINGS_SCENES,
  ...ROLLBACK_TARGET_SCENES,
  ...SCALE_SCENES,
  ...SERVICES_SCENES,
  ...STATUS_SCENES,
  ...STATUS_MANY_SCENES,
  ...STATUS_NAMED_SCENES,
  ...VERIFY_SCENES,
  ...WAIT_SCENES,
};
