import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import { accessDenied, dropAfter, dropBefore, throttle } from "../../emulator/faults.ts";
import { myservice } from "../../emulator/myservice.ts";
import type { Scene } from "../scene.ts";
import { LOOKED_UP, NO_FILES, withFiles, WITHOUT_SERVICE } from "./files.ts";
import { MUTABLE_TAG, onMutableTag, pushedAgain } from "./moving_tags.ts";
import { deleted, faulty, withOlderToken } from "./worlds.ts";

export const DEFINITIONS_SCENES: Readonly<Record<string, Scene>> = {
  "named_diff": { args: "diff --service-tag release=42", options: NO_FILES },
  "named_register": { args: "register --service myservice", options: NO_FILES },
  "named_render": { args: "render config --service myservice", options: NO_FILES },
  "many_configs_render": {
    args: "render config --config a.yml --config b.yml",
    options: withFiles({ "a.yml": "service: a\n", "b.yml": "service: b\n" }),
  },
  "fleet_file_diff": {
    args: "diff --fleet fleet.yml",
    options: withFiles({ "fleet.yml": "services:\n  - service: myservice\n    region: ap-northeast-1\n" }),
  },
  "register": { args: "register", options: withFiles(DEFINITION_FILES) },
  "register_dry_run": {
    args: "register --dry-run",
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "register_output": { args: "register --output taskdef.arn", options: withFiles(DEFINITION_FILES) },
  "register_output_impossible": {
    args: "register --output taskdef.arn",
    options: { files: DEFINITION_FILES, unwritable: ["taskdef.arn"] },
  },
  "register_output_nowhere": {
    args: "register --output no/such/folder/taskdef.arn",
    options: withFiles(DEFINITION_FILES),
  },
  "register_output_folder": { args: "register --output .", options: withFiles(DEFINITION_FILES) },
  "register_output_nowhere_dry_run": {
    args: "register --output no/such/folder/taskdef.arn --dry-run",
    options: withFiles(DEFINITION_FILES),
  },
  "register_denied": {
    args: "register",
    options: withFiles(DEFINITION_FILES),
    world: () => faulty("RegisterTaskDefinition", accessDenied()),
  },
  "register_interrupted": {
    args: "register",
    options: { files: DEFINITION_FILES, stopAfterCalls: { calls: 1, signal: "SIGTERM" } },
  },
  "register_timed_out": {
    args: "register --timeout 1",
    options: withFiles(DEFINITION_FILES),
    world: () => faulty("RegisterTaskDefinition", throttle(), Infinity),
  },
  "register_lost": {
    args: "register",
    options: withFiles(DEFINITION_FILES),
    world: () => faulty("RegisterTaskDefinition", dropBefore()),
  },
  "register_lost_and_found": {
    args: "register",
    options: withFiles(DEFINITION_FILES),
    world: () => faulty("RegisterTaskDefinition", dropAfter()),
  },
  "register_misspelt": {
    args: "register",
    options: withFiles(changedFiles("ecs-task-def.json", '"environment"', '"enviroment"')),
  },
  "register_two_spellings": {
    args: "register",
    options: withFiles(
      changedFiles("ecs-task-def.json", '"memory": "1024",', '"memory": "1024",\n  "Memory": "2048",'),
    ),
  },
  "register_fraction": {
    args: "register --dry-run",
    options: withFiles(changedFiles("ecs-task-def.json", '"containerPort": 8080', '"containerPort": 80.5')),
  },
  "register_wrong_type": {
    args: "register",
    options: withFiles(changedFiles("ecs-task-def.json", '"512"', "512")),
  },
  "register_no_file": { args: "register" },
  "register_broken_file": {
    args: "register",
    options: withFiles(changedFiles("ecs-task-def.json", '"awsvpc",', '"awsvpc"')),
  },
  "register_unset_variable": {
    args: "register",
    options: withFiles(changedFiles("ecs-task-def.json", "env `TAG` `1.3.0`", "must_env `TAG`")),
  },
  "help_register": { args: "register --help" },
  "render_config": { args: "render config", options: withFiles(DEFINITION_FILES) },
  "render_servicedef": { args: "render servicedef", options: withFiles(DEFINITION_FILES) },
  "render_taskdef": { args: "render task-definition", options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } } },
  "render_what": { args: "render everything" },
  "render_nothing": { args: "render" },
  "help_render": { args: "render --help" },
  "diff_none": { args: "diff --exit-code", world: myservice, options: withFiles(DEFINITION_FILES) },
  "diff": {
    args: "diff",
    world: myservice,
    options: {
      files: changedFiles("ecs-service-def.json", '"1.4.0",', '"1.3.0",\n  "desiredCount": 3,'),
      env: { TAG: "1.4.0" },
    },
  },
  "diff_environment": {
    args: "diff --exit-code",
    world: myservice,
    options: withFiles(changedFiles("ecs-task-def.json", '"value": "debug"', '"value": "s3cret"')),
  },
  "diff_looked_up": { args: "diff", world: withOlderToken, options: LOOKED_UP },
  "diff_show_values": {
    args: "diff --show-values",
    world: withOlderToken,
    options: { ...LOOKED_UP, isTerminal: true, env: { ...LOOKED_UP.env, NO_COLOR: "1" } },
  },
  "diff_show_values_piped": { args: "diff --show-values", world: withOlderToken, options: LOOKED_UP },
  "register_show_values_without_dry_run": { args: "register --show-values", options: LOOKED_UP },
  "register_dry_run_looked_up": { args: "register --dry-run", world: withOlderToken, options: LOOKED_UP },
  "render_looked_up": { args: "render taskdef", world: withOlderToken, options: LOOKED_UP },
  "diff_revision": { args: "diff --revision 3", world: myservice, options: withFiles(DEFINITION_FILES) },
  "diff_revision_unknown": { args: "diff --revision 9", world: myservice, options: withFiles(DEFINITION_FILES) },
  "diff_on_a_terminal": {
    args: "diff",
    world: myservice,
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" }, isTerminal: true },
  },
  "diff_no_service": {
    args: "diff",
    world: myservice,
    options: withFiles(changedFiles("ecspresso.yml", "service: myservice", "service: yourservice")),
  },
  "diff_deleted_service": { args: "diff --exit-code", world: deleted, options: withFiles(DEFINITION_FILES) },
  "help_diff": { args: "diff --help" },
  "diff_tag_moved": { args: "diff --exit-code", world: pushedAgain, options: withFiles(MUTABLE_TAG) },
  "diff_tag_not_moved": { args: "diff --exit-code", world: onMutableTag, options: withFiles(MUTABLE_TAG) },
  "diff_tag_moved_registry_denied": {
    args: "diff --exit-code",
    world: () => faulty("DescribeImages", accessDenied(), Infinity, pushedAgain()),
    options: withFiles(MUTABLE_TAG),
  },
  "diff_tag_moved_images_denied": {
    args: "diff --exit-code",
    world: () => faulty("DescribeServiceRevisions", accessDenied(), Infinity, pushedAgain()),
    options: withFiles(MUTABLE_TAG),
  },
  "no_service_diff": {
    args: "diff --exit-code",
    world: myservice,
    options: { files: WITHOUT_SERVICE, env: { TAG: "1.4.0" } },
  },
  "no_service_register": { args: "register", world: myservice, options: withFiles(WITHOUT_SERVICE) },
  "untrusted_register": { args: "register --untrusted", options: withFiles(DEFINITION_FILES) },
  "untrusted_jsonnet": {
    args: "render config --untrusted --config ecspresso.jsonnet --ext-str TOKEN",
    options: { files: { "ecspresso.jsonnet": "{ service: std.extVar('TOKEN') }" }, env: { TOKEN: "token" } },
  },
  "untrusted_variable": {
    args: "render taskdef --untrusted",
    options: { files: DEFINITION_FILES, env: { TAG: "1.4.0" } },
  },
  "untrusted_envfile": {
    args: "render config --untrusted --envfile .env",
    options: withFiles({ ...DEFINITION_FILES, ".env": "TAG=1.4.0\nexport AWS_PROFILE=admin\n" }),
  },
  "untrusted_envfile_link": {
    args: "render config --untrusted --envfile .env",
    options: { ...withFiles(DEFINITION_FILES), links: { ".env": "/home/runner/.env" } },
  },
  "untrusted_definition_link": {
    args: "render taskdef --untrusted",
    options: { ...withFiles(DEFINITION_FILES), links: { "ecs-task-def.json": "/etc/passwd" } },
  },
  "untrusted_lookup": {
    args: "diff --untrusted",
    options: withFiles(changedFiles("ecs-task-def.json", "env `TAG` `1.3.0`", "ssm `/myservice/tag`")),
  },
  "github_diff": { args: "diff --github", options: withFiles(DEFINITION_FILES) },
  "value_looks_like_an_option": { args: "register --output --dry-run", options: withFiles(DEFINITION_FILES) },
  "ext_str_comma": {
    args: "render taskdef",
    options: { files: DEFINITION_FILES, env: { ECSPRESSO_EXT_STR: "stage=prod,tag=1.4.0" } },
  },
  "untrusted_envfile_authorities": {
    args: "render config --untrusted --envfile .env",
    options: withFiles({ ...DEFINITION_FILES, ".env": "REQUESTS_CA_BUNDLE=ca.pem\n" }),
  },
};
