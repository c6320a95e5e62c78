import type { Ecs } from "../aws/ecs.ts";
import type { Definition } from "../config/definitions.ts";
import { ConfigError } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import { describeFamilyFile, describeProblem } from "../report/messages/config_problem_text.ts";
import type { Session } from "./session.ts";

/**
 * Loads the task definition file that the config names, in the member names of ECS's API. Warns of an unknown member,
 * as Kayac's ecspresso does.
 *
 * @throws ConfigError with the place in the file
 */
export async function loadTaskDefinition(session: Session, ecs: Ecs): Promise<Definition> {
  return read("taskDefinition", await session.definitions.load("taskDefinition"), session, ecs);
}

/** Loads the service definition file in the same way. */
export async function loadServiceDefinition(session: Session, ecs: Ecs): Promise<Definition> {
  return read("service", await session.definitions.load("serviceDefinition"), session, ecs);
}

function read(
  kind: "taskDefinition" | "service",
  definition: Definition,
  { log, hidden }: Session,
  ecs: Ecs,
): Definition {
  const { value, problems } = ecs.readDefinition(kind, definition.value);
  hidden.addDefinition(value);
  for (const { path, problem } of problems) {
    const position = definition.positionAt(path);
    const ofMember = { code: "member", path: path.join("."), problem } as const;
    if (problem.code !== "unknownMember") throw new ConfigError(ofMember, position);
    log.warn(describeProblem(ofMember, position));
  }
  return { ...definition, value };
}

/**
 * Finds the family of the task definitions: in the task definition file, or, if that is missing or cannot be
 * rendered here, from what the service runs.
 *
 * @throws ConfigError when neither names a family
 */
export async function readFamily(session: Session, ecs: Pick<EcsReader, "describeService">): Promise<string> {
  const { config, definitions, log } = session;
  const found = await definitions.readFamily();
  if ("family" in found) return found.family;
  const fail = (kind: "notNamed" | "missing" | "runsNone") =>
    new ConfigError(
      { code: "familyNotKnown", file: found.unknown, kind },
      config.path === undefined ? undefined : { file: config.path },
    );
  if (config.service === undefined) throw fail("notNamed");
  log.debug(`the family is taken from the service: ${describeFamilyFile(found.unknown)}`);
  const service = await ecs.describeService(session.ref, session.signal);
  const running = taskDefinitionOf(service);
  if (running !== undefined) return parseTaskDefinitionArn(running).family;
  throw fail(service === undefined ? "missing" : "runsNone");
}

/** The ARN of the task definition that a service runs; with task sets, that of the first one. */
export function taskDefinitionOf(service: ServiceSnapshot | undefined): string | undefined {
  return service?.taskDefinition ?? service?.taskSets[0]?.taskDefinition;
}
