import { isRegion, lastPart, regionOf } from "../model/arn.ts";
import { type JsonObject, objectIn, objectsIn, textIn } from "../model/json.ts";
import type { CloudWatchLogs, LogPlace } from "../model/log_place.ts";
import type { StoppedContainer, StoppedTask } from "../model/service.ts";
import { isForFargateOnly } from "../model/task_definition.ts";
import type { Cause } from "./cause.ts";

/**
 * Adds the place of the container's log to each cause: of a container that has run, if its task definition was read.
 */
export function addLogPlaces(
  causes: readonly Cause[],
  { tasks, taskDefinition }: {
    readonly tasks: readonly StoppedTask[];
    readonly taskDefinition?: JsonObject | undefined;
  },
): readonly Cause[] {
  if (taskDefinition === undefined) return causes;
  return causes.map((cause) => {
    const task = tasks.find(({ arn }) => arn === cause.taskArn);
    const container = task?.containers.find(({ name }) => name === cause.container);
    if (task === undefined || container === undefined) return cause;
    const { name, exitCode, runtimeId } = container;
    if (exitCode === undefined && runtimeId === undefined) return cause;
    const { arn: taskArn, stoppedAtMs, executionStoppedAtMs, stoppingAtMs } = task;
    // A task is shown as stopping for half a minute before it has stopped.
    const endedAtMs = executionStoppedAtMs ?? stoppingAtMs ?? stoppedAtMs;
    const log = findLogPlace(taskDefinition, { name, taskArn, runtimeId, endedAtMs });
    return log === undefined ? cause : { ...cause, log };
  });
}

/** A container of a task that has run. */
interface RanContainer extends Pick<StoppedContainer, "name" | "runtimeId"> {
  readonly taskArn: string;
  /** When its task ended: milliseconds since the epoch. */
  readonly endedAtMs: number | undefined;
}

/** The last lines are what matters, and `aws logs tail` prints all since a time. */
const LAST_MS = 600_000;

/**
 * Where the log of a container is, by the log driver that the task definition names for it. Drivers and their options:
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html
 *
 * @param definition the task definition that the task had, in the names of the API
 * @returns `undefined` where the definition has no such container, or its options make no sense
 */
function findLogPlace(definition: JsonObject, container: RanContainer): LogPlace | undefined {
  const found = objectsIn(definition.containerDefinitions).find(({ name }) => name === container.name);
  if (found === undefined) return undefined;
  const { logDriver, options } = objectIn(found.logConfiguration);
  const given = new Map(Object.entries(objectIn(options)).map(([key, value]) => [key.toLowerCase(), textIn(value)]));
  const driver = textIn(logDriver);
  if (driver === "awslogs") return findStream(given, container);
  if (driver === "awsfirelens") return findRoute(given, definition, container);
  const address = given.get(driver === "splunk" ? "splunk-url" : `${driver}-address`);
  // Without an address, it is the syslog of the container instance.
  if (driver === "syslog" && address === undefined) return { kind: "instance", driver };
  if (driver !== undefined && TO_SERVERS.includes(driver)) {
    return { kind: "server", driver, address: withoutLogin(address) };
  }
  return isForFargateOnly(definition) ? { kind: "nowhere" } : { kind: "instance", driver };
}

const TO_SERVERS = ["splunk", "fluentd", "gelf", "syslog"];

type Options = ReadonlyMap<string, string | undefined>;

/** "The log stream takes the format prefix-name/container-name/ecs-task-id"; without a prefix, the container's ID. */
function findStream(options: Options, container: RanContainer): LogPlace | undefined {
  const { name, taskArn, runtimeId } = container;
  const prefix = options.get("awslogs-stream-prefix");
  const stream = prefix === undefined ? runtimeId : `${prefix}/${name}/${lastPart(taskArn)}`;
  return cloudWatchLogs(options.get("awslogs-group"), options.get("awslogs-region"), stream, container);
}

function cloudWatchLogs(
  group: string | undefined,
  region: string | undefined,
  stream: string | undefined,
  { taskArn, endedAtMs }: RanContainer,
): CloudWatchLogs | undefined {
  // The API's own patterns (GetLogEvents). A name that a template makes does not match.
  if (group === undefined || !/^[.\-_/#A-Za-z0-9]{1,512}$/.test(group)) return undefined;
  const isStream = stream !== undefined && /^[^:*\p{Cc}]{1,512}$/u.test(stream);
  return {
    kind: "cloudWatchLogs",
    group,
    region: region !== undefined && isRegion(region) ? region : regionOf(taskArn),
    stream: isStream ? stream : undefined,
    sinceMs: endedAtMs === undefined ? undefined : endedAtMs - LAST_MS,
  };
}

/**
 * The router sends to the target that the container's options name, as its plugin calls it. The tag of a log line is
 * "always in the format of {container name}-firelens-{task ID}" (aws-samples/amazon-ecs-firelens-examples#44), and "is
 * appended to the prefix to construct the full log stream name" (aws/amazon-cloudwatch-logs-for-fluent-bit).
 */
function findRoute(options: Options, definition: JsonObject, container: RanContainer): LogPlace {
  const { name, taskArn } = container;
  const prefix = options.get("log_stream_prefix");
  const tagged = prefix === undefined ? undefined : `${prefix}${name}-firelens-${lastPart(taskArn)}`;
  const stream = options.get("log_stream_name") ?? tagged;
  const known = isTemplate(stream) ? undefined : stream;
  const inLogs = cloudWatchLogs(options.get("log_group_name"), options.get("region"), known, container);
  if (inLogs !== undefined) return inLogs;
  const router = objectsIn(definition.containerDefinitions).find((one) => one.firelensConfiguration !== undefined);
  const routerName = textIn(router?.name);
  const ofRouter = routerName === undefined || routerName === name
    ? undefined
    : findLogPlace(definition, { ...container, name: routerName, runtimeId: undefined });
  return {
    kind: "router",
    router: routerName,
    plugin: options.get("name") ?? options.get("@type"),
    to: targetOf(options),
    configFile: textIn(objectIn(objectIn(router?.firelensConfiguration).options)["config-file-value"]),
    ownLog: ofRouter?.kind === "cloudWatchLogs" ? ofRouter : undefined,
  };
}

/** The options in which plugins name their target. Not the path of a URL: some services have their token in it. */
const TARGETS = ["log_group_name", "delivery_stream", "stream", "bucket", "host", "topics", "topic", "index"];

function targetOf(options: Options): string | undefined {
  const target = TARGETS.map((name) => options.get(name)).find((value) => value !== undefined);
  const url = options.get("url") ?? options.get("uri");
  return withoutLogin(target) ?? (url === undefined ? undefined : URL.parse(url)?.host);
}

const isTemplate = (text: string | undefined) => text !== undefined && /[$#]\(|\$\{/.test(text);

/** `tcp://user:password@host` without user and password. */
function withoutLogin(address: string | undefined): string | undefined {
  return address?.replace(/^([a-z+]+:\/\/)?[^/@]*@/i, "$1").replace(/[?#].*$/, "");
}
