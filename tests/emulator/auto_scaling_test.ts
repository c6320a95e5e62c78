import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import type { Emulator } from "./emulator.ts";
import { myservice, RESOURCE_ID } from "./myservice.ts";

const MINUTE = 60_000;

function scaled(): Emulator {
  const emulator = myservice();
  emulator.putScalingPolicy(RESOURCE_ID);
  return emulator;
}

const desired = (emulator: Emulator) => emulator.describeService("myservice").desiredCount;

Deno.test("load scales a service out and in, within the limits of the scalable target", () => {
  const emulator = scaled();
  emulator.setLoad(RESOURCE_ID, 5);
  assert.equal(desired(emulator), 5);
  emulator.setLoad(RESOURCE_ID, 50);
  assert.equal(desired(emulator), 10);
  emulator.setLoad(RESOURCE_ID, 0);
  assert.equal(desired(emulator), 1);
  const bare = myservice();
  bare.setLoad(RESOURCE_ID, 5);
  assert.equal(desired(bare), 2);
});

Deno.test("during a deployment scale-out goes on, and scale-in waits for its end", () => {
  const emulator = scaled();
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3" });
  emulator.advance(MINUTE / 2);
  emulator.setLoad(RESOURCE_ID, 4);
  assert.equal(desired(emulator), 4);
  emulator.setLoad(RESOURCE_ID, 1);
  emulator.advance(MINUTE / 2);
  assert.equal(desired(emulator), 4);
  emulator.advance(5 * MINUTE);
  assert.deepEqual([desired(emulator), emulator.describeService("myservice").runningCount], [1, 1]);
});

Deno.test("a deploy with a smaller count takes capacity away, until the policy brings it back", () => {
  const emulator = scaled();
  emulator.setLoad(RESOURCE_ID, 6);
  emulator.advance(5 * MINUTE);
  emulator.updateService({ service: "myservice", taskDefinition: "myservice:3", desiredCount: 2 });
  assert.equal(desired(emulator), 2);
  emulator.advance(MINUTE);
  assert.equal(desired(emulator), 6);
});

Deno.test("what is suspended does not scale", () => {
  const emulator = scaled();
  emulator.registerScalableTarget({
    ResourceId: RESOURCE_ID,
    SuspendedState: { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: true },
  });
  for (const tasks of [5, 1]) {
    emulator.setLoad(RESOURCE_ID, tasks);
    emulator.advance(MINUTE);
    assert.equal(desired(emulator), 2);
  }
});

Deno.test("policies are described, and go with their scalable target", () => {
  const emulator = scaled();
  const policies = () =>
    ask(emulator, "DescribeScalingPolicies", { ServiceNamespace: "ecs", ResourceId: RESOURCE_ID }, "autoscaling").output
      .ScalingPolicies;
  const [{ PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration, CreationTime }] = policies();
  assert.deepEqual([PolicyName, PolicyType, TargetTrackingScalingPolicyConfiguration, CreationTime], [
    "cpu",
    "TargetTrackingScaling",
    { TargetValue: 50 },
    emulator.now() / 1000,
  ]);
  const key = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount", ResourceId: RESOURCE_ID };
  ask(emulator, "DeregisterScalableTarget", key, "autoscaling");
  assert.deepEqual(policies(), []);
  const missing = ask(emulator, "PutScalingPolicy", { ...key, PolicyName: "cpu" }, "autoscaling");
  assert.equal(missing.type, "ObjectNotFoundException");
});
