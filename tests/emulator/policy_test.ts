import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { myservice } from "./myservice.ts";
import { allows, parsePolicy, type Policy, type Statement } from "./policy.ts";

const ECS = "arn:aws:ecs:ap-northeast-1:123456789012";
const SERVICE = `${ECS}:service/default/myservice`;
const ROLES = "arn:aws:iam::123456789012:role";

function policy(...statements: Omit<Statement, "Effect">[]): Policy {
  return { Version: "2012-10-17", Statement: statements.map((one) => ({ ...one, Effect: "Allow" })) };
}

Deno.test("allows() takes action, resource and every condition of one and the same statement", () => {
  const demand = {
    action: "ecs:UpdateService",
    resource: SERVICE,
    context: { "ecs:cluster": `${ECS}:cluster/default` },
  };
  const table: [Omit<Statement, "Effect">, boolean][] = [
    [{ Action: "ecs:UpdateService", Resource: SERVICE }, true],
    [{ Action: ["ecs:DescribeServices", "ECS:updateservice"], Resource: ["*"] }, true],
    [{ Action: "ecs:Update*", Resource: `${ECS}:service/default/my*` }, true],
    [{ Action: "ecs:UpdateService", Resource: `${ECS}:service/default/myservic?` }, true],
    [{ Action: "ecs:UpdateService", Resource: `${ECS}:service/default/my` }, false],
    [{ Action: "ecs:Update", Resource: SERVICE }, false],
    [{ Action: "ecs:UpdateService", Resource: SERVICE.replaceAll(":", ".") }, false],
    [{ Action: "*", Resource: "*", Condition: { ArnEquals: { "ecs:cluster": `${ECS}:cluster/*` } } }, true],
    [{ Action: "*", Resource: "*", Condition: { ArnEquals: { "ecs:cluster": [`${ECS}:cluster/b`] } } }, false],
    [{ Action: "*", Resource: "*", Condition: { StringEquals: { "ecs:cluster": `${ECS}:cluster/*` } } }, false],
    [{ Action: "*", Resource: "*", Condition: { StringEquals: { "ecs:service": "x" } } }, false],
  ];
  for (const [statement, expected] of table) {
    assert.equal(allows(policy(statement), demand), expected, JSON.stringify(statement));
  }
  const halves = policy({ Action: demand.action, Resource: "x" }, { Action: "ecs:Other", Resource: SERVICE });
  assert.ok(!allows(halves, demand));
});

Deno.test("a denial wins over what is allowed, where a tag is there", () => {
  const demand = { action: "ecs:UpdateService", resource: SERVICE, context: {} };
  const tagged = { ...demand, context: { "aws:ResourceTag/held": "yes" } };
  const denial = (isMissing: string): Policy => ({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: "ecs:*", Resource: "*" },
      { Effect: "Deny", Action: "*", Resource: "*", Condition: { Null: { "aws:ResourceTag/held": isMissing } } },
    ],
  });
  assert.deepEqual([allows(denial("false"), demand), allows(denial("false"), tagged)], [true, false]);
  assert.deepEqual([allows(denial("true"), demand), allows(denial("true"), tagged)], [false, true]);
});

Deno.test("parsePolicy() refuses what it does not understand", () => {
  const statement = { Sid: "One", Effect: "Allow", Action: "ecs:*", Resource: "*" };
  const parse = (other: object) => parsePolicy({ Version: "2012-10-17", Statement: [{ ...statement, ...other }] });
  assert.equal(parse({}).Statement.length, 1);
  assert.throws(() => parsePolicy({ Version: "2008-10-17", Statement: [statement] }), /2012-10-17/);
  assert.throws(() => parse({ Effect: "Maybe" }), /Maybe is not understood/);
  assert.throws(() => parse({ NotAction: "ecs:*" }), /NotAction is not understood/);
  assert.throws(() => parse({ Resource: undefined }), /needs an Action and a Resource/);
  assert.throws(() => parse({ Condition: { Bool: {} } }), /Bool is not understood/);
  assert.throws(() => parse({ Sid: "two words" }), /two words/);
});

Deno.test("authorize() refuses what is not allowed, in AWS's words, and leaves the world alone", () => {
  const emulator = myservice();
  const before = emulator.state();
  emulator.authorize(policy({ Action: "ecs:UpdateService", Resource: `${ECS}:service/default/yourservice` }));
  const answer = ask(emulator, "UpdateService", { service: "myservice", taskDefinition: "myservice:3" });
  assert.deepEqual([answer.status, answer.type], [400, "AccessDeniedException"]);
  assert.match(
    answer.message ?? "",
    new RegExp(`is not authorized to perform: ecs:UpdateService on resource: ${SERVICE} `),
  );
  assert.deepEqual(emulator.state(), before);
  emulator.authorize(undefined);
  assert.equal(ask(emulator, "UpdateService", { service: "myservice" }).type, undefined);
});

Deno.test("a call takes what it does to other things, too", async (t) => {
  const deployment = String(myservice().describeService("myservice").currentServiceDeployment);
  const own = (Action: string) => ({ Action, Resource: "*" });
  const roles = { Action: "iam:PassRole", Resource: `${ROLES}/ecsTaskExecutionRole` };
  const registering = {
    family: "web",
    taskRoleArn: `${ROLES}/web`,
    containerDefinitions: [{ name: "app", image: "web:1", memory: 128 }],
  };
  const table: [string, object, Policy, string][] = [
    [
      "UpdateService",
      { service: "myservice", taskDefinition: "myservice:3" },
      policy(own("ecs:UpdateService"), roles),
      `iam:PassRole on resource: ${ROLES}/myservice-task`,
    ],
    ["RegisterTaskDefinition", registering, policy(own("ecs:*")), `iam:PassRole on resource: ${ROLES}/web`],
    [
      "RegisterTaskDefinition",
      { ...registering, taskRoleArn: undefined, tags: [{ key: "a", value: "b" }] },
      policy(own("ecs:RegisterTaskDefinition")),
      `ecs:TagResource on resource: ${ECS}:task-definition/web`,
    ],
    [
      "DescribeServiceDeployments",
      { serviceDeploymentArns: [deployment] },
      policy({ Action: "ecs:*", Resource: `${ECS}:service-deployment/*` }),
      `ecs:DescribeServiceDeployments on resource: ${SERVICE}`,
    ],
  ];
  for (const [operation, input, granted, missing] of table) {
    await t.step(`${operation} takes ${missing}`, () => {
      const emulator = myservice();
      emulator.authorize(granted);
      const { message = "" } = ask(emulator, operation, JSON.parse(JSON.stringify(input)));
      assert.ok(message.includes(`not authorized to perform: ${missing} `), message);
    });
  }
});

Deno.test("what changes only the number of tasks passes no role", () => {
  const emulator = myservice();
  emulator.authorize(policy({ Action: "ecs:UpdateService", Resource: SERVICE }));
  assert.equal(ask(emulator, "UpdateService", { service: "myservice", desiredCount: 3 }).type, undefined);
});
