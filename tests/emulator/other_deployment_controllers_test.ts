import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { createScenario } from "./scenarios.ts";

const MONITORING = { metricConfigurations: [{ metricNames: ["CPUUtilization"], resolutionSeconds: 20 }] };

/** A service that another controller than ECS deploys. */
function controlledBy(type: string): Emulator {
  const emulator = new Emulator();
  const containerDefinitions = [{ name: "app", image: "i", memory: 128, portMappings: [{ containerPort: 80 }] }];
  emulator.registerTaskDefinition({ family: "app", containerDefinitions });
  const loadBalancers = [{ targetGroupArn: "arn:tg", containerName: "app", containerPort: 80 }];
  const service = { serviceName: "s", desiredCount: 2, deploymentController: { type } };
  if (type === "EXTERNAL") {
    emulator.createService(service);
    assert.equal(
      ask(emulator, "CreateTaskSet", { cluster: "default", service: "s", taskDefinition: "app", loadBalancers }).type,
      undefined,
    );
  } else {
    emulator.createService({ ...service, taskDefinition: "app", loadBalancers });
  }
  return emulator;
}

Deno.test("the deployment controller is changed, and deploys nothing in the same request", () => {
  const emulator = createScenario("healthy");
  const update = (input: JsonObject) =>
    ask(emulator, "UpdateService", { service: "myservice", deploymentController: { type: "CODE_DEPLOY" }, ...input });
  assert.match(update({ taskDefinition: "myservice:3" }).message ?? "", /^emulator: /);
  assert.deepEqual(update({}).output.service.deploymentController, { type: "CODE_DEPLOY" });
});

Deno.test("with another deployment controller the tasks are in task sets", async (t) => {
  for (const type of ["CODE_DEPLOY", "EXTERNAL"]) {
    await t.step(type, () => {
      const emulator = controlledBy(type);
      const shown = () => {
        const { deployments, taskSets } = emulator.describeService("s");
        assert.deepEqual(deployments, []);
        return (taskSets as JsonObject[]).map((one) => [
          one.status,
          one.stabilityStatus,
          one.computedDesiredCount,
          one.runningCount,
        ]);
      };
      assert.deepEqual(shown(), [["PRIMARY", "STABILIZING", 2, 0]]);
      emulator.advance(60_000);
      assert.deepEqual(shown(), [["PRIMARY", "STEADY_STATE", 2, 2]]);
      const [set] = emulator.describeService("s").taskSets as JsonObject[];
      assert.match(String(set!.taskSetArn), /:task-set\/default\/s\/ecs-svc\/\d{19}$/);
      assert.equal(set!.startedBy, type === "CODE_DEPLOY" ? "CODE_DEPLOY" : undefined);
    });
  }
});

Deno.test("other deployment controllers leave the numbers of a service to UpdateService, nothing else", async (t) => {
  const refused: JsonObject[] = [
    { networkConfiguration: {} },
    { platformVersion: "LATEST" },
    { loadBalancers: [] },
    { forceNewDeployment: true },
  ];
  const unknown: JsonObject[] = [{ serviceConnectConfiguration: { enabled: false } }, { monitoring: MONITORING }];
  for (const input of unknown) {
    const answer = ask(controlledBy("CODE_DEPLOY"), "UpdateService", { service: "s", ...input });
    assert.match(answer.message ?? "", /^emulator: /);
  }
  const deploymentConfiguration = { maximumPercent: 150 };
  const external = ask(controlledBy("EXTERNAL"), "UpdateService", { service: "s", deploymentConfiguration });
  assert.match(external.message ?? "", /^emulator: /);
  for (const input of refused) {
    await t.step(JSON.stringify(input), () => {
      for (const [type, words] of [["CODE_DEPLOY", "a CODE_DEPLOY"], ["EXTERNAL", "an EXTERNAL"]] as const) {
        const answer = ask(controlledBy(type), "UpdateService", { service: "s", ...input });
        assert.equal(answer.type, "InvalidParameterException");
        assert.ok(answer.message?.includes(`on services with ${words} deployment controller. `), answer.message);
      }
    });
  }
  const { service } = ask(controlledBy("CODE_DEPLOY"), "UpdateService", { service: "s", desiredCount: 3 }).output;
  assert.equal(service.desiredCount, 3);
});
