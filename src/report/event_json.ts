import { clusterName, type Revision, serviceName, shortName } from "../model/arn.ts";
import type { Deployment, ServiceEvent, ServiceRef } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type { Outcome, RolloutEvent } from "../rollout/events.ts";
import type { Brought, Plan, Step } from "../rollout/plan/plan.ts";
import type { Progress } from "../rollout/progress.ts";
import { renderCauses } from "./cause_text.ts";
import { formatJson } from "./log.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { repeatableCommand } from "./messages/phrases.ts";
import {
  addToRecord,
  broughtBy,
  EMPTY_RECORD,
  outcomeOf,
  ranBefore,
  runOutcome,
  type RunRecord,
  wasTakenBack,
} from "./run_record.ts";
import type { RunEvent, Viewer } from "./run_event.ts";

/**
 * A run as NDJSON: an object a line, described by docs/events.schema.json. What is registered or sent is named, never
 * shown: it may hold secrets. Of files that differ from what runs, that much is shown as `diff` shows anybody.
 */
export const EVENTS_VERSION = 1;

type Fields = Readonly<Record<string, unknown>>;

/** Writes each event as a line; `write` gets it with its line end. */
export function createJsonView(write: (line: string) => void): Viewer {
  let record = EMPTY_RECORD;
  return {
    see(event, atMs) {
      record = addToRecord(record, event);
      const fields = describeRunEvent(event, record);
      if (fields === undefined) return;
      write(`${formatJson({ version: EVENTS_VERSION, time: new Date(atMs).toISOString(), ...fields })}\n`);
    },
  };
}

/** `undefined` for what the log alone tells. */
function describeRunEvent(event: RunEvent, record: RunRecord): Fields | undefined {
  switch (event.kind) {
    case "started":
      return { event: "started", command: event.command, isDryRun: event.isDryRun, ...describeSubject(event.subject) };
    case "planned":
      return { event: "planned", takesBack: event.takesBack, plan: describePlan(event.plan) };
    case "compared":
      return { event: "compared", lines: event.lines };
    case "takingBack":
      return { event: "takingBack", because: event.event };
    case "rollout":
      return { ...describeRolloutEvent(event.event), takesBack: event.takesBack };
    case "hadEnded":
      return { ...describeOutcome(event.outcome), takesBack: false };
    case "refused":
      return { event: "refused", ...describeRefusal(event.refusal) };
    case "failed":
      return { event: "failed", ...event.failure };
    case "logged":
    case "readBack":
      return undefined;
    case "finished":
      return { event: "finished", exitCode: event.exitCode, ...describeEnd(record) };
  }
}

function describeEnd(record: RunRecord): Fields {
  const { main, back } = record;
  const outcome = outcomeOf(record);
  return {
    outcome: runOutcome(record),
    from: main && describeOptional(ranBefore(main.plan)),
    to: main === undefined ? undefined : describeOptional(broughtBy(main)),
    isTakenBack: wasTakenBack(record),
    ...(outcome !== undefined && describeReason(outcome)),
    leftovers: [...(main?.outcome?.leftovers ?? []), ...(back?.outcome?.leftovers ?? [])],
  };
}

function describeSubject({ cluster, service, region }: ServiceRef): Fields {
  return { service: serviceName(service), cluster: clusterName(cluster), region };
}

function describePlan(plan: Plan): Fields {
  const { intent, to, reason, repeatedBy, changes, steps, until, isReached, notices } = plan;
  return {
    intent,
    from: describeOptional(ranBefore(plan)),
    to: describeOptional(to),
    reason,
    repeatedBy: repeatedBy && repeatableCommand(plan.subject, repeatedBy),
    changes,
    steps: steps.map(describeStep),
    until,
    isReached,
    notices,
  };
}

function describeRolloutEvent(event: RolloutEvent): Fields {
  switch (event.kind) {
    case "stepStarted":
      return { event: "stepStarted", step: describeStep(event.step) };
    case "registered":
      return { event: "registered", taskDefinition: describeRevision(event.taskDefinition) };
    case "progress":
      return { event: "progress", ...describeProgress(event.progress) };
    case "causes":
      return {
        event: "causes",
        causes: event.causes,
        // The same words as in the log, advice included.
        lines: renderCauses(event.causes),
      };
    case "failureEvents":
      return { event: "failureEvents", events: event.events.map(describeServiceEvent) };
    case "notice":
      return { event: "notice", message: event.message };
    case "scalingRestored":
      return { event: "scalingRestored" };
    case "leftGoing":
      return { event: "leftGoing", ordered: event.ordered };
    case "finished":
      return describeOutcome(event.outcome);
  }
}

function describeOutcome(outcome: Outcome): Fields {
  return { event: "rolloutEnded", outcome: outcome.kind, ...describeReason(outcome), leftovers: outcome.leftovers };
}

/** What there is to say about an outcome besides its name. */
function describeReason(outcome: Outcome): Fields {
  switch (outcome.kind) {
    case "failed":
      return { reason: outcome.reason, of: outcome.of };
    case "rolledBackByEcs":
      return { reason: outcome.reason, of: outcome.of, runs: outcome.to?.taskDefinition };
    case "superseded":
      return { by: describeDeployment(outcome.by) };
    case "outdated":
      return {
        by: outcome.by && describeDeployment(outcome.by),
        hasSuspensionChanged: outcome.hasSuspensionChanged,
      };
    case "copyIncomplete":
      return { copy: describeRevision(outcome.copy), lost: outcome.lost };
    case "gone":
      return { status: outcome.status };
    case "timedOut":
      return { ordered: outcome.ordered, tasksKeepFailing: outcome.tasksKeepFailing };
    case "interrupted":
      return { ordered: outcome.ordered };
    case "submitted":
      return { leftTo: outcome.leftTo };
    case "succeeded":
    case "unchanged":
      return {};
  }
}

function describeStep(step: Step): Fields {
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

function describeProgress({ events, deployments, serviceDeployment }: Progress): Fields {
  return {
    events: events.map(describeServiceEvent),
    deployments: deployments.map(describeDeployment),
    serviceDeployment: serviceDeployment && describeServiceDeployment(serviceDeployment),
  };
}

function describeServiceEvent({ id, createdAtMs, message }: ServiceEvent): Fields {
  return { id, createdAt: new Date(createdAtMs).toISOString(), message };
}

function describeDeployment(deployment: Deployment): Fields {
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

function describeOptional(revision: Revision | undefined): Fields | undefined {
  return revision && describeRevision(revision);
}

function describeRevision(revision: Revision): Fields {
  return { name: shortName(revision), arn: revision.arn };
}

/** `null`: the one that an earlier step registers. */
function describeBrought(brought: Brought): Fields | null {
  return brought === "registered" ? null : describeRevision(brought);
}
