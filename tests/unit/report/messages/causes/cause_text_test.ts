import assert from "node:assert/strict";
import type { Cause } from "../../../../../src/diagnosis/cause.ts";
import { adviseOnCause, describeCause, renderCauses } from "../../../../../src/report/messages/causes/cause_text.ts";

const ECR = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com";
const TASK = "arn:aws:ecs:ap-northeast-1:123456789012:task/default/0f6d8a2e3b1c4d5e8f90a1b2c3d4e5f6";

const READ_LOG = "read the log of container app (logConfiguration in the task definition says where it is)";

function cause(changes: Partial<Cause> = {}): Cause {
  return {
    ...{ code: "exited", container: "app", exitCode: 1, count: 3, said: "Essential container in task exited" },
    ...{ about: {}, taskArn: TASK, atMs: undefined },
    ...changes,
  };
}

const CASES: readonly (readonly [changes: Partial<Cause>, what: string, advice?: string])[] = [
  [
    { code: "imageNotFound", exitCode: undefined, about: { image: `${ECR}/web:1.9` } },
    "image tag 1.9 of repository web not found in ECR (container app)",
    "push image tag 1.9 of repository web, or change the task definition to a tag that exists (if it was pushed before, a lifecycle policy of ECR may have deleted it)",
  ],
  [
    { code: "imageNotFound", container: undefined, about: { image: "quay.io/acme/web:1.9" } },
    "image tag 1.9 of repository quay.io/acme/web not found in quay.io",
    "push image tag 1.9 of repository quay.io/acme/web, or change the task definition to a tag that exists",
  ],
  [{}, "container app exited with code 1", READ_LOG],
  [
    { code: "exitedCleanly", exitCode: 0 },
    "container app ended by itself (exit code 0)",
    `an essential container must not end: find out why this one does (a wrong command, a job that runs once, a proxy that goes into the background); ${READ_LOG}`,
  ],
  [
    { code: "outOfMemory", exitCode: 137, about: { memoryMiB: 512, memoryOf: "container" } },
    "container app ran out of memory (limit 512 MiB, exit code 137)",
    "raise memory of the container in the task definition (now 512), or find what uses so much",
  ],
  [
    { code: "secretKeyMissing", about: { key: "DB_URL", secret: "arn:aws:secretsmanager:r:1:secret:prod/db-AbCdEf" } },
    "secret prod/db exists, but its JSON has no key DB_URL (container app)",
    "add the key DB_URL to the JSON in secret prod/db, or correct valueFrom in the task definition, which asks for it",
  ],
  [
    { code: "targetUnhealthy", exitCode: undefined, about: { port: 8080, answer: "404", targetGroup: "web" } },
    "container app answered the load balancer's health check on port 8080 with 404",
    "find why this release does not serve the path of the health check (target group web; what is live is checked there, " +
    `too); ${READ_LOG}`,
  ],
  [
    { code: "alarm", container: undefined, about: { alarms: ["5xx", "latency"] } },
    "CloudWatch alarms 5xx, latency fired",
    "read the logs of that time, and see the alarm's metric and threshold: aws cloudwatch describe-alarms --alarm-types MetricAlarm CompositeAlarm --alarm-names 5xx latency",
  ],
  [
    {
      code: "hookFailed",
      container: undefined,
      about: { stage: "PRE_SCALE_UP", hook: "arn:aws:lambda:r:1:function:check" },
    },
    "Lambda function check (a lifecycle hook) failed at PRE_SCALE_UP",
    "read the log of the Lambda function: aws --region r logs tail /aws/lambda/check --since 1h",
  ],
  [
    { code: "dependencyFailed", container: "migrate", exitCode: 2, about: { dependents: ["app"] } },
    "container migrate ended with exit code 2, and container app waits for it (dependsOn)",
    `check what container migrate has already changed, before it runs again: it ran in 3 tasks; ${
      READ_LOG.replace("app", "migrate")
    }`,
  ],
  [{ code: "unknown", container: undefined, said: "A new one" }, "A new one"],
  [{ code: "unknown", said: "" }, "ECS gives no reason (container app)"],
];

for (const [changes, what, advice] of CASES) {
  Deno.test(`describeCause(): ${what}`, () => {
    assert.deepEqual([describeCause(cause(changes)), adviseOnCause(cause(changes))], [what, advice]);
  });
}

Deno.test("renderCauses() says how many tasks, and ECS's words where they say more", () => {
  assert.deepEqual(renderCauses([cause({ count: 1 })]), [
    "1 task stopped: container app exited with code 1",
    `advice: ${READ_LOG}`,
  ]);
  assert.deepEqual(renderCauses([cause({ code: "imageNotPulled", said: "CannotPullContainerError: x" })]), [
    "3 tasks stopped: the image could not be pulled (container app) (CannotPullContainerError: x)",
  ]);
  assert.deepEqual(
    renderCauses([cause({ code: "notPlaced", taskArn: undefined, said: "was unable to place a task." })]),
    [
      "ECS could not place the task (was unable to place a task.)",
    ],
  );
  assert.deepEqual(renderCauses([cause({ code: "unknown", said: "A new one" })]), [
    "3 tasks stopped: A new one (container app)",
  ]);
});

Deno.test("renderCauses() gives the same advice once", () => {
  const lines = renderCauses([cause(), cause({ exitCode: 2 }), cause({ code: "killed", exitCode: 137 })]);
  assert.deepEqual(lines.map((line) => line.startsWith("advice: ")), [false, true, false, false, true]);
});

Deno.test("a secret is named without the six characters that its ARN has and its name has not", () => {
  const named = (name: string) =>
    describeCause(cause({
      ...{ code: "secretNotFound", container: undefined },
      about: { secret: `arn:aws:secretsmanager:r:123456789012:secret:${name}` },
    }));
  for (
    const [name, said] of [["db-AbCdEf", "db"], ["db-a1b2C3", "db"], ["db-secret", "db-secret"], [
      "DB-SECRET",
      "DB-SECRET",
    ]]
  ) {
    assert.equal(named(name!), `secret ${said} does not exist`);
  }
  // An ARN without them is taken, too.
  for (const name of ["prod/Db-Master", "log-202301", "app-token1"]) {
    assert.equal(named(name), `secret ${name} does not exist`);
  }
});
