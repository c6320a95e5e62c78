import { type AwsError, unlessDenied } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { EXIT } from "../report/exit_code.ts";
import { renderStatus } from "../report/status_text.ts";
import { readNewestDeployment, readScaling } from "../rollout/read/read_service.ts";
import { reportRefusal } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { parseCount } from "./options.ts";

const DEFAULT_EVENTS = 10;

export const define = defineCommand({
  options: (command) =>
    command.option("--events <number>", `how many events to show (default: ${DEFAULT_EVENTS})`, parseCount("--events")),
  help: `
Examples:
  ecspresso status
  ecspresso status --events 50`,
  action: ({ events = DEFAULT_EVENTS }) => (session) => showStatus(session, events),
});

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
