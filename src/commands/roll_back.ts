import { shortName } from "../model/arn.ts";
import type { Chosen, LeftChoice, RevisionChoice } from "../rollout/read/revision_choice.ts";
import { foreseeDeregistering } from "../rollout/read/foresee_deregistering.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import { nameFrom, repeatableCommand } from "../report/messages/phrases.ts";
import { planRollback, type RollbackOptions } from "../rollout/plan/plan_rollback.ts";
import { readSituation } from "../rollout/read/read_situation.ts";
import { renderChanges, renderPlan } from "../report/plan_text.ts";
import { carryOut, reportRefusal } from "../session/carry_out.ts";
import { EXIT, exitCodeOfSignal } from "../report/exit_code.ts";
import type { OutputFormat } from "./output_option.ts";
import type { Session } from "../session/session.ts";

export interface RollbackRequest extends Omit<RollbackOptions, "configuredFamily" | "isAsked" | "timeoutMs"> {
  /** What is to be left, and nothing else. */
  readonly from: LeftChoice | undefined;
  readonly dryRun: boolean;
  readonly output: OutputFormat;
}

/** Reads, plans, and unless it is a dry run, carries out. Answers with the exit code. */
export async function rollBack(session: Session, choice: RevisionChoice, options: RollbackRequest): Promise<number> {
  const { log, ref, signal, timeoutMs, audience } = session;
  audience.tell({ kind: "started", command: "rollback", subject: ref, isDryRun: options.dryRun, timeoutMs });
  log.info(options.dryRun ? "Starting rollback (dry run)" : "Starting rollback");
  const scales = options.suspendAutoScaling || options.resumeAutoScaling;
  const [ecs, scaling, configuredFamily] = await Promise.all([
    session.connectEcs(),
    scales ? session.connectScaling() : undefined,
    readConfiguredFamily(session),
  ]);
  const { stdin, stderr } = session.host;
  const isAsked = stdin.isTerminal && stderr.isTerminal;
  const situation = await readSituation(ref, choice, ecs, scaling, signal, options.from);
  const planned = planRollback(situation, { ...options, isAsked, configuredFamily, timeoutMs });
  if (planned.kind === "refused") {
    if (situation.left === undefined) explainChoice(situation.chosen, session);
    return reportRefusal(planned.refusal, session);
  }
  const foreseen = options.dryRun ? await foreseeDeregistering(planned.plan, situation.service, ecs, signal) : [];
  const plan = { ...planned.plan, notices: [...planned.plan.notices, ...foreseen] };
  audience.tell({ kind: "planned", plan, takesBack: false });
  if (options.dryRun) {
    if (options.output === "text") session.print(renderPlan(plan, timeoutMs));
    return EXIT.ok;
  }
  announce(plan, session);
  const question = findQuestion(plan, situation.chosen, options);
  if (question !== undefined && !await session.confirm(question)) {
    log.warn("Not confirmed: nothing has been changed");
    const stop = session.stoppedBy();
    return stop === undefined ? EXIT.refused : exitCodeOfSignal(stop);
  }
  return (await carryOut(plan, { ecs, scaling }, session, session.limits)).exitCode;
}

/** What somebody on a terminal is asked, where without one it is refused. */
function findQuestion(
  { from, to, steps }: Plan,
  chosen: Chosen | undefined,
  { allowUnproven }: RollbackRequest,
): string | undefined {
  const goesBack = steps.some(({ kind }) => kind !== "awaitDeployment" && kind !== "restoreScaling");
  if (chosen?.kind !== "chosen" || !goesBack || from === undefined || to === undefined || from.arn === to.arn) {
    return undefined;
  }
  if (chosen.leavesWayBack) {
    return `The service was brought back to ${shortName(from)} itself, less than an hour ago. Go further back, to ${
      shortName(to)
    }?`;
  }
  return chosen.isProven || allowUnproven
    ? undefined
    : `Nothing shows that ${shortName(to)} has ever run. Go to it all the same?`;
}

/** The family in the user's task definition file, for a warning only: whatever is wrong with that file costs nothing. */
async function readConfiguredFamily({ config, definitions, log }: Session): Promise<string | undefined> {
  if (config.taskDefinition === undefined) return undefined;
  const found = await definitions.readFamily();
  if ("family" in found) return found.family;
  log.debug(`the family in ${config.taskDefinition} is not compared: ${found.unknown}`);
  return undefined;
}

/** Where the number that is refused comes from, when the user has not named it. */
function explainChoice(chosen: Chosen | undefined, { log }: Session): void {
  if (chosen?.kind !== "chosen" || chosen.reason === undefined) return;
  log.info(`Revision ${chosen.revision}: ${chosen.reason}`);
  for (const doubt of chosen.doubts) log.warn(doubt);
}

/** What the rollback changes, before it changes it. */
function announce(plan: Plan, { log }: Session): void {
  if (plan.reason !== undefined) {
    log.info(`Revision ${plan.to && nameFrom(plan.from ?? plan.to, plan.to)}: ${plan.reason}`);
  }
  for (const notice of plan.notices) log.warn(notice);
  if (plan.repeatedBy !== undefined) log.info(`Safe to repeat: ${repeatableCommand(plan.subject, plan.repeatedBy)}`);
  if (plan.steps.length === 0 || plan.changes.length === 0) return;
  log.info(`Changes from ${plan.from && shortName(plan.from)} to ${plan.to && shortName(plan.to)}:`);
  for (const line of renderChanges(plan.changes)) log.info(`  ${line}`);
}
