import assert from "node:assert/strict";
import type { CallPolicy } from "../../../src/aws/call_policy.ts";
import { RefusedAnswerError } from "../../../src/aws/refused_answer.ts";
import { AwsError } from "../../../src/errors.ts";
import { call, connect, REJECTED, RESET } from "./api_connections.ts";

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
