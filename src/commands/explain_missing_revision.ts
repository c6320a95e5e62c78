import { AwsError, ConfigError, StoppedError, UsageError } from "../errors.ts";
import { readListedRevisions } from "../rollout/read/listed_revisions.ts";
import { describeListedRevisions } from "../report/messages/phrases.ts";
import { describeRefusal } from "../report/messages/refusal_text.ts";
import { runningRevision } from "../rollout/read/read_situation.ts";
import type { Session } from "../session/session.ts";
import { quoteArgument } from "../model/quote_argument.ts";

/**
 * The error for a rollback without `--revision`: with the command to type, and the newest revisions and what has become of
 * them, where that can be read. That it cannot be read is not what the user did wrong.
 */
export async function explainMissingRevision(
  args: readonly string[],
  open: () => Promise<Session>,
): Promise<UsageError> {
  const problem = "rollback needs --revision: the task definition revision to roll back to";
  const previous = `ecspresso ${args.map(quoteArgument).join(" ")} --revision previous`;
  try {
    const { ref, connectEcs, signal } = await open();
    const ecs = await connectEcs();
    const service = await ecs.describeService(ref, signal);
    const running = service && runningRevision(service);
    if (service === undefined) {
      const { message, advice } = describeRefusal({ code: "serviceMissing", intent: "rollback", ref });
      return new UsageError(problem, [message, ...advice].join("\n"));
    }
    if (running === undefined) return new UsageError(problem);
    const listed = await readListedRevisions(running.family, ref, ecs, signal);
    return new UsageError(
      problem,
      [
        `to go back to what ran before: ${previous}`,
        ...(listed === undefined
          ? []
          : [`the newest revisions of ${running.family}: ${describeListedRevisions(listed, running.revision)}`]),
      ].join("\n"),
    );
  } catch (error) {
    if (error instanceof AwsError || error instanceof ConfigError || error instanceof StoppedError) {
      return new UsageError(problem, `to go back to what ran before: ${previous}`);
    }
    throw error;
  }
}
