import assert from "node:assert/strict";
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import {
  ClusterNotFoundException,
  DescribeServicesCommand,
  ECSClient,
  paginateListTaskDefinitions,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { CloudFormationClient, DescribeStacksCommand, ListExportsCommand } from "@aws-sdk/client-cloudformation";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeImagesCommand, ECRClient, ImageNotFoundException } from "@aws-sdk/client-ecr";
import { GetRoleCommand, IAMClient, NoSuchEntityException } from "@aws-sdk/client-iam";
import { GetObjectCommand, HeadBucketCommand, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeSecretCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import type { Emulator } from "./emulator.ts";
import { clockSkew, delay, dropAfter, dropBefore, halfSent } from "./faults.ts";
import { RESOURCE_ID } from "./myservice.ts";
import { createScenario } from "./scenarios.ts";
import { startEmulatorServer } from "./server.ts";

/** Serves an emulator while `body` runs; its clock stands still unless a speed is given. */
async function served(emulator: Emulator, body: (url: string) => Promise<void>, speed = 0): Promise<void> {
  const server = await startEmulatorServer(emulator, { speed });
  try {
    await body(server.url);
  } finally {
    await server.close();
  }
}

/** One request as a client sends it, but by `fetch`: what is tested is what arrives, not how an SDK takes it. */
function post(url: string, operation: string, input: unknown = {}, signed = true): Promise<Response> {
  return fetch(url, {
    method: "POST",
    headers: {
      "x-amz-target": `AmazonEC2ContainerServiceV20141113.${operation}`,
      ...(signed ? { authorization: "AWS4-HMAC-SHA256 Credential=x" } : {}),
    },
    body: JSON.stringify(input),
  });
}

const UPDATE = { service: "myservice", taskDefinition: "myservice:3" };

Deno.test({
  name: "the SDK's clients read, write, page and decode errors",
  // Deno 2.6 keeps the connections of its node:http clients after these were destroyed.
  sanitizeResources: false,
  fn: () =>
    served(createScenario("small_pages"), async (endpoint) => {
      const credentials = { accessKeyId: "x", secretAccessKey: "x" };
      const options = { region: "ap-northeast-1", endpoint, credentials, maxAttempts: 1 };
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
      const credentials = { accessKeyId: "x", secretAccessKey: "x" };
      const options = { region: "ap-northeast-1", endpoint, credentials, maxAttempts: 1 };

      const ssm = new SSMClient(options);
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name: "/app/level", WithDecryption: true }));
      assert.equal(Parameter?.Value, "debug");
      await assert.rejects(
        ssm.send(new GetParameterCommand({ Name: "none" })),
        (error) => error instanceof ParameterNotFound,
      );
      ssm.destroy();

      const secrets = new SecretsManagerClient(options);
      const secret = await secrets.send(new DescribeSecretCommand({ SecretId: "myservice/api_key" }));
      assert.match(secret.ARN ?? "", /:secret:myservice\/api_key-\w{6}$/);
      await assert.rejects(
        secrets.send(new DescribeSecretCommand({ SecretId: "none" })),
        (error) => error instanceof ResourceNotFoundException,
      );
      secrets.destroy();

      const ecr = new ECRClient(options);
      const imageIds = [{ imageTag: "1.3.0" }];
      const { imageDetails } = await ecr.send(new DescribeImagesCommand({ repositoryName: "myservice", imageIds }));
      assert.deepEqual(imageDetails?.[0]?.imageTags, ["1.3.0"]);
      await assert.rejects(
        ecr.send(new DescribeImagesCommand({ repositoryName: "myservice", imageIds: [{ imageTag: "0" }] })),
        (error) => error instanceof ImageNotFoundException,
      );
      ecr.destroy();

      const cloudWatch = new CloudWatchClient(options);
      emulator.triggerAlarm("5xx");
      const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: ["5xx", "none"] }));
      assert.deepEqual(MetricAlarms?.map(({ AlarmName, StateValue }) => [AlarmName, StateValue]), [["5xx", "ALARM"]]);
      assert.equal(MetricAlarms?.[0]?.StateUpdatedTimestamp?.getTime(), emulator.now());
      cloudWatch.destroy();

      const iam = new IAMClient(options);
      const { Role } = await iam.send(new GetRoleCommand({ RoleName: "myservice-task" }));
      assert.equal(Role?.Arn, "arn:aws:iam::123456789012:role/myservice-task");
      assert.equal(Role?.CreateDate?.toISOString(), "2023-01-01T12:00:00.000Z");
      await assert.rejects(
        iam.send(new GetRoleCommand({ RoleName: "none" })),
        (error) => error instanceof NoSuchEntityException && error.message.includes("none"),
      );
      iam.destroy();

      const s3 = new S3Client(options);
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: "states", Key: "env/prod.tfstate" }));
      assert.equal(await Body?.transformToString(), '{"version":4}');
      await assert.rejects(
        s3.send(new GetObjectCommand({ Bucket: "states", Key: "none" })),
        (error) => error instanceof NoSuchKey && error.$metadata.httpStatusCode === 404,
      );
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
      assert.equal((await s3.send(new HeadBucketCommand({ Bucket: "states" }))).BucketRegion, "ap-northeast-1");
      await assert.rejects(s3.send(new HeadBucketCommand({ Bucket: "none" })), { name: "NotFound" });
      s3.destroy();
    });
  },
});

Deno.test("the world's clock follows the wall's, faster", async () => {
  const emulator = createScenario("healthy");
  const before = emulator.now();
  await served(emulator, async (url) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    await (await post(url, "ListServices")).body?.cancel();
  }, 1000);
  assert.ok(emulator.now() - before >= 20_000, `${emulator.now() - before} ms`);
});

Deno.test("clients see broken connections, before and after the call was carried out", async (t) => {
  const table = [["before", dropBefore(), false], ["after", dropAfter(), true], ["half", halfSent(), true]] as const;
  for (const [name, effect, applied] of table) {
    await t.step(name, async () => {
      const emulator = createScenario("healthy");
      emulator.inject({ operation: "UpdateService", effect });
      await served(emulator, async (url) => {
        await assert.rejects(post(url, "UpdateService", UPDATE).then((response) => response.json()), TypeError);
        assert.equal((await (await post(url, "ListServices")).json()).serviceArns.length, 1);
      });
      assert.equal(emulator.state().services["default/myservice"]?.taskDefinition === "myservice:3", applied);
    });
  }
});

Deno.test("a late answer is late on the wall", async () => {
  const emulator = createScenario("healthy");
  emulator.inject({ effect: delay(60) });
  await served(emulator, async (url) => {
    const startedAtMs = performance.now();
    await (await post(url, "ListServices")).body?.cancel();
    assert.ok(performance.now() - startedAtMs >= 55);
  });
});

Deno.test("a skewed clock shows in the Date of the answer", async () => {
  const emulator = createScenario("healthy");
  emulator.inject({ effect: clockSkew(3_600_000) });
  await served(emulator, async (url) => {
    const response = await post(url, "ListServices");
    assert.equal((await response.json()).__type, "InvalidSignatureException");
    const skewMs = Date.parse(response.headers.get("date") ?? "") - Date.now();
    assert.ok(Math.abs(skewMs - 3_600_000) < 5_000, `${skewMs} ms`);
  });
});

Deno.test("a request without a signature is refused and not carried out", async () => {
  const emulator = createScenario("healthy");
  await served(emulator, async (url) => {
    const response = await post(url, "ListServices", {}, false);
    assert.equal(response.status, 400);
    assert.equal((await response.json()).__type, "MissingAuthenticationTokenException");
  });
  assert.equal(emulator.calls.length, 0);
});

Deno.test("a request without a signature is refused by S3 in XML", async () => {
  const emulator = createScenario("healthy");
  emulator.setObject("states", "there", "{}");
  await served(emulator, async (url) => {
    const seen = async (path: string, headers: Record<string, string>) => {
      const response = await fetch(`${url}${path}`, { headers });
      return [response.status, /<Code>(.*)<\/Code>/.exec(await response.text())?.[1]];
    };
    assert.deepEqual(await seen("/states/there", {}), [403, "AccessDenied"]);
    const signed = { authorization: "AWS4-HMAC-SHA256 Credential=x" };
    assert.deepEqual(await seen("/states/none", signed), [404, "NoSuchKey"]);
  });
});

Deno.test("large requests arrive whole", async () => {
  const emulator = createScenario("healthy");
  const environment = [{ name: "LARGE", value: "日".repeat(40_000) }];
  const containerDefinitions = [{ name: "app", image: "example/app:1", memory: 128, environment }];
  await served(emulator, async (url) => {
    const response = await post(url, "RegisterTaskDefinition", { family: "large", containerDefinitions });
    assert.deepEqual((await response.json()).taskDefinition.containerDefinitions[0].environment, environment);
  });
});
