import assert from "node:assert/strict";
import { CreateServiceRequest$, UpdateServiceRequest$ } from "@aws-sdk/client-ecs";
import { NormalizedSchema } from "@smithy/core/schema";
import { updatableMembers } from "../../../src/aws/api_members.ts";

const MEMBERS = updatableMembers();

function namesIn(schema: typeof UpdateServiceRequest$): string[] {
  return Object.keys(NormalizedSchema.of(schema).getMemberSchemas());
}

Deno.test("updatableMembers() are those of the SDK's own UpdateServiceRequest, whatever it has", () => {
  const others = ["cluster", "service", "taskDefinition", "forceNewDeployment"];
  const expected = namesIn(UpdateServiceRequest$).filter((name) => !others.includes(name));
  assert.deepEqual([...MEMBERS.known.keys()].sort(), expected.sort());
});

Deno.test("updatableMembers() takes what the SDK does not know, and nothing that is given at creation only", () => {
  assert.ok(MEMBERS.takes("futureIsolation"));
  for (const name of ["launchType", "role", "schedulingStrategy", "tags"]) {
    assert.equal(MEMBERS.takes(name), false, name);
  }
  const known = [...namesIn(CreateServiceRequest$), ...namesIn(UpdateServiceRequest$)];
  for (const name of known) assert.equal(MEMBERS.takes(name), MEMBERS.known.has(name), name);
});

Deno.test("updatableMembers() know by which value the model shows that a member is off", () => {
  const off = Object.fromEntries([...MEMBERS.known].map(([name, member]) => [name, member.off]));
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(off).filter(([, value]) => value !== undefined && JSON.stringify(value) !== "[]"),
    ),
    { monitoring: { metricConfigurations: [] }, serviceConnectConfiguration: { enabled: false } },
  );
  for (const name of ["loadBalancers", "gatewayConnectors", "volumeConfigurations"]) {
    assert.deepEqual(off[name], [], name);
  }
  for (const name of ["networkConfiguration", "desiredCount"]) assert.equal(off[name], undefined, name);
});

Deno.test("updatableMembers() know what only service revisions answer, and what ECS brings back with them", () => {
  assert.deepEqual(MEMBERS.inRevisionOnly.sort(), ["gatewayConnectors", "monitoring"]);
  const inRevision = (name: string) => MEMBERS.known.get(name)?.isInRevision;
  assert.deepEqual(["networkConfiguration", "loadBalancers", "monitoring"].map(inRevision), [true, true, true]);
  assert.deepEqual(["deploymentConfiguration", "desiredCount", "propagateTags"].map(inRevision), [false, false, false]);
});
