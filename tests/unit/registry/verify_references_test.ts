import assert from "node:assert/strict";
import { NOT_PULLED_YET } from "../../../src/errors.ts";
import type { Reference } from "../../../src/registry/find_references.ts";
import { verifyReferences } from "../../../src/registry/verify_references.ts";
import { awsError } from "../rollout/scripted_ports.ts";
import { checker, findingOf, found, NEVER } from "./reference_checks.ts";

const IMAGE: Reference = {
  kind: "image",
  name: "ecr/app:1",
  location: { registryId: "1", region: "r", repository: "app", version: { tag: "1" } },
};

function keyOf(key: string): Reference {
  const version = { arn: "arn:s", stage: undefined, id: undefined };
  return { kind: "secretKey", name: `arn:s:${key}::`, key, version };
}

function secretOf(version: { stage?: string; id?: string } = {}): Reference {
  return { kind: "secret", name: "arn:s", version: { arn: "arn:s", stage: undefined, id: undefined, ...version } };
}

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
