/**
 * What can go wrong with a call, as a script: rules that match calls, and the effect that each has.
 *
 * A rule waits for its `nth` matching call (counted from 1) and then applies `times` times. Rules are tried in the order in
 * which they were added, and all that match take effect.
 */
import type { Emulator } from "./emulator.ts";
import type { Answer } from "./exchange.ts";
import { AwsFailure, notAuthorized } from "./failure.ts";
import { throttled } from "./rate_limits.ts";

/** What a fault does to a call. */
export type FaultEffect =
  /** The call is not carried out; this error is the answer. Gets the operation's name. */
  | { kind: "refuse"; failure: (operation: string) => AwsFailure; dateOffsetMs?: number; onlyWithTags?: true }
  /** The connection is closed without an answer, before or after the call was carried out. */
  | { kind: "drop"; applied: boolean }
  /** The call is carried out, but the answer breaks off in its middle. */
  | { kind: "halfSent" }
  /** The answer shows the world before the last write, for as long after it as `forMs` says. */
  | { kind: "stale"; forMs: number }
  /** UpdateService returns the service as it was before, whether or not the call was carried out. */
  | { kind: "unchanged"; applied: boolean }
  /** The client gets another answer, made of the emulator's own: foreign_answers.ts. */
  | { kind: "replace"; applied: boolean; name: string; by: (own: Answer) => Answer }
  /** The answer takes this long (only the server waits; the world's clock does not move). */
  | { kind: "delay"; ms: number }
  /** Somebody else acts just before the call is carried out, or just after it and before it is answered. */
  | { kind: "act"; when: "before" | "after"; act: (emulator: Emulator) => void };

export interface FaultRule {
  /** Which operations: one, several, or all of them when absent. */
  operation?: string | readonly string[];
  /** The first matching call that is hit, counted from 1 (the default). */
  nth?: number;
  /** How many matching calls are hit from there on: 1 by default, `Infinity` for all. */
  times?: number;
  /** In place of `times`: all that come within so many milliseconds after the first that is hit. */
  forMs?: number;
  effect: FaultEffect;
}

export const throttle = (): FaultEffect => ({ kind: "refuse", failure: throttled });

/** What IAM calls the services in the names of actions. */
type ActionPrefix =
  | "ecs"
  | "application-autoscaling"
  | "ssm"
  | "secretsmanager"
  | "ecr"
  | "cloudwatch"
  | "elasticloadbalancing"
  | "logs"
  | "iam"
  | "sts"
  | "s3";

export const accessDenied = (service: ActionPrefix = "ecs", resource = "*"): FaultEffect => ({
  kind: "refuse",
  failure: (operation) => notAuthorized(`${service}:${operation}`, resource),
});

export const expiredToken = (): FaultEffect => ({
  kind: "refuse",
  failure: () => new AwsFailure("ExpiredTokenException", "The security token included in the request is expired"),
});

export const unrecognizedClient = (): FaultEffect => ({
  kind: "refuse",
  failure: () =>
    new AwsFailure("UnrecognizedClientException", "The security token included in the request is invalid."),
});

export const serverError = (): FaultEffect => ({
  kind: "refuse",
  failure: () => new AwsFailure("ServerException", "Service Unavailable. Please try again later.", 500),
});

export const concurrentUpdate = (): FaultEffect => ({
  kind: "refuse",
  failure: () =>
    new AwsFailure(
      "ConcurrentUpdateException",
      "You already have a pending update to an Auto Scaling resource.",
    ),
});

/** Refused for a signature that is too old; the answer's `Date` says by how much the client's clock is off. */
export const clockSkew = (dateOffsetMs: number): FaultEffect => ({
  kind: "refuse",
  dateOffsetMs,
  failure: () =>
    new AwsFailure("InvalidSignatureException", "Signature expired: the request is outside of the allowed time", 403),
});

/** Refuses what asks for tags, as a partition without them does. */
export const tagsUnsupported = (): FaultEffect => ({
  kind: "refuse",
  onlyWithTags: true,
  failure: () => new AwsFailure("InvalidParameterException", "TAGS is not supported in this Region."),
});

/** Any other error answer. */
export const answerWith = (type: string, message: string, status = 400): FaultEffect => ({
  kind: "refuse",
  failure: () => new AwsFailure(type, message, status),
});

export const dropBefore = (): FaultEffect => ({ kind: "drop", applied: false });
export const dropAfter = (): FaultEffect => ({ kind: "drop", applied: true });
export const halfSent = (): FaultEffect => ({ kind: "halfSent" });
export const stale = (forMs = Infinity): FaultEffect => ({ kind: "stale", forMs });
/** ECS takes the order, returns the service as it was, and starts no deployment. */
export const ignoreUpdate = (): FaultEffect => ({ kind: "unchanged", applied: false });
/** The answer to an order that was carried out shows the service from before it. */
export const answerFromBefore = (): FaultEffect => ({ kind: "unchanged", applied: true });
export const delay = (ms: number): FaultEffect => ({ kind: "delay", ms });
export const actBefore = (act: (emulator: Emulator) => void): FaultEffect => ({ kind: "act", when: "before", act });
export const actAfter = (act: (emulator: Emulator) => void): FaultEffect => ({ kind: "act", when: "after", act });

/** The rules of one emulator, with the count of calls that each has seen. */
export class FaultScript {
  #rules: { rule: FaultRule; seen: number; hitAtMs?: number }[] = [];

  add(rule: FaultRule): void {
    this.#rules.push({ rule, seen: 0 });
  }

  clear(): void {
    this.#rules = [];
  }

  /** Whether a rule has an effect of this kind. */
  has(kind: FaultEffect["kind"]): boolean {
    return this.#rules.some(({ rule }) => rule.effect.kind === kind);
  }

  /** The effects on a call made now. `applies` says whether an effect means anything now; if not, it is not used up. */
  effectsOn(operation: string, nowMs: number, applies: (effect: FaultEffect) => boolean): FaultEffect[] {
    const effects: FaultEffect[] = [];
    for (const entry of this.#rules) {
      const { operation: wanted, nth = 1, forMs, times = forMs === undefined ? 1 : Infinity, effect } = entry.rule;
      const matches = wanted === undefined ||
        (typeof wanted === "string" ? wanted === operation : wanted.includes(operation));
      if (!matches || !applies(effect)) continue;
      entry.seen++;
      if (entry.seen < nth || entry.seen >= nth + times) continue;
      entry.hitAtMs ??= nowMs;
      if (forMs === undefined || nowMs < entry.hitAtMs + forMs) effects.push(effect);
    }
    return effects;
  }
}
