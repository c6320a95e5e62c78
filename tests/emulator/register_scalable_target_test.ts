import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import type { JsonObject } from "./model.ts";
import { RESOURCE_ID } from "./myservice.ts";
import { createScenario } from "./scenarios.ts";

const SCALING = { ServiceNamespace: "ecs", ResourceId: RESOURCE_ID, ScalableDimension: "ecs:service:DesiredCount" };

Deno.test("registering a scalable target merges flags and clamps the service", () => {
  const emulator = createScenario("healthy");
  const register = (input: JsonObject) =>
    ask(emulator, "RegisterScalableTarget", { ...SCALING, ...input }, "autoscaling");
  register({ SuspendedState: { DynamicScalingInSuspended: true } });
  register({ SuspendedState: { ScheduledScalingSuspended: true } });
  const state = () => emulator.state();
  assert.deepEqual(state().scalableTargets[RESOURCE_ID]?.suspendedState, {
    DynamicScalingInSuspended: true,
    DynamicScalingOutSuspended: false,
    ScheduledScalingSuspended: true,
  });
  register({ MinCapacity: 4 });
  assert.equal(state().services["default/myservice"]?.desiredCount, 4);
  emulator.updateService({ service: "myservice", desiredCount: 12 });
  register({});
  assert.equal(state().services["default/myservice"]?.desiredCount, 10);
});

Deno.test("scaling errors are AWS's", async (t) => {
  const arn = "arn:aws:application-autoscaling:ap-northeast-1:123456789012:scalable-target/none";
  const other = { ...SCALING, ResourceId: "service/default/none" };
  const table: [string, JsonObject, string][] = [
    ["RegisterScalableTarget", other, "ValidationException"],
    ["RegisterScalableTarget", { ServiceNamespace: "ecs" }, "ValidationException"],
    ["RegisterScalableTarget", { ...SCALING, ScalableDimension: "x" }, "ValidationException"],
    ["RegisterScalableTarget", { ...SCALING, MinCapacity: 11 }, "ValidationException"],
    ["DeregisterScalableTarget", other, "ObjectNotFoundException"],
    ["DescribeScalableTargets", {}, "ValidationException"],
    ["ListTagsForResource", { ResourceARN: arn }, "ResourceNotFoundException"],
    ["UpdateService", {}, "UnknownOperationException"],
  ];
  for (const [operation, input, type] of table) {
    await t.step(`${operation}: ${type}`, () => {
      assert.equal(ask(createScenario("healthy"), operation, input, "autoscaling").type, type);
    });
  }
});

Deno.test("a scalable target that does not exist is not made without min and max", () => {
  const emulator = createScenario("healthy");
  assert.equal(ask(emulator, "DeregisterScalableTarget", SCALING, "autoscaling").type, undefined);
  const flags = { SuspendedState: { DynamicScalingInSuspended: true } };
  assert.equal(
    ask(emulator, "RegisterScalableTarget", { ...SCALING, ...flags }, "autoscaling").type,
    "ValidationException",
  );
  assert.deepEqual(emulator.state().scalableTargets, {});
});

Deno.test("tags of a scalable target keep to AWS's limits", () => {
  const emulator = createScenario("healthy");
  const described = ask(emulator, "DescribeScalableTargets", { ServiceNamespace: "ecs" }, "autoscaling").output;
  const ResourceARN = described.ScalableTargets[0].ScalableTargetARN;
  const tag = (Tags: JsonObject) => ask(emulator, "TagResource", { ResourceARN, Tags }, "autoscaling").type;
  assert.equal(tag({ "a:b": "letters 123 + - = . _ : / @" }), undefined);
  assert.equal(tag({ a: "x".repeat(256) }), undefined);
  assert.equal(tag({ a: "x".repeat(257) }), "ValidationException");
  assert.equal(tag({ a: '{"json":1}' }), "ValidationException");
  assert.equal(tag(Object.fromEntries(Array.from({ length: 49 }, (_, n) => [`k${n}`, ""]))), "TooManyTagsException");
  assert.equal(ask(emulator, "UntagResource", { ResourceARN, TagKeys: ["a"] }, "autoscaling").type, undefined);
  const { Tags } = ask(emulator, "ListTagsForResource", { ResourceARN }, "autoscaling").output;
  assert.deepEqual(Tags, { "a:b": "letters 123 + - = . _ : / @" });
});

Deno.test("a scalable target can be older than ARNs", () => {
  const emulator = createScenario("healthy");
  emulator.registerScalableTarget({ ResourceId: RESOURCE_ID }, { withoutArn: true });
  const { ScalableTargets } =
    ask(emulator, "DescribeScalableTargets", { ServiceNamespace: "ecs" }, "autoscaling").output;
  assert.equal("ScalableTargetARN" in ScalableTargets[0], false);
});
