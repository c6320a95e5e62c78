import assert from "node:assert/strict";
import { NO_CHANGES } from "../../../../src/definitions/compare_services.ts";
import type { AlarmState } from "../../../../src/rollout/read/read_alarms.ts";
import type { DeployState } from "../../../../src/rollout/read/read_deploy_state.ts";
import { DENIED, deployment, revision, service, serviceDeployment } from "../../made_up.ts";
import { CURRENT, planned, REGISTER, VPC } from "./deploy_plans.ts";

Deno.test("planDeploy() says beforehand what is denied, was rolled back, stays as it is, or is replaced", () => {
  const { plan } = planned({
    denied: [{ part: "rolledBackFrom", denial: DENIED }],
    rolledBackFrom: revision(3),
    changes: { ...NO_CHANGES, fixed: ["launchType"], unmentioned: ["loadBalancers"] },
    service: service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] }),
  });
  assert.deepEqual(plan.notices, [
    { code: "notRead", denial: DENIED, alsoDenied: [], parts: ["rolledBackFrom"], intent: "deploy" },
    { code: "deploysRolledBack", revision: revision(3) },
    { code: "cannotChange", name: "launchType" },
    { code: "notInDefinition", name: "loadBalancers" },
    { code: "replacesDeployment", deployment: "ecs-svc/4" },
  ]);
});

Deno.test("planDeploy() says also of a deployment without a rolloutState that it is replaced", () => {
  const shifting = service({
    deploymentStrategy: "LINEAR",
    deployments: [deployment({ rolloutState: undefined })],
  });
  for (
    const [status, expected] of [["IN_PROGRESS", [{ code: "replacesDeployment", deployment: "ecs-svc/4" }]], [
      "SUCCESSFUL",
      [],
    ]]
  ) {
    const newest = { deployment: serviceDeployment({ status: String(status) }), cameFrom: undefined };
    assert.deepEqual(planned({ service: shifting, newest }).plan.notices, expected);
  }
});

Deno.test("planDeploy() says beforehand that there is no way back by itself to what is deregistered", () => {
  const notices = (changes: Partial<DeployState>) => planned(changes).plan.notices;
  assert.deepEqual(notices({ rollbackTargetStatus: "INACTIVE" }), [
    { code: "noWayBack", running: revision(4), status: "INACTIVE" },
  ]);
  assert.deepEqual(notices({ rollbackTargetStatus: "ACTIVE" }), []);
  const changes = {
    ...NO_CHANGES,
    attributes: { enableExecuteCommand: true },
    before: { enableExecuteCommand: false },
  };
  assert.deepEqual(notices({ rollbackTargetStatus: "INACTIVE", source: CURRENT, changes }), []);
});

Deno.test("planDeploy() says of what a deploy that fails cannot be rolled back to, where it rolls back by itself", () => {
  const attributes = { ...VPC, monitoring: {} };
  const changes = { ...NO_CHANGES, attributes, oneWay: Object.keys(attributes) };
  const notices = (rollsBackOnFailure: boolean) =>
    planned({ changes, rollsBackOnFailure, unread: ["monitoring"] }).plan.notices;
  assert.deepEqual(notices(false), []);
  assert.deepEqual(notices(true), [
    { code: "staysAfterFailure", name: "networkConfiguration", isUnread: false },
    { code: "staysAfterFailure", name: "monitoring", isUnread: true },
  ]);
});

const states = (...entries: [string, string][]) => new Map(entries);

Deno.test("planDeploy() warns where nothing can come of an alarm that is to roll it back", () => {
  const armed = ["5xx", "latency"];
  const foreseen = (states: AlarmState["states"], change: Partial<AlarmState> = {}) =>
    planned({ source: REGISTER, rollsBackOnFailure: true, alarms: { ecsGoesBack: false, armed, states, ...change } })
      .plan.notices;
  assert.deepEqual(foreseen(new Map(), { armed: [] }), [{ code: "noAlarms" }]);
  assert.deepEqual(foreseen(states(["5xx", "OK"], ["latency", "INSUFFICIENT_DATA"])), []);
  assert.deepEqual(foreseen(states(["5xx", "OK"], ["latency", "ALARM"])), [
    { code: "alarmsWentOff", alarms: ["latency"] },
  ]);
  assert.deepEqual(foreseen(states(["5xx", "ALARM"], ["latency", "ALARM"])), [{
    code: "alarmsWentOff",
    alarms: armed,
  }]);
  assert.deepEqual(foreseen(states(["5xx", "OK"])), [{ code: "alarmsMissing", alarms: ["latency"] }]);
  assert.deepEqual(foreseen(undefined, { ecsGoesBack: true }), []);
  assert.deepEqual(foreseen(undefined, { armed: [] }), []);
  assert.deepEqual(foreseen(undefined), [{ code: "alarmsNotNamed", alarms: armed }]);
  assert.deepEqual(foreseen({ unknown: DENIED }), [{ code: "alarmsNotRead", reason: DENIED }]);
});
