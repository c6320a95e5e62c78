import assert from "node:assert/strict";
import type { EcsReader } from "../../../src/ecs/ports.ts";
import type { ServiceSnapshot } from "../../../src/ecs/service.ts";
import { findUses } from "../../../src/registry/find_uses.ts";
import { deployment, REF, revision, service, serviceDeployment, taskSet } from "../made_up.ts";
import { awsError, type Script, scriptedPorts } from "../rollout/scripted_ports.ts";

const NEVER = new AbortController().signal;

async function usesOf(read: ServiceSnapshot | undefined, script: Partial<Script> = {}) {
  const { ports, calls } = scriptedPorts({ reads: [read], ...script });
  const { byArn, notices } = await findUses(REF, "myservice", ports.ecs as EcsReader, NEVER);
  const byRevision = Object.fromEntries([...byArn].map(([arn, user]) => [arn.split(":").at(-1), user]));
  return { uses: byRevision, notices, calls };
}

Deno.test("findUses() names the service, its deployments and its running tasks", async () => {
  const old = deployment({ id: "ecs-svc/3", status: "ACTIVE", taskDefinition: revision(3).arn });
  const { uses } = await usesOf(service({ deployments: [deployment(), old] }), {
    inUse: new Set([revision(4).arn, revision(2).arn]),
  });
  assert.deepEqual(uses, {
    2: "a running task of the family myservice",
    3: "deployment ecs-svc/3",
    4: "the service myservice",
  });
});

Deno.test("findUses() names task sets, and tasks where there is no service", async () => {
  const external = service({ deployments: [], taskDefinition: undefined, taskSets: [taskSet()] });
  assert.deepEqual((await usesOf(external)).uses, { 4: "task set ecs-svc/7" });
  const { uses } = await usesOf(undefined, { inUse: new Set([revision(1).arn]) });
  assert.deepEqual(uses, { 1: "a running task of the family myservice" });
});

const UNDER_WAY = service({
  deployments: [deployment({ rolloutState: "IN_PROGRESS" })],
  currentServiceDeployment: "arn:sd",
});

Deno.test("findUses() counts where ECS would go back to, although nothing of it runs any more", async () => {
  const { uses } = await usesOf(UNDER_WAY, {
    serviceDeployments: [serviceDeployment({ sourceRevisionArns: ["arn:sr/2", "arn:sr/3"] })],
    serviceRevisions: { "arn:sr/2": revision(2).arn, "arn:sr/3": revision(3).arn },
  });
  assert.deepEqual(Object.keys(uses), ["2", "3", "4"]);
  assert.match(uses[2] ?? "", /ECS goes back to it if that fails/);
});

Deno.test("findUses() says so when that may not be read, and asks nothing when no deployment is under way", async () => {
  const denied = await usesOf(UNDER_WAY, { serviceDeployments: [awsError("denied", "AccessDeniedException")] });
  assert.match(denied.notices[0] ?? "", /AccessDeniedException.*is not known/);
  const { calls } = await usesOf(service({ currentServiceDeployment: "arn:sd" }));
  assert.deepEqual(calls, ["describeService", "listTaskDefinitionsInUse"]);
  await assert.rejects(usesOf(UNDER_WAY, { serviceDeployments: [awsError("server", "ServerException")] }));
});
