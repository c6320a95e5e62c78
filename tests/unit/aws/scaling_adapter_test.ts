import assert from "node:assert/strict";
import { connectScaling } from "../../../src/aws/scaling_adapter.ts";
import { connectionOptions, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;
const ID = "service/default/myservice";

Deno.test("describeScalableTarget() finds the service's own target", async () => {
  const network = stubNetwork({
    body: {
      ScalableTargets: [{ ResourceId: "service/default/other" }, {
        ResourceId: ID,
        ScalableTargetARN: "arn:target",
        MinCapacity: 1,
        MaxCapacity: 4,
        SuspendedState: { DynamicScalingInSuspended: true },
      }],
    },
  });
  const scaling = await connectScaling(connectionOptions(network));
  assert.deepEqual(await scaling.describeScalableTarget(ID, NEVER), {
    resourceId: ID,
    arn: "arn:target",
    minCapacity: 1,
    maxCapacity: 4,
    suspendedState: {
      dynamicScalingInSuspended: true,
      dynamicScalingOutSuspended: false,
      scheduledScalingSuspended: false,
    },
  });
  assert.deepEqual(network.sent, [{
    operation: "DescribeScalableTargets",
    input: { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount", ResourceIds: [ID] },
  }]);
});

Deno.test("describeScalableTarget() answers that there is none", async () => {
  const scaling = await connectScaling(connectionOptions(stubNetwork({ body: { ScalableTargets: [] } })));
  assert.equal(await scaling.describeScalableTarget(ID, NEVER), undefined);
});

Deno.test("setSuspendedState() sends all three flags and no capacity", async () => {
  const network = stubNetwork({ body: {} });
  const scaling = await connectScaling(connectionOptions(network));
  const state = { dynamicScalingInSuspended: true, dynamicScalingOutSuspended: false, scheduledScalingSuspended: true };
  await scaling.setSuspendedState(ID, state, NEVER);
  assert.deepEqual(network.sent, [{
    operation: "RegisterScalableTarget",
    input: {
      ServiceNamespace: "ecs",
      ScalableDimension: "ecs:service:DesiredCount",
      ResourceId: ID,
      SuspendedState: {
        DynamicScalingInSuspended: true,
        DynamicScalingOutSuspended: false,
        ScheduledScalingSuspended: true,
      },
    },
  }]);
});
