import type { SettingChanges } from "../../definitions/compare_settings.ts";
import type { Revision } from "../../model/arn.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import type { FoundWaitsRecord } from "../../model/waits.ts";
import type { ServiceRevision } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import type { ImagesState } from "./read_images.ts";
import type { PreflightState } from "./read_preflight.ts";
import type { ScalingState } from "./read_service.ts";
import type { Chosen, ListedRevisions } from "./chosen_revision.ts";
import type { RevisionChoice } from "./revision_choice.ts";
import type { SkipReason } from "./find_release.ts";
import type { Unread } from "./unread.ts";
import type { NewestDeployment } from "./newest_deployment.ts";

/** Everything that planning a rollback needs to know. What was not needed to decide is left out. */
export interface CurrentState {
  readonly ref: ServiceRef;
  /** What the user asked for; `chosen`: what it means, `undefined` where the service rules a rollback out. */
  readonly choice: RevisionChoice;
  readonly chosen: Chosen | undefined;
  /** The only revision that may be left, where the user has named one. */
  readonly left?: Revision | undefined;
  readonly service: ServiceSnapshot | undefined;
  /** Why what runs is not to be left, where that depends on when it was deployed. Then nothing else matters. */
  readonly skipped?: SkipReason | undefined;
  /** The service's task definition; `undefined` where it has been deleted. */
  readonly current: TaskDefinition | undefined;
  readonly target: TaskDefinition | undefined;
  /** Read only where the target is not registered; `undefined` where the revisions may not be listed. */
  readonly newestRevisions?: ListedRevisions | undefined;
  /** `undefined` where the service is no scalable target, or no scaling option was given. */
  readonly scaling: ScalingState | undefined;
  /** An earlier run's record of what the service's deployments wait for. */
  readonly waitsRecord?: FoundWaitsRecord;
  /** ECS's record of the newest deployment, where one is in progress or the strategy is not rolling. */
  readonly newest: NewestDeployment | undefined;
  /** The service revision of the target's newest successful deployment, or of the one chosen; its images by digest. */
  readonly ran?: ServiceRevision | undefined;
  /** How the service's settings differ from those the target ran with; `undefined` where ECS has no record of them. */
  readonly settings?: SettingChanges | undefined;
  /** What is known of the images that run and of the target's; `undefined` where there is no target. */
  readonly images?: ImagesState | undefined;
  /** `undefined` where no preflight was asked for, and where ECS goes back by itself: nothing may delay that. */
  readonly preflight?: PreflightState | undefined;
  /** Optional parts that may not be read. */
  readonly denied: readonly Unread[];
}
