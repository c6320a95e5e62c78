import type { Revision } from "../../model/arn.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { TaskDefinition, TaskDefinitionChange } from "../../model/task_definition.ts";
import type { ChosenRevision } from "../read/revision_choice.ts";
import type { PlannedImage } from "./plan_images.ts";
import type { AwaitDeployment, StopDeployment, UpdateService } from "./plan.ts";

/** Where the service is, seen from the target. */
export interface Position {
  readonly service: ServiceSnapshot;
  readonly running: Revision;
  readonly chosen: ChosenRevision;
  readonly target: Revision;
  readonly described: TaskDefinition;
  /** The service's task definition is the target, whether or not its tasks run by now. */
  readonly isAtTarget: boolean;
  readonly images: readonly PlannedImage[];
  /** The deployment that is bringing the target already. */
  readonly follows: AwaitDeployment["follows"];
}

/** How the service gets there. */
export interface Decided extends Position {
  readonly wayBack: StopDeployment | UpdateService | undefined;
  /** What the service gets that it does not have now; `undefined` where what it runs could not be read. */
  readonly changes: readonly TaskDefinitionChange[] | undefined;
}
