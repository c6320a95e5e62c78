import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { cannotPullContainer, healthy, secretNotFound } from "./behaviours.ts";
import { type Answer, Emulator } from "./emulator.ts";
import { accessDenied, dropBefore, type FaultEffect, serverError, throttle } from "./faults.ts";
import type { JsonObject } from "./model.ts";
import { imageOf, myservice } from "./myservice.ts";

function answered(answer: ReturnType<Emulator["handle"]>): Answer {
  assert.ok(!("drop" in answer), "connection dropped");
  return answer;
}

/** Asks IAM as its clients do. */
const askIam = (emulator: Emulator, form: Record<string, string>) =>
  answered(emulator.handle({ target: "", body: new URLSearchParams({ Version: "2010-05-08", ...form }).toString() }));

/** Asks S3 as its clients do. */
const get = (emulator: Emulator, path: string, host?: string) =>
  answered(emulator.handle({ target: "", body: "", method: "GET", path, host }));

/** The text of the first element of that name. */
const textOf = (body: string, name: string) => new RegExp(`<${name}>(.*?)</${name}>`).exec(body)?.[1];

Deno.test("GetParameter finds by name, ARN and version, and hides what is not to be decrypted", () => {
  const emulator = new Emulator();
  emulator.setParameter("/app/password", "first", "SecureString");
  emulator.setParameter("/app/password", "second", "SecureString");
  emulator.setParameter("plain", "a,b", "StringList");
  const parameter = (input: JsonObject) => ask(emulator, "GetParameter", input, "ssm").output.Parameter;
  const { Name, Type, Value, Version, ARN } = parameter({ Name: "/app/password", WithDecryption: true });
  assert.deepEqual([Name, Type, Value, Version], ["/app/password", "SecureString", "second", 2]);
  assert.equal(ARN, "arn:aws:ssm:ap-northeast-1:123456789012:parameter/app/password");
  assert.notEqual(parameter({ Name: "/app/password" }).Value, "second");
  assert.equal(parameter({ Name: ARN, WithDecryption: true }).Value, "second");
  assert.equal(parameter({ Name: "/app/password:2" }).Version, 2);
  const { ARN: plainArn, ...plain } = parameter({ Name: "plain" });
  assert.deepEqual([plainArn.slice(-16), plain.Type, plain.Value], [":parameter/plain", "StringList", "a,b"]);
  const typeOf = (Name: string) => ask(emulator, "GetParameter", { Name }, "ssm").type;
  assert.equal(typeOf("/app/password:1"), "ParameterVersionNotFound");
  assert.equal(typeOf("nonesuch"), "ParameterNotFound");
  emulator.setParameter("plain", null);
  assert.equal(typeOf("plain"), "ParameterNotFound");
  assert.equal(ask(emulator, "GetParameter", {}, "ssm").type, "ValidationException");
});

Deno.test("DescribeSecret finds by name and by ARN, with and without its last six characters", () => {
  const emulator = new Emulator();
  const arn = emulator.setSecret("app/key");
  assert.match(arn, /^arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:app\/key-[0-9a-f]{6}$/);
  const describe = (SecretId: string) => ask(emulator, "DescribeSecret", { SecretId }, "secretsmanager");
  for (const id of ["app/key", arn, arn.slice(0, -7)]) {
    assert.deepEqual([describe(id).output.ARN, describe(id).output.Name], [arn, "app/key"]);
  }
  for (const id of ["app", arn.slice(0, -1), `${arn}:field::`]) {
    assert.equal(describe(id).type, "ResourceNotFoundException");
  }
  emulator.setSecret("app/key", false);
  assert.equal(describe(arn).message, "Secrets Manager can't find the specified secret.");
});

Deno.test("GetSecretValue answers the current version of a secret, and none other", () => {
  const emulator = new Emulator();
  const arn = emulator.setSecret("app/key", '{"user":"alice"}');
  const get = (input: Record<string, string>) => ask(emulator, "GetSecretValue", input, "secretsmanager");
  const { SecretString, VersionId, VersionStages } = get({ SecretId: arn }).output;
  assert.deepEqual([SecretString, VersionStages], ['{"user":"alice"}', ["AWSCURRENT"]]);
  assert.equal(get({ SecretId: arn, VersionStage: "AWSCURRENT", VersionId }).output.SecretString, SecretString);
  const others: Record<string, string>[] = [{ VersionStage: "AWSPREVIOUS" }, { VersionId: "0".repeat(32) }];
  for (const other of others) {
    const { type, message } = get({ SecretId: arn, ...other });
    assert.equal(type, "ResourceNotFoundException");
    assert.match(message ?? "", /^Secrets Manager can't find the specified secret value for /);
  }
  assert.equal(get({ SecretId: "other" }).message, "Secrets Manager can't find the specified secret.");
});

Deno.test("DescribeLogGroups lists by prefix, sorted by name, in pages", () => {
  const emulator = new Emulator();
  for (const name of ["/ecs/web", "/ecs/app", "/ecs/app-2", "other"]) emulator.setLogGroup(name);
  const list = (input: Record<string, string | number>) => ask(emulator, "DescribeLogGroups", input, "logs");
  const namesOf = ({ output }: ReturnType<typeof ask>) =>
    output.logGroups.map((group: { logGroupName: string }) => group.logGroupName);
  assert.deepEqual(namesOf(list({ logGroupNamePrefix: "/ecs/app" })), ["/ecs/app", "/ecs/app-2"]);
  const first = list({ limit: 3 });
  assert.deepEqual(namesOf(first), ["/ecs/app", "/ecs/app-2", "/ecs/web"]);
  assert.deepEqual(namesOf(list({ nextToken: first.output.nextToken })), ["other"]);
  emulator.setLogGroup("/ecs/app", false);
  assert.deepEqual(namesOf(list({ logGroupNamePrefix: "/ecs/app" })), ["/ecs/app-2"]);
  assert.equal(list({ nextToken: "?" }).type, "InvalidParameterException");
  assert.match(list({ logGroupNamePattern: "app" }).message ?? "", /^emulator: /);
});

Deno.test("DescribeImages finds by tag and digest in a repository of a registry", () => {
  const emulator = new Emulator();
  const repository = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/team/app";
  const digest = emulator.setImage(`${repository}:1`);
  emulator.setImage(`999999999999.dkr.ecr.us-east-1.amazonaws.com/shared:1`);
  const describe = (input: JsonObject) =>
    ask(emulator, "DescribeImages", { repositoryName: "team/app", ...input }, "ecr");
  for (const imageIds of [[{ imageTag: "1" }], [{ imageDigest: digest }], [{ imageTag: "1", imageDigest: digest }]]) {
    const { imageDetails } = describe({ imageIds }).output;
    assert.deepEqual(imageDetails.map((one: JsonObject) => [one.imageDigest, one.imageTags]), [[digest, ["1"]]]);
  }
  assert.equal(describe({}).output.imageDetails.length, 1);
  const shared = { repositoryName: "shared", registryId: "999999999999", imageIds: [{ imageTag: "1" }] };
  assert.equal(describe(shared).output.imageDetails[0].registryId, "999999999999");
  const missing = describe({ imageIds: [{ imageTag: "1" }, { imageTag: "2" }] });
  assert.deepEqual([missing.type, missing.message], [
    "ImageNotFoundException",
    "The image with imageId {imageDigest:'null', imageTag:'2'} does not exist within the repository with name " +
    "'team/app' in the registry with id '123456789012'",
  ]);
  const nowhere = describe({ repositoryName: "shared" });
  assert.deepEqual([nowhere.type, nowhere.message], [
    "RepositoryNotFoundException",
    "The repository with name 'shared' does not exist in the registry with id '123456789012'",
  ]);
  assert.match(emulator.setImage("nginx:latest"), /^sha256:/, "another registry has images, too");
});

Deno.test("a tag moves to the image that was pushed last", () => {
  const emulator = new Emulator();
  const repository = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/app";
  const [older, newer] = ["a", "b"].map((digit) => `sha256:${digit.repeat(64)}`);
  for (const digest of [older, newer]) emulator.setImage(`${repository}:latest@${digest}`);
  const describe = (imageIds: JsonObject[]) =>
    ask(emulator, "DescribeImages", { repositoryName: "app", imageIds }, "ecr").output.imageDetails[0];
  assert.equal(describe([{ imageTag: "latest" }]).imageDigest, newer);
  assert.equal("imageTags" in describe([{ imageDigest: older! }]), false);
});

Deno.test("GetLogEvents answers the last lines of a stream, or says what is not there", () => {
  const emulator = new Emulator();
  const get = (input: JsonObject) =>
    ask(emulator, "GetLogEvents", { logGroupName: "/ecs/app", logStreamName: "web/app/1", ...input }, "logs");
  const { type, message } = get({});
  assert.deepEqual([type, message], ["ResourceNotFoundException", "The specified log group does not exist."]);
  emulator.setLogGroup("/ecs/app");
  assert.equal(get({}).message, "The specified log stream does not exist.");
  emulator.addToLog("/ecs/app", "web/app/1", ["one", "two", "three"]);
  const linesOf = (input: JsonObject) => get(input).output.events.map((event: JsonObject) => event.message);
  assert.deepEqual(linesOf({ limit: 2 }), ["two", "three"]);
  assert.deepEqual(linesOf({ limit: 2, startFromHead: true }), ["one", "two"]);
  assert.deepEqual(linesOf({ startTime: emulator.now() + 1_000, endTime: emulator.now() + 2_000 }), ["two"]);
  const { nextBackwardToken: nextToken } = get({ limit: 2 }).output;
  assert.deepEqual(linesOf({ limit: 2, nextToken }), ["one"]);
  const { nextBackwardToken: atStart } = get({ limit: 2, nextToken }).output;
  assert.equal(get({ nextToken: atStart }).output.nextBackwardToken, atStart);
  assert.equal(get({ nextToken: "no" }).type, "InvalidParameterException");
  emulator.setLogGroup("/ecs/app", false);
  assert.equal(get({}).type, "ResourceNotFoundException");
});

Deno.test("containers write to the stream that their log driver names", () => {
  const emulator = new Emulator();
  const logging = (name: string, options: JsonObject) => ({
    ...{ name, image: "example/app:1", memory: 128 },
    logConfiguration: { logDriver: "awslogs", options: { "awslogs-region": "ap-northeast-1", ...options } },
  });
  emulator.setLogGroup("/ecs/app");
  emulator.registerTaskDefinition({
    family: "app",
    containerDefinitions: [
      logging("app", { "awslogs-group": "/ecs/app", "awslogs-stream-prefix": "web" }),
      logging("plain", { "awslogs-group": "/ecs/app" }),
      logging("made", { "awslogs-group": "/ecs/made", "awslogs-stream-prefix": "w", "awslogs-create-group": "true" }),
      logging("lost", { "awslogs-group": "/ecs/none", "awslogs-stream-prefix": "w" }),
      logging("far", { "awslogs-group": "/ecs/app", "awslogs-stream-prefix": "w", "awslogs-region": "us-east-1" }),
    ],
  });
  const names = ["app", "plain", "made", "lost", "far"];
  emulator.setBehaviour("app:1", { ...healthy(), logs: Object.fromEntries(names.map((name) => [name, [name]])) });
  emulator.createService({ serviceName: "web", taskDefinition: "app:1", desiredCount: 1 });
  emulator.advance(60_000);
  const [task] = ask(emulator, "ListTasks", { serviceName: "web" }).output.taskArns;
  const { containers } = ask(emulator, "DescribeTasks", { tasks: [task] }).output.tasks[0];
  const { runtimeId } = containers[1];
  assert.match(runtimeId, /^[0-9a-f]{64}$/);
  const id = task.slice(task.lastIndexOf("/") + 1);
  const read = (logGroupName: string, logStreamName: string) =>
    ask(emulator, "GetLogEvents", { logGroupName, logStreamName }, "logs").output.events?.[0].message;
  assert.deepEqual(
    [read("/ecs/app", `web/app/${id}`), read("/ecs/app", runtimeId), read("/ecs/made", `w/made/${id}`)],
    ["app", "plain", "made"],
  );
  for (const group of ["/ecs/none", "/ecs/app"]) assert.equal(read(group, `w/far/${id}`), undefined);
});

Deno.test("GetRole answers in XML", () => {
  const emulator = new Emulator();
  emulator.setRole("arn:aws:iam::123456789012:role/service-role/app");
  const { status, headers, body } = askIam(emulator, { Action: "GetRole", RoleName: "app" });
  assert.deepEqual([status, headers["content-type"]], [200, "text/xml"]);
  assert.match(body, /^<\?xml [^\n]*\n<GetRoleResponse xmlns="[^"]+"><GetRoleResult><Role>/);
  assert.equal(textOf(body, "Arn"), "arn:aws:iam::123456789012:role/service-role/app");
  assert.deepEqual([textOf(body, "RoleName"), textOf(body, "Path")], ["app", "/service-role/"]);
  const policy = JSON.parse(decodeURIComponent(textOf(body, "AssumeRolePolicyDocument") ?? ""));
  assert.deepEqual(policy.Statement[0].Principal, { Service: "ecs-tasks.amazonaws.com" });
  emulator.setRole("app", null);
  const missing = askIam(emulator, { Action: "GetRole", RoleName: "app" });
  assert.equal(missing.status, 404);
  assert.match(missing.body, /<ErrorResponse [^>]+><Error><Type>Sender<\/Type><Code>NoSuchEntity<\/Code>/);
  assert.equal(textOf(missing.body, "Message"), "The role with name app cannot be found.");
  const strange = askIam(emulator, { Action: "GetRole", RoleName: "<&>" });
  assert.match(textOf(strange.body, "Message") ?? "", /Value '&lt;&amp;&gt;' at 'roleName' failed to satisfy/);
  assert.equal(textOf(askIam(emulator, { Action: "GetRole" }).body, "Code"), "ValidationError");
  assert.equal(textOf(askIam(emulator, { Action: "NoSuch" }).body, "Code"), "InvalidAction");
  assert.deepEqual(emulator.calls[0], {
    service: "iam",
    operation: "GetRole",
    input: { RoleName: "app" },
    atMs: emulator.now(),
    applied: true,
    outcome: "ok",
  });
  assert.equal(emulator.calls[1]?.outcome, "NoSuchEntity");
});

Deno.test("GetObject takes the bucket from the path or from the host", async (t) => {
  const emulator = new Emulator();
  emulator.setObject("states", "env/prod.tfstate", '{"version":4}');
  emulator.setObject("states", "日 本&<>.json", "{}");
  const found: [string, string | undefined, string][] = [
    ["/states/env/prod.tfstate?x-id=GetObject", "127.0.0.1:4566", '{"version":4}'],
    ["/env/prod.tfstate", "states.s3.ap-northeast-1.amazonaws.com", '{"version":4}'],
    ["/env/prod.tfstate", "states.localhost:4566", '{"version":4}'],
    [`/states/${encodeURIComponent("日 本&<>.json")}`, undefined, "{}"],
  ];
  for (const [path, host, expected] of found) {
    await t.step(`${host} ${path}`, () => {
      const { status, body, headers } = get(emulator, path, host);
      assert.deepEqual([status, body], [200, expected]);
      assert.match(headers.etag ?? "", /^"[0-9a-f]{32}"$/);
    });
  }
  const missing: [string, number, string][] = [
    ["/states/env/none", 404, "NoSuchKey"],
    ["/states/toString", 404, "NoSuchKey"],
    ["/others/env/prod.tfstate", 404, "NoSuchBucket"],
    ["/states", 501, "NotImplemented"],
    ["/states/%E0%A4%A", 501, "NotImplemented"],
  ];
  for (const [path, status, code] of missing) {
    await t.step(`${path}: ${code}`, () => {
      const answer = get(emulator, path);
      assert.deepEqual([answer.status, textOf(answer.body, "Code")], [status, code]);
    });
  }
  emulator.setObject("states", "env/prod.tfstate", null);
  assert.equal(textOf(get(emulator, "/states/env/prod.tfstate").body, "Code"), "NoSuchKey");
});

Deno.test("faults hit these services too, in their own words", async (t) => {
  const table: [string, FaultEffect, [string, number], [string, number], string][] = [
    ["throttled", throttle(), ["Throttling", 400], ["SlowDown", 503], "ThrottlingException"],
    ["denied", accessDenied("iam"), ["AccessDenied", 403], ["AccessDenied", 403], "AccessDeniedException"],
    ["in trouble", serverError(), ["ServiceFailure", 500], ["InternalError", 500], "ServerException"],
  ];
  for (const [name, effect, iam, s3, json] of table) {
    await t.step(name, () => {
      const emulator = new Emulator();
      emulator.setRole("app");
      emulator.setObject("b", "k", "v");
      emulator.setParameter("p", "v");
      emulator.inject({ operation: ["GetRole", "GetObject", "GetParameter"], times: 3, effect });
      const role = () => askIam(emulator, { Action: "GetRole", RoleName: "app" });
      const outcomeOf = ({ status, body }: Answer) => [textOf(body, "Code"), status];
      assert.deepEqual(outcomeOf(role()), iam);
      assert.deepEqual(outcomeOf(get(emulator, "/b/k")), s3);
      assert.equal(ask(emulator, "GetParameter", { Name: "p" }, "ssm").type, json);
      assert.equal(role().status, 200);
    });
  }
  const emulator = new Emulator();
  emulator.inject({ operation: "GetObject", effect: dropBefore() });
  assert.ok("drop" in emulator.handle({ target: "", body: "", method: "GET", path: "/b/k" }));
});

Deno.test("what the task definitions of myservice name is there", () => {
  const emulator = myservice();
  for (const revision of [1, 2, 3, 4]) {
    const { taskDefinition } =
      ask(emulator, "DescribeTaskDefinition", { taskDefinition: `myservice:${revision}` }).output;
    const [{ image, secrets }] = taskDefinition.containerDefinitions;
    assert.equal(describeImage(emulator, image).type, undefined);
    for (const { valueFrom } of secrets) {
      assert.equal(ask(emulator, "DescribeSecret", { SecretId: valueFrom }, "secretsmanager").type, undefined);
    }
    for (const arn of [taskDefinition.executionRoleArn, taskDefinition.taskRoleArn]) {
      const RoleName = arn.slice(arn.lastIndexOf("/") + 1);
      assert.equal(textOf(askIam(emulator, { Action: "GetRole", RoleName }).body, "Arn"), arn);
    }
  }
});

Deno.test("what tasks of myservice fail to start for the lack of is not there", () => {
  const secret = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice/api_key";
  const emulator = myservice({ behaviours: { 2: cannotPullContainer(imageOf(2)), 3: secretNotFound(secret) } });
  assert.equal(describeImage(emulator, imageOf(2)).type, "ImageNotFoundException");
  assert.equal(describeImage(emulator, imageOf(3)).type, undefined);
  assert.equal(
    ask(emulator, "DescribeSecret", { SecretId: secret }, "secretsmanager").type,
    "ResourceNotFoundException",
  );
});

function describeImage(emulator: Emulator, image: string) {
  const [, repositoryName = "", imageTag = ""] = /\/([^:]+):(.+)$/.exec(image) ?? [];
  return ask(emulator, "DescribeImages", { repositoryName, imageIds: [{ imageTag }] }, "ecr");
}

Deno.test("a secret has its versions by stage; one without a stage is not described, and can be read by its ID", () => {
  const emulator = new Emulator();
  for (const value of ["first", "second", "third"]) emulator.setSecret("app/key", value);
  const secret = { SecretId: "app/key" };
  const stages = () => ask(emulator, "DescribeSecret", secret, "secretsmanager").output.VersionIdsToStages;
  assert.deepEqual(Object.values(stages()), [["AWSCURRENT"], ["AWSPREVIOUS"]]);
  const read = (input: Record<string, string>) =>
    ask(emulator, "GetSecretValue", { ...secret, ...input }, "secretsmanager");
  assert.equal(read({}).output.SecretString, "third");
  assert.equal(read({ VersionStage: "AWSPREVIOUS" }).output.SecretString, "second");
  const [, VersionId = ""] = Object.keys(stages());
  emulator.removeSecretStage("app/key", "AWSPREVIOUS");
  assert.deepEqual(Object.values(stages()), [["AWSCURRENT"]]);
  assert.equal(read({ VersionStage: "AWSPREVIOUS" }).type, "ResourceNotFoundException");
  assert.equal(read({ VersionId }).output.SecretString, "second");
  assert.equal(read({ VersionId, VersionStage: "AWSCURRENT" }).type, "ResourceNotFoundException");
});

Deno.test("HEAD of an object says whether it is there, in no words", () => {
  const emulator = new Emulator();
  emulator.setObject("configs", "app.env", "A=1");
  const head = (path: string) => answered(emulator.handle({ target: "", body: "", method: "HEAD", path }));
  assert.deepEqual([head("/configs/app.env").status, head("/configs/app.env").body], [200, ""]);
  for (const path of ["/configs/other.env", "/nowhere/app.env"]) {
    assert.deepEqual([head(path).status, head(path).body], [404, ""], path);
  }
  const Resource = "arn:aws:s3:::configs/*";
  emulator.authorize({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource }] });
  assert.equal(head("/configs/app.env").status, 200);
  assert.equal(head("/configs/other.env").status, 403, "without s3:ListBucket, what is missing is forbidden");
});
