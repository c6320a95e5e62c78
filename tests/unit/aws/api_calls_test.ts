import assert from "node:assert/strict";
import { RefusedAnswerError } from "../../../src/aws/refused_answer.ts";
import { AwsError } from "../../../src/errors.ts";
import { call, connect, REJECTED, RESET } from "./api_connections.ts";

const THROTTLED = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
const REFUSED = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
const UNAVAILABLE = Object.assign(new Error("Unavailable"), { name: "X", $metadata: { httpStatusCode: 503 } });
const SKEWED = Object.assign(new Error("Signature expired"), {
  name: "InvalidSignatureException",
  $metadata: { httpStatusCode: 400, clockSkewCorrected: true },
});

Deno.test("an API repeats what may be repeated, with growing pauses, and reports each attempt", async () => {
  const { api: one, clock, attempts } = connect();
  const { made } = call([THROTTLED, RESET, SKEWED, "done"]);
  assert.equal(await one.make(made), "DONE");
  assert.equal(clock.now(), 200 + 400 + 800);
  assert.deepEqual(attempts.map((line) => line.replace(/ in .*/, "")), [
    "Op attempt 1: ThrottlingException",
    "Op attempt 2: ECONNRESET",
    "Op attempt 3: InvalidSignatureException",
    "Op attempt 4: ok",
  ]);
});

Deno.test("an API goes on while AWS throttles until its signal is aborted, with pauses of 5 s, and reports it", async () => {
  const { api: one, clock, troubles } = connect();
  const endless = call([THROTTLED], { signal: clock.deadline(600_000) });
  await assert.rejects(one.make(endless.made), AwsError);
  assert.equal(clock.now(), 600_000);
  assert.ok(endless.count() > 120 && endless.count() < 130, String(endless.count()));
  assert.deepEqual(troubles.slice(0, 4), [
    "ThrottlingException 0",
    "ThrottlingException 200",
    "ThrottlingException 600",
    "ThrottlingException 1400",
  ]);
});

Deno.test("an API survives all other trouble, too, once AWS has answered", async () => {
  for (const trouble of [REFUSED, RESET, UNAVAILABLE]) {
    const { api: one, clock } = connect();
    await one.make(call(["done"]).made);
    const later = call([...Array<Error>(50).fill(trouble), "done"]);
    assert.equal(await one.make(later.made), "DONE");
    assert.ok(clock.now() > 200_000);
  }
});

Deno.test("an API gives up after eight attempts where waiting may never help", async () => {
  const unreadable = { ...call(["done"]).made, read: () => assert.fail("of another shape") };
  for (const made of [call([UNAVAILABLE]).made, call([SKEWED]).made]) {
    const { api: one, attempts } = connect();
    await assert.rejects(one.make(made), AwsError);
    assert.equal(attempts.length, 8);
  }
  const { api: one, attempts } = connect();
  await one.make(call(["done"]).made);
  await assert.rejects(one.make(unreadable), AwsError);
  assert.equal(attempts.length, 9, "also when AWS has answered before");
});

Deno.test("an API reports for how long an operation has failed that somebody else repeats", async () => {
  const { api: one, clock, troubles } = connect();
  for (const _ of [1, 2]) {
    await assert.rejects(one.make(call([THROTTLED], { policy: "once" }).made), AwsError);
    clock.advance(4_000);
  }
  await one.make(call(["done"], { policy: "once" }).made);
  await assert.rejects(one.make(call([THROTTLED], { policy: "once" }).made), AwsError);
  await assert.rejects(one.make(call([REJECTED]).made), AwsError);
  assert.deepEqual(troubles, ["ThrottlingException 0", "ThrottlingException 4000", "ThrottlingException 0"]);
});

Deno.test("an API repeats neither a refusal nor a call that is to be sent once", async () => {
  for (
    const { made, count } of [
      call([REJECTED]),
      call([THROTTLED], { policy: "once" }),
      call([RESET], { policy: "once" }),
    ]
  ) {
    await assert.rejects(connect().api.make(made), AwsError);
    assert.equal(count(), 1);
  }
});

Deno.test("an API knows an unreachable endpoint at once, until AWS has answered once", async () => {
  const { api: one } = connect();
  const first = call([REFUSED]);
  await assert.rejects(one.make(first.made), AwsError);
  assert.equal(first.count(), 1);
  await one.make(call(["done"]).made);
  const later = call([REFUSED, "done"]);
  assert.equal(await one.make(later.made), "DONE");
});

Deno.test("an API ends an attempt that is never answered", async () => {
  const { api: one, clock } = connect();
  const { made } = call(["done"]);
  const silent = ({ abortSignal }: { abortSignal: AbortSignal }) =>
    new Promise<string>((_, reject) => {
      abortSignal.addEventListener("abort", () => reject(Object.assign(new Error("aborted"), { name: "AbortError" })));
      queueMicrotask(() => clock.advance(10_000));
    });
  await assert.rejects(one.make({ ...made, send: silent, policy: "once" }), (error) => {
    assert.ok(error instanceof AwsError);
    assert.equal(error.kind, "lost");
    return true;
  });
});

Deno.test("an API does not wait long for an endpoint that has never answered", async () => {
  const { api: one } = connect();
  const silent = call([RESET]);
  await assert.rejects(one.make(silent.made), AwsError);
  assert.equal(silent.count(), 2);
});

Deno.test("an API soon gives up where another than AWS answers, until AWS has answered once", async () => {
  const table: [status: number, attempts: number][] = [[403, 2], [404, 2], [502, 2], [302, 2], [200, 2], [407, 1], [
    429,
    8,
  ]];
  for (const [status, attempts] of table) {
    const foreign = new RefusedAnswerError({ code: "foreignAnswer", status, host: "h" });
    const { api: one, clock } = connect();
    const first = call([foreign]);
    await assert.rejects(one.make(first.made), (error) => error instanceof AwsError && error.code === "NotFromAws");
    assert.equal(first.count(), attempts, `HTTP ${status}`);
    await assert.rejects(one.make(call([foreign]).made), AwsError);
    assert.ok(clock.now() < 60_000, "what another says is no answer of AWS's");

    await one.make(call(["done"]).made);
    const later = call([...Array<Error>(50).fill(foreign), "done"]);
    assert.equal(await one.make(later.made), "DONE", `HTTP ${status}`);
    assert.ok(clock.now() > 200_000);
  }
});
