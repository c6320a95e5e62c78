import { crashLoop } from "../../emulator/behaviours.ts";
import { Emulator } from "../../emulator/emulator.ts";
import { accessDenied } from "../../emulator/faults.ts";
import { taskDefinition, UNTIL_STEADY_MS } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { withFiles } from "./files.ts";
import {
  goingBackFromPush,
  LATEST,
  MUTABLE_TAG,
  onMutableTag,
  pushedAgain,
  pushedBroken,
  tagMoved,
} from "./moving_tags.ts";
import { faulty } from "./worlds.ts";

/** 4 was forced after a push, and a rollback has pinned what 4 ran before that. */
function rolledBackFromPush(): Emulator {
  const emulator = tagMoved({ history: [4, 4] });
  const ran = emulator.imageDigests(LATEST).at(-2);
  emulator.registerTaskDefinition({
    ...taskDefinition(4, `${LATEST.replace(":latest", "")}@${ran}`),
    tags: [
      { key: "ecspresso:copied-from", value: "myservice:4" },
      { key: "ecspresso:image-tag", value: "app=latest" },
    ],
  });
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:5" });
  emulator.advance(UNTIL_STEADY_MS);
  return emulator;
}

export const DEPLOY_TAGS_SCENES: Readonly<Record<string, Scene>> = {
  "deploy_tag_moved": { args: "deploy", world: pushedAgain, options: withFiles(MUTABLE_TAG) },
  "deploy_tag_moved_dry_run": { args: "deploy --dry-run", world: pushedAgain, options: withFiles(MUTABLE_TAG) },
  "deploy_tag_moved_events": {
    args: "deploy --no-wait --output json",
    world: pushedAgain,
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_not_moved_dry_run": { args: "deploy --dry-run", world: onMutableTag, options: withFiles(MUTABLE_TAG) },
  "deploy_over_a_pinned_copy": { args: "deploy --no-wait", world: rolledBackFromPush, options: withFiles(MUTABLE_TAG) },
  "deploy_over_a_pinned_copy_dry_run": {
    args: "deploy --dry-run",
    world: rolledBackFromPush,
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_while_ecs_goes_back": {
    args: "deploy",
    world: goingBackFromPush,
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_registry_denied": {
    args: "deploy",
    world: () => faulty("DescribeImages", accessDenied(), Infinity, pushedAgain()),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_stopped": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --timeout 2m",
    world: () => pushedBroken(crashLoop()),
    options: withFiles(MUTABLE_TAG),
  },
  "deploy_tag_moved_stop_denied": {
    args: "deploy --rollback-events DEPLOYMENT_FAILURE --timeout 2m",
    world: () => faulty("StopServiceDeployment", accessDenied(), Infinity, pushedBroken(crashLoop())),
    options: withFiles(MUTABLE_TAG),
  },
};
