import type { CarriedOptions, HowToRollBack } from "../../rollout/plan/carried_options.ts";

/** How each option is typed; one that is not given, or is off, is not. */
const TYPED: { readonly [Name in keyof HowToRollBack]-?: (value: NonNullable<HowToRollBack[Name]>) => string } = {
  pin: (policy) => `--pin ${policy}`,
  restore: (policy) => `--restore ${policy}`,
  preflight: (limit) => `--preflight ${limit === "off" ? limit : `${limit / 1000}s`}`,
  failAfter: (limit) => limit === "breaker" ? "" : `--fail-after ${limit}`,
  reregister: (isGiven) => isGiven ? "--reregister" : "",
  allowUnproven: (isGiven) => isGiven ? "--allow-unproven" : "",
  deregister: (isGiven) => isGiven ? "--deregister" : "",
  wait: (isGiven) => isGiven ? "" : "--no-wait",
  suspendAutoScaling: (isGiven) => isGiven ? "--suspend-auto-scaling" : "",
  resumeAutoScaling: (isGiven) => isGiven ? "--resume-auto-scaling" : "",
  givenTimeoutMs: (ms) => `--timeout ${ms / 1000}s`,
};

/** ` --pin never --deregister`: what a suggested rollback has of the options of the one that was asked for. */
export function renderCarried(given: CarriedOptions = {}): string {
  return Object.keys(TYPED)
    .map((name) => name as keyof HowToRollBack)
    .filter((name) => given[name] !== undefined)
    .map((name) => TYPED[name](given[name] as never))
    .filter((typed) => typed !== "")
    .map((typed) => ` ${typed}`).join("");
}

/** The same for a rollback to somewhere else: that such a thing may be unproven was not said of it. */
export function withoutProof(given: CarriedOptions | undefined): CarriedOptions {
  return { ...given, allowUnproven: false };
}
