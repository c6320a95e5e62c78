import { type AwsError, unlessDenied } from "../errors.ts";
import { findHold, findLastRollback } from "../model/service_notes.ts";
import { findWaitsRecord } from "../model/waits.ts";
import { EXIT } from "../report/exit_code.ts";
import { describeRunNotice } from "../report/run_notice_text.ts";
import { renderStatus, type Status } from "../report/status_text.ts";
import { fitColumns } from "../report/table_layout.ts";
import { imagesOfCurrent } from "../rollout/read/read_running_images.ts";
import { readNewestLog, readNewestRollout, readStoppedTasks } from "../rollout/read/read_newest_rollout.ts";
import { readScaling } from "../rollout/read/read_service.ts";
import { mayHaveFailed, showsTrouble } from "../rollout/rollout_stage.ts";
import { readBack } from "../rollout/read/find_back.ts";
import { type Found, readEach, reportUnread } from "../session/read_each.ts";
import { columnsOf } from "../session/reporter.ts";
import { readLogsFor } from "../session/run_in_session.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { findMoved, readDeployed } from "./find_moved_tags.ts";
import { logsOption, parseCount } from "./options.ts";
import { describeCall } from "../report/messages/aws_failure_text.ts";

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
    "ecspresso status --cluster prod --service '*'": "many services",
    "ecspresso history": "what ran before",
  },
  help: "",
  actionOnAll: ({ events = DEFAULT_EVENTS, logs }) => (sessions) => showStatus(sessions, { events, logs }),
});

interface Asked {
  readonly events: number;
  readonly logs: number | undefined;
}

/** Of one service the details; of many a table of all, and then the details of those that something is wrong with. */
async function showStatus(sessions: readonly Session[], asked: Asked): Promise<number> {
  const [{ host, print, printText }, ...others] = sessions as [Session];
  const isOfMany = others.length > 0;
  const all = await readEach(sessions, (session) => readStatus(session, asked, isOfMany));
  if (!isOfMany) {
    for (const one of all) if ("result" in one) printText(renderStatus(one.result));
    return reportUnread(all);
  }
  const { renderStatusTable, isInTrouble } = await import("../report/fleet/status_table.ts");
  const rows = all.map((one) => {
    if ("result" in one) return one.result;
    return { ref: one.session.ref, isMissing: one.exitCode === EXIT.refused, why: one.why[0]! };
  });
  print(fitColumns(renderStatusTable(rows), columnsOf(host, "stdout")));
  for (const one of all) {
    if ("result" in one && isInTrouble(one.result)) printText(["", ...renderStatus(one.result)]);
  }
  return reportUnread(all);
}

/** @param isOfMany reads of each, too, whether it was rolled back: that the others were says what is left */
async function readStatus(session: Session, { events, logs }: Asked, isOfMany: boolean): Promise<Found<Status>> {
  const { ref, signal, commandLine, log, host } = session;
  const warn = (rest: string) => (denial: AwsError) => log.warn(`${describeCall(denial)}; ${rest}`);
  const [ecs, scalingPort] = await Promise.all([session.connectEcs(), session.connectScaling()]);
  const [service, scaling] = await Promise.all([
    ecs.describeService(ref, signal),
    unlessDenied(
      readScaling(ref, scalingPort, signal),
      warn("auto scaling is not shown"),
    ),
  ]);
  if (service === undefined) return { refusal: { code: "serviceMissing", intent: "status", ref } };
  // Why it failed is worth a moment, and never the rest.
  const brief = AbortSignal.any([signal, host.clock.deadline(CAUSES_WITHIN_MS)]);
  const note = warn("status shows less of why the newest deployment failed");
  const [{ newest, revisions }, ended, tasks] = await Promise.all([
    readDeployed(session, ecs, service, "the stage"),
    mayHaveFailed(service) ? unlessDenied(ecs.findNewestServiceDeployment(ref, brief), note, () => true) : undefined,
    showsTrouble(service) ? readStoppedTasks({ ref, ecs, signal: brief }, note) : "not read" as const,
  ]);
  const record = newest?.deployment ?? ended;
  const images = imagesOfCurrent(revisions, service, newest);
  const [movedImages, rollout, back] = await Promise.all([
    findMoved(images, session),
    readNewestRollout(service, { record, tasks, note }, { ref, ecs, signal: brief }),
    isOfMany ? readBack(service, images, { ref, ecs, signal }) : undefined,
  ]);
  const reading = { logs: readLogsFor(logs, session, host.stdout), clock: host.clock, stop: signal };
  const containerLog = await readNewestLog(rollout, reading, (notice) => log.warn(describeRunNotice(notice, ref)));
  const serviceDeployment = newest?.deployment;
  const shown = { ref, service, serviceDeployment, scaling, movedImages, rollout, containerLog, events, images, back };
  const resumeCommand = commandLine("scale --resume-auto-scaling");
  const held = findHold(service.raw, ecs.now());
  const hold = held && { hold: held, releaseCommand: commandLine("hold --release") };
  const notes = { lastRollback: findLastRollback(service.raw), waitsRecord: findWaitsRecord(service.raw) };
  return { result: { ...shown, ...notes, hold, resumeCommand, historyCommand: commandLine("history") } };
}
