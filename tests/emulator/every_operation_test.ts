/**
 * Every operation, over every scenario, before, during and after a deployment: `deno task conformance` holds what is
 * answered here against AWS's model, and the emulator itself does so before it answers.
 */
import assert from "node:assert/strict";
import { SERVICES } from "./api/tables.ts";
import { ask } from "./asking.ts";
import type { Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { imageOf, RESOURCE_ID, SERVICE } from "./myservice.ts";
import { operationsOf } from "./operations.ts";
import type { ServiceName } from "./protocols/protocol.ts";
import { SCENARIOS } from "./scenarios.ts";

const MOMENTS_MS = [0, 2_000, 30_000, 120_000, 600_000];
const target = { ServiceNamespace: "ecs", ResourceId: RESOURCE_ID, ScalableDimension: "ecs:service:DesiredCount" };
const [, repositoryName = ""] = imageOf(1).split(/[/:]/);

/** Returns a function that asks, and fails where the answer is an error. */
function asker(emulator: Emulator) {
  return (operation: string, input: JsonObject = {}, service: ServiceName = "ecs") => {
    const { status, type, message, output } = ask(emulator, operation, input, service);
    assert.equal(status, 200, `${operation}: ${type} ${message}`);
    return output;
  };
}

function readService(emulator: Emulator): void {
  const read = asker(emulator);
  assert.deepEqual(read("ListServices").serviceArns.length, 1);
  const { services: [service] } = read("DescribeServices", { services: [SERVICE, "no"], include: ["TAGS"] });
  const tasks = ["RUNNING", "STOPPED"].flatMap((desiredStatus) =>
    read("ListTasks", { serviceName: SERVICE, desiredStatus }).taskArns
  );
  if (tasks.length > 0) assert.equal(read("DescribeTasks", { tasks }).tasks.length, tasks.length);
  const { serviceDeployments: listed } = read("ListServiceDeployments", { service: SERVICE });
  const serviceDeploymentArns = listed.map((one: JsonObject) => one.serviceDeploymentArn);
  const { serviceDeployments } = read("DescribeServiceDeployments", { serviceDeploymentArns });
  const serviceRevisionArns = serviceDeployments.map((one: JsonObject) =>
    (one.targetServiceRevision as JsonObject).arn
  );
  assert.notEqual(read("DescribeServiceRevisions", { serviceRevisionArns }).serviceRevisions.length, 0);
  assert.equal(service.serviceName, SERVICE);
  read("DescribeClusters");
  read("ListTagsForResource", { resourceArn: service.serviceArn });
}

function readTheRest(emulator: Emulator): void {
  const read = asker(emulator);
  assert.deepEqual(read("ListTaskDefinitionFamilies").families, [SERVICE]);
  for (const taskDefinition of read("ListTaskDefinitions", { maxResults: 4 }).taskDefinitionArns) {
    read("DescribeTaskDefinition", { taskDefinition, include: ["TAGS"] });
  }
  const { ScalableTargets: [found] } = read("DescribeScalableTargets", { ServiceNamespace: "ecs" }, "autoscaling");
  read("ListTagsForResource", { ResourceARN: found.ScalableTargetARN }, "autoscaling");
  read("DescribeScalingPolicies", { ServiceNamespace: "ecs", ResourceId: RESOURCE_ID }, "autoscaling");
  read("DescribeAlarms", {}, "cloudwatch");
  read("DescribeAlarmHistory", {}, "cloudwatch");
  const Metric = { Namespace: "AWS/ApplicationELB", MetricName: "RequestCount" };
  const MetricDataQueries = [{ Id: "requests", MetricStat: { Metric, Period: 60, Stat: "Sum" } }];
  const EndTime = emulator.now() / 1_000;
  read("GetMetricData", { MetricDataQueries, StartTime: EndTime - 600, EndTime }, "cloudwatch");
  assert.notEqual(read("DescribeImages", { repositoryName }, "ecr").imageDetails.length, 0);
}

/** Changes a service: its tags, its auto scaling, and stops one of its tasks. */
function write(emulator: Emulator): void {
  const order = asker(emulator);
  const configuration = { TargetTrackingScalingPolicyConfiguration: { TargetValue: 50 } };
  const policy = { ...target, PolicyName: "cpu", PolicyType: "TargetTrackingScaling", ...configuration };
  order("PutScalingPolicy", policy, "autoscaling");
  const steps = { AdjustmentType: "ChangeInCapacity", StepAdjustments: [{ ScalingAdjustment: 1 }] };
  const byStep = { ...target, PolicyName: "steps", PolicyType: "StepScaling", StepScalingPolicyConfiguration: steps };
  order("PutScalingPolicy", byStep, "autoscaling");
  const { ScalableTargetARN } = order("RegisterScalableTarget", { ...target, MinCapacity: 1 }, "autoscaling");
  order("TagResource", { ResourceARN: ScalableTargetARN, Tags: { a: "b" } }, "autoscaling");
  order("UntagResource", { ResourceARN: ScalableTargetARN, TagKeys: ["a"] }, "autoscaling");
  const { taskArns: [task] } = order("ListTasks", { serviceName: SERVICE });
  if (task !== undefined) order("StopTask", { cluster: "default", task, reason: "try" });
  const resourceArn = emulator.describeService(SERVICE).serviceArn!;
  order("TagResource", { resourceArn, tags: [{ key: "a", value: "b" }] });
  order("UntagResource", { resourceArn, tagKeys: ["a"] });
}

Deno.test("every operation is answered as AWS's model says, over every scenario and at every moment", async (t) => {
  for (const [name, { create }] of Object.entries(SCENARIOS)) {
    await t.step(name, () => {
      const emulator = create();
      emulator.clearFaults();
      readTheRest(emulator);
      write(emulator);
      emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:2` });
      for (const ms of MOMENTS_MS) {
        emulator.advance(ms);
        readService(emulator);
      }
      readTheRest(emulator);
      asker(emulator)("DeleteService", { service: SERVICE, force: true });
      readTheRest(emulator);
    });
  }
});

Deno.test("the emulator has an action for each operation of its table, and a table for each action", async () => {
  const { default: tables } = await import("./api/tables.json", { with: { type: "json" } });
  for (const service of SERVICES) {
    assert.deepEqual(Object.keys(tables[service].operations), operationsOf(service).toSorted(), service);
  }
});
