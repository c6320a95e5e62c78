import assert from "node:assert/strict";
import { connectReferences } from "../../../src/aws/references.ts";
import { AwsError, NOT_PULLED_YET } from "../../../src/errors.ts";
import { myservice } from "../../emulator/myservice.ts";
import { emulatorHandler } from "../../in_process.ts";
import { awsFailure, connectionOptions, type ScriptedAnswer, stubNetwork } from "./stub_network.ts";
import { wordsOf } from "../../in_words.ts";

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
  const missing = (code: string) => connect(awsFailure(code, ""), { body: { pullThroughCacheRules: [] } }).references;
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

Deno.test("what has an ARN is looked for in the region of that", async () => {
  const network = stubNetwork({ body: { ARN: "arn:s", Parameter: { Name: "/p" } } });
  const references = connectReferences(connectionOptions(network));
  await references.readSecretStages("arn:aws:secretsmanager:eu-west-1:123456789012:secret:s-AbCdEf", NEVER);
  await references.hasParameter("arn:aws:ssm:us-east-1:123456789012:parameter/p", NEVER);
  await references.hasParameter("/p", NEVER);
  // What the network is scripted to answer is not in this API's language.
  await assert.rejects(
    references.readTargetGroup("arn:aws:elasticloadbalancing:eu-west-2:123456789012:targetgroup/app/0", NEVER),
  );
  assert.deepEqual([...new Set(network.hosts)], [
    "secretsmanager.eu-west-1.amazonaws.com",
    "ssm.us-east-1.amazonaws.com",
    "ssm.ap-northeast-1.amazonaws.com",
    "elasticloadbalancing.eu-west-2.amazonaws.com",
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

Deno.test("readSecretKeys() recognizes a secret that is no JSON object, and no part of it", async () => {
  for (const SecretString of ["s3cret", '"s3cret"', "[1]", "null", undefined]) {
    const { references } = connect({ body: { ARN: "arn:s", SecretString } });
    assert.equal(await references.readSecretKeys(VERSION, NEVER), "noJson");
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
  const network = { requestHandler: emulatorHandler(emulator) };
  const references = connectReferences(connectionOptions(network));
  const policy = JSON.parse(await references.readTrustPolicy("myservice-task", NEVER) ?? "");
  assert.deepEqual(policy.Statement[0].Principal, { Service: "ecs-tasks.amazonaws.com" });
  assert.equal(await references.readTrustPolicy("nobody", NEVER), undefined);
});

/** Asks the emulator, by the protocol of each service. */
function connectTo() {
  const emulator = myservice();
  const network = { requestHandler: emulatorHandler(emulator) };
  const references = connectReferences(connectionOptions(network));
  return { emulator, references };
}

Deno.test("file systems, access points and target groups are read one by one", async () => {
  const { emulator, references } = connectTo();
  const targetGroup = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/app/0123456789abcdef";
  emulator.setFileSystem("fs-0123456789abcdef0", { mountTargets: 1 });
  emulator.setAccessPoint("fsap-0123456789abcdef0", "fs-0123456789abcdef0", "deleting");
  emulator.setTargetGroup(targetGroup, "instance");
  assert.deepEqual(await references.readFileSystem("fs-0123456789abcdef0", NEVER), {
    state: "available",
    mountTargets: 1,
  });
  assert.deepEqual(await references.readAccessPoint("fsap-0123456789abcdef0", NEVER), {
    state: "deleting",
    fileSystem: "fs-0123456789abcdef0",
  });
  assert.deepEqual(await references.readTargetGroup(targetGroup, NEVER), {
    targetType: "instance",
    loadBalancers: [targetGroup.replace(":targetgroup/", ":loadbalancer/app/")],
  });
  assert.equal(await references.readFileSystem("fs-1123456789abcdef0", NEVER), undefined);
  assert.equal(await references.readAccessPoint("fsap-1123456789abcdef0", NEVER), undefined);
  assert.equal(await references.readTargetGroup(`${targetGroup}0`, NEVER), undefined);
  const loadBalancer = targetGroup.replace(":targetgroup/", ":loadbalancer/app/");
  emulator.setTargetGroup(`${targetGroup}1`, "ip", [loadBalancer]);
  assert.deepEqual(await references.readTargetGroupsBehind(loadBalancer, NEVER), [targetGroup, `${targetGroup}1`]);
  emulator.authorize({ Version: "2012-10-17", Statement: [] });
  const isDenied = (error: unknown) => error instanceof AwsError && error.kind === "denied";
  await assert.rejects(references.readFileSystem("fs-0123456789abcdef0", NEVER), isDenied);
  await assert.rejects(references.readTargetGroup(targetGroup, NEVER), isDenied);
});

Deno.test("findDigest() does not say that an image is gone which Amazon ECR may fetch when it is pulled", async () => {
  const image = { registryId: "123456789012", region: "ap-northeast-1", version: { tag: "1.0" } };
  const { emulator, references } = connectTo();
  const ask = (repository: string) => references.findDigest({ ...image, repository }, NEVER);
  const isNotPulledYet = (error: unknown) => error instanceof AwsError && error.code === NOT_PULLED_YET;
  emulator.setPullThroughCacheRule("docker-hub");
  assert.equal(await ask("docker-hubs/nginx"), undefined);
  assert.equal(await ask("docker-hub"), undefined);
  await assert.rejects(ask("docker-hub/library/nginx"), isNotPulledYet);
  emulator.setImage("123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/docker-hub/old:1.0");
  emulator.archiveImage("123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/docker-hub/old:1.0");
  assert.equal(await ask("docker-hub/old"), undefined, "the archive gives nothing");
  emulator.setPullThroughCacheRule("ROOT");
  await assert.rejects(ask("app"), isNotPulledYet);
  const { calls } = emulator;
  assert.equal(await ask("myservice").catch(() => "asked"), "asked", "the tag is not there");
  assert.match(
    await references.findDigest({ ...image, repository: "myservice", version: { tag: "1.0.0" } }, NEVER) ?? "",
    /^sha256:/,
  );
  assert.equal(calls.at(-1)?.operation, "DescribeImages", "what is there needs no rule");
});

Deno.test("where the rules may not be read, an image whose repository may have one is not known to be gone", async () => {
  const image = { registryId: "123456789012", region: "ap-northeast-1", version: { tag: "1.0" } };
  const { emulator, references } = connectTo();
  emulator.authorize({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "ecr:DescribeImages", Resource: "*" }],
  });
  await assert.rejects(
    references.findDigest({ ...image, repository: "team/app" }, NEVER),
    (error) => error instanceof AwsError && /ecr:DescribePullThroughCacheRules/.test(wordsOf(error)),
  );
  assert.equal(await references.findDigest({ ...image, repository: "app" }, NEVER), undefined);
});

Deno.test("hasObject() looks for an object in S3, of which HEAD alone is asked", async () => {
  const emulator = myservice();
  emulator.setObject("configs", "app.env", "A=1");
  const network = { requestHandler: emulatorHandler(emulator) };
  const references = connectReferences(connectionOptions(network));
  assert.equal(await references.hasObject("configs", "app.env", NEVER), true);
  assert.equal(await references.hasObject("configs", "other.env", NEVER), false);
  assert.equal(await references.hasObject("nowhere", "app.env", NEVER), false);
  assert.deepEqual(new Set(emulator.calls.map(({ operation }) => operation)), new Set(["HeadObject"]));
  emulator.authorize({ Version: "2012-10-17", Statement: [] });
  await assert.rejects(
    references.hasObject("configs", "app.env", NEVER),
    (error) => error instanceof AwsError && error.kind === "denied" && /to perform: s3:GetObject/.test(wordsOf(error)),
  );
});
