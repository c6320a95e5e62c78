import { sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import { type AwsError, unlessDenied } from "../../errors.ts";
import { shortName } from "../../model/arn.ts";
import type { ServiceReading } from "./read_service.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { JsonObject } from "../../model/json.ts";
import type { UnreadPart } from "./unread.ts";
import type { ChoiceReason, NoChoiceReason } from "./chosen_revision.ts";

/** Which task definition the user wants to ship. */
export type SourceChoice = Readonly<
  /** That of the file; registered only where the newest and the running revision differ from it, or with `force`. */
  | { kind: "file"; family: string; input: JsonObject; force: boolean }
  | { kind: "revision"; family: string; revision: number }
  | { kind: "latest"; family: string }
  /** The one that the service runs. */
  | { kind: "current" }
>;

/** It is still to be registered. */
export interface RegisterDefinition {
  readonly kind: "register";
  readonly family: string;
  /** The input of RegisterTaskDefinition; it may hold secrets and is never printed. */
  readonly input: JsonObject;
}

/** What is shipped. */
export type TaskDefinitionSource = Readonly<
  | RegisterDefinition
  | { kind: "registered"; taskDefinition: TaskDefinition; reason: ChoiceReason | undefined }
  /** The service keeps what it runs; that has been read where the new settings must fit it. */
  | { kind: "current"; taskDefinition?: TaskDefinition | undefined }
  | { kind: "none"; reason: NoChoiceReason }
>;

interface Reading extends Omit<ServiceReading, "ref"> {
  readonly source: SourceChoice;
  /** The ARN of what the service runs, once that is known. */
  readonly readRunningArn: () => Promise<string | undefined>;
  /** Keys of tags that are not compared. */
  readonly ignoredTags: readonly string[];
  readonly note: (part: UnreadPart) => (denial: AwsError) => void;
}

/** Reads what a deploy ships. */
export async function readSource(
  { source: choice, readRunningArn, ignoredTags, ecs, signal, note }: Reading,
): Promise<TaskDefinitionSource> {
  const readRegistered = async (name: string, reason: ChoiceReason | undefined) =>
    asSource(name, await ecs.describeTaskDefinition(name, signal), reason);
  switch (choice.kind) {
    case "current":
      return { kind: "current" };
    case "revision":
      return await readRegistered(`${choice.family}:${choice.revision}`, undefined);
    case "latest":
      // A bare family means its newest ACTIVE revision.
      return await readRegistered(choice.family, { code: "newestOfFamily" });
    case "file": {
      const { family, input, force } = choice;
      // Where the newest revision may not be read, it may differ from the file: a new one is registered.
      const newest = force
        ? undefined
        : await unlessDenied(ecs.describeTaskDefinition(family, signal), note("registered"));
      const isSame = (one: TaskDefinition | undefined) =>
        one?.status === "ACTIVE" && one.family === family && sameTaskDefinition(input, one.raw, ignoredTags);
      // After a rollback the service runs another revision, which may be the same as the file.
      const arn = newest === undefined ? undefined : await readRunningArn();
      const running = arn === undefined || arn === newest?.arn ? newest : await ecs.describeTaskDefinition(arn, signal);
      const taskDefinition = [running, newest].find(isSame);
      return taskDefinition === undefined
        ? { kind: "register", family, input }
        : { kind: "registered", taskDefinition, reason: { code: "fileSaysTheSame" } };
    }
  }
}

function asSource(
  name: string,
  taskDefinition: TaskDefinition | undefined,
  reason: ChoiceReason | undefined,
): TaskDefinitionSource {
  if (taskDefinition === undefined) return { kind: "none", reason: { code: "noTaskDefinition", name } };
  const { status } = taskDefinition;
  return status === "ACTIVE"
    ? { kind: "registered", taskDefinition, reason }
    : { kind: "none", reason: { code: "taskDefinitionNotActive", name: shortName(taskDefinition), status } };
}
