import { changedFiles, DEFINITION_FILES } from "../../definition_files.ts";
import type { JsonObject } from "../../emulator/model.ts";
import type { RunOptions } from "../../in_process.ts";

/** The team's files with more in the service definition; what is `undefined` is left out. */
export function withSettings(more: JsonObject): Record<string, string> {
  const service = { ...JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!), ...more };
  return { ...DEFINITION_FILES, "ecs-service-def.json": JSON.stringify(service, undefined, 2) };
}

/** The team's files with an image that is not registered yet. */
export function withNewTag(options: RunOptions = {}): RunOptions {
  return { ...options, files: DEFINITION_FILES, env: { TAG: "1.4.0" } };
}

/** What the runner reads back. */
export const GITHUB_FILES = { GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };

export function onGithub({ env = {}, ...options }: RunOptions = {}): RunOptions {
  return { ...options, env: { GITHUB_ACTIONS: "true", ...GITHUB_FILES, ...env } };
}

export const AT_TERMINAL = { isTerminal: true, env: { NO_COLOR: "1" } };

export const withFiles = (files: Record<string, string>): RunOptions => ({ files });

/** A task definition whose command gets a token from the Parameter Store, and whose image gets a tag of a plain name. */
export const LOOKED_UP: RunOptions = {
  files: changedFiles(
    "ecs-task-def.json",
    '"essential": true',
    '"command": ["serve", "--token={{ ssm `/myservice/token` }}"], "dockerLabels": {"release": "{{ must_env `CHANNEL` }}"}, ' +
      '"essential": true',
  ),
  env: { TAG: "1.4.0", CHANNEL: "blue-channel" },
};

/** A config that names no service, with the task definition of the emulator's `myservice`. */
export const WITHOUT_SERVICE = {
  "ecspresso.yml": "region: ap-northeast-1\ncluster: default\ntask_definition: ecs-task-def.json\n",
  "ecs-task-def.json": DEFINITION_FILES["ecs-task-def.json"]!,
};

/** What is named stands on the command line alone. */
export const NO_FILES: RunOptions = { files: {} };

export const IN_REGION: RunOptions = { isFleet: true, files: {}, env: { AWS_REGION: "ap-northeast-1" } };
