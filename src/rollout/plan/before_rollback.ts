import type { Revision } from "../../model/arn.ts";
import type { ContainerImage } from "../../model/images.ts";

/** What a plan file says of a service: what it was to leave, and where it was to go. */
export interface BeforeRollback {
  readonly madeAtMs: number;
  readonly from: Revision;
  /** The id of the PRIMARY deployment that the plan was made for; `undefined`: only what runs is compared. */
  readonly deployment: string | undefined;
  /** What ran then; without those of which no digest was known. */
  readonly fromImages: readonly ContainerImage[];
  readonly to: Revision;
  /** What was to start, the same. */
  readonly toImages: readonly ContainerImage[];
}
