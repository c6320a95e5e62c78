import assert from "node:assert/strict";
import { connectReferences } from "../../../src/aws/lookups.ts";
import { AwsError } from "../../../src/errors.ts";
import { myservice } from "../../emulator/myservice.ts";
import { emulatorHandler } from "../../in_process.ts";
import { awsFailure, connectionOptions, type ScriptedAnswer, stubNetwork } from "./stub_network.ts";

const NEVER = new AbortController().signal;
const IMAGE = { registryId: "123456789012", region: "eu-west-1", repository: "app", version: { tag: "1.0" } };

const VERSION = { arn: "arn:s", stage: "AWSPREVIOUS", id: undefined };

function connect(...answers: ScriptedAnswer[]) {
  const network = stubNetwork(...answers);
  return { references: connectReferences(connectionOptions(network)), sent: network.sent };
}

Deno.test("connectReferences() asks for the one thing, and for no more", async () => {
  const { references, sent } = connect(
    { body: { imageDetails: [{ imageTags: ["1.0"], imageDigest: "sha256:0a" }] } },
    { body: { imageDetails: [{ imageDigest: "sha256:0a" }] } },
    { body: { ARN: "arn:s", Name: "s", VersionIdsToStages: { "0a": ["AWSCURRENT"] } } },
    { body: { Parameter: { Name: "/p", Value: "encrypted" } } },
    { body: { ARN: "arn:s", SecretString: '{"user":"s3cret"}' } },
    { body: { logGroups: [{ logGroupName: "/ecs/app" }] } },
  );
  assert.equal(await references.findDigest(IMAGE, NEVER), "sha256:0a");
  assert.equal(await references.findDigest({ ...IMAGE, version: { digest: "sha256:0a" } }, NEVER), "sha256:0a");
  assert.deepEqual(await references.readSecretStages("arn:s", NEVER), new Map([["0a", ["AWSCURRENT"]]]));
  assert.equal(await references.hasParameter("/p", NEVER), true);
  assert.deepEqual(await references.readSecretKeys(VERSION, NEVER), new Set(["user"]));
  assert.equal(await references.hasLogGroup("/ecs/app", undefined, NEVER), true);
  const repository = { registryId: "123456789012", repositoryName: "app" };
  assert.deepEqual(sent, [
    { operation: "DescribeImages", input: { ...repository, imageIds: [{ imageTag: "1.0" }] } },
    { operation: "DescribeImages", input: { ...repository, imageIds: [{ imageDigest: "sha256:0a" }] } },
    { operation: "DescribeSecret", input: { SecretId: "arn:s" } },
    { operation: "GetParameter", input: { Name: "/p", WithDecryption: false } },
    { operation: "GetSecretValue", input: { SecretId: "arn:s", VersionStage: "AWSPREVIOUS" } },
    { operation: "DescribeLogGroups", input: { logGroupNamePrefix: "/ecs/app", limit: 1 } },
  ]);
});

Deno.test("connectReferences() knows AWS's names for what is not there", async () => {
  const missing = (code: string) => connect(awsFailure(code, "")).references;
  for (const code of ["ImageNotFoundException", "RepositoryNotFoundException"]) {
    assert.equal(await missing(code).findDigest(IMAGE, NEVER), undefined, code);
  }
  for (const imageStatus of ["ARCHIVED", "ACTIVATING"]) {
    assert.equal(
      await connect({ body: { imageDetails: [{ imageStatus }] } }).references.findDigest(IMAGE, NEVER),
      undefined,
    );
  }
  assert.equal(await missing("ResourceNotFoundException").readSecretStages("arn:s", NEVER), undefined);
  for (const code of ["ParameterNotFound", "ParameterVersionNotFound"]) {
    assert.equal(await missing(code).hasParameter("/p", NEVER), false, code);
  }
  assert.equal(await missing("ResourceNotFoundException").readSecretKeys(VERSION, NEVER), undefined);
  for (const logGroups of [[], [{ logGroupName: "/ecs/application" }]]) {
    assert.equal(await connect({ body: { logGroups } }).references.hasLogGroup("/ecs/app", undefined, NEVER), false);
  }
});

Deno.test("a secret or parameter that has an ARN is looked for in the region of that", async () => {
  const hosts: string[] = [];
  const network = stubNetwork({ body: { ARN: "arn:s", Parameter: { Name: "/p" } } });
  const { handle, metadata } = network.requestHandler;
  const requestHandler: typeof network.requestHandler = {
    metadata,
    handle(request) {
      hosts.push(request.hostname);
      return handle(request);
    },
  };
  const references = connectReferences({ ...connectionOptions(network), requestHandler });
  await references.readSecretStages("arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-AbCdEf", NEVER);
  await references.hasParameter("arn:aws:ssm:us-east-1:123456789012:parameter/p", NEVER);
  await references.hasParameter("/p", NEVER);
  assert.deepEqual(hosts, [
    "secretsmanager.eu-west-1.amazonaws.com",
    "ssm.us-east-1.amazonaws.com",
    "ssm.ap-northeast-1.amazonaws.com",
  ]);
});

Deno.test("a secret that is scheduled for deletion is not there: it gives its value to nobody", async () => {
  const { references } = connect({ body: { ARN: "arn:s", DeletedDate: 1672574400 } });
  assert.equal(await references.readSecretStages("arn:s", NEVER), undefined);
});

Deno.test("what may not be read is an error, not an absence", async () => {
  const denied = connect(awsFailure("AccessDeniedException", "not authorized")).references;
  const isDenied = (error: unknown) => error instanceof AwsError && error.kind === "denied";
  await assert.rejects(denied.findDigest(IMAGE, NEVER), isDenied);
  await assert.rejects(denied.readSecretStages("arn:s", NEVER), isDenied);
  await assert.rejects(denied.hasParameter("/p", NEVER), isDenied);
  await assert.rejects(denied.readSecretKeys(VERSION, NEVER), isDenied);
  await assert.rejects(denied.hasLogGroup("/ecs/app", undefined, NEVER), isDenied);
});

Deno.test("readSecretKeys() tells a secret that is no JSON object, and no part of it", async () => {
  for (const SecretString of ["s3cret", '"s3cret"', "[1]", "null", undefined]) {
    const { references } = connect({ body: { ARN: "arn:s", SecretString } });
    assert.equal(await references.readSecretKeys(VERSION, NEVER), "no JSON");
  }
});

Deno.test("an answer that names nothing does not say whether it is there", async () => {
  const isUnreadable = (error: unknown) => error instanceof AwsError && error.code === "UnreadableAnswer";
  const nothing = () => connect({ body: {} }).references;
  await assert.rejects(nothing().findDigest(IMAGE, NEVER), isUnreadable);
  await assert.rejects(nothing().readSecretStages("arn:s", NEVER), isUnreadable);
  await assert.rejects(nothing().hasParameter("/p", NEVER), isUnreadable);
  await assert.rejects(nothing().readSecretKeys(VERSION, NEVER), isUnreadable);
  await assert.rejects(nothing().hasLogGroup("/ecs/app", undefined, NEVER), isUnreadable);
});

Deno.test("readTrustPolicy() asks IAM, which speaks another protocol", async () => {
  const emulator = myservice();
  const network = { sent: [], requestHandler: emulatorHandler(emulator) };
  const references = connectReferences({ ...connectionOptions(network), requestHandler: network.requestHandler });
  const policy = JSON.parse(await references.readTrustPolicy("myservice-task", NEVER) ?? "");
  assert.deepEqual(policy.Statement[0].Principal, { Service: "ecs-tasks.amazonaws.com" });
  assert.equal(await references.readTrustPolicy("nobody", NEVER), undefined);
});

Deno.test("hasObject() looks for an object in S3, of which HEAD alone is asked", async () => {
  const emulator = myservice();
  emulator.setObject("configs", "app.env", "A=1");
  const network = { sent: [], requestHandler: emulatorHandler(emulator) };
  const references = connectReferences({ ...connectionOptions(network), requestHandler: network.requestHandler });
  assert.equal(await references.hasObject("configs", "app.env", NEVER), true);
  assert.equal(await references.hasObject("configs", "other.env", NEVER), false);
  assert.equal(await references.hasObject("nowhere", "app.env", NEVER), false);
  assert.deepEqual(new Set(emulator.calls.map(({ operation }) => operation)), new Set(["HeadObject"]));
  emulator.authorize({ Version: "2012-10-17", Statement: [] });
  await assert.rejects(
    references.hasObject("configs", "app.env", NEVER),
    (error) => error instanceof AwsError && error.kind === "denied" && /to perform: s3:GetObject/.test(error.message),
  );
});
