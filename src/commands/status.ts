import { type AwsError, unlessDenied } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { EXIT } from "../report/exit_code.ts";
import { describeRunNotice } from "../report/run_notice_text.ts";
import { renderStatus } from "../report/status_text.ts";
import { imagesOfCurrent } from "../rollout/read/read_shipped_images.ts";
import { readNewestRollout, readStoppedTasks } from "../rollout/read/read_newest_rollout.ts";
import { readScaling } from "../rollout/read/read_service.ts";
import { mayHaveFailed, showsTrouble } from "../rollout/rollout_stage.ts";
import { readNewestLog } from "../rollout/read/read_newest_log.ts";
import { readLogsFor } from "../session/log_reading.ts";
import { reportRefusal } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { findMoved, readDeployed } from "./find_moved_tags.ts";
import { logsOption, parseCount } from "./options.ts";

const DEFAULT_EVENTS = 10;
const CAUSES_WITHIN_MS = 5_000;

export const define = defineCommand({
  options: (command) =>
    command
      .option("--events <number>", `how many events to show (default: ${DEFAULT_EVENTS})`, parseCount("--events"))
      .addOption(logsOption()),
  examples: {
    "ecspresso status": "what runs, what fails and why",
    "ecspresso status --events 50": "with more of ECS's events",
    "ecspresso history": "what ran before, and how it ended",
  },
  help: "",
  action: ({ events = DEFAULT_EVENTS, logs }) => (session) => showStatus(session, events, logs),
});

async function showStatus(session: Session, events: number, logs: number | undefined): Promise<number> {
  const { ref, signal, commandLine, log, host } = session;
  const [ecs, scalingPort] = await Promise.all([session.connectEcs(), session.connectScaling()]);
  const [service, scaling] = await Promise.all([
    ecs.describeService(ref, signal),
    unlessDenied(
      readScaling(ref, scalingPort, signal),
      ({ message }) => log.warn(`${message}; auto scaling is not shown`),
    ),
  ]);
  if (service === undefined) return reportRefusal({ code: "serviceMissing", intent: "status", ref }, session);
  // Why it failed is worth a moment, and never the rest.
  const brief = AbortSignal.any([signal, host.clock.deadline(CAUSES_WITHIN_MS)]);
  const note = ({ message }: AwsError) => log.warn(`${message}; status shows less of why the newest deployment failed`);
  const [{ newest, revisions }, ended, tasks] = await Promise.all([
    readDeployed(session, ecs, service, "the stage"),
    mayHaveFailed(service) ? unlessDenied(ecs.findNewestServiceDeployment(ref, brief), note, () => true) : undefined,
    showsTrouble(service) ? readStoppedTasks(ref, ecs, brief, note) : "not read" as const,
  ]);
  const record = newest?.deployment ?? ended;
  const [movedImages, rollout] = await Promise.all([
    findMoved(imagesOfCurrent(revisions, service, newest), session),
    readNewestRollout(ref, service, { record, tasks, note }, ecs, brief),
  ]);
  const reading = { logs: readLogsFor(logs, session, host.stdout), clock: host.clock, stop: signal };
  const containerLog = await readNewestLog(rollout, reading, (notice) => log.warn(describeRunNotice(notice, ref)));
  const resume = `${commandLine("rollback")} --revision ${runningNumber(service)} --resume-auto-scaling`;
  const serviceDeployment = newest?.deployment;
  const shown = { ref, service, serviceDeployment, scaling, movedImages, rollout, containerLog, events };
  session.printText(renderStatus({ ...shown, resumeCommand: resume, historyCommand: commandLine("history") }));
  return EXIT.ok;
}

function runningNumber({ taskDefinition }: ServiceSnapshot): number | "REVISION" {
  return taskDefinition === undefined ? "REVISION" : parseTaskDefinitionArn(taskDefinition).revision;
}
