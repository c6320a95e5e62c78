import { changedFiles } from "../../definition_files.ts";

export const GITHUB = { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: "summary.md", GITHUB_OUTPUT: "outputs" };

/** The files of `myservice`, whose container has more members. */
export const withMembers = (members: string) =>
  changedFiles("ecs-task-def.json", '"essential": true', `${members}, "essential": true`);
