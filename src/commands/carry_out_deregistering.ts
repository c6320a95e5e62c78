import type { Ecs } from "../aws/ecs_adapter.ts";
import { type Revision, shortName } from "../model/arn.ts";
import { deregister, type DeregisterEvent } from "../registry/deregister.ts";
import type { FamilyUses } from "../registry/find_uses.ts";
import type { DeregisterPlan } from "../registry/plan_deregister.ts";
import { renderDeregisterEvent } from "../report/deregister_text.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import type { Session } from "../session/session.ts";

/** What has come of a plan so far. */
interface Tally {
  done: number;
  /** Deregistered, and to be deleted, too. */
  readonly undeleted: Set<Revision>;
  readonly usedByNow: Revision[];
  readonly refused: Revision[];
  last: DeregisterEvent | undefined;
}

/**
 * Deregisters and deletes what a plan says, and logs what happens. Answers with the exit code; whatever ends it early, the
 * log says what is left, for a deregistered revision may be in no list any more.
 *
 * @throws AwsError as `deregister` does
 */
export async function carryOutDeregistering(
  plan: DeregisterPlan,
  uses: FamilyUses,
  ecs: Ecs,
  session: Session,
): Promise<number> {
  const { host, log, signal, changes } = session;
  changes.mayHaveBegun = true;
  const tally: Tally = { done: 0, undeleted: new Set(), usedByNow: [], refused: [], last: undefined };
  try {
    for await (const event of deregister(plan, uses, ecs, host.clock, signal)) {
      for (const [level, message] of renderDeregisterEvent(event)) log[level](message);
      count(event, plan, tally);
    }
  } catch (error) {
    if (!signal.aborted) {
      log.warn(`${tally.done} of ${plan.deregister.length} task definitions have been deregistered`);
      tellUndeleted(tally, session);
      throw error;
    }
  }
  return signal.aborted ? reportStop(plan, tally, session) : reportDone(plan, tally, session);
}

function count(event: DeregisterEvent, plan: DeregisterPlan, tally: Tally): void {
  tally.last = event;
  if (event.kind === "deregistered") {
    tally.done++;
    if (plan.delete.length > 0) tally.undeleted.add(event.revision);
  }
  if (event.kind === "deleted") { for (const revision of event.revisions) tally.undeleted.delete(revision); }
  if (event.kind === "notDeregistered") tally.usedByNow.push(event.revision);
  if (event.kind === "notDeleted") tally.refused.push(event.revision);
}

function reportStop(plan: DeregisterPlan, tally: Tally, session: Session): number {
  const { log, stoppedBy } = session;
  const stop = stoppedBy();
  log.warn(
    `${
      stop === undefined ? "Timed out" : "Interrupted"
    }: ${tally.done} of ${plan.deregister.length} task definitions ` +
      `have been deregistered${
        tally.last?.kind === "deregistering" ? ", maybe one more" : ""
      }; the same command goes on ` +
      "where this one stopped",
  );
  tellUndeleted(tally, session);
  return stop === undefined ? EXIT.timedOut : exitCodeOfSignal(stop);
}

function tellUndeleted({ undeleted }: Tally, session: Session): void {
  if (undeleted.size === 0) return;
  session.log.warn(
    `deregistered, and not known to be deleted: ${[...undeleted].map(shortName).join(", ")} (${deleteOne(session)} ` +
      "deletes one)",
  );
}

function reportDone(plan: DeregisterPlan, { done, usedByNow, refused }: Tally, session: Session): number {
  const { log, commandLine } = session;
  if (plan.deregister.length > 1) log.info(`${done} task definitions are deregistered`);
  for (const { revision } of usedByNow) {
    const deleting = plan.delete.length === 0 ? "" : " --delete";
    log.error(`still to do, once nothing uses it: ${commandLine("deregister")} --revision ${revision}${deleting}`);
  }
  if (refused.length > 0) {
    log.error(`still to delete: ${refused.map(shortName).join(", ")} (${deleteOne(session)} tries one again)`);
  }
  return usedByNow.length + refused.length === 0 ? EXIT.ok : EXIT.incomplete;
}

function deleteOne({ commandLine }: Session): string {
  return `${commandLine("deregister")} --delete --revision NUMBER`;
}
