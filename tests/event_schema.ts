import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** Checks the events that the program writes by the schema that it promises. */

const text = await Deno.readTextFile(new URL("../docs/events.schema.json", import.meta.url));
// The published schema allows other members, so that it can grow; here, none but its own may be written.
const schema = JSON.parse(
  text,
  (_key, value) => value?.type === "object" ? { ...value, additionalProperties: false } : value,
);
const ajv = new Ajv2020({ strict: true, allErrors: false });
/** One check for each kind of event: the errors of a `oneOf` would name every branch. */
const checks = new Map<string, ValidateFunction>(
  schema.oneOf.map((event: { properties: { event: { const: string } } }) => [
    event.properties.event.const,
    ajv.compile({ ...event, $defs: schema.$defs }),
  ]),
);

export const EVENT_NAMES: readonly string[] = [...checks.keys()];

export interface EventLine {
  readonly event: string;
  readonly [name: string]: unknown;
}

/** Parses NDJSON and checks each line by the schema: every line is an event, and the last one ends the run. */
export function readEvents(ndjson: string): EventLine[] {
  assert.ok(ndjson.endsWith("\n"), `no whole line at the end: ${ndjson.slice(-200)}`);
  const events = ndjson.trimEnd().split("\n").map((line): EventLine => {
    const event: EventLine = JSON.parse(line);
    const check = checks.get(event.event);
    assert.ok(check !== undefined, `no such event: ${line}`);
    assert.ok(check(event), `${line}\n${ajv.errorsText(check.errors)}`);
    return event;
  });
  const ends = events.flatMap(({ event }, index) => event === "finished" ? [index] : []);
  assert.deepEqual(ends, [events.length - 1], "one line says how the run has ended, and it is the last");
  return events;
}
