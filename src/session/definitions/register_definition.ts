import { dirname } from "node:path";
import { sameJson } from "../../definitions/canonicalize.ts";
import { findLostMembers, sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import { hideLookedUp } from "../../definitions/diff_definitions.ts";
import { AwsError, mayHaveBeenApplied, reasonOf, UsageError } from "../../errors.ts";
import type { Files } from "../../host.ts";
import type { Registered } from "../../model/ports.ts";
import { describeReasonOf } from "../../report/messages/machine_problem_text.ts";
import { type Ending, endOfStop } from "../../report/exit_code.ts";
import { formatDuration, formatJson } from "../../report/messages/log.ts";
import { commandTo } from "../../report/messages/own_commands.ts";
import { stillToDo } from "../../report/messages/phrases.ts";
import { describeLost } from "../../report/messages/run_notice_text.ts";
import type { Session } from "../session.ts";
import { chooseDefinitionOutput } from "../show_differences.ts";
import { loadTaskDefinition } from "../definition_files.ts";

interface RegisterRequest {
  readonly dryRun: boolean;
  /** The file to write the ARN to, - for stdout. */
  readonly output?: string | undefined;
  readonly showValues: boolean;
}

/** Registers the task definition of the config. Returns the ending. */
export async function registerDefinition(session: Session, request: RegisterRequest): Promise<Ending> {
  const { dryRun, output, showValues } = request;
  const { log, host, signal } = session;
  const file = output === "-" ? "/dev/stdout" : output;
  log.info(dryRun ? "Starting register (dry run)" : "Starting register");
  if (file !== undefined) await checkOutput(file, host);
  const ecs = await session.connectEcs();
  const { value } = await loadTaskDefinition(session, ecs);
  if (dryRun) {
    const { finder, write } = chooseDefinitionOutput(showValues, session);
    const shown = finder === "showsAll" ? value : hideLookedUp(value, finder);
    write(`${formatJson(shown, 2)}\n`);
    // Somebody might register by hand what is printed here, with `(hidden)` in it.
    if (!sameJson(shown, value)) {
      log.warn("values that were looked up are shown as (hidden): render taskdef prints them");
    }
    return "ok";
  }
  log.info(`Registering task definition: ${value.family}`);
  session.changes.mayHaveBegun = true;
  let registered: Registered;
  try {
    registered = await ecs.registerTaskDefinition(value, (raw) => sameTaskDefinition(value, raw), signal);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (signal.aborted) return reportStop(error, session);
    if (mayHaveBeenApplied(error)) log.warn(describeUnknownResult(session));
    throw error;
  }
  const { arn } = registered.revision;
  log.info(`Task definition is registered: ${arn}`);
  const lost = findLostMembers(value, registered.definition);
  if (lost.length > 0) log.warn(describeLost({ taskDefinition: registered.revision, names: lost }));
  return file === undefined ? "ok" : await writeArn(arn, file, session);
}

async function writeArn(arn: string, file: string, { log, host }: Session): Promise<Ending> {
  try {
    await host.files.writeText(file, `${arn}\n`);
    return "ok";
  } catch (error) {
    log.error(`the ARN could not be written to ${file}: ${describeReasonOf(reasonOf(error))}`);
    log.error(stillToDo(`write it there: ${arn}`));
    return "incomplete";
  }
}

/** Throws a UsageError, before anything is registered, if the ARN could not be written to the file afterwards. */
async function checkOutput(path: string, { files }: Session["host"]): Promise<void> {
  const reason = await findWriteProblem(path, files);
  if (reason === undefined) return;
  throw new UsageError(
    `--output: the ARN cannot be written to ${path}: ${reason}`,
    "name a file that can be written to, in a folder that is there",
  );
}

async function findWriteProblem(path: string, files: Files): Promise<string | undefined> {
  const kind = await files.kindOf(path);
  const folder = dirname(path);
  if (kind === "folder") return "it is a folder";
  if (kind === undefined && await files.kindOf(folder) !== "folder") return `there is no folder ${folder}`;
  if (kind !== "file") return undefined;
  // Appending nothing shows whether the file can be written, without changing it.
  return await files.appendText(path, "").then(() => undefined, (error) => describeReasonOf(reasonOf(error)));
}

/** Reports a stop signal or a timeout that came before AWS's answer. Returns the ending. */
function reportStop(error: AwsError, session: Session): Ending {
  const { log, stoppedBy, timeoutMs } = session;
  const left = mayHaveBeenApplied(error) ? describeUnknownResult(session) : "nothing has been changed";
  const stop = stoppedBy();
  if (stop === undefined) log.error(`Timed out: AWS did not answer within ${formatDuration(timeoutMs)}; ${left}`);
  else log.warn(`Interrupted: ${left}`);
  return endOfStop(stop);
}

function describeUnknownResult({ scope }: Session): string {
  return `AWS may have registered it: no answer came. See what is there: ${commandTo("listRevisions", scope)}`;
}
