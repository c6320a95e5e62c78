import {
  DeregisterTaskDefinitionCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { parseTaskDefinitionArn } from "../ecs/arn.ts";
import type { EcsReader, EcsWriter } from "../ecs/ports.ts";
import { AwsError } from "../errors.ts";
import { call, clientConfig, type ConnectionOptions, observeAttempts } from "./connection.ts";
import { fromService, fromTaskDefinition } from "./from_ecs.ts";
import {
  describeServiceDeployment,
  describeServiceRevision,
  findNewestServiceDeployment,
  stopServiceDeployment,
} from "./service_deployments.ts";
import { listStoppedTasks } from "./stopped_tasks.ts";

/** ECS over the AWS SDK. Nothing is sent before the first method is called. */
export async function connectEcs(options: ConnectionOptions): Promise<EcsReader & EcsWriter> {
  const config = await clientConfig(options);
  const client = new ECSClient(config);
  // UpdateService has no client token: sent twice it may start two deployments. A StopServiceDeployment that is repeated
  // after its answer was lost is refused (ConflictException), as if it had not been carried out: so whoever sees a
  // refusal may rely on it only when the order went out once. The SDK must repeat neither.
  const sendOnce = new ECSClient({ ...config, maxAttempts: 1, credentials: client.config.credentials });
  observeAttempts(client, options);
  observeAttempts(sendOnce, options);

  return {
    describeService({ cluster, service }, abortSignal) {
      const command = new DescribeServicesCommand({ cluster, services: [service] });
      return call("DescribeServices", client.send(command, { abortSignal }), ({ services, failures }) => {
        const found = services?.[0];
        if (found !== undefined) return fromService(found);
        const reason = failures?.[0]?.reason;
        if (reason === "MISSING") return undefined;
        throw new TypeError(`AWS's answer has no service (${reason ?? "no reason given"})`);
      });
    },

    async describeTaskDefinition(taskDefinition, abortSignal) {
      const command = new DescribeTaskDefinitionCommand({ taskDefinition });
      try {
        return await call("DescribeTaskDefinition", client.send(command, { abortSignal }), (answer) => {
          if (answer.taskDefinition === undefined) throw new TypeError("AWS's answer has no taskDefinition");
          return fromTaskDefinition(answer.taskDefinition);
        });
      } catch (error) {
        if (error instanceof AwsError && isUnknownTaskDefinition(error)) return undefined;
        throw error;
      }
    },

    listNewestRevisions(family, maxResults, abortSignal) {
      const command = new ListTaskDefinitionsCommand({
        familyPrefix: family,
        sort: "DESC",
        status: "ACTIVE",
        maxResults,
      });
      return call(
        "ListTaskDefinitions",
        client.send(command, { abortSignal }),
        ({ taskDefinitionArns }) => (taskDefinitionArns ?? []).map((arn) => parseTaskDefinitionArn(arn).revision),
      );
    },

    async listTaskDefinitionsInUse(cluster, family, abortSignal) {
      const used = new Set<string>();
      const pages = new Set<string>();
      let nextToken: string | undefined;
      do {
        const list = new ListTasksCommand({ cluster, family, desiredStatus: "RUNNING", nextToken });
        const page = await call("ListTasks", client.send(list, { abortSignal }), (answer) => answer);
        const tasks = page.taskArns ?? [];
        if (tasks.length > 0) {
          const describe = new DescribeTasksCommand({ cluster, tasks });
          const described = await call(
            "DescribeTasks",
            client.send(describe, { abortSignal }),
            (answer) => answer.tasks,
          );
          for (const { taskDefinitionArn } of described ?? []) if (taskDefinitionArn) used.add(taskDefinitionArn);
        }
        nextToken = page.nextToken;
        // A token that comes back would lead around for ever.
        if (nextToken !== undefined && pages.has(nextToken)) break;
        if (nextToken !== undefined) pages.add(nextToken);
      } while (nextToken !== undefined);
      return used;
    },

    listStoppedTasks: (ref, abortSignal) => listStoppedTasks(client, ref, abortSignal),
    findNewestServiceDeployment: (ref, abortSignal) => findNewestServiceDeployment(client, ref, abortSignal),
    describeServiceDeployment: (arn, abortSignal) => describeServiceDeployment(client, arn, abortSignal),
    describeServiceRevision: (arn, abortSignal) => describeServiceRevision(client, arn, abortSignal),
    stopServiceDeployment: (arn, abortSignal) => stopServiceDeployment(sendOnce, arn, abortSignal),

    updateService({ cluster, service }, taskDefinition, abortSignal) {
      const command = new UpdateServiceCommand({ cluster, service, taskDefinition });
      return call("UpdateService", sendOnce.send(command, { abortSignal }), (answer) => {
        if (answer.service === undefined) throw new TypeError("AWS's answer has no service");
        return fromService(answer.service);
      });
    },

    deregisterTaskDefinition(taskDefinition, abortSignal) {
      const command = new DeregisterTaskDefinitionCommand({ taskDefinition });
      return call("DeregisterTaskDefinition", client.send(command, { abortSignal }), () => undefined);
    },
  };
}

/** ECS: `ClientException: Unable to describe task definition.` */
function isUnknownTaskDefinition({ code, detail }: AwsError): boolean {
  return code === "ClientException" && /unable to describe task definition/i.test(detail);
}
