/**
 * Nothing is accepted and then ignored: with another value, each optional member of each request is refused, or changes the
 * answer, or what a client sees of the world from then on.
 */
import assert from "node:assert/strict";
import { SERVICES, tableOf } from "./api/tables.ts";
import { ask } from "./asking.ts";
import type { Answer, Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import { DIMENSION } from "./actions/scalable_targets.ts";
import { world } from "./full_world.ts";
import { SERVICE, UNTIL_STEADY_MS } from "./myservice.ts";
import { notHeededBy } from "./not_emulated.ts";
import type { Case } from "./case.ts";
import { CASES } from "./other_values.ts";
import type { ServiceName } from "./protocols/protocol.ts";
import { pathOf } from "./protocols/rest_json.ts";

/** What a client sees of the world. */
function seen(emulator: Emulator): unknown {
  const read = (operation: string, input: JsonObject = {}, service: ServiceName = "ecs") =>
    ask(emulator, operation, input, service).output;
  const { serviceArns } = read("ListServices", { maxResults: 100 });
  const services = serviceArns.length > 0 ? read("DescribeServices", { services: serviceArns, include: ["TAGS"] }) : {};
  const deployments = serviceArns.flatMap((service: string) =>
    read("ListServiceDeployments", { service }).serviceDeployments.map((one: JsonObject) => one.serviceDeploymentArn)
  );
  const { serviceDeployments } = read("DescribeServiceDeployments", { serviceDeploymentArns: deployments });
  const revisions = serviceDeployments.map(({ targetServiceRevision }: JsonObject) =>
    (targetServiceRevision as JsonObject).arn
  );
  const tasks = ["RUNNING", "STOPPED"].flatMap((desiredStatus) => read("ListTasks", { desiredStatus }).taskArns);
  return [
    services,
    serviceDeployments,
    read("DescribeServiceRevisions", { serviceRevisionArns: revisions }),
    read("DescribeTasks", { tasks, include: ["TAGS"] }),
    read("ListTaskDefinitions"),
    read("DescribeScalableTargets", { ServiceNamespace: "ecs" }, "autoscaling"),
    read("DescribeScalingPolicies", { ServiceNamespace: "ecs" }, "autoscaling"),
  ];
}

/** What comes of a request: the answer, and the world just after it and a while later. `refused` where it is refused. */
function outcomeOf(service: ServiceName, operation: string, { base = {} }: Case, other: JsonObject = {}): string {
  const emulator = world();
  const members = { ...(typeof base === "function" ? base(emulator) : base), ...other };
  const { status, body } = send(emulator, service, operation, members);
  if (status !== 200) return body;
  const after = seen(emulator);
  emulator.advance(UNTIL_STEADY_MS);
  return JSON.stringify([body, after, seen(emulator)]);
}

function send(emulator: Emulator, service: ServiceName, operation: string, members: JsonObject): Answer {
  const { targetPrefix, apiVersion } = tableOf(service);
  const form = () =>
    new URLSearchParams([["Action", operation], ["Version", apiVersion], ...formFields(service, members)]);
  const query = new URLSearchParams(Object.entries(members).map(([name, value]) => [name, String(value)]));
  const answer = emulator.handle(
    service === "efs"
      ? { target: "", body: "", method: "GET", path: `${pathOf(operation)}?${query}` }
      : targetPrefix === undefined
      ? { target: "", body: form().toString() }
      : { target: `${targetPrefix}.${operation}`, body: JSON.stringify(members) },
  );
  assert.ok(!("drop" in answer));
  return answer;
}

/** The fields of a form: lists in the way of the Query protocol, and in that of EC2. */
function formFields(service: ServiceName, members: JsonObject): [string, string][] {
  return Object.entries(members).flatMap(([name, value]): [string, string][] => {
    if (!Array.isArray(value)) return [[name, String(value)]];
    const item = (index: number) =>
      service === "ec2" ? `${name.slice(0, -1)}.${index + 1}` : `${name}.member.${index + 1}`;
    return value.flatMap((one, index): [string, string][] => {
      if (typeof one !== "object" || one === null) return [[item(index), String(one)]];
      const { Name, Values } = one as { Name: string; Values: string[] };
      return [
        [`${item(index)}.Name`, Name],
        ...Values.map((text, at): [string, string] => [`${item(index)}.Value.${at + 1}`, text]),
      ];
    });
  });
}

function optionalMembers(service: ServiceName, operation: string): string[] {
  const { operations, shapes } = tableOf(service);
  const { members = {}, required = [] } = shapes[operations[operation]?.input ?? ""] ?? { type: "structure" };
  const notHeeded = notHeededBy(service, operation);
  return Object.keys(members).filter((member) => !required.includes(member) && !notHeeded.includes(member));
}

for (const service of SERVICES.filter((one) => one !== "s3")) {
  for (const operation of Object.keys(tableOf(service).operations)) {
    const members = optionalMembers(service, operation);
    if (members.length === 0) continue;
    Deno.test(`${service} ${operation} ignores no member that it accepts`, async (t) => {
      const tried: Case = CASES[service]?.[operation] ?? { others: {} };
      assert.deepEqual(Object.keys(tried.others).toSorted(), members.toSorted(), "which values to try");
      const before = outcomeOf(service, operation, tried);
      assert.equal(before.includes("__type"), tried.isRefused === true, before);
      for (const member of members.filter((one) => tried.others[one] !== undefined)) {
        await t.step(member, () => {
          const after = outcomeOf(service, operation, tried, { [member]: tried.others[member] });
          assert.notEqual(after, before, "nothing comes of it");
        });
      }
    });
  }
}

const TOGETHER: [ServiceName, string, JsonObject][] = [
  ["ecs", "ListTasks", { startedBy: "ecs-svc/1", serviceName: "beside" }],
  ["ecr", "DescribeImages", { repositoryName: SERVICE, imageIds: [{ imageTag: "1.0.0" }], maxResults: 1 }],
  ["autoscaling", "DescribeScalableTargets", { ServiceNamespace: "ecs", ScalableDimension: DIMENSION }],
  ["autoscaling", "DescribeScalingPolicies", { ServiceNamespace: "ecs", ScalableDimension: DIMENSION }],
];

Deno.test("members of which AWS would heed one alone are refused together", () => {
  for (const [service, operation, members] of TOGETHER) {
    assert.equal(send(world(), service, operation, members).status, 400, operation);
  }
});
