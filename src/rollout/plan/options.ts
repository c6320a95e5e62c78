import type { WaitUntil } from "../assess.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Revision } from "../../model/arn.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { FailAfter } from "../assess_failures.ts";
import { LOOK_UP_WITHIN_MS } from "../limited_checker.ts";
import type { PinPolicy } from "./plan_images.ts";

/** How a rollback deals with the settings that the service had when the target ran: says which differ, restores them, or neither. */
export type RestorePolicy = "warn" | "service" | "none";

/** What a rollback restores of the service's settings. */
export interface RestoredSettings {
  /** The names of UpdateService's members. */
  readonly names: readonly string[];
  /** AWS's description of the service revision that had them. */
  readonly was: JsonObject;
}

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
  /** Go back by a deployment that waits for nothing: no bake time, no hooks, no steps. */
  readonly fast?: boolean | undefined;
  readonly suspendAutoScaling: boolean;
  readonly resumeAutoScaling: boolean;
  /** For how many milliseconds it is watched afterwards whether it has helped, and by which alarms besides the service's own. */
  readonly bake?: number | undefined;
  readonly alarm?: readonly string[] | undefined;
  /** For how many milliseconds the whole command may take, where that was given with it; 0: without a limit. */
  readonly givenTimeoutMs?: number | undefined;
}

/** Those of them that were given: a command that is suggested in place of what was typed has them, too. */
export type CarriedOptions = Partial<HowToRollBack>;

/** Values are by the minute, and CloudWatch keeps minutes for two weeks. */
export function isBakeTime(ms: number): boolean {
  return ms >= 60_000 && ms <= 86_400_000;
}

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
  fast: false,
  suspendAutoScaling: false,
  resumeAutoScaling: false,
  bake: undefined,
  alarm: undefined,
  givenTimeoutMs: undefined,
};

/** The options that differ from the defaults; `undefined` where none does. Pure. */
export function carriedOptions(options: HowToRollBack): CarriedOptions | undefined {
  const names = Object.keys(DEFAULTS) as (keyof HowToRollBack)[];
  const given = names.filter((name) => options[name] !== undefined && options[name] !== DEFAULTS[name]);
  return given.length === 0 ? undefined : Object.fromEntries(given.map((name) => [name, options[name]]));
}

export type ScalingOptions = Pick<HowToRollBack, "suspendAutoScaling" | "resumeAutoScaling">;

/** What the options of a command ask of a plan. */
export interface PlanOptions extends ScalingOptions, Pick<HowToRollBack, "wait" | "failAfter"> {
  /** How long it is waited for, and for an automatic rollback as well; 0 or left out: without a limit. */
  readonly timeoutMs?: number;
}

export interface RollbackOptions extends PlanOptions, HowToRollBack {
  /** What runs is left only where it was deployed no longer ago, in milliseconds. */
  readonly ifDeployedWithin?: number | undefined;
  /** For how many milliseconds the service is held afterwards, and why. */
  readonly hold?: number | undefined;
  readonly reason?: string | undefined;
  /** Go back although that starts the images that run now: whatever made a deploy fail, it is rolled back. */
  readonly mayStartTheSame?: boolean;
  readonly before?: BeforeRollback | undefined;
  /** Somebody is there who says whether an objection stands: then nothing is refused for it. */
  readonly isAsked: boolean;
  /** The family that the user's own task definition file names, when it could be read. */
  readonly configuredFamily: string | undefined;
}

export interface DeployOptions extends PlanOptions {
  /** Deploy although somebody holds what runs. */
  readonly overrideHold?: boolean;
  readonly until: WaitUntil;
  /** Start a deployment also where nothing differs. */
  readonly force: boolean;
  /** The number of tasks; `undefined`: what the service definition says, else as it is; `unchanged`: as it is. */
  readonly tasks: number | "unchanged" | undefined;
}

/** What a plan file says of a service: what it was to leave, and where it was to go. */
export interface BeforeRollback {
  readonly madeAtMs: number;
  readonly from: Revision;
  /** The id of the PRIMARY deployment that the plan was made for; `undefined`: only what runs is compared. */
  readonly deployment: string | undefined;
  /** What ran then; without those of which no digest was known. */
  readonly fromImages: readonly ContainerImage[];
  readonly to: Revision;
  /** What was to start, the same. */
  readonly toImages: readonly ContainerImage[];
}
