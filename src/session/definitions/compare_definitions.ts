import type { Ecs } from "../../aws/ecs.ts";
import type { Definition } from "../../config/definitions.ts";
import { sameTaskDefinition } from "../../definitions/compare_task_definitions.ts";
import { type ServiceSnapshot, subjectName } from "../../model/service.ts";
import { isBeingRolledBack } from "../../model/service_deployment.ts";
import type { TaskDefinition } from "../../model/task_definition.ts";
import { type Color, paint } from "../../report/colors.ts";
import type { Ending } from "../../report/exit_code.ts";
import { renderShipped } from "../../report/messages/image_text.ts";
import { describeUnread } from "../../report/messages/unread_text.ts";
import { type NoteDenied, readDeployed, readMoved } from "../../rollout/read/read_deployed.ts";
import { imagesOfCurrent } from "../../rollout/read/read_running_images.ts";
import { readWholeService } from "../../rollout/read/read_service.ts";
import { loadServiceDefinition, loadTaskDefinition, readFamily } from "../definition_files.ts";
import { reportRefusal } from "../report_refusal.ts";
import type { Session } from "../session.ts";
import {
  chooseDefinitionOutput,
  type ComparedLine,
  compareFiles,
  compareTaskDefinition,
  type Comparison,
  unlessDeleted,
} from "../show_differences.ts";

interface DiffRequest {
  /** A registered revision to compare the file with. */
  readonly revision?: number | undefined;
  readonly exitCode: boolean;
  readonly showValues: boolean;
}

/** Compares the files with a registered revision or with what runs, and prints the differences. Returns the ending. */
export async function compareDefinitions(session: Session, request: DiffRequest): Promise<Ending> {
  const { revision, exitCode, showValues } = request;
  const ecs = await session.connectEcs();
  const showing = chooseDefinitionOutput(showValues, session);
  let compare: Comparison;
  if (revision === undefined) {
    compare = await (session.config.service === undefined ? compareWithNewest : compareWithRunning)(session, ecs);
  } else {
    const name = `${await readFamily(session, ecs)}:${revision}`;
    const registered = (await ecs.describeTaskDefinition(name, session.signal))?.raw;
    if (registered === undefined) {
      return reportRefusal({ code: "noSuchTaskDefinition", name, scope: session.scope }, session);
    }
    compare = compareTaskDefinition(session, await loadTaskDefinition(session, ecs), registered);
  }
  const lines = compare(showing.finder);
  showing.write(lines.map((line) => `${session.paintsStdout ? paintLine(line) : line.text}\n`).join(""));
  return exitCode && lines.length > 0 ? "differences" : "ok";
}

/** Compares with the newest revision if the config names no service, as Kayac's ecspresso does. */
async function compareWithNewest(session: Session, ecs: Ecs): Promise<Comparison> {
  const { config, log, signal } = session;
  const definition = await loadTaskDefinition(session, ecs);
  if (config.serviceDefinition !== undefined) {
    log.warn(`${config.serviceDefinition} is not compared: the config names no service`);
  }
  const family = String(definition.value.family);
  const newest = (await ecs.describeTaskDefinition(family, signal))?.raw;
  log.info(
    newest === undefined
      ? `${family} has no registered revision: everything is new`
      : "compared with the newest registered revision: the config names no service",
  );
  return compareTaskDefinition(session, definition, newest);
}

/** Compares with what runs. A definition that the config names no file for is not compared. */
async function compareWithRunning(session: Session, ecs: Ecs): Promise<Comparison> {
  const { config, log, ref, signal } = session;
  const local = config.serviceDefinition === undefined ? undefined : await loadServiceDefinition(session, ecs);
  const whole = await readWholeService(local?.value ?? {}, { ref, ecs, signal });
  if (whole?.denied !== undefined) log.warn(describeUnread("membersCompared", whole.denied, ...whole.unread));
  const service = unlessDeleted(whole?.members);
  if (service === undefined) log.info(`${subjectName(ref)} is not there: everything is new`);
  const taskDefinition = config.taskDefinition === undefined ? undefined : await loadTaskDefinition(session, ecs);
  const arn = typeof service?.taskDefinition === "string" ? service.taskDefinition : undefined;
  const isRead = taskDefinition !== undefined && arn !== undefined;
  const registered = isRead ? await ecs.describeTaskDefinition(arn, signal) : undefined;
  const compare = compareFiles(session, { service: local, taskDefinition }, {
    service,
    taskDefinition: registered?.raw,
  });
  const moved = await describeMovedTags(session, ecs, taskDefinition, registered, service && whole?.service);
  return (finder) => [...compare(finder), ...moved];
}

/**
 * Lists the images for which a deploy would start a deployment although the file equals what the service runs: their
 * tags name other images today. One line for each container; none if the file differs.
 */
async function describeMovedTags(
  session: Session,
  ecs: Ecs,
  definition: Definition | undefined,
  registered: TaskDefinition | undefined,
  service: ServiceSnapshot | undefined,
): Promise<ComparedLine[]> {
  const { config: { ignoredTags }, ref, signal, log, openChecker } = session;
  if (definition === undefined || service === undefined) return [];
  if (registered === undefined || !sameTaskDefinition(definition.value, registered.raw, ignoredTags)) return [];
  const note: NoteDenied = (part, denial) => log.warn(describeUnread(part, denial));
  const { newest, revisions } = await readDeployed(service, { ref, ecs, signal }, "reversal", note);
  // While ECS rolls a deployment back, a deploy follows that and starts none.
  if (newest !== undefined && isBeingRolledBack(newest.deployment)) return [];
  const moved = await readMoved(imagesOfCurrent(revisions, service, newest), openChecker(), signal, note);
  return renderShipped(moved).map((line) => ({ kind: "note", text: `${line}: a deploy would start that image` }));
}

const COLORS: Readonly<Partial<Record<ComparedLine["kind"], Color>>> = {
  file: "bold",
  hunk: "cyan",
  removed: "red",
  added: "green",
};

function paintLine({ kind, text }: ComparedLine): string {
  return paint(text, COLORS[kind]);
}
