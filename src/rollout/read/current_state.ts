import type { SettingChanges } from "../../definitions/compare_settings.ts";
import type { Revision } from "../../model/arn.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import type { FoundWaitsRecord } from "../../model/waits.ts";
import type { ServiceRevision } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { SkipReason } from "../plan/refusal.ts";
import type { Unread } from "../plan/unread.ts";
import type { ImagesState } from "./read_images.ts";
import type { PreflightState } from "./read_preflight.ts";
import type { NewestDeployment, ScalingState } from "./read_service.ts";
import type { Chosen, ListedRevisions, RevisionChoice } from "./revision_choice.ts";

/** Everything that planning a rollback needs to know of the world. What was not needed to decide is left out. */
export interface CurrentState {
  readonly ref: ServiceRef;
  /** What the user asked for, and what it comes to; `undefined` when the service rules a rollback out. */
  readonly choice: RevisionChoice;
  readonly chosen: Chosen | undefined;
  /** What is to be left, and nothing else, where the user has said so. */
  readonly left?: Revision | undefined;
  readonly service: ServiceSnapshot | undefined;
  /** Why what runs is not to be left, where that depends on when it was deployed: then nothing else matters. */
  readonly skipped?: SkipReason | undefined;
  /** The service's task definition as of now; `undefined` when it has been deleted. */
  readonly current: TaskDefinition | undefined;
  readonly target: TaskDefinition | undefined;
  /** Read only when the target is not registered, and `undefined` when they may not be read. */
  readonly newestRevisions?: ListedRevisions | undefined;
  /** `undefined` when the service is no scalable target, or nobody asked for scaling. */
  readonly scaling: ScalingState | undefined;
  /** What an earlier run has on record of what the service's deployments wait for. */
  readonly waitsRecord?: FoundWaitsRecord;
  /** ECS's own record of the newest deployment, where it matters: one is in progress, or is no rolling one. */
  readonly newest: NewestDeployment | undefined;
  /** The service revision of the target's newest successful deployment, or of the one that is meant; its images by digest. */
  readonly ran?: ServiceRevision | undefined;
  /** How the service's settings differ from those that the target ran with; `undefined` where ECS has no record of them. */
  readonly settings?: SettingChanges | undefined;
  /** What is known of the images of both sides; `undefined` where there is no target. */
  readonly images?: ImagesState | undefined;
  /** `undefined` where it was not asked for, and where ECS goes back by itself: nothing delays that. */
  readonly preflight?: PreflightState | undefined;
  /** The optional things that may not be read. */
  readonly denied: readonly Unread[];
}
