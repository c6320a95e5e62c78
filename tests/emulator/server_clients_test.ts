import assert from "node:assert/strict";
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudFormationClient, DescribeStacksCommand, ListExportsCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeImagesCommand, ECRClient, ImageNotFoundException } from "@aws-sdk/client-ecr";
import {
  ClusterNotFoundException,
  DescribeServicesCommand,
  ECSClient,
  paginateListTaskDefinitions,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { GetRoleCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import { GetObjectCommand, HeadBucketCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeSecretCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import type { Emulator } from "./emulator.ts";
import { RESOURCE_ID } from "./myservice.ts";
import { createScenario } from "./scenarios.ts";
import { served } from "./served.ts";

const OPTIONS = {
  region: "ap-northeast-1",
  credentials: { accessKeyId: "x", secretAccessKey: "x" },
  maxAttempts: 1,
};
const UPDATE = { service: "myservice", taskDefinition: "myservice:3" };

Deno.test({
  name: "the SDK's clients read, write, page and decode errors",
  // Deno 2.6 keeps the connections of its node:http clients after these were destroyed.
  sanitizeResources: false,
  fn: () =>
    served(createScenario("small_pages"), async (endpoint) => {
      const options = { ...OPTIONS, endpoint };
      const ecs = new ECSClient(options);
      const { services } = await ecs.send(new DescribeServicesCommand({ services: ["myservice"] }));
      assert.equal(services?.[0]?.createdAt?.toISOString(), "2023-01-01T12:00:00.000Z");
      assert.equal(services?.[0]?.deployments?.[0]?.rolloutState, "COMPLETED");
      const arns: string[] = [];
      for await (const page of paginateListTaskDefinitions({ client: ecs }, { familyPrefix: "myservice" })) {
        arns.push(...page.taskDefinitionArns ?? []);
      }
      assert.equal(arns.length, 4);
      const { service } = await ecs.send(new UpdateServiceCommand(UPDATE));
      assert.match(service?.deployments?.[0]?.id ?? "", /^ecs-svc\/\d{19}$/);
      await assert.rejects(
        ecs.send(new DescribeServicesCommand({ cluster: "no", services: ["x"] })),
        (error) => error instanceof ClusterNotFoundException && error.message === "Cluster not found.",
      );
      ecs.destroy();

      const scaling = new ApplicationAutoScalingClient(options);
      const target = { ServiceNamespace: "ecs", ResourceId: RESOURCE_ID } as const;
      await scaling.send(
        new RegisterScalableTargetCommand({
          ...target,
          ScalableDimension: "ecs:service:DesiredCount",
          SuspendedState: { ScheduledScalingSuspended: true },
        }),
      );
      const { ScalableTargets } = await scaling.send(
        new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs", ResourceIds: [RESOURCE_ID] }),
      );
      assert.equal(ScalableTargets?.[0]?.SuspendedState?.ScheduledScalingSuspended, true);
      scaling.destroy();
    }),
});

async function readSsm(options: typeof OPTIONS & { endpoint: string }): Promise<void> {
  const ssm = new SSMClient(options);
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/app/level", WithDecryption: true }));
  assert.equal(Parameter?.Value, "debug");
  await assert.rejects(
    ssm.send(new GetParameterCommand({ Name: "none" })),
    (error) => error instanceof ParameterNotFound,
  );
  ssm.destroy();
}

async function readSecrets(options: typeof OPTIONS & { endpoint: string }): Promise<void> {
  const secrets = new SecretsManagerClient(options);
  const secret = await secrets.send(new DescribeSecretCommand({ SecretId: "myservice/api_key" }));
  assert.match(secret.ARN ?? "", /:secret:myservice\/api_key-\w{6}$/);
  await assert.rejects(
    secrets.send(new DescribeSecretCommand({ SecretId: "none" })),
    (error) => error instanceof ResourceNotFoundException,
  );
  secrets.destroy();
}

async function readEcr(options: typeof OPTIONS & { endpoint: string }): Promise<void> {
  const ecr = new ECRClient(options);
  const imageIds = [{ imageTag: "1.3.0" }];
  const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: "myservice", imageIds }));
  assert.deepEqual(imageDetails?.[0]?.imageTags, ["1.3.0"]);
  await assert.rejects(
    ecr.send(new DescribeImagesCommand({ repositoryName: "myservice", imageIds: [{ imageTag: "0" }] })),
    (error) => error instanceof ImageNotFoundException,
  );
  ecr.destroy();
}

async function readCloudWatch(
  options: typeof OPTIONS & { endpoint: string },
  emulator: Emulator,
): Promise<void> {
  const cloudWatch = new CloudWatchClient(options);
  emulator.triggerAlarm("5xx");
  const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["5xx", "none"] }));
  assert.deepEqual(MetricAlarms?.map(({ AlarmName, StateValue }) => [AlarmName, StateValue]), [["5xx", "ALARM"]]);
  assert.equal(MetricAlarms?.[0]?.StateUpdatedTimestamp?.getTime(), emulator.now());
  cloudWatch.destroy();
}

async function readIam(options: typeof OPTIONS & { endpoint: string }): Promise<void> {
  const iam = new IAMClient(options);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: "myservice-task" }));
  assert.equal(Role?.Arn, "arn:aws:iam::123456789012:role/myservice-task");
  assert.equal(Role?.CreateDate?.toISOString(), "2023-01-01T12:00:00.000Z");
  await assert.rejects(
    iam.send(new GetRoleCommand({ RoleName: "none" })),
    (error) => error instanceof NoSuchEntityException && error.message.includes("none"),
  );
  iam.destroy();
}

async function readS3(options: typeof OPTIONS & { endpoint: string }): Promise<void> {
  const s3 = new S3Client(options);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "states", Key: "env/prod.tfstate" }));
  assert.equal(await Body?.transformToString(), '{"version":4}');
  await assert.rejects(
    s3.send(new GetObjectCommand({ Bucket: "states", Key: "none" })),
    (error) => error instanceof NoSuchKey && error.$metadata.httpStatusCode === 404,
  );
  assert.equal((await s3.send(new HeadBucketCommand({ Bucket: "states" }))).BucketRegion, "ap-northeast-1");
  await assert.rejects(s3.send(new HeadBucketCommand({ Bucket: "none" })), { name: "NotFound" });
  s3.destroy();
}

async function readCloudformation(options: typeof OPTIONS & { endpoint: string }): Promise<void> {
  const cloudformation = new CloudFormationClient(options);
  const { Stacks } = await cloudformation.send(new DescribeStacksCommand({ StackName: "network" }));
  assert.deepEqual(Stacks?.[0]?.Outputs, [{ OutputKey: "Vpc", OutputValue: "vpc-a", ExportName: "network-vpc" }]);
  await assert.rejects(cloudformation.send(new DescribeStacksCommand({ StackName: "none" })), {
    name: "ValidationError",
    message: "Stack with id none does not exist",
  });
  const { Exports } = await cloudformation.send(new ListExportsCommand({}));
  assert.deepEqual(Exports?.map(({ Name, Value }) => [Name, Value]), [["network-vpc", "vpc-a"]]);
  cloudformation.destroy();
}

Deno.test({
  name: "the SDK's clients of the other services read what is there, and their errors",
  // As above.
  sanitizeResources: false,
  fn: () => {
    const emulator = createScenario("healthy");
    emulator.setParameter("/app/level", "debug", "SecureString");
    emulator.setStack("network", { Vpc: "vpc-a" }, { Vpc: "network-vpc" });
    emulator.setObject("states", "env/prod.tfstate", '{"version":4}');
    return served(emulator, async (endpoint) => {
      const options = { ...OPTIONS, endpoint };
      await readSsm(options);
      await readSecrets(options);
      await readEcr(options);
      await readCloudWatch(options, emulator);
      await readIam(options);
      await readS3(options);
      await readCloudformation(options);
    });
  },
});
