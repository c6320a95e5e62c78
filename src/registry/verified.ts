import type { AttachmentMisfit } from "../model/misfit.ts";
import type { Reference } from "./find_references.ts";
import type { AwsFailure } from "../problems/aws_failure.ts";

/** What came of looking for one thing. `unfit`: of no use to a task as it is. */
export interface Verified {
  readonly reference: Pick<Reference, "name"> & {
    readonly kind:
      | Reference["kind"]
      | "load balancer"
      | "service registry"
      | "permission"
      | "key"
      | "subnet"
      | "subnets";
  };
  readonly state: "there" | "missing" | "unfit" | "unknown";
  /** Why it is unfit, or not known; of a subnet that is there how many addresses are free. */
  readonly reason: VerifiedReason | undefined;
}

export type VerifiedReason =
  | { readonly code: "foreignRegistry" | "notAssumable" | "secretUnread" | "secretNotJson" | "noSuchKey" }
  /** Amazon ECR does not have it, and may fetch it by a pull-through cache rule. */
  | { readonly code: "notPulledYet" }
  /** No version of the secret has the stage, or the one that is named does not. */
  | { readonly code: "noSuchVersion"; readonly stage: string }
  /** It can be read for as long as Secrets Manager keeps it, which is not shown. */
  | { readonly code: "versionWithoutStage" }
  /** A file system or an access point is not `available`, or it is not known whether it will be. */
  | { readonly code: "notAvailable"; readonly state: string }
  /** No subnet has a mount target, by which a file system is reached. */
  | { readonly code: "noMountTarget" }
  | { readonly code: "ofOtherFileSystem"; readonly fileSystem: string }
  /** It is not in this account and region; instances may reach one of another account. */
  | { readonly code: "notInThisAccount" }
  /** Tasks with a network interface of their own are registered by IP address. */
  | { readonly code: "wrongTargetType"; readonly targetType: string }
  /** The simulation has not said anything of it. */
  | { readonly code: "notSimulated" }
  | { readonly code: "deniedByPolicy" }
  /** No policy of the role allows it; one of the resource may. */
  | { readonly code: "notOfRole" }
  | { readonly code: "dependsOnConditions"; readonly keys: readonly string[] }
  | { readonly code: "keyState"; readonly state: string }
  | { readonly code: "freeAddresses"; readonly free: number }
  /** @param tasks how many a rollout starts before it stops others */
  | { readonly code: "fewAddresses"; readonly free: number; readonly tasks: number }
  /** What has kept AWS from answering. */
  | { readonly code: "noAnswer"; readonly failure: AwsFailure }
  | AttachmentMisfit;
