import type { Definition } from "../config/definitions.ts";
import { alignServices } from "../definitions/compare_services.ts";
import { alignTaskDefinitions } from "../definitions/compare_task_definitions.ts";
import { diffDefinitions, type DiffLine, type ValueFinder } from "../definitions/diff_definitions.ts";
import type { JsonObject } from "../model/json.ts";
import { subjectName } from "../model/service.ts";
import type { Session } from "./session.ts";

/** A line of the diff of two definitions, or a note below it. */
export type ComparedLine = DiffLine | { readonly kind: "note"; readonly text: string };

export type Comparison = (finder: DefinitionOutput["finder"]) => ComparedLine[];

/** The files to compare; `undefined` for one that is not compared. */
export type Files = Readonly<Record<"taskDefinition" | "service", Definition | undefined>>;

/** Compares definition files with what runs. Where nothing runs, everything is new. */
export function compareFiles(
  session: Session,
  { taskDefinition, service }: Files,
  running: Readonly<Record<keyof Files, JsonObject | undefined>>,
): Comparison {
  const ofService = service && compareService(session, service, running.service);
  const ofTask = taskDefinition && compareTaskDefinition(session, taskDefinition, running.taskDefinition);
  return (finder) => [...ofService?.(finder) ?? [], ...ofTask?.(finder) ?? []];
}

/** ECS still shows a deleted service for a while; a deploy creates a new one. */
export function unlessDeleted(service: JsonObject | undefined): JsonObject | undefined {
  return service?.status === "INACTIVE" ? undefined : service;
}

function compareService(session: Session, definition: Definition, found: JsonObject | undefined): Comparison {
  const { config: { ignoredTags }, ref } = session;
  const running = unlessDeleted(found);
  const { path, value } = definition;
  const { local, remote } = alignServices(value, running ?? {}, ignoredTags);
  const old = running && typeof running.serviceArn === "string" ? running.serviceArn : subjectName(ref);
  return (finder) => diffDefinitions({ old, new: path }, running && remote, local, finder);
}

/** Compares the task definition file with a registered one; if there is none, everything is new. */
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

/** An output for definitions, which hides values or shows them. */
interface DefinitionOutput {
  /** Finds the values that are hidden. */
  readonly finder: ValueFinder | "showsAll";
  /** Writes a text in which they are hidden. */
  write(text: string): void;
}

/**
 * Hides values that were looked up, unless `--show-values` is given and stdout is a terminal: any other output, such as
 * the log of a CI job, is kept and read by others. Then a warning says that the values stay hidden.
 */
export function chooseDefinitionOutput(isAsked: boolean, { host: { stdout }, hidden, log }: Session): DefinitionOutput {
  if (isAsked && stdout.isTerminal) return { finder: "showsAll", write: (text) => stdout.writeWhole(text) };
  if (isAsked) {
    log.warn("--show-values: stdout is not a terminal, so values stay hidden (render prints a definition whole)");
  }
  return { finder: hidden, write: (text) => stdout.write(text) };
}

/** Prints the differences of two definitions, with or without values, as `chooseDefinitionOutput` decides. */
export function showDifferences(compare: Comparison, isAsked: boolean, session: Session): void {
  const showing = chooseDefinitionOutput(isAsked, session);
  const lines = compare(showing.finder).map(({ text }) => text);
  if (showing.finder === session.hidden) session.print(lines);
  else showing.write(lines.map((line) => `${line}\n`).join(""));
}
