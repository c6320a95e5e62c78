import assert from "node:assert/strict";
import { BatchedReads } from "../../../src/aws/batched_reads.ts";
import { AwsError, UNREADABLE } from "../../../src/errors.ts";
import type { AwsErrorKind } from "../../../src/problems/aws_failure.ts";
import type { Priority } from "../../../src/model/ports.ts";
import { FleetClock } from "../../fleet_clock.ts";

const never = new AbortController().signal;
const failure = (kind: AwsErrorKind, code: string = kind) =>
  new AwsError({ operation: "Describe", kind, code, detail: "" });

/** Reads that take three things at most and answer with their names in capitals, and what was asked for. */
function reads(several: (keys: readonly string[]) => AwsError | undefined = () => undefined) {
  const asked: string[] = [];
  const clock = new FleetClock(0);
  const rates = { isHoldingBack: false };
  const answer = (key: string) => {
    if (key.startsWith("denied")) throw failure("denied");
    return key.toUpperCase();
  };
  const note = (keys: readonly string[], priority?: Priority) =>
    void asked.push([...keys, ...(priority ? [priority] : [])].join(" "));
  const batched = new BatchedReads<string>({
    most: 3,
    readSeveral: (keys, _signal, priority) => {
      note(keys, priority);
      const error = several(keys);
      if (error !== undefined) return Promise.reject(error);
      const sound = keys.filter((key) => !key.startsWith("odd"));
      return new Promise((resolve) => resolve(new Map(sound.map((key) => [key, answer(key)]))));
    },
    readOne: (key, _signal, priority) => {
      note([`(${key})`], priority);
      return new Promise((resolve) => resolve(answer(key)));
    },
  }, { clock, rates });
  const read = (...keys: string[]) =>
    Promise.all(keys.map((key) => batched.read(key, never).catch((error: AwsError) => error.code)));
  return { batched, read, asked, clock, rates };
}

Deno.test("reads at the same time are joined, as many as a call takes", async () => {
  const { read, asked } = reads();
  assert.deepEqual(await read("a", "b", "c", "d", "e"), ["A", "B", "C", "D", "E"]);
  assert.deepEqual(asked, ["a b c", "d e"]);
});

Deno.test("what is read twice at the same time is asked for once, and a single one alone", async () => {
  const { read, asked } = reads();
  assert.deepEqual(await read("a", "a"), ["A", "A"]);
  assert.deepEqual(asked, ["(a)"]);
});

Deno.test("what an answer says nothing sound of is asked for alone", async () => {
  const { read, asked } = reads();
  assert.deepEqual(await read("a", "odd", "c"), ["A", "ODD", "C"]);
  assert.deepEqual(asked, ["a odd c", "(odd)"]);
});

Deno.test("a refused call is made anew for each, and what was refused alone joins no other any more", async () => {
  const { read, asked } = reads();
  assert.deepEqual(await read("a", "denied", "c"), ["A", "denied", "C"]);
  assert.deepEqual(await read("a", "denied", "c"), ["A", "denied", "C"]);
  assert.deepEqual(asked, ["a denied c", "(a)", "(denied)", "(c)", "(denied)", "a c"]);
});

Deno.test("where several are refused twice, and none alone, nothing is joined any more", async () => {
  const { read, asked } = reads(() => failure("rejected"));
  for (let time = 1; time <= 3; time++) assert.deepEqual(await read("a", "b"), ["A", "B"]);
  assert.deepEqual(asked, ["a b", "(a)", "(b)", "a b", "(a)", "(b)", "(a)", "(b)"]);
});

Deno.test("an answer that cannot be read is asked for alone, and may be joined the next time", async () => {
  let isFirst = true;
  const { read, asked } = reads(() => {
    const error = isFirst ? failure("lost", UNREADABLE) : undefined;
    isFirst = false;
    return error;
  });
  assert.deepEqual(await read("a", "b"), ["A", "B"]);
  assert.deepEqual(await read("a", "b"), ["A", "B"]);
  assert.deepEqual(asked, ["a b", "(a)", "(b)", "a b"]);
});

for (const kind of ["throttled", "lost", "unreachable", "server", "credentials"] as const) {
  Deno.test(`${kind} is of all that were asked for: nothing is asked anew`, async () => {
    const { read, asked } = reads(() => failure(kind));
    assert.deepEqual(await read("a", "b"), [kind, kind]);
    assert.deepEqual(asked, ["a b"]);
  });
}

Deno.test("a batch waits behind other calls only where each of its reads may", async () => {
  const { batched, asked } = reads();
  await Promise.all([batched.read("a", never, "poll"), batched.read("b", never, "poll")]);
  await Promise.all([batched.read("a", never, "poll"), batched.read("b", never)]);
  assert.deepEqual(asked, ["a b poll", "a b"]);
});

Deno.test("only reads that end together are joined", async () => {
  const { batched, asked } = reads();
  const own = new AbortController();
  await Promise.all([batched.read("a", never), batched.read("b", own.signal), batched.read("c", never)]);
  assert.deepEqual(asked.toSorted(), ["(b)", "a c"]);
});

Deno.test("while calls wait for AWS's rates, reads wait for a second for others, and no longer than a poll", async () => {
  const { batched, asked, clock, rates } = reads();
  rates.isHoldingBack = true;
  const fromMs = clock.elapsed();
  const first = batched.read("a", never);
  await clock.sleep(600);
  await Promise.all([first, batched.read("b", never)]);
  assert.equal(clock.elapsed() - fromMs, 1_000);
  const second = batched.read("a", never);
  await clock.sleep(600);
  await Promise.all([second, batched.read("b", never, "poll")]);
  assert.equal(clock.elapsed() - fromMs, 1_620);
  assert.deepEqual(asked, ["a b", "a b"]);
});
