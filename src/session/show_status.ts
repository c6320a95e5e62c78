import { findHold, findLastRollback } from "../model/service_notes.ts";
import { findWaitsRecord } from "../model/waits.ts";
import type { Ending } from "../report/exit_code.ts";
import { describeRunNotice } from "../report/messages/run_notice_text.ts";
import { describeUnread } from "../report/messages/unread_text.ts";
import { renderStatus, type Status } from "../report/status_text.ts";
import { fitColumns } from "../report/table_layout.ts";
import { readServiceStatus } from "../rollout/read/read_status.ts";
import { type Found, readEach, reportUnread } from "./read_each.ts";
import { columnsOf } from "./reporter.ts";
import { readLogsFor } from "./read_logs_for.ts";
import type { Session } from "./session.ts";

interface Asked {
  readonly events: number;
  readonly logs: number | undefined;
}

/** Shows the details of one service; of many, a table, and the details of those in trouble. Returns the ending. */
export async function showStatus(sessions: readonly Session[], asked: Asked): Promise<Ending> {
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
