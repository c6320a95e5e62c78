import { AwsError, ConfigError, StoppedError, UsageError } from "../../errors.ts";
import type { Host } from "../../host.ts";
import { shortName } from "../../model/arn.ts";
import { subjectName } from "../../model/service.ts";
import { STEP_KINDS } from "../../model/step_kinds.ts";
import { retyped } from "../../report/messages/own_commands.ts";
import { describeUnread } from "../../report/messages/unread_text.ts";
import { describeListedRevisions } from "../../report/messages/phrases.ts";
import { describeRefusal } from "../../report/messages/refusal_text.ts";
import { renderSteps } from "../../report/plan_text.ts";
import type { Plan } from "../../rollout/plan/plan.ts";
import { readListedRevisions, runningRevision } from "../../rollout/read/choose_revision.ts";
import { hasRollbackTarget, readPastChoices } from "../../rollout/read/read_marks.ts";
import type { Chosen } from "../../rollout/read/chosen_revision.ts";
import type { DeploymentChoice } from "../../rollout/read/revision_choice.ts";
import { isCi } from "../context.ts";
import type { SessionPlan } from "../run_plans.ts";
import type { Session } from "../session.ts";
import type { RollbackRequest } from "../rollback_request.ts";

/** Whether a person sits at the terminal, and no program reads the run. */
export function canPick({ stdin, stderr, env }: Pick<Host, "stdin" | "stderr" | "env">, isRecorded: boolean): boolean {
  return stdin.isTerminal && stderr.isTerminal && !isCi(env) && !isRecorded;
}

/**
 * Shows the newest recorded deployments as a numbered list, and asks which one to go back to.
 *
 * @returns `undefined` if none was chosen
 * @throws UsageError that asks for `--revision` if there is no deployment to choose
 */
export async function pickDeployment(session: Session): Promise<DeploymentChoice | undefined> {
  const { ref, openChecker, signal, host, log, printToStderr } = session;
  const ecs = await session.connectEcs();
  const found = await readPastChoices({ ref, ecs, checker: openChecker(), signal });
  if (found !== undefined && "denied" in found) {
    log.warn(describeUnread("pastChoices", found.denied));
  }
  if (found === undefined || "denied" in found || !hasRollbackTarget(found)) {
    throw await explainMissingRevision(host.args, () => Promise.resolve([session]));
  }
  if (found.unread !== undefined) {
    log.warn(describeUnread("pastEnds", found.unread));
  }
  const { findUnlisted, renderPastChoices } = await import("../../report/past_choices_text.ts");
  printToStderr([...renderPastChoices(found, ecs.now()), ...findUnlisted(found)]);
  const picked = await askForOne(found.entries, session);
  if (picked === undefined) return undefined;
  const id = picked.arn.split("/").at(-1)!;
  log.info(`The same again: ${retyped(host.args, ["--deployment", id])}`);
  return { kind: "deployment", id: picked.arn };
}

const ANSWERS = 3;

/** Asks again if the answer is not a number in the list. Without an answer nothing is chosen: there is no default. */
async function askForOne<Entry>(entries: readonly Entry[], session: Session): Promise<Entry | undefined> {
  const last = entries.length;
  for (let answers = 1; answers <= ANSWERS; answers++) {
    const answer = await session.ask(`Go back to which of them? 1 to ${last}, or Enter for none:`);
    // An input method may type full-width digits.
    const text = answer?.normalize("NFKC").trim() ?? "";
    if (text === "") return undefined;
    const picked = /^[1-9][0-9]?$/.test(text) ? entries[Number(text) - 1] : undefined;
    if (picked !== undefined) return picked;
    session.printToStderr([`${JSON.stringify(text.slice(0, 20))} is not a number from 1 to ${last}`]);
  }
  return undefined;
}

/**
 * The error for a rollback without a target: with the command to type, and the newest revisions and how they ended.
 * Leaves out the revisions if they cannot be read: that is not the user's mistake.
 */
export async function explainMissingRevision(
  args: readonly string[],
  open: () => Promise<readonly Session[]>,
): Promise<UsageError> {
  const problem = "rollback needs --revision: the task definition revision to roll back to";
  const advice = `to roll back to what ran before: ${retyped(args, ["--revision", "previous"])}`;
  try {
    const [{ ref, connectEcs, signal }] = await open() as [Session];
    const ecs = await connectEcs();
    const service = await ecs.describeService(ref, signal);
    if (service === undefined) {
      const why = describeRefusal({ code: "serviceMissing", intent: "rollback", ref });
      return new UsageError(problem, why.join("\n"));
    }
    const running = runningRevision(service);
    if (running === undefined) return new UsageError(problem);
    const { family, revision } = running;
    const listed = await readListedRevisions(family, { ref, ecs, signal });
    if (listed === undefined) return new UsageError(problem, advice);
    const newest = `the newest revisions of ${family}: ${describeListedRevisions(listed, revision)}`;
    return new UsageError(problem, `${advice}\n${newest}`);
  } catch (error) {
    const isUnreadable = error instanceof AwsError || error instanceof ConfigError || error instanceof StoppedError;
    if (isUnreadable) return new UsageError(problem, advice);
    throw error;
  }
}

/** Whether to carry the plan out; asks if a person has to decide. */
export async function isConfirmed(
  { session, plan }: SessionPlan,
  chosen: Chosen | undefined,
  options: RollbackRequest,
  isPicked: boolean,
): Promise<boolean> {
  const question = isPicked ? askAboutPicked(plan, session) : findQuestion(plan, chosen, options);
  return question === undefined || await session.confirm(question);
}

/** Shows the steps before the question about a picked deployment: the log has shown the rest of the plan. */
function askAboutPicked(plan: Plan, { ref, log, timeoutMs }: Session): string | undefined {
  if (!changesSomething(plan) || plan.to === undefined) return undefined;
  for (const line of ["Steps:", ...renderSteps(plan, timeoutMs).map((step) => `  ${step}`)]) log.info(line);
  return `Roll ${subjectName(ref)} back to ${shortName(plan.to)}?`;
}

function changesSomething({ steps }: Plan): boolean {
  return steps.some(({ kind }) => STEP_KINDS[kind].changes);
}

/** The question for a terminal. Without a terminal, the same rollback is refused. */
function findQuestion(plan: Plan, chosen: Chosen | undefined, options: RollbackRequest): string | undefined {
  const { from, to } = plan;
  if (chosen?.kind !== "chosen" || !changesSomething(plan) || !from || !to || from.arn === to.arn) return undefined;
  if (chosen.leavesRollback) {
    const back = `The service was rolled back to ${shortName(from)} less than an hour ago`;
    return `${back}. Go further back, to ${shortName(to)}?`;
  }
  if (!chosen.isUnproven || options.allowUnproven) return undefined;
  return `Nothing shows that ${shortName(to)} has ever run. Roll back to it anyway?`;
}
