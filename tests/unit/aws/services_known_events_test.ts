import assert from "node:assert/strict";
import { KnownEvents } from "../../../src/aws/services.ts";

const eventOf = (id: string, message = "has reached a steady state.") => ({ id, createdAtMs: 1_000, message });

Deno.test("events that come again are kept once, those of another service or another text are not", () => {
  const known = new KnownEvents();
  const [first] = known.of("arn:a", [eventOf("1")]);
  const [second, again] = known.of("arn:a", [eventOf("2"), eventOf("1")]);
  assert.equal(again, first);
  assert.deepEqual(second, eventOf("2"));
  assert.notEqual(known.of("arn:b", [eventOf("1")])[0], first);
  const [other] = known.of("arn:a", [eventOf("1", "(task 1) failed container health checks.")]);
  assert.match(other!.message, /health checks/);
  // What is left out of an answer is let go.
  assert.notEqual(known.of("arn:a", [eventOf("2")])[0], second);
});
