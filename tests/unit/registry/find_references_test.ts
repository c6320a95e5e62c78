import assert from "node:assert/strict";
import type { JsonObject } from "../../../src/model/json.ts";
import { findReferences, findServiceReferences } from "../../../src/registry/find_references.ts";

const SECRET = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:app/key-AbCdEf";
const DIGEST = `sha256:${"0a".repeat(32)}`;
const ECR = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app";

function imageOf(image: string) {
  return findReferences({ containerDefinitions: [{ name: "app", image }] });
}

Deno.test("findReferences() finds roles, images, and what containers, log drivers and registries read", () => {
  const found = findReferences({
    taskRoleArn: "arn:aws:iam::123456789012:role/path/task",
    executionRoleArn: "execution",
    containerDefinitions: [
      {
        name: "app",
        image: "nginx",
        secrets: [{ name: "A", valueFrom: `${SECRET}:json-key:AWSCURRENT:` }, { name: "B", valueFrom: "/app/b" }],
        logConfiguration: { secretOptions: [{ name: "token", valueFrom: `${SECRET}-2` }] },
        environmentFiles: [{ type: "s3", value: "arn:aws:s3:::configs/app/prod.env" }],
        firelensConfiguration: {
          type: "fluentbit",
          options: { "config-file-type": "s3", "config-file-value": "arn:aws:s3:::configs/router.conf" },
        },
        repositoryCredentials: { credentialsParameter: `${SECRET}-3` },
      },
      { name: "sidecar", image: "nginx", secrets: [{ name: "C", valueFrom: SECRET }] },
    ],
  });
  assert.deepEqual(found.map(({ kind, name }) => [kind, name]), [
    ["role", "execution"],
    ["role", "arn:aws:iam::123456789012:role/path/task"],
    ["foreignImage", "nginx"],
    ["secretVersion", `${SECRET}::AWSCURRENT:`],
    ["secretKey", `${SECRET}:json-key:AWSCURRENT:`],
    ["parameter", "/app/b"],
    ["secret", `${SECRET}-2`],
    ["secret", `${SECRET}-3`],
    ["file", "arn:aws:s3:::configs/app/prod.env"],
    ["file", "arn:aws:s3:::configs/router.conf"],
    ["secret", SECRET],
  ]);
});

Deno.test("findReferences() takes apart how images of Amazon ECR are named", () => {
  const location = { registryId: "123456789012", region: "eu-west-1", repository: "team/app" };
  const versions = [
    [ECR, { tag: "latest" }],
    [`${ECR}:1.2`, { tag: "1.2" }],
    [`${ECR}@${DIGEST}`, { digest: DIGEST }],
    [`${ECR}:1.2@${DIGEST}`, { digest: DIGEST }],
  ] as const;
  for (const [name, version] of versions) {
    assert.deepEqual(imageOf(name), [{ kind: "image", name, location: { ...location, version } }]);
  }
  const china = "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app:1";
  assert.equal(imageOf(china)[0]?.kind, "image");
  for (const foreign of ["public.ecr.aws/a/b:1", "ghcr.io/a/b", "123456789012.dkr.ecr.x.example.com/a:1"]) {
    assert.equal(imageOf(foreign)[0]?.kind, "foreignImage");
  }
});

Deno.test("findReferences() takes apart which key and version of a secret a container gets", () => {
  const versionsOf = (valueFrom: string) => {
    const found = findReferences({ containerDefinitions: [{ secrets: [{ name: "A", valueFrom }] }] });
    return found.flatMap((one) => one.kind === "secretKey" ? [{ key: one.key, ...one.version }] : []);
  };
  const version = { arn: SECRET, stage: undefined, id: undefined };
  assert.deepEqual(versionsOf(`${SECRET}:user::`), [{ ...version, key: "user" }]);
  assert.deepEqual(versionsOf(`${SECRET}:user:AWSPREVIOUS:`), [{ ...version, key: "user", stage: "AWSPREVIOUS" }]);
  assert.deepEqual(versionsOf(`${SECRET}:user::0a1b`), [{ ...version, key: "user", id: "0a1b" }]);
  for (const whole of [SECRET, `${SECRET}:::`, `${SECRET}::AWSPREVIOUS:`]) assert.deepEqual(versionsOf(whole), []);
});

Deno.test("findReferences() finds the log groups that have to be there", () => {
  const groupsOf = (logConfiguration: JsonObject) =>
    findReferences({ containerDefinitions: [{ name: "app", logConfiguration }] });
  const options = { "awslogs-group": "/ecs/app", "awslogs-region": "eu-west-1" };
  const logDriver = "awslogs";
  assert.deepEqual(groupsOf({ logDriver, options }), [{ kind: "logGroup", name: "/ecs/app", region: "eu-west-1" }]);
  const creating = { ...options, "awslogs-create-group": "true" };
  const nones: JsonObject[] = [{ logDriver, options: creating }, { logDriver: "awsfirelens", options }, { logDriver }];
  for (const none of nones) {
    assert.deepEqual(groupsOf(none), []);
  }
});

Deno.test("findReferences() finds file systems and their access points", () => {
  const efsVolumeConfiguration = {
    fileSystemId: "fs-1",
    authorizationConfig: { accessPointId: "fsap-1", iam: "ENABLED" },
  };
  const volumes: JsonObject[] = [
    { name: "data", efsVolumeConfiguration },
    { name: "more", efsVolumeConfiguration: { fileSystemId: "fs-1" } },
    { name: "scratch", host: {} },
  ];
  const found = (isOfThisAccount: boolean) => [
    { kind: "fileSystem", name: "fs-1", isOfThisAccount },
    { kind: "accessPoint", name: "fsap-1", fileSystem: "fs-1", isOfThisAccount },
  ];
  assert.deepEqual(findReferences({ volumes, requiresCompatibilities: ["FARGATE"] }), found(true));
  for (const requiresCompatibilities of [["EC2", "FARGATE"], [], "EC2", null]) {
    assert.deepEqual(findReferences({ volumes, requiresCompatibilities }), found(false), "on instances, too");
  }
});

Deno.test("findServiceReferences() finds target groups, also those of the other colour", () => {
  const loadBalancers: JsonObject[] = [
    { targetGroupArn: "arn:blue", advancedConfiguration: { alternateTargetGroupArn: "arn:green" } },
    { targetGroupArn: "arn:blue" },
    { loadBalancerName: "classic" },
  ];
  const found = (needsIp: boolean) => ["arn:blue", "arn:green"].map((name) => ({ kind: "targetGroup", name, needsIp }));
  assert.deepEqual(findServiceReferences({ loadBalancers }, { networkMode: "awsvpc" }), found(true));
  assert.deepEqual(findServiceReferences({ loadBalancers }, { networkMode: "bridge" }), found(false));
  assert.deepEqual(findServiceReferences({}, {}), []);
});

Deno.test("findReferences() finds nothing in what has not the shape of a task definition", () => {
  for (
    const containerDefinitions of [undefined, null, "x", [null, 1, { secrets: "x", logConfiguration: [] }]] as never[]
  ) {
    assert.deepEqual(findReferences({ containerDefinitions, taskRoleArn: 1 }), []);
  }
});
