import { parseTaskDefinitionArn } from "../model/arn.ts";
import type { EcsReader } from "../model/ports.ts";
import { ConfigError } from "../errors.ts";
import type { Session } from "../session/session.ts";

/**
 * The family of task definitions that the config is about: the one that the task definition file names, or where that is
 * missing or cannot be rendered here, the one that the service runs.
 *
 * @throws ConfigError when neither tells
 */
export async function readFamily(
  session: Session,
  ecs: Pick<EcsReader, "describeService">,
): Promise<string> {
  const { config, definitions, log, signal } = session;
  const found = await definitions.readFamily();
  if ("family" in found) return found.family;
  if (config.service === undefined) {
    const problem =
      `the family of task definitions is not known: ${found.unknown}, and there is no service in the config`;
    throw new ConfigError(problem, { file: config.path });
  }
  log.debug(`the family is taken from the service: ${found.unknown}`);
  const service = await ecs.describeService(session.ref, signal);
  if (service?.taskDefinition !== undefined) return parseTaskDefinitionArn(service.taskDefinition).family;
  const taskSet = service?.taskSets[0];
  if (taskSet !== undefined) return parseTaskDefinitionArn(taskSet.taskDefinition).family;
  throw new ConfigError(
    `the family of task definitions is not known: ${found.unknown}, and the service ${
      service === undefined ? "does not exist" : "runs none"
    }`,
    { file: config.path },
  );
}
