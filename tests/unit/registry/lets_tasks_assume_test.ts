import assert from "node:assert/strict";
import { letsTasksAssume } from "../../../src/registry/lets_tasks_assume.ts";

const TASKS = "ecs-tasks.amazonaws.com";
const ALLOW = { Effect: "Allow", Principal: { Service: TASKS }, Action: "sts:AssumeRole" };
const judge = (...statements: object[]) => letsTasksAssume(JSON.stringify({ Statement: statements }));

Deno.test("letsTasksAssume() finds the statement that lets tasks assume a role", () => {
  assert.ok(judge(ALLOW));
  assert.ok(judge({ ...ALLOW, Principal: { Service: ["ec2.amazonaws.com", TASKS] } }));
  assert.ok(judge({ ...ALLOW, Action: ["sts:TagSession", "sts:AssumeRole"] }));
  assert.ok(judge({ ...ALLOW, Action: "sts:*" }, { ...ALLOW, Effect: "Deny" }));
  assert.ok(judge({ ...ALLOW, Principal: { AWS: "*" } }));
  assert.ok(letsTasksAssume(JSON.stringify({ Statement: ALLOW })));
});

Deno.test("letsTasksAssume() finds none in a policy that lets others", () => {
  assert.equal(judge(), false);
  assert.equal(judge({ ...ALLOW, Principal: { Service: "ecs.amazonaws.com" } }), false);
  assert.equal(judge({ ...ALLOW, Principal: { AWS: "arn:aws:iam::123456789012:root" } }), false);
  assert.equal(judge({ ...ALLOW, Effect: "Deny" }), false);
  assert.equal(judge({ ...ALLOW, Action: "sts:TagSession" }), false);
});

Deno.test("letsTasksAssume() does not say no to what it cannot read", () => {
  for (const policy of ["", "no JSON", "{}"]) assert.ok(letsTasksAssume(policy), policy);
});
