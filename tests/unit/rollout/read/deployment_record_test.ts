import assert from "node:assert/strict";
import type { PastDeployment } from "../../../../src/model/service_deployment.ts";
import { DeploymentRecord } from "../../../../src/rollout/read/deployment_record.ts";
import { deployment, REF, revision, service, serviceRevision } from "../../made_up.ts";
import { scriptedPorts } from "../scripted_ports.ts";

/** A deployment of revision 4, by the service revision of that number. */
function past(number: number, status: string): PastDeployment {
  const arn = `arn:service-deployment/${number}`;
  const at = { createdAtMs: number * 1_000, finishedAtMs: number * 1_000 + 500 };
  const deployed = { ...serviceRevision(number, `sha256:${number}`), taskDefinition: revision(4).arn };
  return { arn, status, ...at, taskDefinition: revision(4).arn, revision: deployed };
}

function running(rolloutState: string) {
  const { arn } = revision(4);
  return service({
    taskDefinition: arn,
    serviceRevisionArns: ["arn:service-revision/4"],
    deployments: [deployment({ taskDefinition: arn, rolloutState })],
  });
}

async function findDeployed(deployments: readonly PastDeployment[], rolloutState = "COMPLETED") {
  const { ports } = scriptedPorts({ reads: [], past: deployments });
  const record = new DeploymentRecord({ ref: REF, ecs: ports.ecs, signal: new AbortController().signal });
  return (await record.findDeployed(running(rolloutState)))?.arn;
}

const FOUR = "arn:service-revision/4";

Deno.test("findDeployed() is what the newest deployment has brought, or is bringing", async () => {
  assert.equal(await findDeployed([past(4, "SUCCESSFUL"), past(3, "SUCCESSFUL")]), FOUR);
  assert.equal(await findDeployed([past(4, "IN_PROGRESS"), past(3, "SUCCESSFUL")], "IN_PROGRESS"), FOUR);
});

Deno.test("findDeployed() is what runs where the newest deployment has failed, or is going back", async () => {
  for (const status of ["STOPPED", "ROLLBACK_SUCCESSFUL", "ROLLBACK_IN_PROGRESS"]) {
    assert.equal(await findDeployed([past(5, status), past(4, "SUCCESSFUL")]), FOUR, status);
  }
});

Deno.test("findDeployed() is not known where the service lags behind the record, or the record behind the service", async () => {
  assert.equal(await findDeployed([past(5, "IN_PROGRESS"), past(4, "SUCCESSFUL")]), undefined);
  assert.equal(await findDeployed([past(4, "SUCCESSFUL"), past(3, "SUCCESSFUL")], "IN_PROGRESS"), undefined);
});
