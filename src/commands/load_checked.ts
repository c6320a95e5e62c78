import type { Ecs } from "../aws/ecs_adapter.ts";
import type { Definition } from "../config/load_definition.ts";
import { ConfigError, formatPosition } from "../errors.ts";
import type { Session } from "../session/session.ts";

/**
 * The task definition of the file that the config names, in the names of ECS's API. What the program has no name for is
 * a warning, as in Kayac's ecspresso.
 *
 * @throws ConfigError with the place in the file
 */
export async function loadTaskDefinition(session: Session, ecs: Ecs): Promise<Definition> {
  return read("taskDefinition", await session.definitions.loadTaskDefinition(), session, ecs);
}

/** Likewise the service definition. */
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
