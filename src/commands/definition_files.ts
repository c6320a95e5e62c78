import type { Ecs } from "../aws/ecs.ts";
import type { Definition } from "../config/definitions.ts";
import { ConfigError, formatPosition } from "../errors.ts";
import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import type { ServiceSnapshot } from "../model/service.ts";
import type { Session } from "../session/session.ts";

/**
 * Loads the task definition file that the config names, with the member names of ECS's API. An unknown member is a warning,
 * as in Kayac's ecspresso.
 *
 * @throws ConfigError with the place in the file
 */
export async function loadTaskDefinition(session: Session, ecs: Ecs): Promise<Definition> {
  return read("taskDefinition", await session.definitions.loadTaskDefinition(), session, ecs);
}

/** Loads the service definition file in the same way. */
export async function loadServiceDefinition(session: Session, ecs: Ecs): Promise<Definition> {
  return read("service", await session.definitions.loadServiceDefinition(), session, ecs);
}

function read(
  kind: "taskDefinition" | "service",
  definition: Definition,
  { log, hidden }: Session,
  ecs: Ecs,
): Definition {
  const { value, problems } = ecs.readDefinition(kind, definition.value);
  hidden.addDefinition(value);
  for (const { path, problem, isUnknown } of problems) {
    const position = definition.positionAt(path);
    const message = `${path.join(".")} ${problem}`;
    if (!isUnknown) throw new ConfigError(message, position);
    log.warn(`${formatPosition(position)}: ${message}`);
  }
  return { ...definition, value };
}

/**
 * Finds the family of task definitions: from the task definition file, or where that is missing or cannot be rendered here,
 * from what the service runs.
 *
 * @throws ConfigError when neither names a family
 */
export async function readFamily(session: Session, ecs: Pick<EcsReader, "describeService">): Promise<string> {
  const { config, definitions, log } = session;
  const found = await definitions.readFamily();
  if ("family" in found) return found.family;
  const fail = (why: string) => {
    const problem = `the family of task definitions is not known: ${found.unknown}, and ${why}`;
    return new ConfigError(problem, { file: config.path });
  };
  if (config.service === undefined) throw fail("there is no service in the config");
  log.debug(`the family is taken from the service: ${found.unknown}`);
  const service = await ecs.describeService(session.ref, session.signal);
  const running = taskDefinitionOf(service);
  if (running !== undefined) return parseTaskDefinitionArn(running).family;
  throw fail(`the service ${service === undefined ? "does not exist" : "runs none"}`);
}

/** The ARN of the task definition that a service runs; with task sets, of the first. */
export function taskDefinitionOf(service: ServiceSnapshot | undefined): string | undefined {
  return service?.taskDefinition ?? service?.taskSets[0]?.taskDefinition;
}
