import type { Scene } from "./scene.ts";
import { AWS_TROUBLE_SCENES } from "./scenes/aws_trouble.ts";
import { BAKE_SCENES } from "./scenes/bake.ts";
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
import { HISTORY_SCENES } from "./scenes/history.ts";
import { PICK_SCENES } from "./scenes/pick.ts";
import { PLAN_FILE_SCENES } from "./scenes/plan_file.ts";
import { ROLLBACK_SCENES } from "./scenes/rollback.ts";
import { ROLLBACK_IMAGES_SCENES } from "./scenes/rollback_images.ts";
import { ROLLBACK_NEEDS_SCENES } from "./scenes/rollback_needs.ts";
import { ROLLBACK_SCALING_SCENES } from "./scenes/rollback_scaling.ts";
import { ROLLBACK_SETTINGS_SCENES } from "./scenes/rollback_settings.ts";
import { ROLLBACK_TARGET_SCENES } from "./scenes/rollback_target.ts";
import { SERVICES_SCENES } from "./scenes/services.ts";
import { SHELL_SCENES } from "./scenes/shell.ts";
import { STATUS_SCENES } from "./scenes/status.ts";
import { VERIFY_SCENES } from "./scenes/verify.ts";
import { WAIT_SCENES } from "./scenes/wait.ts";

/** Runs of the whole program on a virtual clock, by the names of their transcripts. */
export const SCENES: Readonly<Record<string, Scene>> = {
  ...AWS_TROUBLE_SCENES,
  ...BAKE_SCENES,
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
  ...HISTORY_SCENES,
  ...PICK_SCENES,
  ...PLAN_FILE_SCENES,
  ...ROLLBACK_SCENES,
  ...ROLLBACK_IMAGES_SCENES,
  ...ROLLBACK_NEEDS_SCENES,
  ...ROLLBACK_SCALING_SCENES,
  ...ROLLBACK_SETTINGS_SCENES,
  ...ROLLBACK_TARGET_SCENES,
  ...SERVICES_SCENES,
  ...SHELL_SCENES,
  ...STATUS_SCENES,
  ...VERIFY_SCENES,
  ...WAIT_SCENES,
};
