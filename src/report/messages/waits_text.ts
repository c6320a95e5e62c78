import { shortName } from "../../model/arn.ts";
import { isEmpty, objectIn, objectsIn } from "../../model/json.ts";
import { restoreWaitsCommand, untagServiceCommand } from "./typed_commands.ts";
import { type Waits, WAITS_KEY, type WaitsRecord } from "../../model/waits.ts";
import type { ServiceRef } from "../../model/service.ts";
import type { Leftover } from "../../rollout/outcome.ts";
import type { PlanNotice, SlowNotice } from "../../rollout/plan/notice.ts";
import type { Step } from "../../rollout/plan/plan.ts";
import type { Cases, Named } from "./cases.ts";
import { count, isoTime } from "./log.ts";
import { callInBrackets, describeCall } from "./aws_failure_text.ts";
import { rollBackCommand } from "./own_commands.ts";
import type { RunNotice } from "../../rollout/run_notice.ts";

// What deployments wait for: bake time, lifecycle hooks, and the steps in which traffic is shifted.

/** `canary step (5%, 15 minutes), bake time (10 minutes), lifecycle hooks (1)`: no details, which may be secret. */
function describeWaits(waits: Waits): string {
  const { bakeTimeInMinutes, lifecycleHooks, linearConfiguration, canaryConfiguration } = waits;
  const { stepPercent, stepBakeTimeInMinutes } = objectIn(linearConfiguration);
  const { canaryPercent, canaryBakeTimeInMinutes } = objectIn(canaryConfiguration);
  return [
    ...(linearConfiguration ? [`linear steps (${stepPercent}%, ${inWords(Number(stepBakeTimeInMinutes))})`] : []),
    ...(canaryConfiguration ? [`canary step (${canaryPercent}%, ${inWords(Number(canaryBakeTimeInMinutes))})`] : []),
    ...(bakeTimeInMinutes === undefined ? [] : [`bake time (${inWords(Number(bakeTimeInMinutes))})`]),
    ...(lifecycleHooks === undefined ? [] : [`lifecycle hooks (${objectsIn(lifecycleHooks).length})`]),
  ].join(", ");
}

/** `keys`: the tags of the record. `missing`: the waits that the service may lack; all on record if nobody knows. */
interface OnRecord {
  readonly arn: string;
  readonly keys: readonly string[];
  readonly missing: Waits;
}

/** What an earlier run has left: which waits are missing and whose record it is, and the command that restores them. */
export function describeWaitsRecord(
  ref: ServiceRef,
  record: OnRecord & Pick<WaitsRecord, "by" | "run">,
  at: string,
  running: string | undefined,
): readonly [what: string, remedy: string] {
  const { missing, by, run } = record;
  const restore = describeRestoring(ref, record, running);
  const whose = `rollback --fast, ${by}, run ${run}, ${at}`;
  return isEmpty(missing)
    ? [
      `all is restored, and its record is still there (${whose})`,
      `to remove that, unless the run still goes on: ${restore}`,
    ]
    : [`without ${describeWaits(missing)} (${whose})`, `to restore that, unless the run still goes on: ${restore}`];
}

/**
 * The command that restores waits by hand.
 *
 * @param running what the service runs or will run: a `rollback --fast` to it restores hooks with `hookDetails`,
 *   which may be secret
 */
function describeRestoring(
  ref: ServiceRef,
  { arn, keys, missing }: OnRecord,
  running: string | undefined,
): string {
  const hasDetails = objectsIn(missing.lifecycleHooks).some((hook) => Object.hasOwn(hook, "hookDetails"));
  return hasDetails && running !== undefined
    ? rollBackCommand(ref, `--revision ${running}`, { fast: true })
    : restoreWaitsCommand(ref, arn, keys, missing);
}

export const WAITS_STEPS = {
  recordWaits: {
    planned: ({ before }: Named<Step, "kind", "recordWaits">) =>
      `note in tags on the service what is restored afterwards: ${describeWaits(before)}`,
    begun: ({ before }: Named<Step, "kind", "recordWaits">) => [`Going back fast, without ${describeWaits(before)}`],
  },
  restoreWaits: {
    planned: ({ before }: Named<Step, "kind", "restoreWaits">) =>
      isEmpty(before) ? "remove the record of a fast rollback" : `restore the service's ${describeWaits(before)}`,
    begun: ({ before }: Named<Step, "kind", "restoreWaits">) => [`Restoring the service's ${describeWaits(before)}`],
  },
};

type WaitsNoticeCode = SlowNotice["code"] | "fasterWay" | "fastChangesNothing" | "waitsOnRecord";

export const WAITS_NOTICES: Pick<Cases<PlanNotice, "code", string>, WaitsNoticeCode> = {
  // Why a rollback will be slow.
  pauses: ({ stages, steps, timeoutMinutes, timeoutAction, isForeseen }) => {
    // The stage before production traffic is shifted runs again for each step (API reference, ServiceDeployment).
    const where = stages.map((stage) =>
      stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && steps > 1 ? `${stage}, ${steps} times,` : stage
    );
    const otherwise = timeoutAction === "CONTINUE" ? "it goes on by itself" : "ECS rolls it back";
    return `${whenOf(isForeseen)}a rollback waits at ${where.join(" and at ")} until somebody answers (PAUSE hook); ` +
      `after ${inWords(timeoutMinutes)} ${otherwise}`;
  },
  wholeDeployment: (moving) =>
    `${whenOf(moving.isForeseen)}a rollback takes at least ${inWords(moving.minutes)}, plus the start of its tasks: ` +
    partsOf(moving) + tooShort(moving, "it will not be completed within"),
  shiftsBack: (moving) =>
    "ECS may shift traffic back as slowly as it shifted it: " +
    partsOf(moving) + tooShort(moving, "it may not be back within"),
  fasterWay: () => "to go back without waiting for that: --fast, which restores the service's settings afterwards",
  fastChangesNothing: ({ because }) => `--fast changes nothing: ${FAST_CHANGES_NOTHING[because]}`,
  waitsOnRecord: ({ ref, running, ...record }) =>
    `DeploymentSettings: ${describeWaitsRecord(ref, record, isoTime(record.atMs), shortName(running)).join("; ")}`,
};

const FAST_CHANGES_NOTHING = {
  noWaits: "deployments of this service have no bake time, hooks or steps",
  stops: "ECS stops the deployment under way, and goes back by the settings that it began with",
  underWay: "ECS is on its way there already, by the settings that the deployment began with",
};

function whenOf(isForeseen: boolean): string {
  return isForeseen ? "--rollback-events: " : "";
}

type Moving = Named<PlanNotice, "code", "wholeDeployment" | "shiftsBack">;

/** `traffic is shifted in 10 steps, 6 minutes apart, the old tasks stay for ...`; without what takes no time. */
function partsOf({ shift: { steps, stepMinutes }, bakeMinutes }: Moving): string {
  const isShifted = (steps - 1) * stepMinutes > 0;
  return [
    ...(isShifted ? [`traffic is shifted in ${steps} steps, ${inWords(stepMinutes)} apart`] : []),
    ...(bakeMinutes > 0
      ? [`the old tasks stay for ${inWords(bakeMinutes)} after the traffic was shifted (bake time)`]
      : []),
  ].join(", ");
}

function tooShort({ shorterTimeoutMs }: Moving, otherwise: string): string {
  if (shorterTimeoutMs === undefined) return "";
  return `; ${otherwise} the timeout of ${inWords(shorterTimeoutMs / 60_000)}: give a longer --timeout, or --no-wait`;
}

/** `90 seconds`, `10 minutes`, `24 hours`. */
function inWords(minutes: number): string {
  if (minutes < 1 || !Number.isInteger(minutes)) return count(Math.round(minutes * 60), "second");
  return minutes % 60 === 0 ? count(minutes / 60, "hour") : count(minutes, "minute");
}

type WaitsCode<Union extends { readonly code: string }> = Extract<Union["code"], `waits${string}`>;

export const WAITS_RUN_NOTICES: Pick<Cases<RunNotice, "code", string>, WaitsCode<RunNotice>> = {
  waitsChangedByOthers: ({ names }) =>
    `somebody changed ${names.join(", ")} of the service's deploymentConfiguration meanwhile: it stays as it is now`,
  waitsLeftToOther: ({ run }) => `run ${run}, which goes back fast, too, restores the service's settings`,
};

type LeftoverTexts = Cases<Leftover, "code", Readonly<Record<"problem" | "command", string>>, [ref: ServiceRef]>;

export const WAITS_LEFTOVERS: Pick<LeftoverTexts, WaitsCode<Leftover>> = {
  waitsNotRestored: ({ target, mayCome, error, ...record }, ref) => ({
    problem: `the service may be without its ${describeWaits(record.missing)}` +
      callInBrackets(error) +
      (mayCome ? "; the order without that may still take effect, so the record is kept" : ""),
    command: describeRestoring(ref, record, shortName(target)),
  }),
  waitsRecordRemains: ({ arn, keys, leftTo, error }) => ({
    problem:
      (leftTo === undefined ? "the service's settings are restored" : `run ${leftTo} restores the service's settings`) +
      `, but their record, the tags ${WAITS_KEY}..., is still there (${describeCall(error)})`,
    command: untagServiceCommand(arn, keys),
  }),
};

/** What a program that is stopped at once leaves behind, and the command that restores it. */
export function describeAbandonedWaits(
  ref: ServiceRef,
  record: OnRecord,
  running: string | undefined,
): string[] {
  return [
    `Stopped at once: the service may be without its ${describeWaits(record.missing)}`,
    `to restore that: ${describeRestoring(ref, record, running)}`,
  ];
}
