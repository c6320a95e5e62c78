import type { Ecs } from "../../aws/ecs_adapter.ts";
import { subjectName } from "../../ecs/service.ts";
import { describeRevisions } from "../../registry/describe_revisions.ts";
import { formatJson } from "../../ui/log.ts";
import { renderRevision, renderTsv, RevisionTableLayout } from "../../ui/revisions_text.ts";
import { reportNoTaskDefinition } from "../carry_out.ts";
import { EXIT } from "../exit_code.ts";
import { readFamily } from "../read_family.ts";
import type { Session } from "../session.ts";

/** How the revisions are listed. `numbers`: one a line, ascending, for scripts. */
export type RevisionFormat = "numbers" | "table" | "json" | "tsv";

/** Lists the ACTIVE revisions of the family, page by page. Answers with the exit code. */
export async function listRevisions(session: Session, wanted: RevisionFormat | undefined): Promise<number> {
  const format = wanted ?? (session.host.stdout.isTerminal ? "table" : "numbers");
  const ecs = await session.connectEcs();
  const family = await readFamily(session, ecs);
  if (format === "numbers" || format === "json") await listNumbers(session, ecs, family, format);
  else await listRows(session, ecs, family, format);
  return EXIT.ok;
}

/** Which revision is printed: the one that the service runs, the newest one, or a number. */
export type ShownRevision = "current" | "latest" | number;

/** Prints one task definition as AWS has it, in the JSON of its API. Answers with the exit code. */
export async function showRevision(session: Session, which: ShownRevision): Promise<number> {
  const { scope, signal, host } = session;
  const ecs = await session.connectEcs();
  const name = which === "current" ? await findCurrent(session, ecs) : `${await readFamily(session, ecs)}:${which}`;
  // A bare family means its newest ACTIVE revision.
  const definition = name && await ecs.readTaskDefinition(name.replace(/:latest$/, ""), signal);
  if (!definition) return reportNoTaskDefinition(name ?? `that ${subjectName(scope)} runs`, session);
  host.stdout.write(`${formatJson(definition, 2)}\n`);
  return EXIT.ok;
}

async function findCurrent({ ref, signal }: Session, ecs: Ecs): Promise<string | undefined> {
  const service = await ecs.describeService(ref, signal);
  return service?.taskDefinition ?? service?.taskSets[0]?.taskDefinition;
}

async function listNumbers(
  { host: { stdout }, signal }: Session,
  ecs: Ecs,
  family: string,
  format: "numbers" | "json",
): Promise<void> {
  const isJson = format === "json";
  let count = 0;
  for await (const page of ecs.listRevisions(family, { status: "ACTIVE", order: "ASC" }, signal)) {
    const numbers = page.map(({ revision }) => String(revision));
    stdout.write(isJson ? (count === 0 ? "[" : ",") + numbers.join(",") : numbers.map((one) => `${one}\n`).join(""));
    count += numbers.length;
  }
  if (isJson) stdout.write(count === 0 ? "[]\n" : "]\n");
}

async function listRows(session: Session, ecs: Ecs, family: string, format: "table" | "tsv"): Promise<void> {
  const { scope, log, signal, print } = session;
  const { pages, notices } = await describeRevisions(scope, family, ecs, signal);
  for (const notice of notices) log.warn(notice);
  const layout = new RevisionTableLayout();
  let isEmpty = true;
  for await (const page of pages) {
    const rows = page.map(renderRevision);
    if (format === "tsv") session.host.stdout.write(rows.map((row) => `${renderTsv(row)}\n`).join(""));
    else print(layout.add(rows));
    isEmpty = false;
  }
  if (isEmpty) log.warn(`the family ${family} has no registered revision`);
}
