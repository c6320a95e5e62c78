/** What holds for auto scaling in every run, whatever AWS and others do meanwhile. */
import assert from "node:assert/strict";
import type { SuspendedState } from "../../src/model/scalable_target.ts";
import type { WorldState } from "../emulator/emulator.ts";
import { RESOURCE_ID } from "../emulator/myservice.ts";
import { isRead } from "../emulator/operations.ts";
import type { Observed } from "./observed.ts";
import { SCALING_OPERATIONS } from "./faulty_operations.ts";
import { ALL, type Flags, NONE, type ScalingSpec } from "./world_spec.ts";
import { RECORD_KEY, recordOf } from "./rollback_worlds.ts";
import { isApplied, isTrusted, named } from "./run_invariants.ts";

function targetOf(world: WorldState) {
  return world.scalableTargets[RESOURCE_ID];
}

function flagsOf(world: WorldState): Flags | undefined {
  const state = targetOf(world)?.suspendedState;
  return state && [
    state.DynamicScalingInSuspended!,
    state.DynamicScalingOutSuspended!,
    state.ScheduledScalingSuspended!,
  ];
}

const same = (a: Flags | undefined, b: Flags | undefined) => String(a) === String(b);

/** The flags that the events say how to set by hand: what is printed of such an event has the command. */
function restorableFlags({ events }: Observed): Flags[] {
  const said = events.flatMap((event): readonly object[] => {
    if (event.kind === "planned") return event.plan.notices;
    if (event.kind === "rolloutEnded") return event.outcome.leftovers;
    if (event.kind !== "notice") return [];
    return [event.notice.code === "leftToDo" ? event.notice.leftover : event.notice];
  });
  return said.flatMap((one: { readonly to?: unknown; readonly prior?: unknown }) => {
    const state = (one.to ?? one.prior) as Partial<SuspendedState> | undefined;
    if (state?.dynamicScalingInSuspended === undefined) return [];
    const { dynamicScalingInSuspended, dynamicScalingOutSuspended, scheduledScalingSuspended } = state;
    return [[dynamicScalingInSuspended, dynamicScalingOutSuspended!, scheduledScalingSuspended!]];
  });
}

/** What the checks of auto scaling look at. */
interface Seen {
  readonly run: Observed;
  /** Whether an earlier run has left its record. */
  readonly hasRecord: boolean;
  /** Whether a tag that is not this program's is in the place of the record. */
  readonly isForeign: boolean;
  /** What is to be restored: what the record says, or what the program saw at first, no matter who had set it. */
  readonly prior: Flags;
  readonly othersFlags: readonly Flags[];
}

function seenIn(run: Observed, scaling: ScalingSpec): Seen {
  const { calls, acts } = run;
  const hasRecord = scaling.hasArn && scaling.record !== null && scaling.record !== "foreign";
  const isForeign = scaling.hasArn && scaling.record === "foreign";
  const read = calls.find((served) => named("DescribeScalableTargets")(served) && served.call.outcome === "ok");
  const found = read && flagsOf(read.before) || scaling.flags;
  const prior = hasRecord ? scaling.record as Flags : found;
  const othersFlags = acts.flatMap(({ act }) => act.kind === "setFlags" ? [act.flags] : []);
  return { run, hasRecord, isForeign, prior, othersFlags };
}

/** Auto scaling is restored, or an event says how to restore it; the record of an earlier run is never lost. */
export function checkScaling(run: Observed): void {
  const { world: { scaling }, options, calls, final } = run;
  if (scaling === null || options.dryRun) return;
  const seen = seenIn(run, scaling);
  checkRecordIsKept(seen);
  checkRecordedFirst(run);
  checkSeenInTime(run);
  if (targetOf(final) === undefined || !(options.suspend || options.resume)) return;
  const hasTouched = calls.some(named("RegisterScalableTarget")) || calls.some(named("TagResource"));
  if (!hasTouched) checkUntouched(seen, scaling);
  if (options.suspend && options.resume && hasTouched) checkRestored(seen, scaling);
  checkOthersDecision(run, seen.prior);
  if (options.suspend && !options.resume && calls.filter(named("RegisterScalableTarget")).some(isApplied)) {
    assert.ok(isRestorable(seen), "no event says how to resume what stays suspended");
  }
  checkExit(seen);
}

/** What the rollback of a deploy restores may be what somebody has set since the deploy began. */
function isRestorable({ run, prior, othersFlags }: Seen): boolean {
  return restorableFlags(run).some((flags) => [prior, ...othersFlags].some((one) => same(one, flags)));
}

function checkRecordIsKept({ run: { calls }, hasRecord, isForeign, prior }: Seen): void {
  if (hasRecord) {
    const flagsIn = (state: WorldState) => /in=. out=. scheduled=./.exec(targetOf(state)?.tags[RECORD_KEY] ?? "")?.[0];
    const overwrites = calls.filter(named("TagResource")).some((served) =>
      isApplied(served) && targetOf(served.before)?.tags[RECORD_KEY] === recordOf(prior) &&
      flagsIn(served.before) !== flagsIn(served.after)
    );
    assert.ok(!overwrites, "the record of an earlier run was overwritten");
  }
  if (isForeign) {
    const touched = calls.some((served) =>
      isApplied(served) && /^(TagResource|UntagResource)$/.test(served.call.operation)
    );
    assert.ok(!touched, "a tag that is not this program's was changed");
  }
}

function checkUntouched({ run: { calls, final }, hasRecord, prior, othersFlags }: Seen, scaling: ScalingSpec): void {
  const now = flagsOf(final)!;
  if (othersFlags.length === 0) assert.ok(same(now, scaling.flags), "the flags changed by themselves");
  const untagged = calls.some((served) => named("UntagResource")(served) && isApplied(served));
  if (hasRecord && !same(scaling.flags, prior) && untagged && othersFlags.length === 0) {
    assert.fail("the record was dropped, but nothing was restored");
  }
}

function checkRestored(seen: Seen, scaling: ScalingSpec): void {
  const { run, isForeign, prior, othersFlags } = seen;
  const { calls, final } = run;
  const now = flagsOf(final)!;
  const record = targetOf(final)!.tags[RECORD_KEY];
  const isRestored = same(now, prior) || othersFlags.some((flags) => same(flags, now));
  assert.ok(
    isRestored || isRestorable(seen),
    `auto scaling ends as ${now} instead of ${prior}, and no event says how to restore it`,
  );
  const isTrouble = calls.some(({ call }) => SCALING_OPERATIONS.includes(call.operation) && call.outcome !== "ok");
  const isSlow = run.script.faults.some(({ kind }) => kind === "slow");
  const isStale = !isTrusted(run);
  if (!isTrouble && !isSlow && !isStale) {
    assert.ok(isRestored, `auto scaling ends as ${now} instead of ${prior}, though AWS took every call`);
    if (!isForeign) assert.equal(record, undefined, "a record remains, though AWS took every call");
  }
  if (!isRestored && record === undefined && !isForeign) {
    const mayLack = !scaling.hasArn || calls.some(({ call }) => /Tag/.test(call.operation) && call.outcome !== "ok");
    assert.ok(mayLack, "neither flags nor a record remain");
  }
}

/** An exit code of 0 says that auto scaling is as it is wanted. */
function checkExit({ run, hasRecord, prior, othersFlags }: Seen): void {
  const { options, calls, final, code } = run;
  if (code !== 0 || !options.resume || othersFlags.length > 0 || !isTrusted(run)) return;
  const now = flagsOf(final)!;
  const wanted = options.suspend || hasRecord ? prior : NONE;
  // Without a permission to read tags there is no record to be seen.
  const sawRecord = !calls.some(({ call }) => call.operation === "ListTagsForResource" && call.outcome !== "ok");
  if (sawRecord || !hasRecord) {
    assert.ok(same(now, wanted), `exit 0, but auto scaling is ${now} instead of ${wanted}`);
  }
  if (sawRecord && hasRecord) {
    assert.equal(targetOf(final)!.tags[RECORD_KEY], undefined, "exit 0, but the record is still there");
  }
}

/** Flags that are neither the earlier ones nor this program's are somebody's decision: once they are seen, they stay. */
function checkOthersDecision({ calls, acts, options, final }: Observed, prior: Flags): void {
  const suspended = calls.findIndex((served) => named("RegisterScalableTarget")(served) && isApplied(served));
  const looked = calls.findLastIndex((served) =>
    named("DescribeScalableTargets")(served) && served.call.outcome === "ok"
  );
  const theirs = acts.filter(({ act }) => act.kind === "setFlags");
  const last = theirs.at(-1);
  if (!options.suspend || !options.resume || suspended < 0 || last?.act.kind !== "setFlags") return;
  const { flags } = last.act;
  // AWS has no conditional write: what is set between the last read and the write is gone before anybody can see it.
  const next = calls[last.call]!;
  const isGone = last.when === "before" && named("RegisterScalableTarget")(next) && isApplied(next);
  const isSeen = last.call > suspended && last.call < looked && !isGone;
  if (!isSeen || same(flags, ALL) || same(flags, prior)) return;
  assert.ok(same(flagsOf(final), flags), "somebody's decision about auto scaling was overruled");
}

/** Flags that were seen to have changed before anything was written are not suspended over: nothing is done. */
function checkSeenInTime(run: Observed): void {
  const { calls, options } = run;
  // Of an answer that comes late nobody knows here whether it was still waited for.
  const isSlow = run.script.faults.some(({ kind }) => kind === "slow");
  if (!options.suspend || !isTrusted(run) || isSlow) return;
  const firstWrite = calls.findIndex(({ call }) => !isRead(call.operation));
  const [planned, checked] = calls.slice(0, Math.max(0, firstWrite)).filter((served) =>
    named("DescribeScalableTargets")(served) && served.call.outcome === "ok"
  );
  if (planned === undefined || checked === undefined || same(flagsOf(planned.before), flagsOf(checked.before))) return;
  // What an earlier run owes is restored after one more look, too, but that orders nothing.
  const ordered = calls.some((served) => /^(Update|Create)Service$/.test(served.call.operation));
  assert.ok(!ordered, "flags that somebody had set after planning were suspended over");
}

/** Before all three are suspended, what was there is on record, or it is said that it cannot be. */
function checkRecordedFirst({ calls, world: { scaling }, events }: Observed): void {
  const suspending = calls.filter((served) => {
    const state = served.call.input?.SuspendedState as Record<string, boolean> | undefined;
    return named("RegisterScalableTarget")(served) && isApplied(served) &&
      same(
        ALL,
        state && [
          state.DynamicScalingInSuspended!,
          state.DynamicScalingOutSuspended!,
          state.ScheduledScalingSuspended!,
        ],
      ) && !same(flagsOf(served.before), ALL);
  });
  // A record that says "all three" is restored with the same call.
  if (same(scaling?.record as Flags, ALL)) return;
  const isOnRecord = suspending.every(({ before }) => targetOf(before)?.tags[RECORD_KEY] !== undefined);
  const isSaid = events.some((event) =>
    event.kind === "planned" && event.plan.notices.some(({ code }) => code === "suspensionNotRecorded") ||
    event.kind === "notice" && event.notice.code === "suspensionNotRecorded"
  );
  assert.ok(isOnRecord || isSaid, "auto scaling was suspended without a record");
}
