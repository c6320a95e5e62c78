import type { Ecs } from "../aws/ecs.ts";
import type { Definition } from "../config/load_definition.ts";
import { alignServices, alignTaskDefinitions } from "../definitions/compare_definitions.ts";
import { diffDefinitions } from "../definitions/diff_definitions.ts";
import { FINDS_NOTHING, type ValueFinder } from "../definitions/hide_values.ts";
import type { JsonObject } from "../model/json.ts";
import { subjectName } from "../model/service.ts";
import type { Session } from "../session/session.ts";

/** Gives the lines of a diff of two definitions. */
export type Comparison = (finder: Showing["finder"]) => string[];

/** The files to compare; `undefined` for what is not compared. */
export interface Files {
  readonly taskDefinition: Definition | undefined;
  readonly service: Definition | undefined;
}

/** What they are compared with; `undefined`, or a deleted service: with nothing. */
export interface Running {
  readonly service: JsonObject | undefined;
  /** Its ARN. */
  readonly taskDefinition: string | undefined;
}

/** Compares definition files with what runs. */
export async function compareFiles(
  session: Session,
  { taskDefinition, service }: Files,
  running: Running,
  ecs: Ecs,
): Promise<Comparison> {
  const ofService = service === undefined ? () => [] : compareService(session, service, running.service);
  if (taskDefinition === undefined) return ofService;
  const arn = running.taskDefinition;
  const registered = arn === undefined ? undefined : await ecs.describeTaskDefinition(arn, session.signal);
  const ofTask = compareTaskDefinition(session, taskDefinition, registered?.raw);
  return (finder) => [...ofService(finder), ...ofTask(finder)];
}

/** ECS goes on showing a deleted service for a while; a deploy creates it anew. */
export function unlessDeleted(service: JsonObject | undefined): JsonObject | undefined {
  return service?.status === "INACTIVE" ? undefined : service;
}

/** The service definition against the service as it is now; `undefined`, or deleted: against nothing. */
function compareService(session: Session, definition: Definition, found: JsonObject | undefined): Comparison {
  const { config: { ignoredTags }, ref } = session;
  const running = unlessDeleted(found);
  const { path, value } = definition;
  const { local, remote } = alignServices(value, running ?? {}, ignoredTags);
  const old = running && typeof running.serviceArn === "string" ? running.serviceArn : subjectName(ref);
  return (finder) => diffDefinitions({ old, new: path }, running && remote, local, finder);
}

/** The task definition file against a registered one; `undefined`: against nothing. */
export function compareTaskDefinition(
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

/** How definitions are shown on stdout. */
export interface Showing {
  /** What is hidden in them. */
  readonly finder: ValueFinder | "shows all";
  /** Writes a text that has been shown so. */
  write(text: string): void;
}

/**
 * Shows definitions without the values that were looked up, or with all values where that is asked for and stdout is a
 * terminal: what is written elsewhere, such as the log of a CI job, is read by others and stays. Then a warning says so.
 */
export function chooseShowing(isAsked: boolean, { host, hidden, log, wholeStdout }: Session): Showing {
  if (isAsked && host.stdout.isTerminal) return { finder: "shows all", write: (text) => wholeStdout.write(text) };
  if (isAsked) {
    log.warn("--show-values: stdout is no terminal, so values stay hidden (render prints a definition whole)");
  }
  return { finder: hidden, write: (text) => host.stdout.write(text) };
}

/** The finder of a showing, for what is hidden in one definition only. */
export function finderOf({ finder }: Showing): ValueFinder {
  return finder === "shows all" ? FINDS_NOTHING : finder;
}

/** Prints the differences of two definitions as a showing has it. */
export function showDifferences(compare: Comparison, isAsked: boolean, session: Session): void {
  const showing = chooseShowing(isAsked, session);
  const lines = compare(showing.finder);
  if (showing.finder === session.hidden) session.print(lines);
  else showing.write(lines.map((line) => `${line}\n`).join(""));
}
