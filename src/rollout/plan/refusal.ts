import { parseTaskDefinitionArn, type Revision, type RevisionName } from "../../model/arn.ts";
import type { ContainerAttachment, Misfit } from "../../model/misfit.ts";
import type { Hold } from "../../model/service_notes.ts";
import type { ServiceRef, ServiceSnapshot } from "../../model/service.ts";
import type { WaitsOnRecord } from "./waits_steps.ts";
import type { CarriedOptions } from "./options.ts";
import type { Verified } from "../../registry/verify_references.ts";
import type { PlannedImage } from "../judge/planned_images.ts";
import type { Doubt, ListedRevisions, NoChoiceReason } from "../read/chosen_revision.ts";
import type { RevisionChoice } from "../read/revision_choice.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";

export type Intent = "deploy" | "rollback" | "wait" | "scale";

/** Why nothing will be done, as a code with its data; `src/report/messages` has the words. Nothing has been changed. */
export type Refusal = RefusalReason & {
  /** What the user wanted: a plan, or just to look. */
  readonly intent: Intent | "status" | "verify" | "init" | "hold";
  readonly ref: ServiceRef;
  /** The given options that say how a rollback is carried out. */
  readonly carried?: CarriedOptions | undefined;
  /** What an earlier run has left to restore: a refusal mentions it, too. */
  readonly waitsOnRecord?: WaitsOnRecord | undefined;
};

export type RefusalReason =
  | ServiceReason
  | ScaleReason
  | DeployReason
  | RollbackReason
  | PlanFileReason
  | AutomaticRollbackReason
  | PreflightReason;

/** The service cannot be deployed, rolled back or waited for. */
export type ServiceReason = Readonly<
  /** `nearest`: names of services there that may be meant. */
  | { code: "serviceMissing"; nearest?: readonly string[] | undefined }
  | { code: "serviceNotActive"; status: string }
  /** A service that ECS deploys has a PRIMARY deployment; an answer without one does not say what the service runs. */
  | { code: "noDeployment" }
  /** AWS: "Use AWS CodeDeploy to trigger a new deployment." */
  | { code: "deployedByCodeDeploy"; codeDeploy: CodeDeployService }
  | { code: "deployedElsewhere"; controller: string }
>;

/** What a command for AWS CodeDeploy has to name. */
export interface CodeDeployService {
  /** The deployment that made one of the service's task sets. */
  readonly deploymentId: string | undefined;
  readonly taskDefinition: Revision | undefined;
  readonly loadBalancer: ContainerAttachment | undefined;
  /** The revision number to roll back to; `undefined` where none was named. */
  readonly revision: number | undefined;
}

export type DeployReason = Readonly<
  /** Somebody holds the service. */
  | { code: "held"; hold: Hold }
  /** AWS: "The daemon scheduling strategy does not support a desired count for services." */
  | { code: "daemonHasNoCount" }
  /** CreateService: "If a launchType is specified, the capacityProviderStrategy parameter must be omitted." */
  | { code: "launchTypeAndProviders" }
  /** CreateService: for EXTERNAL "only parameters that aren't controlled at the task set level". */
  | { code: "taskSetMembers"; names: readonly string[] }
  | { code: "noTaskDefinition"; reason: NoChoiceReason }
  | { code: "noServiceDefinition"; nearest?: readonly string[] }
  /** ECS starts no deployment where nothing differs, so the failed one would just stay. */
  | { code: "alreadyFailed"; running: Revision; deployment: FailedDeployment }
  /** `what`: a registered revision, the file's, or the one that runs. */
  | { code: "cannotDeploy"; what: Revision | "file" | "running"; misfits: readonly Misfit[] }
>;

export type ScaleReason = Readonly<
  /** RegisterScalableTarget with both limits would make one; that is left to those who set the scaling policies. */
  | { code: "noScalableTarget" }
  | { code: "limitsCross"; min: number; max: number }
  /** Auto scaling would bring the number of tasks back between its limits. */
  | { code: "beyondLimits"; tasks: number; min: number; max: number }
>;

/** A deployment that has failed, by its id or ARN. */
export interface FailedDeployment {
  readonly name: string;
  readonly reason: string | undefined;
}

/** `choice`: how the user named the target. */
export type RollbackReason = Readonly<
  | { code: "noneChosen"; choice: RevisionChoice; reason: NoChoiceReason | undefined }
  | {
    code: "notRegistered";
    choice: RevisionChoice["kind"];
    target: RevisionName;
    running: Revision;
    /** `undefined` where they may not be listed. */
    newest: ListedRevisions | undefined;
  }
  | { code: "targetNotActive"; target: RevisionName; status: string }
  /**
   * The service has the target already. Only a copy that names digests would start what ran: not with `--pin never`.
   */
  | { code: "onlyByDigest"; target: RevisionName }
  /** Nothing would change: the target starts what runs now. */
  | {
    code: "sameImages";
    target: RevisionName;
    running: Revision;
    images: readonly PlannedImage[];
    isRestorable: boolean;
  }
  | {
    code: "targetFailed";
    choice: RevisionChoice["kind"];
    target: RevisionName;
    running: Revision;
    deployment: FailedDeployment;
    isRestorable: boolean;
  }
  /**
   * Without `--restore` a rollback changes nothing but the task definition, which does not fit the service. A deploy of
   * the same revision can change the service with it. `isRestorable`: with its settings of that time the service fits.
   */
  | {
    code: "cannotRollBackTo";
    target: RevisionName;
    running: Revision;
    isActive: boolean;
    misfits: readonly Misfit[];
    isRestorable: boolean;
  }
  /** Nothing shows that the target has ever run in the service. */
  | {
    code: "unproven";
    choice: RevisionChoice["kind"];
    target: RevisionName;
    running: Revision;
    doubt: Doubt | undefined;
  }
  /** What runs may itself come from a rollback, less than an hour ago. */
  | { code: "justRolledBack"; target: RevisionName; running: Revision; isProven: boolean }
  /** The record of what deployments wait for is not this program's, or not whole. */
  | { code: "waitsRecordUnreadable"; arn: string; keys: readonly string[] }
  /** AWS does not show the service's tags, so it is not known whether they hold a record. */
  | { code: "waitsRecordUnread" }
  /** The service runs neither the revision to leave nor the target. */
  | { code: "runsAnother"; running: Revision; left: Revision }
>;

/** The service is not as the plan file says, or the file contradicts itself. */
export type PlanFileReason = Readonly<
  /** Somebody has deployed since: `running` is neither the revision to leave nor the target. */
  | { code: "deployedSincePlan"; running: Revision; from: Revision; to: Revision; madeAtMs: number }
  /** The plan is for another account or region. `region`: where AWS is asked. */
  | { code: "plannedElsewhere"; from: Revision; running: Revision | undefined; region: string | undefined }
  /** Other images would start. */
  | { code: "imagesNotAsPlanned"; to: Revision; images: readonly OtherImage[] }
  /** The deployment that the file names is of another revision than the file says. */
  | { code: "planNamesAnother"; to: Revision; of: RevisionName }
>;

/** By digest: what was planned to start, and what would start. */
interface OtherImage {
  readonly container: string;
  readonly image: string;
  readonly planned: string;
  readonly starts: string;
}

/** The target's tasks would not start: what they need is missing, or cannot be used. */
export interface PreflightReason {
  readonly code: "wouldNotStart";
  readonly running: Revision;
  readonly target: RevisionName;
  /** Everything but images of Amazon ECR. */
  readonly missing: readonly Verified[];
  /** The images that are no longer in the registry, or are in its archive. */
  readonly images: readonly PlannedImage[];
  /** The newest older deployment on record that has all it needs; `undefined`: none was searched for. */
  readonly passing: Revision | "none" | undefined;
}

/** Why a failed deploy is not rolled back. */
export type AutomaticRollbackReason = Readonly<
  /** ECS goes back to what was completed last, and the deploy may have replaced a deployment that was not. */
  | { code: "ecsWentFurtherBack"; running: Revision; from: Revision }
  /** Somebody has deployed between a deploy's failure and its rollback. */
  | { code: "deployedOver"; running: Revision }
  /** The deploy has only started a new deployment of what was there. */
  | { code: "nothingChanged"; running: Revision }
  /** An image that ran before is no longer in the registry. */
  | { code: "ranImageGone"; running: Revision; from: Revision; images: readonly PlannedImage[] }
>;

export interface Refused {
  readonly kind: "refused";
  readonly refusal: Refusal;
}

/** A refusal for this reason: nothing is done. */
export function refuse(
  intent: Refusal["intent"],
  ref: ServiceRef,
  reason: RefusalReason,
  carried?: CarriedOptions,
  waitsOnRecord?: WaitsOnRecord,
): Refused {
  const more = { ...(carried && { carried }), ...(waitsOnRecord && { waitsOnRecord }) };
  return { kind: "refused", refusal: { ...reason, intent, ref, ...more } };
}

/** Why a service can be neither deployed, rolled back (to `revision`) nor waited for, whatever its deployments are. */
export function findServiceReason(service: ServiceSnapshot | undefined, revision?: number): ServiceReason | undefined {
  if (service === undefined) return { code: "serviceMissing" };
  const { status, deploymentController: controller, taskDefinition, taskSets, attachments } = service;
  if (status !== "ACTIVE") return { code: "serviceNotActive", status };
  if (controller === "ECS") return undefined;
  if (controller !== "CODE_DEPLOY") return { code: "deployedElsewhere", controller };
  const codeDeploy = {
    deploymentId: taskSets.find(({ externalId }) => externalId !== undefined)?.externalId,
    taskDefinition: taskDefinition === undefined ? undefined : parseTaskDefinitionArn(taskDefinition),
    loadBalancer: attachments.find(({ kind }) => kind === "loadBalancer"),
    revision,
  };
  return { code: "deployedByCodeDeploy", codeDeploy };
}

/** ECS refuses to stop a deployment, and an update in its place cannot start the target: an image that ran is gone. */
export interface StopRefusal {
  /** AWS's words. */
  readonly error: AwsFailure;
  readonly target: Revision;
  /** The newest older deployment on record that has all it needs; `undefined` where the record may not be read. */
  readonly passing: Revision | "none" | undefined;
}
