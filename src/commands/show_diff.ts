import type { Ecs } from "../aws/ecs_adapter.ts";
import type { Definition } from "../config/load_definition.ts";
import { alignServices, alignTaskDefinitions } from "../definitions/compare_definitions.ts";
import { diffDefinitions } from "../definitions/diff_definitions.ts";
import type { JsonObject } from "../model/json.ts";
import { subjectName } from "../model/service.ts";
import { readWholeService } from "../rollout/read/read_whole_service.ts";
import { colorDiff } from "../report/diff_text.ts";
import { reportRefusal } from "../session/carry_out.ts";
import { EXIT } from "../report/exit_code.ts";
import { loadServiceDefinition, loadTaskDefinition } from "./load_checked.ts";
import { readFamily } from "./read_family.ts";
import type { Session } from "../session/session.ts";
import { chooseShowing, type Showing } from "./show_values.ts";

export interface DiffRequest {
  /** Compare the task definition's file with this registered revision, and nothing else. */
  readonly revision: number | undefined;
  readonly hasExitCode: boolean;
  readonly showsValues: boolean;
}

/** Gives the lines of a diff of two definitions. */
export type Comparison = (finder: Showing["finder"]) => string[];

/** Prints how the files differ from what runs, or from a registered revision. Answers with the exit code. */
export async function showDiff(session: Session, request: DiffRequest): Promise<number> {
  const { revision, hasExitCode, showsValues } = request;
  const ecs = await session.connectEcs();
  const showing = chooseShowing(showsValues, session);
  let compare: Comparison;
  if (revision === undefined) {
    compare = await (session.config.service === undefined ? compareWithNewest : compareWithRunning)(session, ecs);
  } else {
    const name = `${await readFamily(session, ecs)}:${revision}`;
    const registered = await ecs.readTaskDefinition(name, session.signal);
    if (registered === undefined) {
      return reportRefusal({ code: "noSuchTaskDefinition", name, scope: session.scope }, session);
    }
    compare = compareTaskDefinition(session, await loadTaskDefinition(session, ecs), registered);
  }
  const lines = compare(showing.finder);
  const painted = session.paintsStdout ? colorDiff(lines) : lines;
  showing.write(painted.map((line) => `${line}\n`).join(""));
  return hasExitCode && lines.length > 0 ? EXIT.differences : EXIT.ok;
}

/** The newest revision stands for what runs where the config names no service; Kayac's ecspresso does the same. */
async function compareWithNewest(session: Session, ecs: Ecs): Promise<Comparison> {
  const { config, log, signal } = session;
  const definition = await loadTaskDefinition(session, ecs);
  if (config.serviceDefinition !== undefined) {
    log.warn(`${config.serviceDefinition} is not compared: the config names no service`);
  }
  const family = String(definition.value.family);
  const newest = await ecs.readTaskDefinition(family, signal);
  log.info(newest === undefined ? `${family} has no registered revision: everything is new` : COMPARED_WITH_NEWEST);
  return compareTaskDefinition(session, definition, newest);
}

const COMPARED_WITH_NEWEST = "compared with the newest registered revision: the config names no service";

/** What the config names no file for is not compared. */
async function compareWithRunning(session: Session, ecs: Ecs): Promise<Comparison> {
  const { config, log, ref, signal } = session;
  const local = config.serviceDefinition === undefined ? undefined : await loadServiceDefinition(session, ecs);
  const whole = await readWholeService(ref, local?.value ?? {}, ecs, signal);
  if (whole?.denial !== undefined) log.warn(`${whole.denial.message}; ${whole.unread.join(", ")}: shown as new`);
  const service = unlessDeleted(whole?.members);
  if (service === undefined) log.info(`${subjectName(ref)} is not there: everything is new`);
  const ofService = local === undefined ? () => [] : compareService(session, local, service);
  if (config.taskDefinition === undefined) return ofService;
  const running = typeof service?.taskDefinition === "string" ? service.taskDefinition : undefined;
  const definition = await loadTaskDefinition(session, ecs);
  const ofTask = await compareTaskDefinitionWith(session, definition, running, ecs);
  return (finder) => [...ofService(finder), ...ofTask(finder)];
}

/** ECS goes on showing a deleted service for a while; a deploy creates it anew. */
function unlessDeleted(service: JsonObject | undefined): JsonObject | undefined {
  return service?.status === "INACTIVE" ? undefined : service;
}

/** The service definition against the service as it is now; `undefined`, or deleted: against nothing. */
export function compareService(session: Session, definition: Definition, found: JsonObject | undefined): Comparison {
  const { config: { ignoredTags }, ref } = session;
  const running = unlessDeleted(found);
  const { path, value } = definition;
  const { local, remote } = alignServices(value, running ?? {}, ignoredTags);
  const old = running && typeof running.serviceArn === "string" ? running.serviceArn : subjectName(ref);
  return (finder) => diffDefinitions({ old, new: path }, running && remote, local, finder);
}

/** The task definition file against the registered one that runs; `undefined`: against nothing. */
export async function compareTaskDefinitionWith(
  session: Session,
  definition: Definition,
  arn: string | undefined,
  ecs: Ecs,
): Promise<Comparison> {
  const registered = arn === undefined ? undefined : await ecs.readTaskDefinition(arn, session.signal);
  return compareTaskDefinition(session, definition, registered);
}

function compareTaskDefinition(
  session: Session,
  definition: Definition,
  registered: JsonObject | undefined,
): Comparison {
  const { config: { ignoredTags } } = session;
  const { path, value } = definition;
  const { local, remote } = alignTaskDefinitions(value, registered ?? {}, ignoredTags);
  const old = typeof registered?.taskDefinitionArn === "string" ? registered.taskDefinitionArn : String(value.family);
  return (finder) => diffDefinitions({ old, new: path }, registered && remote, local, finder);
}
