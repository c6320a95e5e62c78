import { sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import { parseTaskDefinitionArn, type Revision, shortName } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { ChoiceReason, NoChoiceReason } from "./revision_choice.ts";
import { type PastDeployment, wasTurnedBack } from "../../model/service_deployment.ts";

/** Which task definition the user wants to ship. */
export type SourceChoice = Readonly<
  /** The one of the file; registered only where it differs from the newest one, or when `force` says so. */
  | { kind: "file"; family: string; input: JsonObject; force: boolean }
  | { kind: "revision"; family: string; revision: number }
  | { kind: "latest"; family: string }
  /** The one that the service runs. */
  | { kind: "current" }
>;

/** What is shipped. */
export type TaskDefinitionSource = Readonly<
  | { kind: "register"; family: string; input: JsonObject }
  | { kind: "registered"; taskDefinition: TaskDefinition; reason: ChoiceReason | undefined }
  /** The service keeps what it runs; that has been read where its settings change. */
  | { kind: "current"; taskDefinition?: TaskDefinition | undefined }
  | { kind: "none"; reason: NoChoiceReason }
>;

/** Awaits what may be denied without harm: then it is `undefined`, and the denial is noted. */
export type Noting = <Part>(part: Promise<Part>) => Promise<Part | undefined>;

/** Reads what a deploy ships. */
export async function readSource(
  choice: SourceChoice,
  ignoredTags: readonly string[],
  ecs: EcsReader,
  noting: Noting,
  signal: AbortSignal,
): Promise<TaskDefinitionSource> {
  switch (choice.kind) {
    case "current":
      return { kind: "current" };
    case "revision":
      return await readRegistered(`${choice.family}:${choice.revision}`, undefined, ecs, signal);
    case "latest":
      // A bare family means its newest ACTIVE revision.
      return await readRegistered(choice.family, { code: "newestOfFamily" }, ecs, signal);
    case "file": {
      const { family, input, force } = choice;
      // Without the permission to compare there is a doubt, so it is registered.
      const newest = force ? undefined : await noting(ecs.describeTaskDefinition(family, signal));
      const isSame = newest?.status === "ACTIVE" && sameTaskDefinition(input, newest.raw, ignoredTags);
      if (!isSame) return { kind: "register", family, input };
      return { kind: "registered", taskDefinition: newest, reason: { code: "fileSaysTheSame" } };
    }
  }
}

async function readRegistered(
  name: string,
  reason: ChoiceReason | undefined,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<TaskDefinitionSource> {
  const taskDefinition = await ecs.describeTaskDefinition(name, signal);
  if (taskDefinition === undefined) return { kind: "none", reason: { code: "noTaskDefinition", name } };
  if (taskDefinition.status !== "ACTIVE") {
    const { status } = taskDefinition;
    return { kind: "none", reason: { code: "taskDefinitionNotActive", name: shortName(taskDefinition), status } };
  }
  return { kind: "registered", taskDefinition, reason };
}

/** Whether what is to be shipped is what the service was rolled back from: by its ARN, or by what it says. */
export async function shipsAgain(
  past: readonly PastDeployment[],
  service: ServiceSnapshot | undefined,
  source: TaskDefinitionSource,
  ignoredTags: readonly string[],
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<Revision | undefined> {
  const rolledBackFrom = findRolledBackFrom(past);
  if (rolledBackFrom === undefined || service === undefined || service.taskDefinition === rolledBackFrom) {
    return undefined;
  }
  const revision = parseTaskDefinitionArn(rolledBackFrom);
  if (source.kind === "registered") return source.taskDefinition.arn === rolledBackFrom ? revision : undefined;
  if (source.kind !== "register") return undefined;
  const definition = await ecs.describeTaskDefinition(rolledBackFrom, signal);
  return definition !== undefined && sameTaskDefinition(source.input, definition.raw, ignoredTags)
    ? revision
    : undefined;
}

/**
 * The ARN of the task definition that the service was just rolled back from: that of the newest deployment where ECS
 * turned it back, or of the one before it where the newest has brought back what had been deployed before.
 */
export function findRolledBackFrom(past: readonly PastDeployment[]): string | undefined {
  const [newest, ...earlier] = past.toSorted((a, b) => b.createdAtMs - a.createdAtMs);
  if (newest === undefined) return undefined;
  if (wasTurnedBack(newest)) return newest.taskDefinition;
  const [before, ...older] = earlier;
  // ECS may not know any more what a deployment was of.
  if (newest.taskDefinition === undefined) return undefined;
  const isBack = newest.taskDefinition !== before?.taskDefinition &&
    older.some(({ taskDefinition }) => taskDefinition === newest.taskDefinition);
  return isBack ? before?.taskDefinition : undefined;
}
