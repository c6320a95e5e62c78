import type { Revision } from "./arn.ts";
import type { ContainerSupply, TaskSupply } from "./task_supply.ts";

/** A registered task definition, reduced to what the program decides by and shows. Names are AWS's own. */
export interface TaskDefinition extends Revision, TaskSupply {
  /** `ACTIVE`, `INACTIVE` (deregistered) or `DELETE_IN_PROGRESS`. */
  readonly status: string;
  /** Milliseconds since the epoch. */
  readonly registeredAtMs: number | undefined;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
  readonly containers: readonly ContainerDefinition[];
  /** Every other member (volumes, runtimePlatform, ...) as canonical JSON, for comparing only: never printed. */
  readonly others: ReadonlyMap<string, string>;
  /** Where it has what the bundled API model has no name for, by names: `containerDefinitions.app.isolation`. */
  readonly unknownMembers: readonly string[];
}

export interface ContainerDefinition extends ContainerSupply {
  readonly image: string | undefined;
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly memoryReservation: number | undefined;
  /** Name to value. Values are compared, never printed. */
  readonly environment: ReadonlyMap<string, string>;
  /** Name to the ARN or parameter name that the value is read from. */
  readonly secrets: ReadonlyMap<string, string>;
  /** Every other member (command, healthCheck, ...) as canonical JSON, for comparing only: never printed. */
  readonly others: ReadonlyMap<string, string>;
}
