import { findServiceChanges } from "../../definitions/find_service_changes.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import { unlessFails } from "../../errors.ts";
import { readWholeService } from "../read/read_whole_service.ts";
import type { Starting } from "./start_deployment.ts";

const LOOK_FOR_MS = 30_000;
const LOOK_EVERY_MS = 2_000;

/**
 * Looks for up to 30 s whether a service has the attributes that were ordered, which start no deployment.
 *
 * @returns the service with them; `undefined` when it is not seen to have them
 */
export async function findUpdated(
  { ref, attributes, ecs, clock }: Pick<Starting, "ref" | "attributes" | "ecs" | "clock">,
  signal: AbortSignal,
): Promise<ServiceSnapshot | undefined> {
  const untilMs = clock.elapsed() + LOOK_FOR_MS;
  while (clock.elapsed() < untilMs && !signal.aborted) {
    const whole = await unlessFails(readWholeService(ref, attributes, ecs, signal));
    if (whole !== undefined && whole.unread.length === 0) {
      const changes = findServiceChanges({
        local: attributes,
        running: whole.members,
        updatable: ecs.updatableMembers(),
        ignoredTags: [],
        unread: [],
      });
      if (Object.keys(changes.attributes).length === 0) return whole.service;
    }
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return undefined;
}
