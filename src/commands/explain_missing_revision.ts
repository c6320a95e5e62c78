import { AwsError, ConfigError, StoppedError, UsageError } from "../errors.ts";
import { quoteArgument } from "../model/typed_commands.ts";
import { describeListedRevisions } from "../report/messages/phrases.ts";
import { describeRefusal } from "../report/messages/refusal_text.ts";
import { runningRevision } from "../rollout/read/choose_revision.ts";
import { readListedRevisions } from "../rollout/read/read_listed_revisions.ts";
import type { Session } from "../session/session.ts";

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
