import { AwsError, ConfigError, StoppedError, UsageError } from "../errors.ts";
import type { Host } from "../host.ts";
import { quoteArgument } from "../model/typed_commands.ts";
import { exitCodeOfRun } from "../report/ending.ts";
import { describeCall } from "../report/messages/aws_failure_text.ts";
import { describeListedRevisions } from "../report/messages/phrases.ts";
import { describeRefusal } from "../report/messages/refusal_text.ts";
import { readListedRevisions, runningRevision } from "../rollout/read/choose_revision.ts";
import { leadsBack, readPastChoices } from "../rollout/read/read_marks.ts";
import type { DeploymentChoice, RevisionChoice } from "../rollout/read/revision_choice.ts";
import { isCi } from "../session/context.ts";
import type { Session } from "../session/session.ts";
import { namesSet } from "../session/set_options.ts";
import { defineCommand } from "./define_command.ts";
import { rollBack } from "./roll_back.ts";
import { addRollbackOptions, readTarget, ROLLBACK_CONFLICTS, type RollbackRequest } from "./rollback_options.ts";

export const define = defineCommand({
  options: addRollbackOptions,
  examples: {
    "ecspresso rollback --revision previous --dry-run": "the plan only",
    "ecspresso rollback --revision previous": "what ran before",
    "ecspresso rollback --revision 3": "revision 3",
    "ecspresso rollback": "pick from a list",
    "ecspresso rollback --config 'ecs/*.yml' --revision previous": "many at once",
    "ecspresso rollback --revision previous --bake 5m": "did it help?",
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
  conflicts: ROLLBACK_CONFLICTS,
  writes: ({ planOut }) => planOut === undefined ? [] : [planOut],
  async actionOnAll(typed, { context, globals }) {
    const options = { ...typed, givenTimeoutMs: globals.timeoutMs };
    if (typed.plan !== undefined) {
      return (await import("./carry_out_plan.ts")).carryOutPlan(typed.plan, options, globals.set.names);
    }
    const target = readTarget(options, context.host.clock.now());
    if (target !== undefined) {
      return (sessions) => {
        if (sessions.length > 1) refuseNumbers(target, options.from);
        const staysBack = sessions.length > 1 || namesSet(globals.set);
        return rollBack(sessions, () => ({ choice: target, from: options.from, staysBack }), options);
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

/** Lets a person choose from the deployments on record. */
async function rollBackToPicked(session: Session, options: RollbackRequest): Promise<number> {
  const picked = await pickDeployment(session);
  if (picked !== undefined) {
    return await rollBack([session], () => ({ choice: picked, from: options.from }), options, true);
  }
  session.emit({ kind: "notConfirmed" });
  return exitCodeOfRun(session.reporter.state);
}

/** Whether a person sits at the terminal, and no program reads the run. */
function canPick({ stdin, stderr, env }: Pick<Host, "stdin" | "stderr" | "env">, isRecorded: boolean): boolean {
  return stdin.isTerminal && stderr.isTerminal && !isCi(env) && !isRecorded;
}

/**
 * Shows the newest deployments on record as a numbered list, and asks which of them to go back to.
 *
 * @returns `undefined` where none was chosen
 * @throws UsageError that asks for `--revision` where there are none to choose from
 */
async function pickDeployment(session: Session): Promise<DeploymentChoice | undefined> {
  const { ref, openChecker, signal, host, log, printToStderr } = session;
  const ecs = await session.connectEcs();
  const found = await readPastChoices({ ref, ecs, checker: openChecker(), signal });
  if (found !== undefined && "denied" in found) {
    log.warn(`${describeCall(found.denied)}; what was deployed is not listed`);
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
async function explainMissingRevision(args: readonly string[], open: () => Promise<Session>): Promise<UsageError> {
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
