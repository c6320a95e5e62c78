import { type Cause, type CauseCode, isOfPlatform } from "../../../diagnosis/cause.ts";
import { count } from "../log.ts";
import { type CauseWords, inContainer } from "./cause_words.ts";
import { CONTAINER_WORDS } from "./container_words.ts";
import { DEPLOYMENT_WORDS } from "./deployment_words.ts";
import { IMAGE_WORDS } from "./image_words.ts";
import { PLATFORM_WORDS } from "./platform_words.ts";
import { RESOURCE_WORDS } from "./resource_words.ts";
import { SECRET_WORDS } from "./secret_words.ts";

const WORDS: Readonly<Record<CauseCode, CauseWords>> = {
  ...IMAGE_WORDS,
  ...SECRET_WORDS,
  ...RESOURCE_WORDS,
  ...CONTAINER_WORDS,
  ...PLATFORM_WORDS,
  ...DEPLOYMENT_WORDS,
  // `saidBy` gives ECS's own words whole.
  unknown: { what: (cause) => `${saidBy(cause)}${inContainer(cause)}`, quotes: true },
};

/** A cause as a short clause, without how often it occurred: `image web:1.9 not found in ECR (container app)`. */
export function describeCause(cause: Cause): string {
  return WORDS[cause.code].what(cause);
}

/** What to do about a cause, in one sentence; `undefined` if there is no advice for it. */
export function adviseOnCause(cause: Cause): string | undefined {
  const advice = WORDS[cause.code].advice?.(cause);
  return advice !== undefined && isOfPlatform(cause) ? `${advice}; the release is not to blame` : advice;
}

/** Whether the advice has to be followed before anything else is started. */
export function comesFirst(cause: Cause): boolean {
  return WORDS[cause.code].comesFirst?.(cause) ?? false;
}

/**
 * Each cause on a line of its own, followed by its advice unless that was given for an earlier cause.
 *
 * @param of the name of the revision whose tasks failed
 */
export function renderCauses(causes: readonly Cause[], of?: string): string[] {
  const given = new Set<string>();
  return causes.flatMap((cause) => {
    const advice = adviseOnCause(cause);
    if (advice === undefined || given.has(advice)) return [renderCause(cause, of)];
    given.add(advice);
    return [renderCause(cause, of), `advice: ${advice}`];
  });
}

/** A known cause with its new count: `6 tasks of myservice:5 stopped: container app exited with code 1`. */
export function renderGrowth(cause: Cause, of?: string): string {
  const often = cause.taskArn === undefined ? `ECS has said this ${cause.count} times: ` : countOf(cause, of);
  return `${often}${describeCause(cause)}`;
}

/**
 * `2 tasks of myservice:5 stopped: the image could not be pulled (CannotPullContainerError: ...)`
 *
 * @param isVerbose adds ECS's own words even if ours say the same
 */
export function renderCause(cause: Cause, of?: string, isVerbose = false): string {
  const { quotes = false, saysAll } = WORDS[cause.code];
  const why = saidBy(cause);
  const isSaid = quotes || (!isVerbose && (SAYS_NOTHING.test(why) || saysAll?.(cause) === true));
  return `${countOf(cause, of)}${describeCause(cause)}${isSaid ? "" : ` (${why})`}`;
}

/** `2 tasks of myservice:5 stopped: `; empty if no task was ever started. */
function countOf({ count: stopped, taskArn }: Cause, of: string | undefined): string {
  const whose = of === undefined ? "" : ` of ${of}`;
  return taskArn === undefined ? "" : `${count(stopped, "task")}${whose} stopped: `;
}

/** ECS's messages that add nothing to our own sentence. */
const SAYS_NOTHING =
  /^(?:Essential container in task exited|Task failed to start|OutOfMemoryError: Container killed due to memory usage)\.?$/;

function saidBy({ said }: Cause): string {
  return said === "" ? "ECS gives no reason" : said;
}
