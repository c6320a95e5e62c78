import { findHold, findLastRollback } from "../model/service_notes.ts";
import { findWaitsRecord } from "../model/waits.ts";
import { type Ending, WITH_AWS } from "../report/exit_code.ts";
import { describeRunNotice } from "../report/messages/run_notice_text.ts";
import { renderStatus, type Status } from "../report/status_text.ts";
import { fitColumns } from "../report/table_layout.ts";
import { readServiceStatus } from "../rollout/read/read_status.ts";
import { type Found, readEach, reportUnread } from "../session/read_each.ts";
import { columnsOf } from "../session/reporter.ts";
import { readLogsFor } from "../session/run_plans.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { logsOption, parseCount } from "./options.ts";
import { describeUnread } from "../report/messages/unread_text.ts";

const DEFAULT_EVENTS = 10;

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
  endings: { ...WITH_AWS, ok: "shown", refused: "there is no such service" },
  help: "",
  run: async ({ events = DEFAULT_EVENTS, logs }, { open }) => await showStatus(await open(), { events, logs }),
});

interface Asked {
  readonly events: number;
  readonly logs: number | undefined;
}

/** Shows the details of one service; of many, a table, and the details of those in trouble. Returns the ending. */
async function showStatus(sessions: readonly Session[], asked: Asked): Promise<Ending> {
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
    return { ref: one.session.ref, isMissing: one.ending === "refused", why: one.why[0]! };
  });
  print(fitColumns(renderStatusTable(rows), columnsOf(host, "stdout")));
  for (const one of all) {
    if ("result" in one && isInTrouble(one.result)) printText(["", ...renderStatus(one.result)]);
  }
  return reportUnread(all);
}

/** @param isOfMany whether to read, too, if the service was rolled back: among many, that shows which ones are left */
async function readStatus(session: Session, { events, logs }: Asked, isOfMany: boolean): Promise<Found<Status>> {
  const { ref, signal, log, host } = session;
  const [ecs, scaling] = await Promise.all([session.connectEcs(), session.connectScaling()]);
  const read = await readServiceStatus({
    ...{ ref, ecs, signal, scaling, clock: host.clock, checker: session.openChecker(), readsLatestRollback: isOfMany },
    logs: readLogsFor(logs, session, host.stdout),
    note: (part, denial) => log.warn(describeUnread(part, denial)),
    noteOfLog: (notice) => log.warn(describeRunNotice(notice, ref)),
  });
  if (read === undefined) return { refusal: { code: "serviceMissing", intent: "status", ref } };
  const { raw } = read.service;
  const hold = findHold(raw, ecs.now());
  const notes = { lastRollback: findLastRollback(raw), waitsRecord: findWaitsRecord(raw), hold };
  return { result: { ref, events, ...read, ...notes } };
}
