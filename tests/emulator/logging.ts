/** A service whose newest revision logs, and crashes. */
import { type Behaviour, crashLoop } from "./behaviours.ts";
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { myservice, SERVICE, taskDefinition } from "./myservice.ts";

export const LOG_GROUP = "/ecs/myservice";

/** A log configuration of the driver awslogs, with the group that exists. */
export const awslogs = (options: JsonObject = { "awslogs-stream-prefix": "web" }): JsonObject => ({
  logDriver: "awslogs",
  options: { "awslogs-group": LOG_GROUP, "awslogs-region": "ap-northeast-1", ...options },
});

interface Logging {
  /** The log configuration of the container `app`; by default `awslogs()`. */
  logConfiguration?: JsonObject;
  /** Further containers. */
  beside?: JsonObject[];
  /** What `app` writes before it ends. */
  lines?: readonly string[];
  /** Whether the log group is there. */
  hasGroup?: boolean;
  /** `EC2`: on container instances. */
  launchType?: "FARGATE" | "EC2";
  /** How its tasks behave besides; by default they crash. */
  behaviour?: Behaviour;
}

const LINES = ["starting", "Error: Cannot find module './config'"];

/** Revision 4 runs; 5 logs and crashes, and is registered only. */
export function logging(
  {
    logConfiguration = awslogs(),
    beside = [],
    lines = LINES,
    hasGroup = true,
    launchType = "FARGATE",
    behaviour = crashLoop(),
  }: Logging = {},
): Emulator {
  const onInstances = { launchType, platformVersion: undefined };
  const definition = { requiresCompatibilities: [launchType] };
  const { containerDefinitions: [app], ...others } = taskDefinition(4) as JsonObject & {
    containerDefinitions: [JsonObject];
  };
  const emulator = myservice({ definition, ...(launchType === "EC2" && { service: onInstances }) });
  emulator.setLogGroup(LOG_GROUP, hasGroup);
  emulator.registerTaskDefinition({
    ...others,
    ...definition,
    containerDefinitions: [{ ...app, logConfiguration }, ...beside],
  });
  emulator.setBehaviour(`${SERVICE}:5`, { ...behaviour, logs: { app: lines } });
  return emulator;
}

/** The same, with revision 5 on its way. */
export function deployingLogging(world: Logging = {}): Emulator {
  const emulator = logging(world);
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:5` });
  return emulator;
}
