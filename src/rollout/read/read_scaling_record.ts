import type { ScalingPort } from "../../model/ports.ts";
import { SUSPENSION_RECORD_KEY } from "../../model/scalable_target.ts";
import { optional } from "../../errors.ts";
import { parseScalingRecord, type ScalingRecord } from "../scaling_record.ts";

/** What stands in the tag on a scalable target. */
export interface RecordRead {
  readonly record: ScalingRecord | undefined;
  /** Why no record can be kept, where none can. */
  readonly unrecordable: string | undefined;
}

/** Reads the record of a suspension. A missing permission for tags is part of the result. Throws an `AwsError`. */
export async function readScalingRecord(arn: string, scaling: ScalingPort, signal: AbortSignal): Promise<RecordRead> {
  const { value: tags, denied } = await optional(scaling.listTags(arn, signal));
  if (denied !== undefined) return { record: undefined, unrecordable: denied.message };
  const value = tags.get(SUSPENSION_RECORD_KEY);
  const record = value === undefined ? undefined : parseScalingRecord(value);
  const isForeign = value !== undefined && record === undefined;
  const unrecordable = `the tag ${SUSPENSION_RECORD_KEY} has a value that is not this program's`;
  return { record, unrecordable: isForeign ? unrecordable : undefined };
}
