import assert from "node:assert/strict";
import { connectDeepChecks } from "../../../src/aws/deep_checks.ts";
import { AwsError } from "../../../src/errors.ts";
import { KEY, neededDeeply } from "../../emulator/needed_deeply.ts";
import { emulatorHandler } from "../../in_process.ts";
import { connectionOptions, stubNetwork } from "./stub_network.ts";
import { wordsOf } from "../../in_words.ts";

const NEVER = new AbortController().signal;
const ROLE = "arn:aws:iam::123456789012:role/ecsTaskExecutionRole";
const FILES = ["arn:aws:s3:::configs/a.env", "arn:aws:s3:::configs/b.env"];

function connect() {
  const emulator = neededDeeply(() => {});
  const requestHandler = emulatorHandler(emulator);
  const checker = connectDeepChecks({ ...connectionOptions(stubNetwork()), requestHandler });
  return { emulator, checker };
}

Deno.test("simulate() has a decision for each action on each resource", async () => {
  const { emulator, checker } = connect();
  emulator.setRolePolicy("ecsTaskExecutionRole", {
    policy: {
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action: "s3:GetObject", Resource: FILES[0]! }],
    },
    denied: ["ecr:GetAuthorizationToken"],
    conditionOf: { "ssm:GetParameters": "aws:SourceVpce" },
  });
  const decisions = async (actions: string[], resources: string[]) =>
    (await checker.simulate(ROLE, actions, resources, NEVER)).map(({ decision, missingContext }) => [
      decision,
      ...missingContext,
    ]);
  assert.deepEqual(await checker.simulate(ROLE, ["s3:GetObject"], FILES, NEVER), [
    { action: "s3:GetObject", resource: FILES[0], decision: "allowed", missingContext: [] },
    { action: "s3:GetObject", resource: FILES[1], decision: "implicitDeny", missingContext: [] },
  ]);
  assert.deepEqual(await decisions(["s3:GetObject", "s3:PutObject"], [FILES[0]!]), [["allowed"], ["implicitDeny"]]);
  assert.deepEqual(await decisions(["ecr:GetAuthorizationToken"], ["*"]), [["explicitDeny"]]);
  assert.deepEqual(await decisions(["ssm:GetParameters"], ["arn:p"]), [["implicitDeny", "aws:SourceVpce"]]);
});

Deno.test("readFreeAddresses() leaves out the subnets that are not there", async () => {
  const { emulator, checker } = connect();
  emulator.setSubnet("subnet-six", { freeAddresses: 0, isIpv6Only: true });
  emulator.setSubnet("subnet-full", { freeAddresses: 0 });
  const found = await checker.readFreeAddresses(["subnet-six", "subnet-full", "subnet-gone"], NEVER);
  assert.deepEqual([...found], [["subnet-six", undefined], ["subnet-full", 0]]);
  emulator.authorize({ Version: "2012-10-17", Statement: [] });
  await assert.rejects(
    checker.readFreeAddresses(["subnet-full"], NEVER),
    (error) => error instanceof AwsError && error.kind === "denied" && /ec2:DescribeSubnets/.test(wordsOf(error)),
  );
});

Deno.test("keys are read, and which secrets and parameters have one", async () => {
  const { emulator, checker } = connect();
  assert.equal(await checker.readRegion(), "ap-northeast-1");
  assert.deepEqual(await checker.readKey(KEY, NEVER), { arn: KEY, state: "Enabled", isAwsManaged: false });
  const ofAws = "arn:aws:kms:ap-northeast-1:123456789012:alias/aws/ssm";
  assert.equal((await checker.readKey(ofAws, NEVER))?.isAwsManaged, true);
  assert.equal(await checker.readKey(`${KEY}0`, NEVER), undefined);
  const secret = "arn:aws:secretsmanager:ap-northeast-1:123456789012:secret:myservice";
  assert.equal((await checker.readSecret(`${secret}/database_url`, NEVER))?.key, KEY);
  assert.equal((await checker.readSecret(`${secret}/api_key`, NEVER))?.key, undefined);
  assert.equal(await checker.readSecret(`${secret}/gone`, NEVER), undefined);
  const prefix = "arn:aws:kms:ap-northeast-1:123456789012:";
  for (const [named, key] of [["1234abcd", `${prefix}key/1234abcd`], ["alias/own", `${prefix}alias/own`]] as const) {
    emulator.setKey(named, "Enabled", { secrets: ["myservice/api_key"] });
    assert.equal((await checker.readSecret(`${secret}/api_key`, NEVER))?.key, key, "as the secret's ARN says");
  }
  emulator.setParameter("plain", "1");
  emulator.setParameter("hidden", "1", "SecureString");
  const arn = (name: string) => `arn:aws:ssm:ap-northeast-1:123456789012:parameter/${name}`;
  assert.deepEqual(await checker.readParameter(arn("myservice/token"), NEVER), {
    arn: arn("myservice/token"),
    key: KEY,
  });
  assert.deepEqual(await checker.readParameter("plain", NEVER), { arn: arn("plain"), key: undefined });
  assert.deepEqual(await checker.readParameter(arn("hidden"), NEVER), { arn: arn("hidden"), key: undefined });
  assert.equal(await checker.readParameter("gone", NEVER), undefined);
});
