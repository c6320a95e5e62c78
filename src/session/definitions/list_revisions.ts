import type { Ecs } from "../../aws/ecs.ts";
import { type Revision, shortName } from "../../model/arn.ts";
import { describeRevisions } from "../../registry/describe_revisions.ts";
import type { Ending } from "../../report/exit_code.ts";
import { formatJson } from "../../report/messages/log.ts";
import { describePlanNotice } from "../../report/messages/notice_text.ts";
import { commandTo } from "../../report/messages/own_commands.ts";
import { describeHistoryNotice } from "../../report/messages/uses_text.ts";
import { DeploymentRecord } from "../../rollout/read/deployment_record.ts";
import { NO_MARKS, readMarks } from "../../rollout/read/read_marks.ts";
import { reportRefusal } from "../report_refusal.ts";
import type { Session } from "../session.ts";
import { readFamily, taskDefinitionOf } from "../definition_files.ts";
import { progressLogger } from "../progress_logger.ts";
import type { TableFormat } from "../show_history.ts";

export type ShownRevision = "current" | "latest" | number;

/** How many revisions a table has without `--all`: each takes a call, and AWS allows 20 a second. */
const NEWEST = 100;

/**
 * Lists the ACTIVE revisions of the family, page by page. Returns the ending.
 *
 * @param all whether a table has all revisions, and not only the newest; a list of numbers always has all
 */
export async function listRevisions(session: Session, wanted: TableFormat | undefined, all: boolean): Promise<Ending> {
  const format = wanted ?? (session.host.stdout.isTerminal ? "table" : "numbers");
  const ecs = await session.connectEcs();
  const family = await readFamily(session, ecs);
  if (format === "table" || format === "tsv") await listRows(session, ecs, family, format, all ? Infinity : NEWEST);
  else await listNumbers(session, ecs, family, format === "json");
  return "ok";
}

export async function showRevision(session: Session, which: ShownRevision): Promise<Ending> {
  const { scope, signal, host } = session;
  const ecs = await session.connectEcs();
  const name = which === "current"
    ? taskDefinitionOf(await ecs.describeService(session.ref, signal))
    : `${await readFamily(session, ecs)}:${which}`;
  // A bare family means its newest ACTIVE revision.
  const definition = name ? await ecs.describeTaskDefinition(name.replace(/:latest$/, ""), signal) : undefined;
  if (definition === undefined) return reportRefusal({ code: "noSuchTaskDefinition", name, scope }, session);
  host.stdout.writeWhole(`${formatJson(definition.raw, 2)}\n`);
  return "ok";
}

/** Prints the revision numbers for scripts, ascending: as a JSON array, or one a line. */
async function listNumbers(session: Session, ecs: Ecs, family: string, isJson: boolean): Promise<void> {
  const { host: { stdout }, signal } = session;
  const logProgress = listingLogger(session);
  let count = 0;
  for await (const page of ecs.listRevisions(family, { status: "ACTIVE", order: "ASC" }, signal)) {
    const numbers = page.map(({ revision }) => String(revision));
    stdout.write(isJson ? (count === 0 ? "[" : ",") + numbers.join(",") : numbers.map((one) => `${one}\n`).join(""));
    count += numbers.length;
    logProgress(count, page.at(-1));
  }
  if (isJson) stdout.write(count === 0 ? "[]\n" : "]\n");
}

async function listRows(
  session: Session,
  ecs: Ecs,
  family: string,
  format: "table" | "tsv",
  limit: number,
): Promise<void> {
  const { scope, log, signal, print, host } = session;
  // Loading the widths of characters takes 20 ms: lists of numbers, which shells complete from, do without.
  const [text, { renderTsv, TableLayout }] = await Promise.all([
    import("../../report/revisions_text.ts"),
    import("../../report/table_layout.ts"),
  ]);
  const layout = new TableLayout(text.REVISION_COLUMNS);
  const { past, marking } = startReadingRecord(session, ecs);
  const logProgress = listingLogger(session);
  let count = 0;
  let hasMore = false;
  for await (const event of describeRevisions(scope, family, ecs, { limit, clock: host.clock, past }, signal)) {
    if (event.kind === "notice") log.warn(describeHistoryNotice(event.notice));
    if (event.kind === "hasMore") hasMore = true;
    if (event.kind !== "page") continue;
    const marks = await marking;
    if (count === 0 && marks.doubt !== undefined) log.warn(describePlanNotice(marks.doubt));
    if (format === "tsv") {
      const rows = event.page.map((one) => renderTsv(text.renderRevision(one, marks, true)));
      host.stdout.write(rows.map((row) => `${row}\n`).join(""));
    } else print(layout.add(event.page.map((one) => text.renderRevision(one, marks))));
    count += event.page.length;
    logProgress(count, event.page.at(-1)?.revision);
  }
  if (count === 0) log.warn(`the family ${family} has no registered revision`);
  if (!hasMore) return;
  log.warn(
    `these are the newest ${count}; for all of them: ${commandTo("listRevisions", scope)} --output ${format} --all`,
  );
}

/** Starts to read what the service has run, while the revisions are listed. Errors are thrown when it is awaited. */
function startReadingRecord({ scope, signal, openChecker }: Session, ecs: Ecs) {
  const { service } = scope;
  if (service === undefined) return { past: undefined, marking: Promise.resolve(NO_MARKS) };
  const ref = { ...scope, service };
  const record = new DeploymentRecord({ ref, ecs, signal });
  const past = record.read("most").then(({ value, denied }) => {
    if (denied !== undefined) throw denied;
    return value;
  });
  const marking = readMarks({ ref, ecs, record, checker: openChecker(), signal });
  for (const begun of [past, marking]) begun.catch(() => undefined);
  return { past, marking };
}

/** Returns a function that logs the progress of a long listing, unless its lines appear on a terminal. */
function listingLogger(session: Session): (count: number, last: Revision | undefined) => void {
  const logProgress = progressLogger(session, 10_000);
  return (count, last) => {
    if (last === undefined || session.host.stdout.isTerminal) return;
    logProgress(() => `${count} revisions are listed so far, as far as ${shortName(last)}`);
  };
}
