import { clusterName, type Revision, serviceName, shortName } from "../model/arn.ts";
import type { Deployment, ServiceEvent, ServiceRef } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type { Brought, Plan, Step } from "../rollout/plan/plan.ts";
import type { Progress } from "../rollout/progress.ts";
import { describePlanNotice } from "./messages/notice_text.ts";
import { repeatableCommand } from "./messages/phrases.ts";
import { describeReason } from "./messages/reason_text.ts";
import { ranBefore } from "./ending.ts";

/** The members of an object of NDJSON. What is registered or sent is named, never shown: it may hold secrets. */
export type Fields = Readonly<Record<string, unknown>>;

export function describeSubject({ cluster, service, region }: ServiceRef): Fields {
  return { service: serviceName(service), cluster: clusterName(cluster), region };
}

export function describePlan(plan: Plan): Fields {
  const { intent, to, reason, repeatedBy, changes, steps, until, isReached, notices } = plan;
  return {
    intent,
    from: describeOptional(ranBefore(plan)),
    to: describeOptional(to),
    reason: reason && describeReason(reason),
    repeatedBy: repeatedBy && repeatableCommand(plan.subject, repeatedBy),
    changes,
    steps: steps.map(describeStep),
    until,
    isReached,
    notices: notices.map(describePlanNotice),
  };
}

export function describeStep(step: Step): Fields {
  switch (step.kind) {
    case "register":
      return { kind: step.kind, family: step.family };
    case "registerCopy":
      return { kind: step.kind, of: describeRevision(step.of) };
    case "createService":
      return { kind: step.kind, taskDefinition: step.taskDefinition && describeBrought(step.taskDefinition) };
    case "suspendScaling":
      return { kind: step.kind, resourceId: step.target.resourceId, prior: step.prior };
    case "restoreScaling":
      return { kind: step.kind, resourceId: step.target.resourceId, to: step.to };
    case "stopDeployment":
      return {
        kind: step.kind,
        serviceDeployment: step.arn,
        taskDefinition: describeRevision(step.otherwise.taskDefinition),
      };
    case "updateService":
      return {
        kind: step.kind,
        taskDefinition: step.taskDefinition && describeBrought(step.taskDefinition),
        attributes: Object.keys(step.attributes ?? {}),
      };
    case "awaitDeployment": {
      const { follows } = step;
      return {
        kind: step.kind,
        taskDefinition: describeBrought(step.taskDefinition),
        follows: follows?.kind === "deployment" ? follows.id : follows?.arn,
      };
    }
    case "deregister":
      return { kind: step.kind, taskDefinition: describeRevision(step.taskDefinition) };
  }
}

export function describeProgress({ events, deployments, serviceDeployment }: Progress): Fields {
  return {
    events: events.map(describeEcsEvent),
    deployments: deployments.map(describeDeployment),
    serviceDeployment: serviceDeployment && describeServiceDeployment(serviceDeployment),
  };
}

export function describeEcsEvent({ id, createdAtMs, message }: ServiceEvent): Fields {
  return { id, createdAt: new Date(createdAtMs).toISOString(), message };
}

export function describeDeployment(deployment: Deployment): Fields {
  const { id, status, taskDefinition, desiredCount, pendingCount, runningCount, failedTasks } = deployment;
  const { rolloutState, rolloutStateReason } = deployment;
  const counts = { desiredCount, pendingCount, runningCount, failedTasks };
  return { id, status, taskDefinition, ...counts, rolloutState, rolloutStateReason };
}

function describeServiceDeployment(
  { arn, status, statusReason, lifecycleStage, awaitingHooks }: ServiceDeployment,
): Fields {
  return { arn, status, statusReason, lifecycleStage, awaitingHooks };
}

export function describeOptional(revision: Revision | undefined): Fields | undefined {
  return revision && describeRevision(revision);
}

export function describeRevision(revision: Revision): Fields {
  return { name: shortName(revision), arn: revision.arn };
}

/** `null`: the one that an earlier step registers. */
function describeBrought(brought: Brought): Fields | null {
  return brought === "registered" ? null : describeRevision(brought);
}
