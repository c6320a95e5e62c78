import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/model/json.ts";
import type { Decision, DeepChecker } from "../../../src/model/ports.ts";
import type { Reference } from "../../../src/registry/find_references.ts";
import type { Verified } from "../../../src/registry/verify_references.ts";
import {
  type DeepSubject,
  findAddressNeeds,
  judgeAddresses,
  judgeDecision,
  judgeKeyState,
  verifyDeeply,
} from "../../../src/registry/verify_deeply.ts";
import { awsError } from "../rollout/scripted_ports.ts";

const NEVER = new AbortController().signal;
const ROLE = "arn:aws:iam::123456789012:role/ecs";
const KEY = "arn:aws:kms:ap-northeast-1:123456789012:key/0a";
const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:db";
const PARAMETER = "arn:aws:ssm:ap-northeast-1:123456789012:parameter/port";

const secret = (name: string): Reference => ({
  kind: "secret",
  name,
  version: { arn: SECRET, stage: undefined, id: undefined },
});
const parameter: Reference = { kind: "parameter", name: "/port:3" };

/** All is allowed and there, but for what `answers` says; what was asked of it is kept. */
function checker(answers: Partial<DeepChecker> = {}): DeepChecker & { readonly asked: string[] } {
  const asked: string[] = [];
  const found = <Answer>(question: string, answer: Answer) => Promise.resolve(asked.push(question)).then(() => answer);
  return {
    asked,
    readRegion: () => Promise.resolve("ap-northeast-1"),
    simulate: (role, actions, resources) =>
      found(
        `${role} ${actions} ${resources}`,
        actions.flatMap((action) =>
          resources.map((resource) => ({ action, resource, decision: "allowed" as const, missingContext: [] }))
        ),
      ),
    readFreeAddresses: (subnets) => found("addresses", new Map(subnets.map((subnet) => [subnet, 9]))),
    readKey: (arn) => found(`key ${arn}`, { arn, state: "Enabled", isAwsManaged: false }),
    readSecret: (arn) => found(`secret ${arn}`, { arn: `${arn}-AbCdEf`, key: KEY }),
    readParameter: (name) => found(`parameter ${name}`, { arn: PARAMETER, key: undefined }),
    ...answers,
  };
}

function deep(references: readonly Reference[], definition: JsonObject = {}, service: JsonObject = {}): DeepSubject {
  return { definition: { executionRoleArn: ROLE, ...definition }, service, references };
}

/** `permission ssm:GetParameters ARN` */
function named({ kind, name, ...more }: Verified["reference"]): string {
  return [kind, ...Object.values(more), name].join(" ");
}

async function verified(deep: DeepSubject, answers: Partial<DeepChecker> = {}): Promise<string[]> {
  const found = await verifyDeeply(deep, checker(answers), NEVER);
  return found.map(({ reference, state, reason }) =>
    [state, named(reference), reason?.code].filter((part) => part !== undefined).join(" ")
  );
}

Deno.test("verifyDeeply() asks for what the role reads by the names that AWS has, each once, and for its keys", async () => {
  const port = checker();
  const found = await verifyDeeply(deep([secret("a"), secret("b"), parameter]), port, NEVER);
  assert.deepEqual(found.map(({ state, reference }) => `${state} ${named(reference)}`), [
    `there permission secretsmanager:GetSecretValue ${SECRET}-AbCdEf`,
    `there permission ssm:GetParameters ${PARAMETER}`,
    `there key ${KEY}`,
    `there permission kms:Decrypt ${KEY}`,
  ]);
  assert.ok(port.asked.includes("parameter /port"), "without its version");
  assert.equal(port.asked.filter((question) => question === `key ${KEY}`).length, 1);
  assert.ok(port.asked.includes(`${ROLE} kms:Decrypt ${KEY}`));
});

Deno.test("verifyDeeply() asks for no permission of a key that AWS manages, nor of an alias that nobody resolves", async () => {
  const managed = { readKey: (arn: string) => Promise.resolve({ arn, state: "Enabled", isAwsManaged: true }) };
  const withoutKey = [`there permission secretsmanager:GetSecretValue ${SECRET}-AbCdEf`];
  assert.deepEqual(await verified(deep([secret("a")]), managed), withoutKey);
  const alias = `${KEY.replace(/key.*/, "")}alias/db`;
  const unresolved = {
    readSecret: (arn: string) => Promise.resolve({ arn: `${arn}-AbCdEf`, key: alias }),
    readKey: () => Promise.resolve(undefined),
  };
  assert.deepEqual(await verified(deep([secret("a")]), unresolved), [...withoutKey, `missing key ${alias}`]);
});

Deno.test("verifyDeeply() does not know what may not be read, and goes on with the rest", async () => {
  const denied = () => Promise.reject(awsError("denied"));
  assert.deepEqual(await verified(deep([secret("a"), parameter]), { readSecret: denied, simulate: denied }), [
    `unknown permission ssm:GetParameters ${PARAMETER} noAnswer`,
    "unknown keyOf secret a noAnswer",
  ]);
  assert.deepEqual(await verified(deep([secret("a")]), { readKey: denied }), [
    `there permission secretsmanager:GetSecretValue ${SECRET}-AbCdEf`,
    `unknown key ${KEY} noAnswer`,
    `there permission kms:Decrypt ${KEY}`,
  ]);
});

Deno.test("verifyDeeply() looks for what Fargate does by the role, in the account of the role, and for free addresses", async () => {
  const logs = { "awslogs-group": "web", "awslogs-region": "us-east-1", "awslogs-stream-prefix": "app" };
  const definition = {
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    containerDefinitions: [{ name: "app", logConfiguration: { logDriver: "awslogs", options: logs } }],
  };
  const service = { desiredCount: 10, networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a"] } } };
  const stream = "arn:aws:logs:us-east-1:123456789012:log-group:web:log-stream:app/app/*";
  const permissions = ["logs:CreateLogStream", "logs:PutLogEvents"]
    .map((action) => `there permission ${action} ${stream}`);
  assert.deepEqual(await verified(deep([], definition, service)), [
    ...permissions,
    "there subnet subnet-a freeAddresses",
    "unfit subnets subnet-a fewAddresses",
  ]);
  const denied = { readFreeAddresses: () => Promise.reject(awsError("denied")) };
  assert.deepEqual(await verified(deep([], definition, service), denied), [
    ...permissions,
    "unknown subnet subnet-a noAnswer",
  ]);
  const withoutRole = { ...deep([], definition), definition };
  assert.deepEqual(await verified(withoutRole), [], "nothing is done by a role that is not there");
});

Deno.test("verifyDeeply() hides no stop: what was cut off is thrown", async () => {
  const stop = AbortSignal.abort();
  const cutOff = { readSecret: () => Promise.reject(awsError("lost")) };
  assert.deepEqual((await verified(deep([secret("a")]), cutOff)).map((found) => found.split(" ")[0]), ["unknown"]);
  await assert.rejects(verifyDeeply(deep([secret("a")]), checker(cutOff), stop));
});

function judged(decision: Decision["decision"], missingContext: string[] = [], mayBeGrantedByResource = false) {
  const { state, reason } = judgeDecision({ action: "a", resource: "r", decision, missingContext }, {
    mayBeGrantedByResource,
  });
  return [state, reason?.code];
}

Deno.test("judgeDecision() calls a permission missing only where nothing else can grant it", () => {
  assert.deepEqual(judged("allowed", ["aws:SourceIp"]), ["there", undefined]);
  assert.deepEqual(judged("implicitDeny"), ["missing", undefined]);
  assert.deepEqual(judged("implicitDeny", [], true), ["unknown", "notOfRole"]);
  assert.deepEqual(judged("explicitDeny", [], true), ["missing", "deniedByPolicy"]);
  for (const decision of ["implicitDeny", "explicitDeny"] as const) {
    assert.deepEqual(judged(decision, ["aws:SourceVpce"]), ["unknown", "dependsOnConditions"]);
  }
  assert.equal(judgeDecision(undefined, { mayBeGrantedByResource: false }).state, "unknown");
});

Deno.test("judgeKeyState() knows the states in which a key decrypts nothing", () => {
  const stateOf = (state: string) => judgeKeyState({ state }).state;
  assert.equal(judgeKeyState(undefined).state, "missing");
  for (const state of ["Enabled", "Updating"]) assert.equal(stateOf(state), "there", state);
  for (const state of ["Disabled", "PendingDeletion", "PendingImport", "Unavailable"]) {
    assert.equal(stateOf(state), "unfit", state);
  }
  for (const state of ["Creating", "OfALaterYear"]) assert.equal(stateOf(state), "unknown", state);
});

Deno.test("judgeAddresses() adds up the free addresses of all subnets", () => {
  const judge = (tasks: number, found: [string, number | undefined][]) =>
    judgeAddresses({ subnets: ["subnet-a", "subnet-b"], tasks }, new Map(found))
      .map(({ reference: { kind }, state }) => `${state} ${kind}`);
  assert.deepEqual(judge(4, [["subnet-a", 1], ["subnet-b", 3]]), ["there subnet", "there subnet"]);
  assert.deepEqual(judge(5, [["subnet-a", 1], ["subnet-b", 3]]), ["there subnet", "there subnet", "unfit subnets"]);
  assert.deepEqual(judge(5, [["subnet-a", 0], ["subnet-b", undefined]]), ["there subnet", "there subnet"], "IPv6");
  assert.deepEqual(judge(0, [["subnet-a", 0]]), ["there subnet", "missing subnet"]);
  assert.deepEqual(judge(5, []), ["missing subnet", "missing subnet"], "said once");
});

const SERVICE: JsonObject = {
  desiredCount: 5,
  networkConfiguration: { awsvpcConfiguration: { subnets: ["subnet-a", "subnet-b", "subnet-a"] } },
};
const AWSVPC = { networkMode: "awsvpc" };

const tasksOf = (service: JsonObject) => findAddressNeeds({ ...SERVICE, ...service }, AWSVPC)?.tasks;

Deno.test("findAddressNeeds() counts the tasks that a rollout starts before it stops others", () => {
  assert.deepEqual(findAddressNeeds(SERVICE, AWSVPC), { subnets: ["subnet-a", "subnet-b"], tasks: 5 });
  assert.equal(tasksOf({ deploymentConfiguration: { maximumPercent: 150 } }), 2, "7 of 7.5 at most");
  assert.equal(tasksOf({ deploymentConfiguration: { maximumPercent: 100 } }), 0, "others are stopped first");
  assert.equal(tasksOf({ deploymentConfiguration: { strategy: "BLUE_GREEN", maximumPercent: 100 } }), 5);
  assert.equal(tasksOf({ schedulingStrategy: "DAEMON" }), 0);
  assert.equal(tasksOf({ desiredCount: 0 }), 0);
  assert.equal(tasksOf({ desiredCount: null }), 0, "not known");
});

Deno.test("findAddressNeeds() finds none where tasks share the network of their instance", () => {
  assert.equal(findAddressNeeds(SERVICE, { networkMode: "bridge" }), undefined);
  assert.equal(findAddressNeeds({ desiredCount: 1 }, AWSVPC), undefined);
});
