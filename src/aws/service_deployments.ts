import { ListServiceDeploymentsCommand, StopServiceDeploymentCommand } from "@aws-sdk/client-ecs";
import type * as sdk from "@aws-sdk/client-ecs";
import type { EcsReader, EcsWriter } from "../model/ports.ts";
import type { ListedDeployment } from "../model/service_deployment.ts";
import type { ServiceRef } from "../model/service.ts";
import type { EcsApi } from "./ecs_api.ts";
import {
  checkOrdered,
  optionalText,
  optionalTimeMs,
  readPages,
  requiredList,
  text,
  undefinedWhen,
} from "./read_answer.ts";
import { deniedIfUnsupported, NOT_FOUND, type RecordReads } from "./service_records.ts";

const LONGEST_PAGE = 100;

/** Lists the service's deployments page by page, of all statuses unless some are given; none for an unknown service. */
function listPages(
  api: EcsApi,
  { cluster, service }: ServiceRef,
  signal: AbortSignal,
  status?: sdk.ServiceDeploymentStatus[],
): AsyncGenerator<readonly ListedDeployment[], void, void> {
  return readPages("ListServiceDeployments", async (nextToken) => {
    const input = { cluster, service, status, maxResults: LONGEST_PAGE, nextToken };
    const reading = api.read(new ListServiceDeploymentsCommand(input), signal, (answer) => ({
      items: requiredList(answer.serviceDeployments, "serviceDeployments").map(fromBrief),
      nextToken: optionalText(answer.nextToken, "nextToken"),
    }));
    return await undefinedWhen(NOT_FOUND, deniedIfUnsupported(reading)) ?? { items: [], nextToken: undefined };
  });
}

/**
 * Lists the newest deployments, newest first. AWS promises no order: the rest of a long list is left unread only where
 * what was read is in this order.
 */
async function listNewestFirst(
  api: EcsApi,
  ref: ServiceRef,
  limit: number,
  signal: AbortSignal,
  status?: sdk.ServiceDeploymentStatus[],
): Promise<readonly ListedDeployment[]> {
  const listed: ListedDeployment[] = [];
  for await (const page of listPages(api, ref, signal, status)) {
    listed.push(...page);
    if (listed.length >= Math.max(limit, 2) && isNewestFirst(listed)) break;
  }
  // A deployment that begins while pages are read moves the others on: one may be listed twice.
  const all = [...new Map(listed.map((one) => [one.arn, one])).values()];
  return all.toSorted((a, b) => b.createdAtMs - a.createdAtMs).slice(0, limit);
}

function isNewestFirst(listed: readonly ListedDeployment[]): boolean {
  return listed.every((one, index) => index === 0 || one.createdAtMs <= listed[index - 1]!.createdAtMs);
}

function fromBrief(brief: sdk.ServiceDeploymentBrief): ListedDeployment {
  return {
    arn: text(brief.serviceDeploymentArn, "serviceDeploymentArn"),
    status: text(brief.status, "serviceDeployment.status"),
    createdAtMs: optionalTimeMs(brief.createdAt, "createdAt") ?? 0,
    finishedAtMs: optionalTimeMs(brief.finishedAt, "finishedAt"),
    revisionArn: optionalText(brief.targetServiceRevisionArn, "targetServiceRevisionArn"),
  };
}

/** The statuses of deployments that ECS goes back to when a later one fails. A completed rollback is one, too. */
const COMPLETED = ["SUCCESSFUL", "ROLLBACK_SUCCESSFUL"] satisfies sdk.ServiceDeploymentStatus[];

export function connectDeployments(
  api: EcsApi,
  { describeServiceDeployment, describeServiceRevisions }: RecordReads,
): Pick<EcsReader, "listDeployments" | "findNewestServiceDeployment" | "findLastCompleted" | "listPastDeployments"> {
  return {
    listDeployments: (ref, signal) => listPages(api, ref, signal),

    async findNewestServiceDeployment(ref, signal) {
      const [newest] = await listNewestFirst(api, ref, 1, signal);
      // A listing lacks the source revisions.
      return newest && await describeServiceDeployment(newest.arn, signal);
    },

    async findLastCompleted(ref, signal) {
      const listed = await listNewestFirst(api, ref, LONGEST_PAGE, signal, COMPLETED);
      const last = listed.find(({ status }) => COMPLETED.some((completed) => completed === status));
      const revisionArn = last?.status === "ROLLBACK_SUCCESSFUL"
        ? (await describeServiceDeployment(last.arn, signal))?.rollback?.revisionArn
        : last?.revisionArn;
      return revisionArn && (await describeServiceRevisions([revisionArn], signal))[0]?.taskDefinition;
    },

    async listPastDeployments(ref, limit, signal, onListed) {
      const past = await listNewestFirst(api, ref, limit, signal);
      onListed?.(past.map(({ arn }) => arn));
      const arns = [...new Set(past.flatMap(({ revisionArn }) => revisionArn ?? []))];
      const revisions = await describeServiceRevisions(arns, signal);
      const byArn = new Map(revisions.map((revision) => [revision.arn, revision]));
      return past.map(({ revisionArn = "", ...deployment }) => {
        const revision = byArn.get(revisionArn);
        return { ...deployment, taskDefinition: revision?.taskDefinition, revision };
      });
    },
  };
}

export function stopServiceDeployment(api: EcsApi): EcsWriter["stopServiceDeployment"] {
  return (arn, signal) => {
    const command = new StopServiceDeploymentCommand({ serviceDeploymentArn: arn, stopType: "ROLLBACK" });
    // Sent once: the step looks at the deployment before it orders the stop again.
    return api.change(
      command,
      "once",
      signal,
      ({ serviceDeploymentArn }) => checkOrdered(serviceDeploymentArn, arn, "serviceDeploymentArn"),
    );
  };
}
