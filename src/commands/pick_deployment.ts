import { AwsError, ConfigError, StoppedError, UsageError } from "../errors.ts";
import type { Host } from "../host.ts";
import { quoteArgument } from "../model/typed_commands.ts";
import { describeCall } from "../report/messages/aws_failure_text.ts";
import { describeListedRevisions } from "../report/messages/phrases.ts";
import { describeRefusal } from "../report/messages/refusal_text.ts";
import type { DeploymentChoice } from "../rollout/read/revision_choice.ts";
import { readListedRevisions, runningRevision } from "../rollout/read/choose_revision.ts";
import { leadsBack, readPastChoices } from "../rollout/read/read_marks.ts";
import { isCi } from "../session/context.ts";
import type { Session } from "../session/session.ts";

/** Whether a person sits at the terminal, and no program reads the run. */
export function canPick({ stdin, stderr, env }: Pick<Host, "stdin" | "stderr" | "env">, isRecorded: boolean): boolean {
  return stdin.isTerminal && stderr.isTerminal && !isCi(env) && !isRecorded;
}

/**
 * Shows the newest deployments on record as a numbered list, and asks which of them to go back to.
 *
 * @returns `undefined` where none was chosen
 * @throws UsageError that asks for `--revision` where there are none to choose from
 */
export async function pickDeployment(session: Session): Promise<DeploymentChoice | undefined> {
  const { ref, openChecker, signal, host, log, printToStderr } = session;
  const ecs = await session.connectEcs();
  const found = await readPastChoices({ ref, ecs, checker: openChecker(), signal });
  if (found !== undefined && "denied" in found) {
    log.warn(`${describeCall(found.denied.failure)}; what was deployed is not listed`);
  }
  if (found === undefined || "denied" in found || !leadsBack(found)) {
    throw await explainMissingRevision(host.args, () => Promise.resolve(session));
  }
  if (found.unread !== undefined) {
    log.warn(`${describeCall(found.unread)}; the list does not show how all deployments ended`);
  }
  const { findUnlisted, renderPastChoices } = await import("../report/past_choices_text.ts");
  printToStderr([...renderPastChoices(found, ecs.now()), ...findUnlisted(found)]);
  const picked = await askForOne(found.entries, session);
  if (picked === undefined) return undefined;
  const id = picked.arn.split("/").at(-1)!;
  log.info(`The same again: ecspresso ${host.args.map(quoteArgument).join(" ")} --deployment ${id}`);
  return { kind: "deployment", id: picked.arn };
}

const ANSWERS = 3;

/** Asks again for what is no number in the list. Without an answer nothing is chosen: there is no default. */
async function askForOne<Entry>(entries: readonly Entry[], session: Session): Promise<Entry | undefined> {
  const last = entries.length;
  for (let answers = 1; answers <= ANSWERS; answers++) {
    const answer = await session.ask(`Go back to which of them? 1 to ${last}, or Enter for none:`);
    // An input method may be on that types digits of full width.
    const text = answer?.normalize("NFKC").trim() ?? "";
    if (text === "") return undefined;
    const picked = /^[1-9][0-9]?$/.test(text) ? entries[Number(text) - 1] : undefined;
    if (picked !== undefined) return picked;
    session.printToStderr([`${JSON.stringify(text.slice(0, 20))} is none of the numbers 1 to ${last}`]);
  }
  return undefined;
}

/**
 * The error for a rollback that does not say where to: the command to type, and the newest revisions with what has become of
 * them. Where those cannot be read, the error does without: that is not the user's mistake.
 */
export async function explainMissingRevision(
  args: readonly string[],
  open: () => Promise<Session>,
): Promise<UsageError> {
  const problem = "rollback needs --revision: the task definition revision to roll back to";
  const advice = `to roll back to what ran before: ecspresso ${args.map(quoteArgument).join(" ")} --revision previous`;
  try {
    const { ref, connectEcs, signal } = await open();
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
