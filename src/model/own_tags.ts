import { HOLD_KEY } from "./hold.ts";
import { COPIED_FROM_KEY, IMAGE_TAG_KEY } from "./task_definition.ts";

/** The keys of the tags that this program sets by itself: no part of what the user's files say. */
export const OWN_TAGS: readonly string[] = [COPIED_FROM_KEY, IMAGE_TAG_KEY, HOLD_KEY];
