import type { FailAfter } from "../assess_failures.ts";
import { LOOK_UP_WITHIN_MS } from "../limited_checker.ts";
import type { PinPolicy } from "./plan_images.ts";

/** How a rollback deals with the settings that the service had when the target ran: says which differ, restores them, or neither. */
export type RestorePolicy = "warn" | "service" | "none";

/** The options that say how a rollback is carried out, wherever it goes. */
export interface HowToRollBack {
  /** How tags are dealt with that have moved since the target ran. */
  readonly pin: PinPolicy;
  /** What becomes of the settings of that time; left out: nothing is compared. */
  readonly restore?: RestorePolicy;
  /** For how many milliseconds it is looked for what tasks need, or not at all. */
  readonly preflight?: number | "off";
  /** After how many failures the deployment is given up; left out: when the time is up. */
  readonly failAfter?: FailAfter | undefined;
  /** Register a deregistered target anew, and roll back to the copy. */
  readonly reregister: boolean;
  /** Go to what nothing shows to have run. */
  readonly allowUnproven: boolean;
  /** Deregister the task definition that is current before the rollback, after its success. */
  readonly deregister: boolean;
  /** Wait until the deployment has ended; what comes after it (restoring, deregistering) needs that. */
  readonly wait: boolean;
  readonly suspendAutoScaling: boolean;
  readonly resumeAutoScaling: boolean;
  /** For how many milliseconds the whole command may take, where that was given with it; 0: without a limit. */
  readonly givenTimeoutMs?: number | undefined;
}

/** Those of them that were given: a command that is suggested in place of what was typed has them, too. */
export type CarriedOptions = Partial<HowToRollBack>;

/** What is as it is without any option. */
const DEFAULTS: HowToRollBack = {
  pin: "auto",
  restore: "warn",
  preflight: LOOK_UP_WITHIN_MS,
  failAfter: 0,
  reregister: false,
  allowUnproven: false,
  deregister: false,
  wait: true,
  suspendAutoScaling: false,
  resumeAutoScaling: false,
  givenTimeoutMs: undefined,
};

/** The options that differ from the defaults; `undefined` where none does. Pure. */
export function carriedOptions(options: HowToRollBack): CarriedOptions | undefined {
  const names = Object.keys(DEFAULTS) as (keyof HowToRollBack)[];
  const given = names.filter((name) => options[name] !== undefined && options[name] !== DEFAULTS[name]);
  return given.length === 0 ? undefined : Object.fromEntries(given.map((name) => [name, options[name]]));
}
