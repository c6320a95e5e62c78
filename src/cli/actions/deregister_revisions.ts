import type { Ecs } from "../../aws/ecs_adapter.ts";
import { shortName } from "../../ecs/arn.ts";
import { deregister, type DeregisterEvent } from "../../registry/deregister.ts";
import { FamilyUses } from "../../registry/family_uses.ts";
import { type DeregisterPlan, planDeregister, type Selection } from "../../registry/plan_deregister.ts";
import { readRegister } from "../../registry/read_register.ts";
import { renderDeregisterEvent, renderDeregisterPlan } from "../../ui/deregister_text.ts";
import { reportRefusal } from "../carry_out.ts";
import { EXIT, exitCodeOfSignal } from "../exit_code.ts";
import { readFamily } from "../read_family.ts";
import type { Session } from "../session.ts";

export interface DeregisterOptions {
  readonly selection: Selection;
  /** Delete, too, what is deregistered. */
  readonly deletes: boolean;
  /** Ask nothing. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

/**
 * Deregisters revisions that nothing uses, and deletes them where asked to. Answers with the exit code: what has come into
 * use while others were deregistered is left to do, as what AWS has refused to delete.
 */
export async function deregisterRevisions(session: Session, options: DeregisterOptions): Promise<number> {
  const { host, log, ref, signal } = session;
  const { selection, deletes, force, dryRun } = options;
  log.info(dryRun ? "Starting deregister (dry run)" : "Starting deregister");
  const ecs = await session.connectEcs();
  const family = await readFamily(session, ecs);
  const uses = new FamilyUses(ref, family, ecs, host.clock);
  const register = await readRegister(uses, selection, deletes, ecs, signal);
  const planned = planDeregister(family, selection, deletes, register);
  for (const notice of register.uses.notices.values()) log.warn(notice);
  if (planned.kind === "refused") return reportRefusal(planned, session);
  const { plan } = planned;
  for (const { revision, user } of plan.inUse) log.info(`${shortName(revision)} is left alone: in use by ${user}`);
  log.info("what other clusters use is not looked at");
  if (dryRun) {
    session.print(renderDeregisterPlan(plan));
    return EXIT.ok;
  }
  if (plan.deregister.length === 0 && plan.delete.length === 0) {
    log.info(`Nothing to deregister in the family ${family}`);
    return EXIT.ok;
  }
  if (!force && !await session.confirm(ask(plan, family))) {
    log.warn("Not confirmed: nothing has been changed");
    const signal = session.stoppedBy();
    return signal === undefined ? EXIT.refused : exitCodeOfSignal(signal);
  }
  return await carryOut(plan, uses, ecs, session);
}

function ask(plan: DeregisterPlan, family: string): string {
  const count = plan.deregister.length;
  const [only] = plan.deregister;
  const what = count === 1 && only !== undefined ? shortName(only) : `${count} task definitions of ${family}`;
  const deleting = plan.delete.length === 0 ? "" : ` and delete ${plan.delete.length}`;
  return `Deregister ${what}${deleting}?`;
}

async function carryOut(
  plan: DeregisterPlan,
  uses: FamilyUses,
  ecs: Ecs,
  { host, log, signal, stoppedBy, commandLine }: Session,
): Promise<number> {
  let done = 0;
  let last: DeregisterEvent | undefined;
  const usedByNow: number[] = [];
  const refused: string[] = [];
  try {
    for await (const event of deregister(plan, uses, ecs, host.clock, signal)) {
      for (const [level, message] of renderDeregisterEvent(event)) log[level](message);
      if (event.kind === "deregistered") done++;
      if (event.kind === "notDeregistered") usedByNow.push(event.revision.revision);
      if (event.kind === "notDeleted") refused.push(shortName(event.revision));
      last = event;
    }
  } catch (error) {
    if (!signal.aborted) {
      log.warn(`${done} of ${plan.deregister.length} task definitions have been deregistered`);
      throw error;
    }
  }
  if (signal.aborted) {
    const isOpen = last?.kind === "deregistering" || last?.kind === "deleting";
    const stop = stoppedBy();
    log.warn(
      `${
        stop === undefined ? "Timed out" : "Interrupted"
      }: ${done} of ${plan.deregister.length} task definitions have ` +
        `been deregistered${isOpen ? ", maybe one more" : ""}; the same command goes on where this one stopped`,
    );
    return stop === undefined ? EXIT.timedOut : exitCodeOfSignal(stop);
  }
  if (plan.deregister.length > 1) log.info(`${done} task definitions are deregistered`);
  const command = commandLine("deregister");
  for (const number of usedByNow) {
    const deleting = plan.delete.length === 0 ? "" : " --delete";
    log.error(`still to do, once nothing uses it: ${command} --revision ${number}${deleting}`);
  }
  if (refused.length > 0) log.error(`still to delete: ${refused.join(", ")} (${command} with --delete tries again)`);
  return usedByNow.length + refused.length === 0 ? EXIT.ok : EXIT.incomplete;
}
