import assert from "node:assert/strict";
import { NOT_PULLED_YET } from "../../../src/errors.ts";
import type { ReferenceChecker } from "../../../src/model/ports.ts";
import type { Reference } from "../../../src/registry/find_references.ts";
import { findAttachmentMisfits, verifyReferences } from "../../../src/registry/verify_references.ts";
import { awsError } from "../rollout/scripted_ports.ts";
import type { JsonObject } from "../../../src/model/json.ts";
import { renderVerified } from "../../../src/commands/verify.ts";

const NEVER = new AbortController().signal;
const IMAGE: Reference = {
  kind: "image",
  name: "ecr/app:1",
  location: { registryId: "1", region: "r", repository: "app", version: { tag: "1" } },
};

function checker(answers: Partial<ReferenceChecker> = {}): ReferenceChecker & { asked: string[] } {
  const asked: string[] = [];
  const yes = (name: unknown) => Promise.resolve(asked.push(JSON.stringify(name)) > 0);
  const keys = (version: unknown) => yes(version).then(() => new Set(["password"]));
  const trust = (name: unknown) => yes(name).then(() => trustOf("ecs-tasks.amazonaws.com"));
  const digest = (name: unknown) => yes(name).then(() => "sha256:0a");
  const stages = (arn: unknown) =>
    yes(arn).then(() => new Map([["0a", ["AWSCURRENT"]], ["0b", ["AWSPREVIOUS", "blue"]]]));
  const found = { findDigest: digest, readSecretStages: stages, hasParameter: yes, hasLogGroup: yes, hasObject: yes };
  const volumes = {
    readFileSystem: (id: unknown) => yes(id).then(() => ({ state: "available", mountTargets: 2 })),
    readAccessPoint: (id: unknown) => yes(id).then(() => ({ state: "available", fileSystem: "fs-1" })),
    readTargetGroup: (arn: unknown) => yes(arn).then(() => ({ targetType: "ip", loadBalancers: [] })),
    readTargetGroupsBehind: () => Promise.resolve([]),
  };
  return { asked, ...found, ...volumes, readTrustPolicy: trust, readSecretKeys: keys, ...answers };
}

function trustOf(service: string): string {
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}

function keyOf(key: string): Reference {
  const version = { arn: "arn:s", stage: undefined, id: undefined };
  return { kind: "secretKey", name: `arn:s:${key}::`, key, version };
}

function secretOf(version: { stage?: string; id?: string } = {}): Reference {
  return { kind: "secret", name: "arn:s", version: { arn: "arn:s", stage: undefined, id: undefined, ...version } };
}

async function findingOf(reference: Reference, answers: Partial<ReferenceChecker>) {
  const [verified] = await verifyReferences([reference], checker(answers), NEVER);
  return [verified!.state, verified!.reason];
}

Deno.test("verifyReferences() finds a role that tasks may not assume", async () => {
  const role: Reference = { kind: "role", name: "task" };
  const trusting = (policy: string | undefined) => ({ readTrustPolicy: () => Promise.resolve(policy) });
  assert.deepEqual(await findingOf(role, trusting(trustOf("ec2.amazonaws.com"))), [
    "unfit",
    { code: "notAssumable" },
  ]);
  assert.deepEqual(await findingOf(role, trusting(undefined)), ["missing", undefined]);
});

Deno.test("verifyReferences() finds a key that a secret's JSON does not have, and a secret that is none", async () => {
  const holding = (keys: ReadonlySet<string> | "noJson" | undefined) => ({
    readSecretKeys: () => Promise.resolve(keys),
  });
  assert.deepEqual(await findingOf(keyOf("password"), {}), ["there", undefined]);
  assert.deepEqual(await findingOf(keyOf("user"), {}), ["missing", { code: "noSuchKey" }]);
  assert.deepEqual(await findingOf(keyOf("user"), holding("noJson")), ["unfit", { code: "secretNotJson" }]);
  assert.deepEqual(await findingOf(keyOf("user"), holding(undefined)), ["missing", undefined]);
});

Deno.test("verifyReferences() looks for the version of a secret that a container gets", async () => {
  const missing = (stage: string) => ["missing", { code: "noSuchVersion", stage }];
  assert.deepEqual(await findingOf(secretOf(), {}), ["there", undefined]);
  assert.deepEqual(await findingOf(secretOf({ stage: "blue" }), {}), ["there", undefined]);
  assert.deepEqual(await findingOf(secretOf({ stage: "green" }), {}), missing("green"));
  assert.deepEqual(await findingOf(secretOf({ id: "0b" }), {}), ["there", undefined]);
  assert.deepEqual(await findingOf(secretOf({ id: "0b", stage: "blue" }), {}), ["there", undefined]);
  assert.deepEqual(await findingOf(secretOf({ id: "0a", stage: "blue" }), {}), missing("blue"));
  // Secrets Manager keeps versions without stages for a while, and does not show them.
  assert.deepEqual(await findingOf(secretOf({ id: "0c" }), {}), ["unknown", { code: "versionWithoutStage" }]);
  const valueless = { readSecretStages: () => Promise.resolve(new Map()) };
  assert.deepEqual(await findingOf(secretOf(), valueless), missing("AWSCURRENT"));
  assert.deepEqual(await findingOf(secretOf(), { readSecretStages: () => Promise.resolve(undefined) }), [
    "missing",
    undefined,
  ]);
});

const found = <Value>(value: Value) => () => Promise.resolve(value);

Deno.test("verifyReferences() finds a file system that no task can mount", async () => {
  const fileSystem = { kind: "fileSystem", name: "fs-1", isOfThisAccount: true } as const;
  const finding = (answer: { state: string; mountTargets: number } | undefined, reference: Reference = fileSystem) =>
    findingOf(reference, { readFileSystem: found(answer) });
  assert.deepEqual(await finding(undefined), ["missing", undefined]);
  assert.deepEqual(await finding(undefined, { ...fileSystem, isOfThisAccount: false }), [
    "unknown",
    { code: "notInThisAccount" },
  ]);
  assert.deepEqual(await finding({ state: "updating", mountTargets: 1 }), ["there", undefined]);
  assert.deepEqual(await finding({ state: "available", mountTargets: 0 }), ["unfit", { code: "noMountTarget" }]);
  for (const state of ["deleting", "deleted", "error"]) {
    assert.deepEqual(await finding({ state, mountTargets: 1 }), ["unfit", { code: "notAvailable", state }]);
  }
  for (const state of ["creating", "of a later year"]) {
    assert.deepEqual(await finding({ state, mountTargets: 1 }), ["unknown", { code: "notAvailable", state }]);
  }
});

Deno.test("verifyReferences() finds an access point that is not of the file system", async () => {
  const accessPoint = { kind: "accessPoint", name: "fsap-1", fileSystem: "fs-1", isOfThisAccount: true } as const;
  const finding = (answer: { state: string; fileSystem: string } | undefined, reference: Reference = accessPoint) =>
    findingOf(reference, { readAccessPoint: found(answer) });
  assert.deepEqual(await finding(undefined), ["missing", undefined]);
  assert.deepEqual(await finding(undefined, { ...accessPoint, isOfThisAccount: false }), [
    "unknown",
    { code: "notInThisAccount" },
  ]);
  assert.deepEqual(await finding({ state: "available", fileSystem: "fs-2" }), [
    "unfit",
    { code: "ofOtherFileSystem", fileSystem: "fs-2" },
  ]);
  assert.deepEqual(await finding({ state: "deleting", fileSystem: "fs-1" }), [
    "unfit",
    { code: "notAvailable", state: "deleting" },
  ]);
});

Deno.test("verifyReferences() finds a target group whose type tasks do not fit", async () => {
  const finding = (targetType: string | undefined, needsIp: boolean) =>
    findingOf({ kind: "targetGroup", name: "arn:tg", needsIp }, {
      readTargetGroup: found(targetType === undefined ? undefined : { targetType, loadBalancers: [] }),
    });
  assert.deepEqual(await finding(undefined, true), ["missing", undefined]);
  assert.deepEqual(await finding("instance", true), ["unfit", { code: "wrongTargetType", targetType: "instance" }]);
  assert.deepEqual(await finding("instance", false), ["there", undefined]);
  assert.deepEqual(await finding("lambda", false), ["unfit", { code: "wrongTargetType", targetType: "lambda" }]);
});

Deno.test("verifyReferences() asks each service for what is its own, roles by their bare name", async () => {
  const all = checker();
  const references: Reference[] = [
    { kind: "role", name: "arn:aws:iam::123456789012:role/path/task" },
    IMAGE,
    secretOf(),
    { kind: "parameter", name: "/p" },
    { kind: "logGroup", name: "/ecs/app", region: undefined },
    { kind: "file", name: "arn:aws:s3:::configs/app.env", bucket: "configs", key: "app.env" },
    { kind: "fileSystem", name: "fs-1", isOfThisAccount: true },
    { kind: "accessPoint", name: "fsap-1", fileSystem: "fs-1", isOfThisAccount: true },
    { kind: "targetGroup", name: "arn:tg", needsIp: true },
  ];
  const verified = await verifyReferences(references, all, NEVER);
  assert.deepEqual(new Set(verified.map(({ state }) => state)), new Set(["there"]));
  assert.deepEqual(
    all.asked.sort(),
    [
      JSON.stringify("/p"),
      JSON.stringify("/ecs/app"),
      JSON.stringify("configs"),
      JSON.stringify("fs-1"),
      JSON.stringify("fsap-1"),
      JSON.stringify("arn:tg"),
      JSON.stringify("arn:s"),
      JSON.stringify("task"),
      JSON.stringify((IMAGE as { location: unknown }).location),
    ].sort(),
  );
});

Deno.test("verifyReferences() distinguishes what is missing from what is not known", async () => {
  const denied = awsError("denied", "AccessDeniedException");
  const verified = await verifyReferences(
    [IMAGE, secretOf(), { kind: "foreignImage", name: "nginx" }],
    checker({ findDigest: () => Promise.resolve(undefined), readSecretStages: () => Promise.reject(denied) }),
    NEVER,
  );
  assert.deepEqual(verified.map(({ state, reason }) => [state, reason]), [
    ["missing", undefined],
    ["unknown", { code: "noAnswer", failure: denied.failure }],
    ["unknown", { code: "foreignRegistry" }],
  ]);
});

Deno.test("verifyReferences() does not say of an image that it is missing where Amazon ECR may fetch it", async () => {
  const findDigest = () => Promise.reject(awsError("rejected", NOT_PULLED_YET));
  assert.deepEqual(await findingOf(IMAGE, { findDigest }), ["unknown", { code: "notPulledYet" }]);
});

Deno.test("verifyReferences() ends when it is stopped, and with what is no error of AWS's", async () => {
  const stopped = AbortSignal.abort();
  await assert.rejects(
    verifyReferences([IMAGE], checker({ findDigest: () => Promise.reject(awsError("lost")) }), stopped),
  );
  const broken = checker({ findDigest: () => Promise.reject(new TypeError("a defect")) });
  await assert.rejects(verifyReferences([IMAGE], broken, NEVER), TypeError);
});

const TASKS = "ecs-tasks.amazonaws.com";
const ALLOW = { Effect: "Allow", Principal: { Service: TASKS }, Action: "sts:AssumeRole" };

async function mayAssume(policy: string) {
  const [state] = await findingOf({ kind: "role", name: "task" }, { readTrustPolicy: () => Promise.resolve(policy) });
  return state === "there";
}

const judge = (...statements: object[]) => mayAssume(JSON.stringify({ Statement: statements }));

Deno.test("verifyReferences() finds the statement that lets tasks assume a role", async () => {
  assert.ok(await judge(ALLOW));
  assert.ok(await judge({ ...ALLOW, Principal: { Service: ["ec2.amazonaws.com", TASKS] } }));
  assert.ok(await judge({ ...ALLOW, Action: ["sts:TagSession", "sts:AssumeRole"] }));
  assert.ok(await judge({ ...ALLOW, Action: "sts:*" }, { ...ALLOW, Effect: "Deny" }));
  assert.ok(await judge({ ...ALLOW, Principal: { AWS: "*" } }));
  assert.ok(await mayAssume(JSON.stringify({ Statement: ALLOW })));
});

Deno.test("verifyReferences() finds none in a policy that lets others", async () => {
  assert.equal(await judge(), false);
  assert.equal(await judge({ ...ALLOW, Principal: { Service: "ecs.amazonaws.com" } }), false);
  assert.equal(await judge({ ...ALLOW, Principal: { AWS: "arn:aws:iam::123456789012:root" } }), false);
  assert.equal(await judge({ ...ALLOW, Effect: "Deny" }), false);
  assert.equal(await judge({ ...ALLOW, Action: "sts:TagSession" }), false);
});

Deno.test("verifyReferences() does not say no to a policy that it cannot read", async () => {
  for (const policy of ["", "no JSON", "{}"]) assert.ok(await mayAssume(policy), policy);
});

const TASK: JsonObject = {
  containerDefinitions: [
    { name: "app", portMappings: [{ containerPort: 8080 }, { containerPort: 9090 }] },
    { name: "sidecar" },
  ],
};
const BALANCER = { targetGroupArn: "arn:tg", containerName: "app", containerPort: 8080 };

function reasonsOf(service: JsonObject, task: JsonObject = TASK) {
  return renderVerified(findAttachmentMisfits(service, task));
}

Deno.test("findAttachmentMisfits() finds nothing where containers and ports are there", () => {
  assert.deepEqual(reasonsOf({ loadBalancers: [BALANCER, { ...BALANCER, containerPort: 9090 }] }), []);
  assert.deepEqual(reasonsOf({ serviceRegistries: [{ registryArn: "arn:sr" }] }), []);
  assert.deepEqual(reasonsOf({}), []);
  const ranges = { containerDefinitions: [{ name: "app", portMappings: [{ containerPortRange: "8000-9000" }] }] };
  assert.deepEqual(reasonsOf({ loadBalancers: [BALANCER] }, ranges), []);
});

Deno.test("findAttachmentMisfits() names the container or the port that is not there", () => {
  assert.deepEqual(reasonsOf({ loadBalancers: [{ ...BALANCER, containerName: "web" }] }), [
    "unfit    load balancer arn:tg (it sends to container web, which the task definition does not have (it has app, sidecar))",
  ]);
  assert.deepEqual(reasonsOf({ loadBalancers: [{ ...BALANCER, containerPort: 80 }] }), [
    "unfit    load balancer arn:tg (it sends to port 80 of container app, which the task definition does not map (it maps 8080, 9090))",
  ]);
  assert.deepEqual(
    reasonsOf({ serviceRegistries: [{ registryArn: "arn:sr", containerName: "sidecar", containerPort: 80 }] }),
    ["unfit    service registry arn:sr (it sends to port 80 of container sidecar, which the task definition does not map (it maps none))"],
  );
});
