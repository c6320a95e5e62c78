import { subjectName } from "../model/service.ts";
import type { Ending } from "../report/exit_code.ts";
import { describeUnread } from "../report/messages/unread_text.ts";
import { readServiceHistory, type ServiceHistory } from "../rollout/read/read_history.ts";
import { type Found, readEach, reportUnread } from "./read_each.ts";
import type { Session } from "./session.ts";
import { progressLogger } from "./progress_logger.ts";
import { parseMoment, parseSpan } from "./parse_moment.ts";

/** How a table is printed. */
export type TableFormat = "table" | "json" | "tsv";

/**
 * Lists what really ran, newest first, by ECS's own record of the services' deployments. Of several services, each has
 * a table below its name; the other formats name the service in each line. Returns the ending.
 *
 * @param wanted `undefined`: a table on a terminal, else tsv
 */
export async function showHistory(
  sessions: readonly Session[],
  wanted: TableFormat | undefined,
  since: string | undefined,
): Promise<Ending> {
  const all = await readEach(sessions, (session) => readHistory(session, since));
  const [first, ...others] = sessions as [Session];
  const isOfMany = others.length > 0;
  const format = wanted ?? (first.host.stdout.isTerminal ? "table" : "tsv");
  for (const [index, { session, result }] of all.filter((one) => "result" in one).entries()) {
    if (isOfMany && format === "table") first.print([...(index === 0 ? [] : [""]), `${subjectName(session.ref)}:`]);
    await print(result, format, session, isOfMany);
  }
  return reportUnread(all);
}

interface PastRead {
  readonly history: ServiceHistory;
  /** The time by AWS's clock. */
  readonly nowMs: number;
}

async function readHistory(session: Session, since: string | undefined): Promise<Found<PastRead>> {
  const { ref, signal, log } = session;
  const ecs = await session.connectEcs();
  const sinceMs = since === undefined ? -Infinity : parseSince(since, ecs.now());
  const logProgress = progressLogger(session, 3_000);
  const onProgress = (deployments: number) => logProgress(() => `${deployments} deployments are read so far`);
  const history = await readServiceHistory({ ref, ecs, sinceMs, onProgress, signal });
  if (history === undefined) return { refusal: { code: "serviceMissing", intent: "status", ref } };
  for (const warning of warningsOf(history)) log.warn(warning);
  return { result: { history, nowMs: ecs.now() } };
}

/** Reads how long ago (`7d`), or a moment. Returns milliseconds since 1970. */
function parseSince(text: string, nowMs: number): number {
  return /^\d+(?:\.\d+)?[a-zµμ]/.test(text) ? nowMs - parseSpan(text, "--since") : parseMoment(text, "--since", nowMs);
}

function* warningsOf({ isRecorded, running, denied }: ServiceHistory): Generator<string> {
  if (denied.ends !== undefined) yield describeUnread("ends", denied.ends);
  if (denied.copies !== undefined) yield describeUnread("copies", denied.copies);
  if (denied.running !== undefined) yield describeUnread("running", denied.running);
  if (!isRecorded) yield "ECS has no record of a deployment of this service: it keeps them for 90 days";
  else if (running !== undefined) yield "what runs now was deployed before ECS's record begins: it keeps 90 days";
}

/** @param isOfMany whether lines of JSON and TSV name the service, too */
async function print(
  { history: { entries, running }, nowMs }: PastRead,
  format: TableFormat,
  { host, print, ref }: Session,
  isOfMany: boolean,
): Promise<void> {
  const text = await import("../report/history_text.ts");
  if (format === "json") {
    const of = isOfMany ? ref : undefined;
    if (running !== undefined) host.stdout.write(`${text.formatUnrecorded(running, nowMs, of)}\n`);
    for (const entry of entries) host.stdout.write(`${text.formatEntry(entry, nowMs, of)}\n`);
    return;
  }
  // Loading the widths of characters takes 20 ms.
  const { renderTsv, TableLayout } = await import("../report/table_layout.ts");
  const rows = [
    ...(running === undefined ? [] : [text.rowOfUnrecorded(running, nowMs)]),
    ...entries.map((entry) => text.rowOfEntry(entry, nowMs)),
  ];
  const of = isOfMany ? [subjectName(ref)] : [];
  if (format === "table") print(new TableLayout(text.HISTORY_COLUMNS).add(rows.map(text.renderHistoryRow)));
  else host.stdout.write(rows.map((row) => `${renderTsv([...of, ...text.renderHistoryValues(row)])}\n`).join(""));
}
