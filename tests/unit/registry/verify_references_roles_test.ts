import assert from "node:assert/strict";
import type { Reference } from "../../../src/registry/find_references.ts";
import { findingOf, trustOf } from "./reference_checks.ts";

Deno.test("verifyReferences() finds a role that tasks may not assume", async () => {
  const role: Reference = { kind: "role", name: "task" };
  const trusting = (policy: string | undefined) => ({ readTrustPolicy: () => Promise.resolve(policy) });
  assert.deepEqual(await findingOf(role, trusting(trustOf("ec2.amazonaws.com"))), [
    "unfit",
    { code: "notAssumable" },
  ]);
  assert.deepEqual(await findingOf(role, trusting(undefined)), ["missing", undefined]);
});

const TASKS = "ecs-tasks.amazonaws.com";
const ALLOW = { Effect: "Allow", Principal: { Service: TASKS }, Action: "sts:AssumeRole" };

async function mayAssume(policy: string) {
  const [state] = await findingOf({ kind: "role", name: "task" }, { readTrustPolicy: () => Promise.resolve(policy) });
  return state === "there";
}

const judge = (...statements: object[]) => mayAssume(JSON.stringify({ Statement: statements }));

Deno.test("verifyReferences() finds the statement that lets tasks assume a role", async () => {
  assert.ok(await judge(ALLOW));
  assert.ok(await judge({ ...ALLOW, Principal: { Service: ["ec2.amazonaws.com", TASKS] } }));
  assert.ok(await judge({ ...ALLOW, Action: ["sts:TagSession", "sts:AssumeRole"] }));
  assert.ok(await judge({ ...ALLOW, Action: "sts:*" }, { ...ALLOW, Effect: "Deny" }));
  assert.ok(await judge({ ...ALLOW, Principal: { AWS: "*" } }));
  assert.ok(await mayAssume(JSON.stringify({ Statement: ALLOW })));
});

Deno.test("verifyReferences() finds none in a policy that lets others", async () => {
  assert.equal(await judge(), false);
  assert.equal(await judge({ ...ALLOW, Principal: { Service: "ecs.amazonaws.com" } }), false);
  assert.equal(await judge({ ...ALLOW, Principal: { AWS: "arn:aws:iam::123456789012:root" } }), false);
  assert.equal(await judge({ ...ALLOW, Effect: "Deny" }), false);
  assert.equal(await judge({ ...ALLOW, Action: "sts:TagSession" }), false);
});

Deno.test("verifyReferences() does not say no to a policy that it cannot read", async () => {
  for (const policy of ["", "no JSON", "{}"]) assert.ok(await mayAssume(policy), policy);
});
