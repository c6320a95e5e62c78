import { findSkip } from "../plan/skip.ts";
import type { SkipReason } from "../plan/skip_reason.ts";
import type { Search } from "./choose_previous.ts";
import { findRelease } from "./find_release.ts";
import { readPastRecord } from "./past_record.ts";
import { type Chosen, noneChosen } from "./revision_choice.ts";

/**
 * Reads whether what runs may be left, where it has to have been deployed no longer ago than `withinMs`. Without ECS's
 * record a release cannot be told from a way back, so nothing is chosen then.
 *
 * @returns what of the state decides; `undefined` where what runs may be left
 */
export async function readCondition(
  withinMs: number | undefined,
  search: Search,
): Promise<{ readonly skipped: SkipReason } | { readonly chosen: Chosen } | undefined> {
  if (withinMs === undefined) return undefined;
  const record = await readPastRecord(search, search.running);
  if (record.denial !== undefined) return { chosen: noneChosen({ code: "recordNotRead", denial: record.denial }) };
  const skipped = findSkip(findRelease(search.service, record), withinMs, search.ecs.now());
  return skipped && { skipped };
}
