import assert from "node:assert/strict";
import { AwsError } from "../../../src/errors.ts";
import { wordsOf } from "../../in_words.ts";
import { call, connect } from "./api_connections.ts";

const EXPIRED = Object.assign(new Error("The security token included in the request is expired"), {
  name: "ExpiredTokenException",
  $metadata: { httpStatusCode: 400 },
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
