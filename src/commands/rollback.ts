import { Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import { renderFleetPlan, sortByWave } from "../report/fleet/plan_table.ts";
import { describePlanNotice } from "../report/messages/notice_text.ts";
import { describeChoice } from "../report/messages/reason_text.ts";
import { renderPlan } from "../report/plan_text.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import type { Chosen, RevisionChoice } from "../rollout/read/revision_choice.ts";
import { fitColumns } from "../report/table_layout.ts";
import { columnsOf } from "../session/reporter.ts";
import { prepareAll } from "../session/prepare_all.ts";
import { reportRefusal, runPlans } from "../session/run_in_session.ts";
import type { ProgramCommand } from "../session/global_options.ts";
import type { Session } from "../session/session.ts";
import { defineCommand, type OptionsOf } from "./define_command.ts";
import { explainMissingRevision } from "./explain_missing_revision.ts";
import {
  failAfterOption,
  logsOption,
  outputOption,
  preflightOption,
  reasonOption,
  resumeOption,
  suspendOption,
  waitOption,
} from "./options.ts";
import { canPick, pickDeployment } from "./pick_deployment.ts";
import { onFailureOption, parallelOption, policyOf, SKIP_REFUSED } from "./policy_options.ts";
import { type PreparedRollback, prepareRollback } from "./prepare_rollback.ts";
import { reportPlanned, reportStarted } from "./plan_all.ts";
import { askAboutPicked, findQuestion } from "./rollback_questions.ts";
import { addTargetOptions, readTarget, TARGET_CONFLICTS } from "./rollback_target.ts";

export const define = defineCommand({
  options: addOptions,
  examples: {
    "ecspresso rollback --revision previous --dry-run": "show the plan only",
    "ecspresso rollback --revision previous": "back to what ran before",
    "ecspresso rollback --revision 3": "back to revision 3",
    "ecspresso rollback": "choose from a list",
  },
  help: `
More examples:
  ecspresso rollback --config ecspresso.yml --revision 3 --dry-run
  ecspresso rollback --config ecspresso.yml --revision previous --from 5
  ecspresso rollback --config ecspresso.yml --revision stable --min-served 1h
  ecspresso rollback --config ecspresso.yml --at '2026-11-24 18:00'
  ecspresso rollback --config ecspresso.yml --image-tag v1.4.2
  ecspresso rollback --config ecspresso.yml --revision 3 --restore service
  ecspresso rollback --config ecspresso.yml --revision 3 --deregister
  ecspresso rollback --config ecspresso.yml --revision 3 --suspend-auto-scaling --resume-auto-scaling

The list of deployments needs a person at a terminal: it asks for one of them, shows the plan, and asks again. Piped, in CI
(the variable CI is set) and with --output json, a rollback that does not say where to is an error.`,
  conflicts: {
    ...TARGET_CONFLICTS,
    "--fail-after --no-wait": "nobody would see how the deployment ends",
    "--on-failure=undo --no-wait": "nobody would see that one fails",
    "--on-failure=undo --deregister": "what is deregistered cannot be gone back to",
    "--deregister --no-wait": "what is still in use cannot be deregistered",
    "--suspend-auto-scaling --resume-auto-scaling --no-wait": "resumed at once, nothing would be protected",
  },
  async actionOnAll(typed, { context, globals }) {
    const options = { ...typed, givenTimeoutMs: globals.timeoutMs };
    const target = readTarget(options, context.host.clock.now());
    if (target !== undefined) {
      return (sessions) => {
        if (sessions.length > 1) refuseNumbers(target, options.from);
        return rollBack(sessions, target, options);
      };
    }
    const { host, reporter: { isRecorded } } = context;
    if (canPick(host, isRecorded || globals.logFormat === "json")) {
      return ([session, ...others]) => {
        if (others.length > 0) {
          throw new UsageError("many services are rolled back only to what an option names", SAY_WHERE);
        }
        return rollBackToPicked(session!, options);
      };
    }
    const { openSessions } = await import("../session/session.ts");
    throw await explainMissingRevision(context.host.args, async () => (await openSessions(context, globals))[0]!);
  },
});

const SAY_WHERE = "add --revision previous, --revision stable, --at or --image-tag";

/** A number, an ARN or a deployment is one service's. */
function refuseNumbers({ kind }: RevisionChoice, from: unknown): void {
  if (from !== undefined) {
    throw new UsageError("--from names a revision of one service, and there are many", "leave it out");
  }
  if (kind !== "number" && kind !== "named" && kind !== "deployment") return;
  throw new UsageError("a revision or deployment by name is one service's, and there are many", SAY_WHERE);
}

function addOptions(command: ProgramCommand) {
  return addTargetOptions(command.optionsGroup("Where to:"))
    .option(
      "--allow-unproven",
      "go to what nothing shows to have run: with previous the next lower registered revision; or a revision of another " +
        "family",
    )
    .optionsGroup("What starts there:")
    .addOption(pinOption())
    .addOption(restoreOption())
    .addOption(preflightOption())
    .option("--reregister", "if the revision is deregistered, register a copy of it and roll back to that")
    .optionsGroup("How:")
    .option("--dry-run", "print the plan and change nothing")
    .addOption(waitOption())
    .option("--no-wait", "end once ECS has accepted the order; not with --deregister, nor with both scaling options")
    .addOption(failAfterOption("0"))
    .addOption(suspendOption())
    .addOption(resumeOption())
    .option(
      "--deregister",
      "after the rollback, deregister the task definition that was current before it, unless it is in use",
    )
    .addOption(reasonOption())
    .addOption(logsOption())
    .addOption(outputOption())
    .optionsGroup("Many services:")
    .addOption(parallelOption())
    .addOption(onFailureOption())
    .option(...SKIP_REFUSED);
}

function pinOption() {
  return new Option(
    "--pin <policy>",
    "where tags have moved: auto starts what ran, by a copy that names the digests; never goes by the tags",
  ).choices(["auto", "never", "always"]).default("auto" as const);
}

function restoreOption() {
  return new Option(
    "--restore <what>",
    "the settings with which the revision ran (network, load balancers, volumes ...): warn says which " +
      "differ; service restores them",
  ).choices(["warn", "service", "none"]).default("warn" as const);
}

type RollbackRequest = OptionsOf<typeof addOptions> & { readonly givenTimeoutMs: number | undefined };

/** Lets a person choose from the deployments on record. */
async function rollBackToPicked(session: Session, options: RollbackRequest): Promise<number> {
  const picked = await pickDeployment(session);
  if (picked !== undefined) return await rollBack([session], picked, options, true);
  session.emit({ kind: "notConfirmed" });
  return exitCodeOfRun(session.reporter.state);
}

/**
 * Reads, plans, and unless it is a dry run, carries out. Where one of many services is refused, nothing is done to any of
 * them, unless those are to be skipped. Returns the exit code.
 */
async function rollBack(
  sessions: readonly Session[],
  choice: RevisionChoice,
  options: RollbackRequest,
  isPicked = false,
): Promise<number> {
  const [first] = sessions as [Session];
  const { reporter } = first;
  reportStarted(sessions, "rollback", options);
  const { stdin, stderr } = first.host;
  const isAsked = sessions.length === 1 && stdin.isTerminal && stderr.isTerminal;
  const prepared = await prepareAll(sessions, (session) => prepareRollback(session, choice, options, isAsked));
  const planned: PlannedRollback[] = [];
  for (const one of prepared) planned.push(...await report(one));
  const isRefused = reportPlanned(sessions, planned.map(({ session }) => session), options);
  if (options.dryRun && options.output === "text") showPlans(planned, sessions);
  if (isRefused || options.dryRun) return exitCodeOfRun(reporter.state);
  for (const one of planned) {
    if (await isConfirmed(one, options, isPicked)) continue;
    one.session.emit({ kind: "notConfirmed" });
    return exitCodeOfRun(reporter.state);
  }
  return await runPlans(planned, policyOf(options));
}

interface PlannedRollback extends PreparedRollback {
  readonly plan: Plan;
  readonly wave: number;
  readonly timeoutMs: number;
}

/** Says why one is refused, or what is planned for it; returns what is to be carried out. */
async function report(prepared: PreparedRollback): Promise<PlannedRollback[]> {
  const { session, state, planned } = prepared;
  if (planned.kind === "refused") {
    if (state.left === undefined) explainChoice(state.chosen, session);
    await reportRefusal(planned.refusal, session);
    return [];
  }
  const { plan } = planned;
  session.emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  return [{ ...prepared, plan, wave: session.wave, timeoutMs: session.timeoutMs }];
}

/** Of many services a table, then the plan of each, in the order in which they are begun. */
function showPlans(planned: readonly PlannedRollback[], sessions: readonly Session[]): void {
  const [{ print, printText, timeoutMs, reporter, host }] = sessions as [Session];
  const isOfMany = sessions.length > 1;
  if (isOfMany) print(fitColumns(renderFleetPlan(reporter.state), columnsOf(host, "stdout")));
  for (const { plan } of sortByWave(planned.map((one) => ({ ...one, ref: one.plan.subject })))) {
    printText([...(isOfMany ? [""] : []), ...renderPlan(plan, timeoutMs)]);
  }
}

async function isConfirmed(
  { plan, state, session }: PlannedRollback,
  options: RollbackRequest,
  isPicked: boolean,
): Promise<boolean> {
  const question = isPicked ? askAboutPicked(plan, session) : findQuestion(plan, state.chosen, options);
  return question === undefined || await session.confirm(question);
}

/** Says why `previous` means the revision that is then refused. */
function explainChoice(chosen: Chosen | undefined, { log }: Session): void {
  if (chosen?.kind !== "chosen" || chosen.reason === undefined) return;
  log.info(`Revision ${chosen.revision}: ${describeChoice(chosen.reason)}`);
  for (const doubt of chosen.doubts) log.warn(describePlanNotice(doubt));
}
