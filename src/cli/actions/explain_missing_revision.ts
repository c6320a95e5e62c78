import { AwsError, ConfigError, UsageError } from "../../errors.ts";
import { listRevisions, serviceMissing } from "../../rollout/refusals.ts";
import { runningRevision } from "../../rollout/read_situation.ts";
import { quoteArgument } from "../quote_argument.ts";
import type { Session } from "../session.ts";

const NAMED_REVISIONS = 10;

/**
 * The error for a rollback without `--revision`: with the newest revisions and the command to type, where they can be
 * read. That they cannot be read is not what the user did wrong, so then it says just what is missing.
 */
export async function explainMissingRevision(
  args: readonly string[],
  open: () => Promise<Session>,
): Promise<UsageError> {
  const problem = "rollback needs --revision: the number of the task definition revision to roll back to";
  try {
    const { ref, connectEcs, signal } = await open();
    const ecs = await connectEcs();
    const service = await ecs.describeService(ref, signal);
    const running = service && runningRevision(service);
    if (service === undefined) {
      const { message, advice } = serviceMissing("rollback", ref);
      return new UsageError(problem, [message, ...advice].join("\n"));
    }
    if (running === undefined) return new UsageError(problem);
    const newest = await ecs.listNewestRevisions(running.family, NAMED_REVISIONS, signal);
    const suggestion = newest.find((revision) => revision < running.revision) ??
      newest.find((revision) => revision !== running.revision);
    return new UsageError(
      problem,
      [
        `the newest revisions of ${running.family}: ${listRevisions(newest, running.revision)}`,
        ...(suggestion === undefined
          ? []
          : [`ecspresso ${args.map(quoteArgument).join(" ")} --revision ${suggestion}`]),
      ].join("\n"),
    );
  } catch (error) {
    if (error instanceof AwsError || error instanceof ConfigError) {
      return new UsageError(problem, `for example: ecspresso ${args.map(quoteArgument).join(" ")} --revision 3`);
    }
    throw error;
  }
}
