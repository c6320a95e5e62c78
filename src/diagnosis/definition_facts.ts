import { type JsonObject, numberIn, objectIn, objectsIn, textIn, textsIn, withoutUndefined } from "../model/json.ts";
import { mebibytesIn } from "../model/task_definition.ts";
import type { CauseSubject } from "./cause.ts";

/** The parts of a task definition that help to find out why a task stopped. */
export interface DefinitionFacts {
  /** In the order of the task definition; empty where it was not read. */
  readonly containers: readonly ContainerFacts[];
  readonly executionRole: string | undefined;
  /** The memory of the task as a whole. */
  readonly memoryMiB: number | undefined;
  /** The IDs of the file systems in EFS. */
  readonly fileSystems: readonly string[];
}

export interface ContainerFacts {
  readonly name: string;
  readonly isEssential: boolean;
  /** The containers that have to run, or to be done, before this one starts. */
  readonly dependsOn: readonly string[];
  readonly stopTimeoutMs: number;
  /** `valueFrom` of its secrets: where their values are, never the values. */
  readonly secrets: readonly string[];
  readonly about: Pick<CauseSubject, "logGroup" | "healthCheckSeconds" | "memoryMiB">;
}

export function readDefinitionFacts(taskDefinition: JsonObject = {}): DefinitionFacts {
  const { containerDefinitions, executionRoleArn, memory, volumes } = taskDefinition;
  return {
    containers: objectsIn(containerDefinitions).map(readContainer),
    executionRole: textIn(executionRoleArn),
    memoryMiB: mebibytesIn(memory),
    fileSystems: textsIn(objectsIn(volumes).map((volume) => objectIn(volume.efsVolumeConfiguration).fileSystemId)),
  };
}

function readContainer(container: JsonObject): ContainerFacts {
  return {
    name: textIn(container.name) ?? "",
    // ECS's default.
    isEssential: container.essential !== false,
    dependsOn: textsIn(objectsIn(container.dependsOn).map(({ containerName }) => containerName)),
    // The default of ECS's agent, too: ECS_CONTAINER_STOP_TIMEOUT.
    stopTimeoutMs: (numberIn(container.stopTimeout) ?? 30) * 1_000,
    secrets: textsIn(objectsIn(container.secrets).map(({ valueFrom }) => valueFrom)),
    about: withoutUndefined({
      logGroup: textIn(objectIn(objectIn(container.logConfiguration).options)["awslogs-group"]),
      healthCheckSeconds: healthCheckSeconds(container.healthCheck),
      memoryMiB: numberIn(container.memory),
    }),
  };
}

/** `startPeriod`, and as many intervals as there are retries. Defaults: 0, 30 s, 3 (API reference, HealthCheck). */
function healthCheckSeconds(value: unknown): number | undefined {
  const healthCheck = objectIn(value);
  if (textsIn(healthCheck.command).length === 0) return undefined;
  const { startPeriod, interval, retries } = healthCheck;
  return (numberIn(startPeriod) ?? 0) + (numberIn(interval) ?? 30) * (numberIn(retries) ?? 3);
}
