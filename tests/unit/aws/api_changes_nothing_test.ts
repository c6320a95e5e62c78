import assert from "node:assert/strict";
import { connectEcs } from "../../../src/aws/ecs.ts";
import { connectScaling } from "../../../src/aws/scaling.ts";
import type { EcsWriter, ScalingPort } from "../../../src/model/ports.ts";
import { connectionOptions, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;
const ARN = "arn:aws:ecs:ap-northeast-1:123456789012:task-definition/myservice:3";
const REF = { cluster: "default", service: "myservice", region: "ap-northeast-1", options: [], codeDeploy: undefined };
const STATE = { dynamicScalingInSuspended: true, dynamicScalingOutSuspended: true, scheduledScalingSuspended: true };

type Writes<Port> = { readonly [Name in keyof Port]: () => Promise<unknown> };

type ScalingWriter = Omit<ScalingPort, "describeScalableTarget" | "listTags">;

Deno.test("where nothing is to be changed, no call that changes something is sent", async () => {
  const network = stubNetwork({ body: {} });
  const options = { ...connectionOptions(network), changesNothing: true };
  const ecs = connectEcs(options);
  const scaling = connectScaling(options);
  // The types see to it that none of the ports' writes is missing here.
  const writes: Writes<EcsWriter & Omit<EcsWriter, "readDefinition"> & ScalingWriter> = {
    updateService: () => ecs.updateService(REF, { taskDefinition: ARN, attributes: {} }, NEVER),
    createService: () => ecs.createService(REF, {}, "token", NEVER),
    deregisterTaskDefinition: () => ecs.deregisterTaskDefinition(ARN, NEVER),
    stopServiceDeployment: () => ecs.stopServiceDeployment(ARN, NEVER),
    registerTaskDefinition: () =>
      ecs.registerTaskDefinition({ family: "a", containerDefinitions: [] }, () => false, NEVER),
    deleteTaskDefinitions: () => ecs.deleteTaskDefinitions([ARN], NEVER),
    tagService: () => ecs.tagService(ARN, { key: "value" }, NEVER),
    untagService: () => ecs.untagService(ARN, ["key"], NEVER),
    setSuspendedState: () => scaling.setSuspendedState("service/default/myservice", STATE, NEVER),
    setCapacity: () => scaling.setCapacity("service/default/myservice", { min: 1, max: undefined }, NEVER),
    tag: () => scaling.tag(ARN, "key", "value", NEVER),
    untag: () => scaling.untag(ARN, "key", NEVER),
  };
  for (const [name, write] of Object.entries(writes)) {
    await assert.rejects(write, /would change something, with --untrusted$/, name);
  }
  assert.deepEqual(network.sent, []);
});
