import assert from "node:assert/strict";
import type { Cause } from "../../../src/diagnosis/cause.ts";
import { formatLocalTime } from "../../../src/report/messages/log.ts";
import type { Deployment, ServiceSnapshot } from "../../../src/model/service.ts";
import type { ServiceDeployment } from "../../../src/model/service_deployment.ts";
import { describeNewestRollout } from "../../../src/report/status_text.ts";
import type { NewestRollout } from "../../../src/rollout/read/read_newest_rollout.ts";

const REF = { cluster: "default", service: "myservice", region: "ap-northeast-1" };
const arnOf = (revision: number) => `arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:${revision}`;

function deployment(revision: number, status: string, runningCount: number): Deployment {
  const counts = { desiredCount: 2, pendingCount: 0, runningCount, failedTasks: 0 };
  const states = { rolloutState: "IN_PROGRESS", rolloutStateReason: undefined };
  return { id: `ecs-svc/${revision}`, status, taskDefinition: arnOf(revision), createdAtMs: 0, ...counts, ...states };
}

/** In an order that AWS does not promise. */
const SERVICE = {
  taskDefinition: arnOf(5),
  deployments: [deployment(4, "ACTIVE", 2), deployment(5, "PRIMARY", 0)],
} as unknown as ServiceSnapshot;

const RECORD = {
  status: "IN_PROGRESS",
  sourceRevisionArns: ["revision/4"],
  awaitingHooks: [],
  triggered: [],
  triggeredAlarms: [],
} as unknown as ServiceDeployment;

const FAILING: NewestRollout = {
  stage: "underWay",
  of: { arn: arnOf(5), family: "myservice", revision: 5 },
  failedTasks: 3,
  causes: [],
  record: RECORD,
};

const describe = (change: Partial<NewestRollout>) => describeNewestRollout({ ...FAILING, ...change }, SERVICE, REF);

Deno.test("status names the new revision first, whatever the order in which ECS lists deployments", () => {
  assert.deepEqual(describe({}), [
    "myservice:5 is failing",
    `myservice:4 is still live: 2 of 2 tasks (deployed ${
      formatLocalTime(4_000).slice(0, -3)
    }); myservice:5 has 0 of 2 tasks yet.`,
    "3 tasks failed to start",
    "next: ecspresso rollback --revision 4 --from 5",
  ]);
});

Deno.test("status of a first deployment leads back to nothing", () => {
  const record = { ...RECORD, sourceRevisionArns: [] };
  for (const stage of ["underWay", "failed"] as const) {
    assert.equal(describe({ stage, record }).at(-1), "next: fix it, then: ecspresso deploy");
  }
  assert.equal(describe({ record, failedTasks: 0 }).at(-1), "next: ecspresso wait");
});

Deno.test("status types nothing where ECS has gone back, or where a hook waits, which has commands of its own", () => {
  assert.ok(!describe({ stage: "wentBack" }).some((line) => line.startsWith("next:")));
  assert.ok(!describe({ record: { ...RECORD, awaitingHooks: ["hook"] } }).some((line) => line.startsWith("next:")));
});

/** As said by ECS, of nothing in particular. */
function causeOf(code: Cause["code"]): Cause {
  const unknown = { container: undefined, exitCode: undefined, taskArn: undefined, atMs: undefined };
  return { ...unknown, code, count: 2, said: "", about: {} };
}

Deno.test("status leads back only where that mends something, as the end of a run does", () => {
  const shared = { subnets: ["subnet-1"], securityGroups: ["sg-1"], assignPublicIp: undefined };
  const inNetwork = { ...SERVICE, deployments: SERVICE.deployments.map((one) => ({ ...one, network: shared })) };
  const lastOf = (stage: NewestRollout["stage"], code: Cause["code"]) =>
    describeNewestRollout({ ...FAILING, stage, causes: [causeOf(code)] }, inNetwork, REF).slice(-2);
  for (const code of ["spotInterrupted", "registryUnreachable"] as const) {
    const [advice, next] = lastOf("failed", code);
    assert.match(advice!, /^(?:first|advice): /);
    assert.match(next!, /^(?:then|next): aws .* ecs update-service .* --force-new-deployment .* && ecspresso wait$/);
    assert.doesNotMatch(lastOf("underWay", code).join(), /ecspresso rollback/);
  }
  assert.match(lastOf("failed", "exited").join(), /ecspresso rollback --revision 4 --from 5/);
});
