import assert from "node:assert/strict";
import {
  chosen,
  currentState,
  deployment,
  revision,
  service,
  serviceDeployment,
  taskDefinition,
} from "../../made_up.ts";
import { plan } from "./planned_rollbacks.ts";

const IN_PROGRESS = service({ deployments: [deployment({ rolloutState: "IN_PROGRESS", runningCount: 0 })] });

Deno.test("planRollback() stops a deployment that came from the target alone, and keeps the update in reserve", () => {
  for (const status of ["PENDING", "IN_PROGRESS"]) {
    const newest = { deployment: serviceDeployment({ status }), cameFrom: revision(3).arn };
    const made = plan(currentState({ service: IN_PROGRESS, newest }));
    assert.deepEqual(made.steps, [
      {
        kind: "stopDeployment",
        arn: newest.deployment.arn,
        to: revision(3),
        otherwise: { kind: "updateService", taskDefinition: revision(3) },
      },
      { kind: "awaitDeployment", follows: undefined, taskDefinition: revision(3) },
    ]);
    assert.deepEqual(made.notices, [{ code: "stopsDeployment", running: revision(4), target: revision(3) }]);
  }
});

Deno.test("planRollback() updates the service where stopping would lead elsewhere, or would come too late", () => {
  const cases = [
    { deployment: serviceDeployment(), cameFrom: revision(2).arn },
    { deployment: serviceDeployment(), cameFrom: undefined },
    { deployment: serviceDeployment({ status: "SUCCESSFUL" }), cameFrom: revision(3).arn },
    { deployment: serviceDeployment({ status: "STOPPED" }), cameFrom: revision(3).arn },
  ];
  for (const newest of cases) {
    assert.deepEqual(plan(currentState({ service: IN_PROGRESS, newest })).steps.map(({ kind }) => kind), [
      "updateService",
      "awaitDeployment",
    ]);
  }
});

Deno.test("planRollback() follows a deployment that is going back to the target already, and starts none", () => {
  for (const status of ["STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"]) {
    const newest = { deployment: serviceDeployment({ status }), cameFrom: revision(3).arn };
    const follows = { kind: "serviceDeployment", arn: newest.deployment.arn, goal: "rollback" };
    assert.deepEqual(plan(currentState({ service: IN_PROGRESS, newest })).steps, [
      { kind: "awaitDeployment", follows, taskDefinition: revision(3) },
    ]);
  }
});

Deno.test("planRollback() follows blue/green deployments by their service deployment", () => {
  const blueGreen = service({ deploymentStrategy: "BLUE_GREEN" });
  const done = { deployment: serviceDeployment({ status: "SUCCESSFUL" }), cameFrom: undefined };
  assert.deepEqual(plan(currentState({ service: blueGreen, newest: done })).steps[0], {
    kind: "updateService",
    taskDefinition: revision(3),
    newerThan: { serviceDeployment: done.deployment.arn },
  });
  const underWay = { deployment: serviceDeployment(), cameFrom: revision(3).arn };
  const atTarget = currentState({ chosen: chosen(4), target: taskDefinition(4), service: blueGreen, newest: underWay });
  assert.deepEqual(plan(atTarget).steps, [{
    kind: "awaitDeployment",
    follows: { kind: "serviceDeployment", arn: underWay.deployment.arn, goal: "success" },
    taskDefinition: revision(4),
  }]);
});
