import { DescribeServicesCommand, ECSClient } from "@aws-sdk/client-ecs";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import assert from "node:assert/strict";
import { createScenario } from "./emulator/scenarios.ts";
import { emulatorHandler } from "./in_process.ts";

Deno.test("emulatorHandler() takes the requests of every protocol, and a bucket in the host's name", async () => {
  const emulator = createScenario("healthy");
  emulator.setObject("states", "env/prod.tfstate", '{"version":4}');
  const credentials = { accessKeyId: "x", secretAccessKey: "x" };
  const options = { region: "ap-northeast-1", credentials, maxAttempts: 1, requestHandler: emulatorHandler(emulator) };
  const { services } = await new ECSClient(options).send(new DescribeServicesCommand({ services: ["myservice"] }));
  assert.equal(services?.[0]?.status, "ACTIVE");
  const { Role } = await new IAMClient(options).send(new GetRoleCommand({ RoleName: "myservice-task" }));
  assert.equal(Role?.RoleName, "myservice-task");
  const RoleArn = "arn:aws:iam::123456789012:role/deploy-myservice";
  const sts = new STSClient(options);
  const { Credentials } = await sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "ci" }));
  assert.equal(Credentials?.Expiration?.getTime(), emulator.now() + 3_600_000);
  for (const forcePathStyle of [false, true]) {
    const s3 = new S3Client({ ...options, forcePathStyle });
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "states", Key: "env/prod.tfstate" }));
    assert.equal(await Body?.transformToString(), '{"version":4}');
  }
  assert.deepEqual(emulator.calls.map(({ operation, outcome }) => [operation, outcome]), [
    ["DescribeServices", "ok"],
    ["GetRole", "ok"],
    ["AssumeRole", "ok"],
    ["GetObject", "ok"],
    ["GetObject", "ok"],
  ]);
});
