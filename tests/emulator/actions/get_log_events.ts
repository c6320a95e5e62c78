/** GetLogEvents of Amazon CloudWatch Logs */
import { AwsFailure } from "../failure.ts";
import type { Input } from "../input.ts";
import type { JsonObject, World } from "../model.ts";
import type { Actions } from "./action.ts";

const MAX_EVENTS = 10_000;

/** The messages are in public reports: https://github.com/prefect-archive/prefect-aws/issues/177 */
const notThere = (what: string) =>
  new AwsFailure("ResourceNotFoundException", `The specified log ${what} does not exist.`);

/**
 * "If the value is false, the latest log events are returned first" (API reference): the last ones, in order of time. A
 * token names a position, and at either end it comes back as it was sent.
 */
function getLogEvents(world: World, input: Input): JsonObject {
  const group = input.requiredString("logGroupName");
  if (!Object.hasOwn(world.logGroups, group)) throw notThere("group");
  const events = world.logStreams[group]?.[input.requiredString("logStreamName")];
  if (events === undefined) throw notThere("stream");
  const startMs = input.integer("startTime") ?? 0;
  const endMs = input.integer("endTime") ?? Infinity;
  const limit = input.integer("limit") ?? MAX_EVENTS;
  const within = events.filter(({ atMs }) => atMs >= startMs && atMs < endMs);
  const [direction, position] = positionOf(input, within.length);
  const [from, to] = direction === "f" ? [position, position + limit] : [Math.max(0, position - limit), position];
  const shown = within.slice(from, to);
  return {
    events: shown.map(({ atMs, message }) => ({ timestamp: atMs, message, ingestionTime: atMs })),
    nextForwardToken: `f/${from + shown.length}`,
    nextBackwardToken: `b/${from}`,
  };
}

function positionOf(input: Input, end: number): readonly ["f" | "b", number] {
  const isFromHead = input.boolean("startFromHead") === true;
  const token = input.string("nextToken");
  if (token === undefined) return isFromHead ? ["f", 0] : ["b", end];
  const [, direction, position] = /^([fb])\/(\d+)$/.exec(token) ?? [];
  // "If you are using a previous nextForwardToken value [...] you must specify true for startFromHead."
  if (direction === undefined || (direction === "f" && !isFromHead)) {
    throw new AwsFailure("InvalidParameterException", "The specified nextToken is invalid.");
  }
  return [direction as "f" | "b", Number(position)];
}

export const actions: Actions = { GetLogEvents: getLogEvents };
