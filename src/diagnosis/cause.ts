import type { LogPlace } from "../model/log_place.ts";

/** Why tasks of a deployment do not run: one thing that went wrong, and how often. */
export interface Cause {
  readonly code: CauseCode;
  /** `undefined` where it is the task as a whole, or none ever started. */
  readonly container: string | undefined;
  /** `undefined` where no container ended by itself. */
  readonly exitCode: number | undefined;
  /** How many tasks; where no task ever started, how many attempts ECS speaks of. */
  readonly count: number;
  /** ECS's words on one line, whole but for what says nothing; empty where ECS gives none. */
  readonly said: string;
  /** What the text or the definitions name. */
  readonly about: CauseSubject;
  /** Of the newest task that stopped for it. */
  readonly taskArn: string | undefined;
  /** When ECS said it last: milliseconds since the epoch. */
  readonly atMs: number | undefined;
  /** Where the container's log is; only of one that has run. */
  readonly log?: LogPlace;
}

/** What a cause is about, as far as it is named somewhere. Names and addresses only, never values. */
export interface CauseSubject {
  /** As the task definition or the text has it: `web:1.9`. */
  readonly image?: string;
  /** An ARN or a name. */
  readonly secret?: string;
}

export const CAUSE_CODES = [
  "imageNotPulled",
  "secretNotRead",
  "resourceNotReady",
  "outOfMemory",
  "exited",
  "unhealthy",
  "noRoom",
  "unknown",
] as const;

export type CauseCode = (typeof CAUSE_CODES)[number];

const OF_PLATFORM: ReadonlySet<CauseCode> = new Set<CauseCode>(["noRoom"]);

/** Whether it is not a bad release: capacity, quotas, Spot, a host that was lost, throttling. Waiting may mend it. */
export function isOfPlatform({ code }: Pick<Cause, "code">): boolean {
  return OF_PLATFORM.has(code);
}
