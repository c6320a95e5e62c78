import assert from "node:assert/strict";
import { ask } from "./asking.ts";
import { cannotPullContainer, secretNotFound } from "./behaviours.ts";
import { type Answer, Emulator } from "./emulator.ts";
import { accessDenied, dropBefore, type FaultEffect, serverError, throttle } from "./faults.ts";
import type { JsonObject } from "./model.ts";
import { imageOf, myservice } from "./myservice.ts";
import { answered, get, textOf } from "./store_answers.ts";

/** Asks IAM as its clients do. */
const askIam = (emulator: Emulator, form: Record<string, string>) =>
  answered(emulator.handle({ target: "", body: new URLSearchParams({ Version: "2010-05-08", ...form }).toString() }));

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
