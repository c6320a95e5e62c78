import type { Ecs } from "../../aws/ecs.ts";
import { shortName } from "../../model/arn.ts";
import { type DeregisterEvent, Deregistration } from "../../registry/deregister.ts";
import { FamilyUses, type UsesNotice } from "../../registry/find_uses.ts";
import {
  type DeregisterPlan,
  type DeregisterRefusal,
  planDeregister,
  readFamilyRevisions,
  type Selection,
} from "../../registry/plan_deregister.ts";
import {
  renderDeregisterEnd,
  renderDeregisterEvent,
  renderDeregisterPlan,
  renderDeregisterQuestion,
} from "../../report/messages/deregister_text.ts";
import { type Ending, endOfStop } from "../../report/exit_code.ts";
import type { Line } from "../../report/messages/log.ts";
import { describeUser, describeUsesNotice } from "../../report/messages/uses_text.ts";
import { reportRefusal } from "../report_refusal.ts";
import type { Session } from "../session.ts";
import { readFamily } from "../definition_files.ts";

interface DeregisterRequest {
  readonly delete: boolean;
  readonly force: boolean;
  readonly dryRun: boolean;
}

/**
 * Deregisters revisions that nothing uses, and deletes them if asked to. Returns the ending: incomplete if one has come
 * into use meanwhile, or AWS has refused to delete one.
 */
export async function deregisterRevisions(
  session: Session,
  selection: Selection,
  { delete: deletes, force, dryRun }: DeregisterRequest,
): Promise<Ending> {
  const { host, log, scope, signal } = session;
  log.info(dryRun ? "Starting deregister (dry run)" : "Starting deregister");
  const ecs = await session.connectEcs();
  const family = await readFamily(session, ecs);
  const uses = new FamilyUses(scope, family, ecs, host.clock);
  const revisions = await readFamilyRevisions(uses, selection, deletes, ecs, signal);
  const objection = force ? undefined : findUnknownUses(revisions.uses.notices, family, session);
  if (objection !== undefined) return reportRefusal(objection, session);
  const plan = planDeregister(family, selection, deletes, revisions);
  for (const notice of revisions.uses.notices) log.warn(describeUsesNotice(notice));
  if ("code" in plan) return reportRefusal(plan, session);
  for (const { revision, user } of plan.inUse) {
    log.info(`${shortName(revision)} is left alone: in use by ${describeUser(user)}`);
  }
  log.info("what other clusters use is not looked at");
  if (dryRun) {
    session.printText(renderDeregisterPlan(plan));
    return "ok";
  }
  if (plan.deregister.length === 0 && plan.delete.length === 0) {
    log.info(`Nothing to deregister in the family ${family}`);
    return "ok";
  }
  if (!force && !await session.confirm(renderDeregisterQuestion(plan, family))) {
    log.warn("Not confirmed: nothing has been changed");
    const stop = session.stoppedBy();
    return stop === undefined ? "refused" : "stopped";
  }
  return await runDeregisterPlan(plan, uses, ecs, session);
}

/** Refuses if it is not known what services use. `--force` skips this check: it says that no service uses the family. */
function findUnknownUses(
  notices: readonly UsesNotice[],
  family: string,
  session: Session,
): DeregisterRefusal | undefined {
  if (notices.some(({ code }) => code === "ownServiceMissing")) {
    return { code: "usesOfServiceUnknown", family, ref: session.ref };
  }
  const notice = notices.find(({ code }) => code === "otherServicesNotRead");
  if (session.scope.service !== undefined || notice === undefined) return undefined;
  return { code: "usesOfClusterUnknown", family, notice };
}

/**
 * Deregisters and deletes what a plan says, and logs what happens. Returns the ending. Whatever ends it early, the
 * log says what is left: a revision that is deregistered but not deleted may no longer be in any list.
 *
 * @throws AwsError as `deregister` does
 */
async function runDeregisterPlan(plan: DeregisterPlan, uses: FamilyUses, ecs: Ecs, session: Session): Promise<Ending> {
  const { host, log, signal, changes } = session;
  const write = ([level, message]: Line) => log[level](message);
  const events: DeregisterEvent[] = [];
  const reportEnd = (ending: Parameters<typeof renderDeregisterEnd>[0]) =>
    renderDeregisterEnd(ending, plan, events, session.scope).forEach(write);
  changes.mayHaveBegun = true;
  try {
    for await (const event of new Deregistration(plan, uses, ecs, host.clock, signal).run()) {
      renderDeregisterEvent(event).forEach(write);
      events.push(event);
    }
  } catch (error) {
    if (!signal.aborted) {
      reportEnd(undefined);
      throw error;
    }
  }
  const ending = signal.aborted ? endOfStop(session.stoppedBy()) : "ok";
  reportEnd(ending);
  const isLeft = events.some(({ kind }) => kind === "notDeregistered" || kind === "notDeleted");
  return ending === "ok" && isLeft ? "incomplete" : ending;
}
