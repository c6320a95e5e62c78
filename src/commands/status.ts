import { optional } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { COMMAND_ENDINGS, EXIT, renderExitCodes } from "../report/exit_code.ts";
import { renderStatus } from "../report/status_text.ts";
import { readNewestDeployment, readScaling } from "../rollout/read/read_current_state.ts";
import { reportRefusal } from "../session/run_plans.ts";
import type { Context } from "../session/context.ts";
import { type ProgramCommand, resolveGlobalOptions } from "../session/global_options.ts";
import { runInSession } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { parseCount } from "./options.ts";

const EXAMPLES = `
Examples:
  ecspresso status
  ecspresso status --events 50

${renderExitCodes(COMMAND_ENDINGS.status)}`;

const DEFAULT_EVENTS = 10;

/** `ecspresso status`: how many events. */
export function defineStatus(command: ProgramCommand, context: Context): void {
  command
    .option("--events <number>", `how many events to show (default: ${DEFAULT_EVENTS})`)
    .addHelpText("after", EXAMPLES)
    .action(async (options, command) => {
      const globals = resolveGlobalOptions(command.optsWithGlobals(), context.host.env);
      const events = options.events === undefined ? DEFAULT_EVENTS : parseCount("--events", options.events);
      await runInSession(context, globals, (session) => showStatus(session, events));
    });
}

async function showStatus(session: Session, events: number): Promise<number> {
  const { ref, signal, commandLine } = session;
  const [ecs, scalingPort] = await Promise.all([session.connectEcs(), session.connectScaling()]);
  const [service, scaling] = await Promise.all([
    ecs.describeService(ref, signal),
    shown("auto scaling", readScaling(ref, scalingPort, signal), session),
  ]);
  if (service === undefined) return reportRefusal({ code: "serviceMissing", intent: "status", ref }, session);
  const newest = await shown("the stage", readNewestDeployment(ref, service, ecs, signal), session);
  const resume = `${commandLine("rollback")} --revision ${runningNumber(service)} --resume-auto-scaling`;
  const serviceDeployment = newest?.deployment;
  session.print(renderStatus({ ref, service, serviceDeployment, scaling, events, resumeCommand: resume }));
  return EXIT.ok;
}

/** What may not be read is left out, and the log says so. */
async function shown<Part>(name: string, part: Promise<Part>, { log }: Session): Promise<Part | undefined> {
  const { value, denied } = await optional(part);
  if (denied !== undefined) log.warn(`${denied.message}; ${name} is not shown`);
  return value;
}

function runningNumber({ taskDefinition }: ServiceSnapshot): number | "REVISION" {
  return taskDefinition === undefined ? "REVISION" : parseTaskDefinitionArn(taskDefinition).revision;
}
