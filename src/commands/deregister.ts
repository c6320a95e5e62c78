import type { Ecs } from "../aws/ecs.ts";
import { UsageError } from "../errors.ts";
import { type Revision, shortName } from "../model/arn.ts";
import { deregister, type DeregisterEvent } from "../registry/deregister.ts";
import { FamilyUses } from "../registry/find_uses.ts";
import {
  type DeregisterPlan,
  planDeregister,
  readFamilyRevisions,
  type Selection,
} from "../registry/plan_deregister.ts";
import { renderDeregisterEvent, renderDeregisterPlan } from "../report/deregister_text.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import { describeUser, describeUsesNotice } from "../report/messages/uses_text.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import { reportRefusal } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { defineCommand, type OptionsOf } from "./define_command.ts";
import { readFamily } from "./definition_files.ts";
import { parseCount, parseRevision } from "./options.ts";

export const define = defineCommand({
  options: addOptions,
  help: `
Examples:
  ecspresso deregister --revision 3
  ecspresso deregister --keeps 10 --dry-run
  ecspresso deregister --keeps 10 --delete --force

What a service, a deployment or a running task of this cluster uses is never deregistered. It is
looked for again just before each one. Other clusters are not looked at.`,
  conflicts: { "--revision --keeps": "each says what is deregistered" },
  action(options) {
    const selection = options.revision ?? options.keeps;
    if (selection !== undefined) return (session) => deregisterRevisions(session, selection, options);
    throw new UsageError(
      "deregister needs --revision or --keeps: what is to be deregistered",
      "for example: ecspresso deregister --revision 3, or: ecspresso deregister --keeps 10",
    );
  },
});

function addOptions(command: ProgramCommand) {
  return command
    .option("--revision <number>", "the revision to deregister, or latest", parseSelected)
    .option(
      "--keeps <number>",
      "deregister all that are not in use, but for the newest so many of them",
      (text: string): Selection => ({ kind: "allBut", keeps: parseCount("--keeps")(text) }),
    )
    .option("--delete", "delete them, too; with --keeps also those that were deregistered before")
    .option(
      "--force",
      "ask nothing, and go on where there is no such service (without a terminal on stdin nothing is asked anyway)",
    )
    .option("--dry-run", "print what would be deregistered and change nothing");
}

function parseSelected(text: string): Selection {
  return text === "latest" ? { kind: "latest" } : { kind: "revision", revision: parseRevision(text) };
}

// Deregisters revisions that nothing uses, and deletes them where asked to. Returns the exit code: what has come into
// use meanwhile, and what AWS has refused to delete, is left to do.
async function deregisterRevisions(
  session: Session,
  selection: Selection,
  { delete: deletes, force, dryRun }: OptionsOf<typeof addOptions>,
): Promise<number> {
  const { host, log, scope, signal } = session;
  log.info(dryRun ? "Starting deregister (dry run)" : "Starting deregister");
  const ecs = await session.connectEcs();
  const family = await readFamily(session, ecs);
  const uses = new FamilyUses(scope, family, ecs, host.clock);
  const revisions = await readFamilyRevisions(uses, selection, deletes, ecs, signal);
  const { notices } = revisions.uses;
  if (!force && notices.some(({ code }) => code === "ownServiceMissing")) {
    return reportRefusal({ code: "usesOfServiceUnknown", family, ref: session.ref }, session);
  }
  const notice = notices.find(({ code }) => code === "otherServicesNotRead");
  if (!force && scope.service === undefined && notice !== undefined) {
    return reportRefusal({ code: "usesOfClusterUnknown", family, notice }, session);
  }
  const plan = planDeregister(family, selection, deletes, revisions);
  for (const notice of notices) log.warn(describeUsesNotice(notice));
  if ("code" in plan) return reportRefusal(plan, session);
  for (const { revision, user } of plan.inUse) {
    log.info(`${shortName(revision)} is left alone: in use by ${describeUser(user)}`);
  }
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
  return await runDeregisterPlan(plan, uses, ecs, session);
}

function ask(plan: DeregisterPlan, family: string): string {
  const count = plan.deregister.length;
  const [only] = plan.deregister;
  const what = count === 1 && only !== undefined ? shortName(only) : `${count} task definitions of ${family}`;
  const deleting = plan.delete.length === 0 ? "" : ` and delete ${plan.delete.length}`;
  return `Deregister ${what}${deleting}?`;
}

interface Tally {
  done: number;
  /** Deregistered, and to be deleted, too. */
  readonly undeleted: Set<Revision>;
  readonly usedByNow: Revision[];
  readonly refused: Revision[];
  last: DeregisterEvent | undefined;
}

/**
 * Deregisters and deletes what a plan says, and logs what happens. Returns the exit code; whatever ends it early, the
 * log says what is left, for a deregistered revision may be in no list any more.
 *
 * @throws AwsError as `deregister` does
 */
async function runDeregisterPlan(
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
      const [level, message] = renderDeregisterEvent(event);
      log[level](message);
      count(event, plan, tally);
    }
  } catch (error) {
    if (!signal.aborted) {
      log.warn(`${tally.done} of ${plan.deregister.length} task definitions have been deregistered`);
      reportUndeleted(tally, session);
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
  const why = stop === undefined ? "Timed out" : "Interrupted";
  const count = `${tally.done} of ${plan.deregister.length} task definitions have been deregistered`;
  const maybe = tally.last?.kind === "deregistering" ? ", maybe one more" : "";
  log.warn(`${why}: ${count}${maybe}; the same command goes on where this one stopped`);
  reportUndeleted(tally, session);
  return stop === undefined ? EXIT.timedOut : exitCodeOfSignal(stop);
}

function reportUndeleted({ undeleted }: Tally, session: Session): void {
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
