import assert from "node:assert/strict";
import { connectScaling } from "../../../src/aws/scaling.ts";
import { AwsError } from "../../../src/errors.ts";
import { awsFailure, connectionOptions, type ScriptedAnswer, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;
const ID = "service/default/myservice";
const ARN = "arn:aws:application-autoscaling:ap-northeast-1:123456789012:scalable-target/1234";

const isUnreadable = (error: unknown) =>
  error instanceof AwsError && error.kind === "lost" && error.code === "UnreadableAnswer";

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

Deno.test("describeScalableTarget() does not take an answer that names no targets for one that there are none", async () => {
  const scaling = connectScaling(connectionOptions(stubNetwork({ body: {} }, { body: { ScalableTargets: [] } })));
  assert.equal(await scaling.describeScalableTarget(ID, NEVER), undefined);
  const never = connectScaling(connectionOptions(stubNetwork({ body: {} })));
  await assert.rejects(never.describeScalableTarget(ID, NEVER), isUnreadable);
});

Deno.test("setSuspendedState() sends all three flags and no capacity", async () => {
  const network = stubNetwork({ body: { ScalableTargetARN: ARN } });
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

Deno.test("setSuspendedState() is unknown, and sent once, where the answer does not name the target", async () => {
  const state = { dynamicScalingInSuspended: true, dynamicScalingOutSuspended: true, scheduledScalingSuspended: true };
  const bodies = [{ body: {} }, { text: "" }, { body: { __type: "InternalFailure", ScalableTargetARN: ARN } }];
  for (const answer of [...bodies, { body: { ScalableTargetARN: "" } }]) {
    const network = stubNetwork(answer);
    await assert.rejects(connectScaling(connectionOptions(network)).setSuspendedState(ID, state, NEVER), isUnreadable);
    assert.equal(network.sent.length, 1);
  }
});

Deno.test("tag() and untag() are unknown where AWS names an error and says that all is well", async () => {
  const scaling = connectScaling(connectionOptions(stubNetwork({ body: { __type: "InternalFailure" } })));
  await assert.rejects(scaling.tag(ARN, "a", "b", NEVER), isUnreadable);
  await assert.rejects(scaling.untag(ARN, "a", NEVER), isUnreadable);
});

Deno.test("tag() and untag() are done where a read shows it", async () => {
  const silent = (count: number): ScriptedAnswer[] => Array(count).fill({ body: { __type: "InternalFailure" } });
  const having = (Tags: object) => connectScaling(connectionOptions(stubNetwork(...silent(2), { body: { Tags } })));
  await having({ a: "b" }).tag(ARN, "a", "b", NEVER);
  await assert.rejects(having({ a: "c" }).tag(ARN, "a", "b", NEVER), isUnreadable);
  await assert.rejects(having({}).tag(ARN, "a", "b", NEVER), isUnreadable);
  await having({}).untag(ARN, "a", NEVER);
  await assert.rejects(having({ a: "b" }).untag(ARN, "a", NEVER), isUnreadable);
});

Deno.test("listTags() believes that there are no tags where AWS says nothing of them twice", async () => {
  const network = stubNetwork({ body: {} }, { body: { Tags: { "ecspresso:prior": "101" } } });
  const scaling = connectScaling(connectionOptions(network));
  assert.deepEqual(await scaling.listTags(ARN, NEVER), new Map([["ecspresso:prior", "101"]]));
  for (const Tags of [[], "x", 1, { a: 1 }]) {
    const strange = connectScaling(connectionOptions(stubNetwork({ body: { Tags } })));
    await assert.rejects(strange.listTags(ARN, NEVER), isUnreadable, JSON.stringify(Tags));
  }
});

Deno.test("listTags() reads the tags of a scalable target, or that it has none", async () => {
  const network = stubNetwork({ body: { Tags: { team: "web", "ecspresso:prior": "101" } } }, { body: {} });
  const scaling = await connectScaling(connectionOptions(network));
  assert.deepEqual(await scaling.listTags(ARN, NEVER), new Map([["team", "web"], ["ecspresso:prior", "101"]]));
  assert.deepEqual(await scaling.listTags(ARN, NEVER), new Map());
  assert.deepEqual(network.sent[0], { operation: "ListTagsForResource", input: { ResourceARN: ARN } });
});

Deno.test("tag() and untag() send the one tag", async () => {
  const network = stubNetwork({ body: {} });
  const scaling = await connectScaling(connectionOptions(network));
  await scaling.tag(ARN, "ecspresso:prior", "101", NEVER);
  await scaling.untag(ARN, "ecspresso:prior", NEVER);
  assert.deepEqual(network.sent, [
    { operation: "TagResource", input: { ResourceARN: ARN, Tags: { "ecspresso:prior": "101" } } },
    { operation: "UntagResource", input: { ResourceARN: ARN, TagKeys: ["ecspresso:prior"] } },
  ]);
});

Deno.test("listTags(), tag() and untag() pass AWS's refusal on", async () => {
  const scaling = await connectScaling(
    connectionOptions(stubNetwork(awsFailure("AccessDeniedException", "not authorized"))),
  );
  const calls = [scaling.listTags(ARN, NEVER), scaling.tag(ARN, "a", "b", NEVER), scaling.untag(ARN, "a", NEVER)];
  for (const call of calls) {
    await assert.rejects(call, (error) => error instanceof AwsError && error.kind === "denied");
  }
});

Deno.test("setSuspendedState() is not sent again unasked while AWS is at another change of the target", async () => {
  const network = stubNetwork(
    { status: 400, body: { __type: "ConcurrentUpdateException", message: "Concurrent updates" } },
    { body: {} },
  );
  const scaling = connectScaling(connectionOptions(network));
  const state = { dynamicScalingInSuspended: true, dynamicScalingOutSuspended: true, scheduledScalingSuspended: true };
  await assert.rejects(
    scaling.setSuspendedState(ID, state, NEVER),
    (error) => error instanceof AwsError && error.kind === "throttled",
  );
  assert.equal(network.sent.length, 1);
});

Deno.test("setSuspendedState() is not sent again when its answer was lost: somebody may have set other flags", async () => {
  const network = stubNetwork(
    { networkError: Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }) },
    { body: {} },
  );
  const scaling = connectScaling(connectionOptions(network));
  const state = { dynamicScalingInSuspended: true, dynamicScalingOutSuspended: true, scheduledScalingSuspended: true };
  await assert.rejects(
    scaling.setSuspendedState(ID, state, NEVER),
    (error) => error instanceof AwsError && error.kind === "lost",
  );
  assert.equal(network.sent.length, 1);
});
