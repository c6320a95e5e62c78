import type { Revision } from "../../model/arn.ts";
import type { EcsReader } from "../../model/ports.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import type { AwsFailure } from "../../problems/aws_failure.ts";
import { findServicesUsing } from "../../registry/find_uses.ts";

/** What keeps a plan from deregistering a revision, or may: other services of the cluster use it. */
export type OtherUsers = Readonly<
  | { code: "usersNotRead"; revision: Revision; denial: AwsFailure }
  | { code: "usedByServices"; revision: Revision; services: readonly string[] }
>;

/**
 * Reads which other services of the cluster use a revision that a plan deregisters. For a dry run: a real one asks just
 * before it deregisters, and nothing urgent waits for the answer.
 */
export async function readOtherUsers(
  revision: Revision,
  cluster: string,
  own: ServiceSnapshot | undefined,
  ecs: EcsReader,
  signal: AbortSignal,
): Promise<OtherUsers[]> {
  const { names, denial } = await findServicesUsing(revision.arn, { cluster, except: own?.arn }, ecs, signal);
  return [
    ...(denial === undefined ? [] : [{ code: "usersNotRead", revision, denial } as const]),
    ...(names.length === 0 ? [] : [{ code: "usedByServices", revision, services: names } as const]),
  ];
}
