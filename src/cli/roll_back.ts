import { shortName } from "../ecs/arn.ts";
import { AwsError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { Outcome, RolloutEvent } from "../rollout/events.ts";
import { execute } from "../rollout/execute.ts";
import type { Plan, Refusal } from "../rollout/plan.ts";
import { planRollback, type RollbackOptions } from "../rollout/plan_rollback.ts";
import { readSituation, type Situation } from "../rollout/read_situation.ts";
import { renderEvent, renderSuspended } from "../ui/event_text.ts";
import { onOneLine } from "../ui/log.ts";
import { renderChanges, renderPlan } from "../ui/plan_text.ts";
import { formatDuration } from "../ui/format_duration.ts";
import { EXIT, exitCodeOfOutcome, exitCodeOfSignal } from "./exit_code.ts";
import type { Session } from "./session.ts";

/** Reads, plans, and unless it is a dry run, carries out. Answers with the exit code. */
export async function rollBack(
  session: Session,
  host: Host,
  revision: number,
  options: Omit<RollbackOptions, "configuredFamily"> & { readonly dryRun: boolean },
): Promise<number> {
  const { log, ref, signal, timeoutMs } = session;
  log.info(options.dryRun ? "Starting rollback (dry run)" : "Starting rollback");
  const scales = options.suspendAutoScaling || options.resumeAutoScaling;
  const [ecs, scaling, configuredFamily] = await Promise.all([
    session.connectEcs(),
    scales ? session.connectScaling() : undefined,
    readConfiguredFamily(session),
  ]);
  let situation: Situation;
  try {
    situation = await readSituation(ref, revision, ecs, scaling, signal);
  } catch (error) {
    if (!(error instanceof AwsError) || !signal.aborted) throw error;
    return reportEarlyStop(session);
  }
  const planned = planRollback(situation, { ...options, configuredFamily });
  if (planned.kind === "refused") return reportRefusal(planned.refusal, session);
  const { plan } = planned;
  if (options.dryRun) {
    host.stdout.write(renderPlan(plan, timeoutMs).map((line) => `${onOneLine(line)}\n`).join(""));
    return EXIT.ok;
  }
  announce(plan, session);
  let outcome: Outcome | undefined;
  const ports = { ecs, scaling, clock: host.clock, random: host.random, actor: nameActor(host) };
  for await (const event of execute(plan, ports, session.limits)) {
    keepLastWords(event, session);
    for (const [level, message] of renderEvent(event, timeoutMs)) log[level](message);
    if (event.kind === "finished") outcome = event.outcome;
  }
  if (outcome === undefined) throw new Error("the rollback ended without an outcome");
  return exitCodeOfOutcome(outcome, session.stoppedBy());
}

/** The family in the user's task definition file, for a warning only: whatever is wrong with that file costs nothing. */
async function readConfiguredFamily({ config, definitions, log }: Session): Promise<string | undefined> {
  if (config.taskDefinition === undefined) return undefined;
  const found = await definitions.readFamily();
  if ("family" in found) return found.family;
  log.debug(`the family in ${config.taskDefinition} is not compared: ${found.unknown}`);
  return undefined;
}

/** What a second Ctrl-C would leave behind at this moment. */
function keepLastWords(event: RolloutEvent, { lastWords }: Session): void {
  if (event.kind === "scalingRestored") lastWords.length = 0;
  if (event.kind !== "stepStarted") return;
  if (event.step.kind === "suspendScaling" || event.step.kind === "restoreScaling") {
    lastWords.splice(0, lastWords.length, ...renderSuspended(event.step));
  }
}

/** Stopped, or out of time, before there was a plan. */
function reportEarlyStop({ log, stoppedBy, timeoutMs }: Session): number {
  const signal = stoppedBy();
  if (signal !== undefined) {
    log.warn("Interrupted: nothing has been changed");
    return exitCodeOfSignal(signal);
  }
  log.error(`Timed out: AWS did not answer within ${formatDuration(timeoutMs)}. Nothing has been changed`);
  return EXIT.timedOut;
}

/** Who runs this: for the record of a suspension, read by people. */
function nameActor({ env }: Host): string {
  return env.get("GITHUB_ACTOR") || env.get("USER") || env.get("LOGNAME") || env.get("USERNAME") || "unknown";
}

function reportRefusal({ message, advice }: Refusal, { log }: Session): number {
  log.error(message);
  for (const line of advice) log.error(line);
  return EXIT.refused;
}

/** What the rollback changes, before it changes it. */
function announce(plan: Plan, { log }: Session): void {
  for (const notice of plan.notices) log.warn(notice);
  if (plan.steps.length === 0 || plan.changes.length === 0) return;
  log.info(`Changes from ${shortName(plan.from)} to ${shortName(plan.to)}:`);
  for (const line of renderChanges(plan.changes)) log.info(`  ${line}`);
}
