import assert from "node:assert/strict";
import { AwsError, optional, unlessFails } from "../../src/errors.ts";
import type { AwsErrorKind } from "../../src/problems/aws_failure.ts";

function failing(kind: AwsErrorKind): Promise<never> {
  return Promise.reject(new AwsError({ operation: "Op", kind, code: "Code", detail: "" }));
}

Deno.test("optional() gives a denial as a value, and throws what is none", async () => {
  assert.deepEqual(await optional(Promise.resolve(1)), { value: 1 });
  assert.equal((await optional(failing("denied"))).denied?.kind, "denied");
  assert.equal((await optional(failing("rejected"), ({ kind }) => kind === "rejected")).denied?.kind, "rejected");
  await assert.rejects(optional(failing("lost")), AwsError);
  await assert.rejects(optional(Promise.reject(new TypeError("bug")), () => true), TypeError);
});

Deno.test("unlessFails() goes without what AWS does not give, and throws what is no answer of AWS's", async () => {
  assert.equal(await unlessFails(Promise.resolve(1)), 1);
  assert.equal(await unlessFails(failing("lost")), undefined);
  await assert.rejects(unlessFails(Promise.reject(new TypeError("bug"))), TypeError);
});
