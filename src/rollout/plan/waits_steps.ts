import type { Revision } from "../../model/arn.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { FoundWaits, Waits } from "../../model/waits.ts";

export type WaitsStep = RecordWaits | RestoreWaits;

/** Notes in tags on the service what its deployments wait for, before one is to wait for nothing. */
export interface RecordWaits {
  readonly kind: "recordWaits";
  /** The service's ARN. */
  readonly arn: string;
  /** What is to be restored. */
  readonly before: Waits;
  /** What they wait for now: less, where an earlier run has not restored it. */
  readonly now: Waits;
}

/** Has the service's deployments wait for what they did, as far as nobody else has decided about it meanwhile. */
export interface RestoreWaits {
  readonly kind: "restoreWaits";
  /** The service's ARN. */
  readonly arn: string;
  readonly before: Waits;
  /** What was on record when this was planned: its runs are not waited for, and it goes once all is restored. */
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
