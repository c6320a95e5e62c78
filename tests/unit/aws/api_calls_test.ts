import assert from "node:assert/strict";
import type { CallPolicy } from "../../../src/aws/call_policy.ts";
import { describeAttempt } from "../../../src/report/messages/aws_failure_text.ts";
import type { AttemptedCall } from "../../../src/problems/aws_failure.ts";
import type { ConnectionOptions } from "../../../src/aws/connection.ts";
import { RefusedAnswerError } from "../../../src/aws/refused_answer.ts";
import { AwsError } from "../../../src/errors.ts";
import { VirtualClock } from "../../virtual_clock.ts";
import { wordsOf } from "../../in_words.ts";
import { ScriptedApi } from "./scripted_api.ts";

const THROTTLED = Object.assign(new Error("Rate exceeded"), { name: "ThrottlingException" });
const REFUSED = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
const RESET = Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
const REJECTED = Object.assign(new Error("No."), { name: "ClientException", $metadata: { httpStatusCode: 400 } });
const UNAVAILABLE = Object.assign(new Error("Unavailable"), { name: "X", $metadata: { httpStatusCode: 503 } });
const SKEWED = Object.assign(new Error("Signature expired"), {
  name: "InvalidSignatureException",
  $metadata: { httpStatusCode: 400, clockSkewCorrected: true },
});

const EXPIRED = Object.assign(new Error("The security token included in the request is expired"), {
  name: "ExpiredTokenException",
  $metadata: { httpStatusCode: 400 },
});

function connect(more: Pick<ConnectionOptions, "isGettingCredentials" | "keys"> = {}) {
  const clock = new VirtualClock(0);
  const attempts: string[] = [];
  const troubles: string[] = [];
  const options = {
    region: "r",
    onAttempt: (attempt: AttemptedCall) => void attempts.push(describeAttempt(attempt)),
    onTrouble: ({ code }: AwsError, failingForMs: number) => void troubles.push(`${code} ${failingForMs}`),
    onTagsRefused: () => {},
    clock,
    random: () => 0.5,
    ...more,
  };
  return { api: new ScriptedApi({ ...options, fetchOptions: { ordinary: {}, once: {} } }), clock, attempts, troubles };
}

/** A call that answers in order; the last answer stays. */
function call(answers: unknown[], more: { policy?: CallPolicy<string>; signal?: AbortSignal } = {}) {
  let calls = 0;
  const send = () => {
    const answer = answers[Math.min(calls++, answers.length - 1)];
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer as string);
  };
  const read = (answer: string) => answer.toUpperCase();
  const sendRenewed = () => send().then((answer) => `${answer} anew`);
  const made = {
    operation: "Op",
    send,
    sendRenewed,
    read,
    signal: more.signal ?? new AbortController().signal,
    policy: more.policy ?? "safe",
  };
  return { made, count: () => calls };
}

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

Deno.test("an API asks once for another session where the first has ended, whatever the policy", async () => {
  const policies = ["safe", "once", { mayArriveTwice: false, confirm: () => Promise.resolve(undefined) }] as const;
  for (const policy of policies) {
    const { api: one, clock } = connect();
    assert.equal(await one.make(call([EXPIRED, "done"], { policy }).made), "DONE ANEW");
    assert.equal(clock.now(), 0);
    const { made, count } = call([EXPIRED], { policy });
    await assert.rejects(one.make(made), { kind: "credentials", code: "ExpiredTokenException" });
    assert.equal(count(), 2);
  }
});

Deno.test("an API asks for no other session where the keys are of the environment, nor once it is stopped", async () => {
  const keys = { accessKeyId: "A", secretAccessKey: "s", sessionToken: "t" };
  const ofEnvironment = call([EXPIRED, "done"]);
  await assert.rejects(connect({ keys }).api.make(ofEnvironment.made), AwsError);
  const stopped = call([EXPIRED, "done"], { signal: AbortSignal.abort() });
  await assert.rejects(connect().api.make(stopped.made), AwsError);
  assert.deepEqual([ofEnvironment.count(), stopped.count()], [1, 1]);
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

Deno.test("an API takes it for trouble that there are no credentials once there were some", async () => {
  const none = Object.assign(new Error(`Unexpected token '<', "<html>" is not valid JSON`), {
    name: "CredentialsProviderError",
  });
  const { api: one, clock } = connect();
  const first = call([none]);
  await assert.rejects(one.make(first.made), (error) => {
    assert.ok(error instanceof AwsError);
    assert.deepEqual([error.kind, first.count()], ["credentials", 1]);
    assert.match(wordsOf(error), /has answered with something else, not from AWS: a proxy\?$/);
    return true;
  });
  await one.make(call(["done"]).made);
  assert.equal(await one.make(call([...Array<Error>(50).fill(none), "done"]).made), "DONE");
  assert.ok(clock.now() > 200_000);
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

Deno.test("an API sends again what may be sent once only where the way has not let it through", async () => {
  for (const [status, count] of [[429, 3], [407, 3], [403, 1], [307, 1], [200, 1], [408, 1]] as const) {
    const { api: one } = connect();
    await one.make(call(["done"]).made);
    const foreign = new RefusedAnswerError({ code: "foreignAnswer", status, host: "h" });
    const order = call([foreign, foreign, "done"]);
    await one.make({ ...order.made, policy: confirmed(undefined, false) }).catch((error) => {
      assert.ok(error instanceof AwsError && error.kind === "lost");
    });
    assert.equal(order.count(), count, `HTTP ${status}`);
  }
});

Deno.test("an API ends in time although what gives the credentials hangs", async () => {
  const { api: one, clock } = connect();
  const { made } = call(["done"]);
  const hanging = () => new Promise<string>(() => queueMicrotask(() => clock.advance(10_000)));
  await assert.rejects(one.make({ ...made, send: hanging, policy: "once" }), AwsError);
});

Deno.test("an API gives AWS its time once a program has got the credentials, however long that took", async () => {
  for (const [programMs, answerMs, isInTime] of [[55_000, 4_000, true], [55_000, 20_000, false]] as const) {
    let isRunning = true;
    const { api: one, clock } = connect({ isGettingCredentials: () => isRunning });
    const { made } = call(["done"]);
    const send = ({ abortSignal }: { abortSignal: AbortSignal }) =>
      new Promise<string>((resolve) =>
        queueMicrotask(() => {
          clock.advance(programMs);
          isRunning = false;
          clock.advance(answerMs);
          if (!abortSignal.aborted) resolve("done");
        })
      );
    const making = one.make({ ...made, send, policy: "once" });
    if (isInTime) assert.equal(await making, "DONE");
    else await assert.rejects(making, AwsError);
  }
});

Deno.test("an API does not take a refusal for proof that a change whose answer was lost was not made", async () => {
  for (const policy of ["safe", confirmed(undefined)] as const) {
    const { api: one } = connect();
    await one.make(call(["done"]).made);
    await assert.rejects(one.make(call([RESET, REJECTED], { policy }).made), (error) => {
      assert.ok(error instanceof AwsError);
      assert.deepEqual([error.kind, error.code], [policy === "safe" ? "rejected" : "lost", "ClientException"]);
      return true;
    });
  }
});

function confirmed(shown: string | AwsError | undefined, mayArriveTwice = true): CallPolicy<string> {
  return {
    mayArriveTwice,
    confirm: () => shown instanceof AwsError ? Promise.reject(shown) : Promise.resolve(shown),
  };
}

Deno.test("an API looks whether a change was made whose answer was lost, and believes no other end", async () => {
  const make = (answers: unknown[], policy: CallPolicy<string>, signal?: AbortSignal) =>
    connect().api.make(call(answers, { policy, ...(signal && { signal }) }).made);
  assert.equal(await make([RESET], confirmed("seen")), "seen");
  assert.equal(await make([RESET, REJECTED], confirmed("seen")), "seen");
  assert.equal(await make([RESET, "done"], confirmed("seen")), "DONE");
  assert.equal(await make([RESET, "done"], confirmed("seen", false)), "seen");
  await assert.rejects(make([REJECTED], confirmed("seen")), AwsError);
  await assert.rejects(make([RESET], confirmed("seen"), AbortSignal.abort()), AwsError);
  const unread = new AwsError({ operation: "Look", kind: "denied", code: "AccessDenied", detail: "" });
  await assert.rejects(make([RESET], confirmed(unread)), (error) => error instanceof AwsError && error.kind === "lost");
});
