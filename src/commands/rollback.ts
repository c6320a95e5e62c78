import { Option } from "@commander-js/extra-typings";
import { sleep } from "../host/sleep.ts";
import { shortName } from "../model/arn.ts";
import { subjectName } from "../model/service.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import { EXIT } from "../report/exit_code.ts";
import { describePlanNotice } from "../report/messages/notice_text.ts";
import { describeChoice } from "../report/messages/reason_text.ts";
import { renderPlan, renderSteps } from "../report/plan_text.ts";
import type { Plan } from "../rollout/plan/plan.ts";
import { planRollback } from "../rollout/plan/plan_rollback.ts";
import { foreseeDeregistering } from "../rollout/read/foresee_deregistering.ts";
import { readCurrentState } from "../rollout/read/read_current_state.ts";
import { NeedsReader } from "../rollout/read/read_preflight.ts";
import type { Chosen, RevisionChoice } from "../rollout/read/revision_choice.ts";
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
  resumeOption,
  suspendOption,
  waitOption,
} from "./options.ts";
import { canPick, pickDeployment } from "./pick_deployment.ts";
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
    "--deregister --no-wait": "what is still in use cannot be deregistered",
    "--suspend-auto-scaling --resume-auto-scaling --no-wait": "resumed at once, nothing would be protected",
  },
  async action(typed, { context, globals }) {
    const options = { ...typed, givenTimeoutMs: globals.timeoutMs };
    const target = readTarget(options, context.host.clock.now());
    if (target !== undefined) return (session) => rollBack(session, target, options);
    const { host, reporter: { isRecorded } } = context;
    if (canPick(host, isRecorded || globals.logFormat === "json")) {
      return (session) => rollBackToPicked(session, options);
    }
    const { openSession } = await import("../session/session.ts");
    throw await explainMissingRevision(context.host.args, () => openSession(context, globals));
  },
});

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
    .addOption(logsOption())
    .addOption(outputOption());
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
  if (picked !== undefined) return await rollBack(session, picked, options, true);
  session.emit({ kind: "notConfirmed" });
  return exitCodeOfRun(session.reporter.state);
}

/** Reads, plans, and unless it is a dry run, carries out. Returns the exit code. */
async function rollBack(
  session: Session,
  choice: RevisionChoice,
  options: RollbackRequest,
  isPicked = false,
): Promise<number> {
  const { ref, signal, timeoutMs, emit, reporter } = session;
  emit({ kind: "started", command: "rollback", isDryRun: options.dryRun, timeoutMs });
  const [ecs, scaling, configuredFamily] = await prepare(session, options);
  const { stdin, stderr, clock } = session.host;
  const isAsked = stdin.isTerminal && stderr.isTerminal;
  const readAtMs = clock.elapsed();
  const checker = session.openChecker(options.preflight === "off" ? undefined : options.preflight);
  const needs = options.preflight === "off"
    ? undefined
    : new NeedsReader(checker, signal, options.restore !== "service");
  const reading = { from: options.from, checker, needs, likelyFamily: configuredFamily, pin: options.pin };
  const state = await readAhead(session, () => readCurrentState(ref, choice, ecs, scaling, signal, reading));
  const planned = planRollback(state, { ...options, isAsked, configuredFamily, timeoutMs });
  if (planned.kind === "refused") {
    if (state.left === undefined) explainChoice(state.chosen, session);
    return reportRefusal(planned.refusal, session);
  }
  const foreseen = options.dryRun ? await foreseeDeregistering(planned.plan, state.service, ecs, signal) : [];
  const plan = { ...planned.plan, notices: [...planned.plan.notices, ...foreseen] };
  emit({ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false });
  if (options.dryRun) {
    if (options.output === "text") session.print(renderPlan(plan, timeoutMs));
    return EXIT.ok;
  }
  const question = isPicked ? askAboutPicked(plan, session) : findQuestion(plan, state.chosen, options);
  if (question !== undefined && !await session.confirm(question)) {
    emit({ kind: "notConfirmed" });
    return exitCodeOfRun(reporter.state);
  }
  const { service, target } = state;
  const plannedFrom = service && { service, target, readAtMs };
  return await runPlans([{ plan, plannedFrom }], { ecs, scaling, logs: options.logs }, session);
}

/** Connects to what the rollback asks, and reads the file that it compares with. */
async function prepare(session: Session, { suspendAutoScaling, resumeAutoScaling }: RollbackRequest) {
  return await Promise.all([
    session.connectEcs(),
    suspendAutoScaling || resumeAutoScaling ? session.connectScaling() : undefined,
    readConfiguredFamily(session),
  ]);
}

/** What goes before the question about a deployment that was picked from a list: the log has shown the rest of the plan. */
function askAboutPicked(plan: Plan, { ref, log, timeoutMs }: Session): string | undefined {
  if (!changesSomething(plan) || plan.to === undefined) return undefined;
  for (const line of ["Steps:", ...renderSteps(plan, timeoutMs).map((step) => `  ${step}`)]) log.info(line);
  return `Roll ${subjectName(ref)} back to ${shortName(plan.to)}?`;
}

function changesSomething({ steps }: Plan): boolean {
  return steps.some(({ kind }) => kind !== "awaitDeployment" && kind !== "restoreScaling");
}

/** Reads, and meanwhile loads what images are looked up with. What cannot be loaded is an error where it is needed. */
async function readAhead<State>({ loadRegistry }: Session, read: () => Promise<State>): Promise<State> {
  const reading = read();
  // The first calls are sent once nothing else is to be done.
  const [state] = await Promise.all([reading, sleep(0).then(loadRegistry).catch(() => undefined)]);
  return state;
}

/** The question on a terminal. Without a terminal, the same rollback is refused. */
function findQuestion(
  plan: Plan,
  chosen: Chosen | undefined,
  { allowUnproven }: RollbackRequest,
): string | undefined {
  const { from, to } = plan;
  if (
    chosen?.kind !== "chosen" || !changesSomething(plan) || from === undefined || to === undefined ||
    from.arn === to.arn
  ) {
    return undefined;
  }
  if (chosen.leavesWayBack) {
    return `The service was rolled back to ${shortName(from)} less than an hour ago. Go further back, to ${
      shortName(to)
    }?`;
  }
  if (chosen.isProven || allowUnproven) return undefined;
  return `Nothing shows that ${shortName(to)} has ever run. Go to it all the same?`;
}

/** The family in the task definition file. It is for a warning only, so a mistake in that file stops nothing. */
async function readConfiguredFamily({ config, definitions, log }: Session): Promise<string | undefined> {
  if (config.taskDefinition === undefined) return undefined;
  const found = await definitions.readFamily();
  if ("family" in found) return found.family;
  log.debug(`the family in ${config.taskDefinition} is not compared: ${found.unknown}`);
  return undefined;
}

/** Says why `previous` means the revision that is then refused. */
function explainChoice(chosen: Chosen | undefined, { log }: Session): void {
  if (chosen?.kind !== "chosen" || chosen.reason === undefined) return;
  log.info(`Revision ${chosen.revision}: ${describeChoice(chosen.reason)}`);
  for (const doubt of chosen.doubts) log.warn(describePlanNotice(doubt));
}
