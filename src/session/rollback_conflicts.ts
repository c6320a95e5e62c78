import type { CarriedOptions } from "../rollout/plan/options.ts";
import type { PolicyOptions } from "./policy.ts";

/** Options that may exclude each other, wherever they come from: a command line or a plan file. */
interface ExcludingOptions extends CarriedOptions, Pick<PolicyOptions, "onFailure"> {
  readonly hold?: number | undefined;
}

/** Why options cannot be used together, by the options as they are typed. */
export const HOW_CONFLICTS: Readonly<Record<string, string>> = {
  "--deregister --no-wait": "what is still in use cannot be deregistered",
  "--fail-after --no-wait": "nobody would see how the deployment ends",
  "--bake --no-wait": "nobody would see when it is back",
  "--fast --no-wait": "nobody would restore the service's settings",
  "--suspend-auto-scaling --resume-auto-scaling --no-wait": "resumed at once, nothing would be protected",
  "--on-failure=undo --no-wait": "nobody would see that one fails",
  "--on-failure=undo --deregister": "a deregistered revision cannot be rolled back to",
  "--on-failure=undo --hold": "what may have to go back again is not to be held",
};

/** The keys of these options in a plan file, too. */
const KEYS = {
  "--deregister": "deregister",
  "--fail-after": "failAfter",
  "--bake": "bake",
  "--fast": "fast",
  "--suspend-auto-scaling": "suspendAutoScaling",
  "--resume-auto-scaling": "resumeAutoScaling",
  "--on-failure=undo": "onFailure",
  "--hold": "hold",
  "--no-wait": "wait",
} as const satisfies Record<string, keyof ExcludingOptions>;

type OptionName = keyof typeof KEYS;

/** The first options that exclude each other, as they are typed. */
export function findConflict(given: ExcludingOptions): readonly OptionName[] | undefined {
  const conflicts = Object.keys(HOW_CONFLICTS).map((options) => options.split(" ") as OptionName[]);
  return conflicts.find((options) => options.every((name) => isGiven(name, given)));
}

function isGiven(name: OptionName, given: ExcludingOptions): boolean {
  if (name === "--no-wait") return given.wait === false;
  if (name === "--on-failure=undo") return given.onFailure === "undo";
  return given[KEYS[name]] !== undefined && given[KEYS[name]] !== false;
}

/** The key of a plan file that is at fault: that its plan waits for nothing is fine without the other option. */
export function keyAtFault(conflict: readonly OptionName[]): keyof ExcludingOptions {
  return KEYS[conflict.findLast((name) => name !== "--no-wait")!];
}
