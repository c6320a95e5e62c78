import { sleep } from "../../host/sleep.ts";
import { NeedsReader } from "../../rollout/read/read_preflight.ts";
import type { Session } from "../session.ts";

/**
 * Opens the checker for what tasks need.
 *
 * @param withinMs the value of `--preflight`
 */
export function openPreflight({ openChecker, signal }: Session, withinMs: number | "off", looksForTargetGroups = true) {
  if (withinMs === "off") return { checker: openChecker(), needs: undefined };
  const checker = openChecker(withinMs);
  return { checker, needs: new NeedsReader(checker, signal, looksForTargetGroups) };
}

/** Loads what looks up images, after the first calls were sent. An error in loading shows where it is needed. */
export async function loadRegistryAhead({ loadRegistry }: Session): Promise<void> {
  // Calls are sent once there is nothing else to do.
  await sleep(0).then(loadRegistry).catch(() => undefined);
}
