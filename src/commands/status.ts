import { type AwsError, unlessDenied } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { COMMAND_ENDINGS, EXIT, renderExitCodes } from "../report/exit_code.ts";
import { renderStatus } from "../report/status_text.ts";
import { readNewestDeployment, readScaling } from "../rollout/read/read_service.ts";
import { reportRefusal, runInSession } from "../session/run_in_session.ts";
import type { Context } from "../session/context.ts";
import { type ProgramCommand, resolveGlobalOptions } from "../session/global_options.ts";
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
  const { ref, signal, commandLine, log } = session;
  const warn = (part: string) => ({ message }: AwsError) => log.warn(`${message}; ${part} is not shown`);
  const [ecs, scalingPort] = await Promise.all([session.connectEcs(), session.connectScaling()]);
  const [service, scaling] = await Promise.all([
    ecs.describeService(ref, signal),
    unlessDenied(readScaling(ref, scalingPort, signal), warn("auto scaling")),
  ]);
  if (service === undefined) return reportRefusal({ code: "serviceMissing", intent: "status", ref }, session);
  const newest = await unlessDenied(readNewestDeployment(ref, service, ecs, signal), warn("the stage"));
  const resume = `${commandLine("rollback")} --revision ${runningNumber(service)} --resume-auto-scaling`;
  const serviceDeployment = newest?.deployment;
  session.print(renderStatus({ ref, service, serviceDeployment, scaling, events, resumeCommand: resume }));
  return EXIT.ok;
}

function runningNumber({ taskDefinition }: ServiceSnapshot): number | "REVISION" {
  return taskDefinition === undefined ? "REVISION" : parseTaskDefinitionArn(taskDefinition).revision;
}
