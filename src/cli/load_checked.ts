import type { Ecs } from "../aws/ecs_adapter.ts";
import type { Definition } from "../config/load_definition.ts";
import { ConfigError, formatPosition } from "../errors.ts";
import type { Session } from "./session.ts";

/**
 * The task definition of the file that the config names, held against what ECS takes. What ECS has no name for is a
 * warning, as in Kayac's ecspresso.
 *
 * @throws ConfigError with the place in the file
 */
export async function loadTaskDefinition(session: Session, ecs: Ecs): Promise<Definition> {
  return check("taskDefinition", await session.definitions.loadTaskDefinition(), session, ecs);
}

/** Likewise the service definition. */
export async function loadServiceDefinition(session: Session, ecs: Ecs): Promise<Definition> {
  return check("service", await session.definitions.loadServiceDefinition(), session, ecs);
}

function check(
  kind: "taskDefinition" | "service",
  definition: Definition,
  { log }: Session,
  ecs: Ecs,
): Definition {
  for (const { path, problem, isIgnored } of ecs.checkDefinition(kind, definition.value)) {
    const position = definition.positionAt(path);
    const message = `${path.join(".")} ${problem}`;
    if (!isIgnored) throw new ConfigError(message, position);
    log.warn(`${formatPosition(position)}: ${message}`);
  }
  return definition;
}
