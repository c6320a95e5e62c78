import assert from "node:assert/strict";
import { KnownEvents } from "../../../src/aws/services.ts";

const eventOf = (id: string, message = "has reached a steady state.") => ({ id, createdAtMs: 1_000, message });

Deno.test("events that come again are kept and masked once, those of another service or another text are not", () => {
  const known = new KnownEvents();
  const masked: string[] = [];
  const read = (arn: string, ...events: Parameters<typeof known.of>[1]) =>
    known.of(arn, events, (text) => {
      masked.push(text);
      return text.replace("steady", "(hidden)");
    });
  const [first] = read("arn:a", eventOf("1"));
  const [second, again] = read("arn:a", eventOf("2"), eventOf("1"));
  assert.equal(again, first);
  assert.deepEqual(second, eventOf("2", "has reached a (hidden) state."));
  assert.equal(masked.length, 2);
  assert.notEqual(read("arn:b", eventOf("1"))[0], first);
  const [other] = read("arn:a", eventOf("1", "(task 1) failed container health checks."));
  assert.match(other!.message, /health checks/);
  assert.equal(masked.length, 4);
  // What is left out of an answer is let go.
  assert.notEqual(read("arn:a", eventOf("2"))[0], second);
});
