import type { Revision } from "../../model/arn.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { FoundWaits, Waits } from "../../model/waits.ts";

export type WaitsStep = RecordWaits | RestoreWaits;

/** Records in tags on the service what its deployments wait for, before one of them is to wait for nothing. */
export interface RecordWaits {
  readonly kind: "recordWaits";
  /** The service's ARN. */
  readonly arn: string;
  /** What is to be restored. */
  readonly before: Waits;
  /** What its deployments wait for now: less, where an earlier run has not restored it. */
  readonly now: Waits;
}

/** Makes the service's deployments wait again for what they did, except where somebody has since decided otherwise. */
export interface RestoreWaits {
  readonly kind: "restoreWaits";
  /** The service's ARN. */
  readonly arn: string;
  readonly before: Waits;
  /** The record when this was planned: the runs in it are not waited for, and it is removed once all is restored. */
  readonly found: FoundWaits | undefined;
}

/** An earlier run has not restored what deployments wait for. */
export interface WaitsOnRecord extends FoundWaits {
  readonly code: "waitsOnRecord";
  readonly ref: ServiceRef;
  readonly running: Revision;
  readonly arn: string;
  readonly missing: Waits;
}
