import type { WaitUntil } from "../judge/assess.ts";
import type { JsonObject } from "../../model/json.ts";
import type { Revision } from "../../model/arn.ts";
import type { ContainerImage } from "../../model/images.ts";
import type { FailAfter } from "../judge/assess_failures.ts";
import { LOOK_UP_WITHIN_MS } from "../read/limited_checker.ts";
import type { PinPolicy } from "../judge/planned_images.ts";

/** What a rollback does about settings that differ from when the target ran: names them, restores them, or neither. */
export type RestorePolicy = "warn" | "service" | "none";

/** The settings that a rollback restores. */
export interface RestoredSettings {
  /** The names of UpdateService's members. */
  readonly names: readonly string[];
  /** AWS's description of the service revision that had them. */
  readonly was: JsonObject;
}

/** The options that say how a rollback is carried out, wherever it goes. */
export interface HowToRollBack {
  /** What is done about tags that have moved since the target ran. */
  readonly pin: PinPolicy;
  /** What is done about the settings of that time; left out: they are not compared. */
  readonly restore?: RestorePolicy;
  /** For how many milliseconds what tasks need is looked up; `off`: it is not. */
  readonly preflight?: number | "off";
  /** After how many failures the deployment is given up; left out: only when the time is up. */
  readonly failAfter?: FailAfter | undefined;
  /** Register a deregistered target anew, and roll back to the copy. */
  readonly reregister: boolean;
  /** Go back to a revision that nothing shows to have run. */
  readonly allowUnproven: boolean;
  /** Deregister the task definition that was current before the rollback, once that has succeeded. */
  readonly deregister: boolean;
  /** Wait until the deployment has ended; what comes after it (restoring, deregistering) needs that. */
  readonly wait: boolean;
  /** Go back by a deployment that waits for nothing: no bake time, no lifecycle hooks, no steps of traffic. */
  readonly fast?: boolean | undefined;
  readonly suspendAutoScaling: boolean;
  readonly resumeAutoScaling: boolean;
  /** For how many milliseconds to watch whether it helped; `alarm`: the alarms to watch besides the service's own. */
  readonly bake?: number | undefined;
  readonly alarm?: readonly string[] | undefined;
  /** The time limit of the whole command in milliseconds, where it was given; 0: none. */
  readonly givenTimeoutMs?: number | undefined;
}

/** The options that were given: a command that is suggested in place of the typed one has them, too. */
export type CarriedOptions = Partial<HowToRollBack>;

/** Whether a rollback can be watched for so long: CloudWatch's values are by the minute, and kept for two weeks. */
export function isValidBakeTime(ms: number): boolean {
  return ms >= 60_000 && ms <= 86_400_000;
}

/** The values without any option. */
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
  /** The time limit of the wait, and of an automatic rollback as well, in milliseconds; 0 or left out: none. */
  readonly timeoutMs?: number;
}

export interface RollbackOptions extends PlanOptions, HowToRollBack {
  /** The running revision is left only if it was deployed no longer ago than this, in milliseconds. */
  readonly ifDeployedWithin?: number | undefined;
  /** For how many milliseconds the service is held afterwards; `reason`: why. */
  readonly hold?: number | undefined;
  readonly reason?: string | undefined;
  /** Go back even if that starts the images that run now: whatever made a deploy fail, it is rolled back. */
  readonly mayStartTheSame?: boolean;
  readonly before?: PlanFileRollback | undefined;
  /** A person is asked, who decides whether doubts about the target stand: then they refuse nothing. */
  readonly mayAsk: boolean;
  /** The family that the user's own task definition file names, when it could be read. */
  readonly configuredFamily: string | undefined;
}

export interface DeployOptions extends PlanOptions {
  /** Deploy although the service is held. */
  readonly overrideHold?: boolean;
  readonly until: WaitUntil;
  /** Start a deployment even where nothing differs. */
  readonly force: boolean;
  /** The number of tasks; `undefined`: that of the service definition, or else no change; `unchanged`: no change. */
  readonly tasks: number | "unchanged" | undefined;
}

/** What a plan file says of a service: the revision to leave, and the target. */
export interface PlanFileRollback {
  readonly madeAtMs: number;
  readonly from: Revision;
  /** The id of the PRIMARY deployment that the plan was made for; `undefined`: only what runs is compared. */
  readonly deployment: string | undefined;
  /** The images that ran then, without those whose digest was not known. */
  readonly fromImages: readonly ContainerImage[];
  readonly to: Revision;
  /** The images that were to start, without those whose digest was not known. */
  readonly toImages: readonly ContainerImage[];
}
