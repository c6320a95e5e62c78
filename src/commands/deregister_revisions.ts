import { shortName } from "../model/arn.ts";
import { FamilyUses } from "../registry/find_uses.ts";
import { type DeregisterPlan, planDeregister, type Selection } from "../registry/plan_deregister.ts";
import { readRegister } from "../registry/read_register.ts";
import { renderDeregisterPlan } from "../report/deregister_text.ts";
import { reportRefusal } from "../session/carry_out.ts";
import { carryOutDeregistering } from "./carry_out_deregistering.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import { readFamily } from "./read_family.ts";
import type { Session } from "../session/session.ts";

export interface DeregisterOptions {
  readonly selection: Selection;
  /** Delete, too, what is deregistered. */
  readonly deletes: boolean;
  /** Ask nothing, and do without the service where it is not there. */
  readonly force: boolean;
  readonly dryRun: boolean;
}

/**
 * Deregisters revisions that nothing uses, and deletes them where asked to. Answers with the exit code: what has come into
 * use while others were deregistered is left to do, as what AWS has refused to delete.
 */
export async function deregisterRevisions(session: Session, options: DeregisterOptions): Promise<number> {
  const { host, log, scope, signal } = session;
  const { selection, deletes, force, dryRun } = options;
  log.info(dryRun ? "Starting deregister (dry run)" : "Starting deregister");
  const ecs = await session.connectEcs();
  const family = await readFamily(session, ecs);
  const uses = new FamilyUses(scope, family, ecs, host.clock);
  const register = await readRegister(uses, selection, deletes, ecs, signal);
  const { notices } = register.uses;
  if (!force && notices.has("own service")) {
    return reportRefusal({ code: "usesOfServiceUnknown", family, ref: session.ref }, session);
  }
  if (!force && scope.service === undefined && notices.has("other services")) {
    const reason = notices.get("other services")!;
    return reportRefusal({ code: "usesOfClusterUnknown", family, reason }, session);
  }
  const planned = planDeregister(family, selection, deletes, register);
  for (const notice of notices.values()) log.warn(notice);
  if (planned.kind === "refused") return reportRefusal(planned.refusal, session);
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
  return await carryOutDeregistering(plan, uses, ecs, session);
}

function ask(plan: DeregisterPlan, family: string): string {
  const count = plan.deregister.length;
  const [only] = plan.deregister;
  const what = count === 1 && only !== undefined ? shortName(only) : `${count} task definitions of ${family}`;
  const deleting = plan.delete.length === 0 ? "" : ` and delete ${plan.delete.length}`;
  return `Deregister ${what}${deleting}?`;
}
