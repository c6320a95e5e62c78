import { clusterName, serviceName } from "../model/arn.ts";
import type { Deployment, ServiceEvent, ServiceRef } from "../model/service.ts";
import type { RolloutEvent, RunEvent } from "../rollout/events.ts";
import type { Outcome, OutcomeKind } from "../rollout/outcome.ts";
import type { SkipReason } from "../rollout/plan/skip_reason.ts";
import { byCode, byKind } from "./cases.ts";
import { closingOf } from "./closing.ts";
import { causeToJson } from "./cause_json.ts";
import { endingOf, isRolledBack, outcomeOf, ranBefore, targetOf } from "./ending.ts";
import { describeFailure } from "./failure_text.ts";
import { formatJson } from "./log.ts";
import { renderCauses } from "./messages/cause_text.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { describeReason } from "./messages/failure_reason_text.ts";
import { type Fields, planToJson, revisionToJson, stepToJson } from "./plan_json.ts";
import { describeLeftover, describeRunNotice } from "./run_notice_text.ts";
import { type RunState, serviceIn, type ServiceState } from "./state.ts";
import { type Printer } from "./printer.ts";

/**
 * A run as NDJSON: an object a line, described by docs/events.schema.json. What is registered or sent is named, never
 * shown: it may hold secrets. Of files that differ from what runs, that much is shown as `diff` shows anybody.
 */
const EVENTS_VERSION = 1;

/** Writes each event as a line; `write` gets it with its line end. */
export function createJsonPrinter(write: (line: string) => void): Printer {
  return {
    print(event, state, atMs) {
      const fields = describe(event, state);
      if (fields === undefined) return;
      write(`${formatJson({ version: EVENTS_VERSION, time: new Date(atMs).toISOString(), ...fields })}\n`);
    },
  };
}

/** `undefined` for what the log alone says. */
function describe(event: RunEvent, state: RunState): Fields | undefined {
  switch (event.kind) {
    case "failed": {
      const { kind } = event.failure;
      const position = kind === "config" ? event.failure.position : undefined;
      const [message, ...advice] = describeFailure(event.failure, event.region);
      return { event: "failed", kind, message, advice, position };
    }
    case "allPlanned":
    case "logged":
    case "stopSignal":
    case "stoppedEarly":
      return undefined;
    case "finished":
      return { event: "finished", exitCode: event.exitCode, ...describeEnd(state) };
    default: {
      const service = serviceIn(state, event.service);
      const fields = describeRolloutEvent(event, service);
      return fields &&
        (WITHOUT_PLAN.has(event.kind) ? fields : { ...fields, isAutomaticRollback: service.rollback !== undefined });
    }
  }
}

/** The events that are about no plan that is carried out. */
const WITHOUT_PLAN: ReadonlySet<string> = new Set(["started", "planned", "refused", "compared", "rollbackDecided"]);

const nothing = () => undefined;

const describeRolloutEvent = byKind<RolloutEvent, Fields | undefined, [service: ServiceState]>({
  started: ({ command, isDryRun, reason }, { ref: { cluster, service, region } }) => ({
    event: "started",
    command,
    isDryRun,
    reason,
    service: serviceName(service),
    cluster: clusterName(cluster),
    region,
  }),
  planned: ({ plan, isAutomaticRollback }) => ({
    event: "planned",
    isAutomaticRollback,
    plan: planToJson(plan),
  }),
  compared: ({ lines }) => ({ event: "compared", lines }),
  rollbackDecided: ({ trigger, unless }) =>
    unless === undefined ? { event: "rollbackDecided", because: trigger } : undefined,
  alreadyEnded: ({ outcome }, { ref }) => describeOutcome({ ...outcome, leftovers: [] }, ref),
  refused: ({ refusal }) => {
    const [message, ...advice] = describeRefusal(refusal);
    return { event: "refused", message, advice };
  },
  stepStarted: ({ step }) => ({ event: "stepStarted", step: stepToJson(step) }),
  registered: ({ taskDefinition }) => ({ event: "registered", taskDefinition: revisionToJson(taskDefinition) }),
  progress: ({ progress: { events, deployments, serviceDeployment } }) => ({
    event: "progress",
    events: events.map(describeEcsEvent),
    deployments: deployments.map(describeDeployment),
    serviceDeployment: serviceDeployment && pick(serviceDeployment, SERVICE_DEPLOYMENT),
  }),
  // The same words as in the log, advice included.
  causes: ({ causes }) => ({ event: "causes", causes: causes.map(causeToJson), lines: renderCauses(causes) }),
  // What a container writes may be anything: it is kept only where the user has asked for it.
  containerLog: ({ log: { container, taskArn, lines, isAsked } }) =>
    isAsked ? { event: "containerLog", container, taskArn, lines } : undefined,
  notice: ({ notice }, { ref }) => ({ event: "notice", message: describeRunNotice(notice, ref) }),
  scalingRestored: () => ({ event: "scalingRestored" }),
  detached: ({ ordered }) => ({ event: "detached", ordered }),
  rolloutEnded: ({ outcome }, { ref }) => describeOutcome(outcome, ref),
  notBegun: ({ because }) => ({ event: "notBegun", because }),
  undoDecided: ({ unless }) => ({ event: "undoDecided", unless }),
  notConfirmed: nothing,
  alarmsTriggered: nothing,
  rollbackVerified: nothing,
  rollbackUnfinished: nothing,
  deregisteredFailed: nothing,
});

/** What the end of the run says once more. */
function describeEnd(state: RunState): Fields {
  const [service] = state.services;
  const outcome = endingOf(state, service);
  const message = closingOf(state, service)?.message;
  if (service === undefined) return { outcome, message, leftovers: [] };
  const { main, leftovers, ref } = service;
  const seen = outcomeOf(service);
  const [cause] = main?.causes ?? [];
  const hasFailed = seen !== undefined &&
    ["failed", "rolledBackByEcs", "givenUp", "timedOut", "interrupted"].includes(seen.kind);
  return {
    outcome,
    message,
    from: main && revisionToJson(ranBefore(main.plan)),
    to: main && revisionToJson(targetOf(main)),
    isRolledBack: isRolledBack(service),
    ...(cause !== undefined && hasFailed && { cause: causeToJson(cause) }),
    ...(seen !== undefined && describeDetails(seen)),
    leftovers: leftovers.map((leftover) => describeLeftover(leftover, ref)),
  };
}

function describeOutcome(outcome: Outcome, ref: ServiceRef): Fields {
  return {
    event: "rolloutEnded",
    outcome: outcome.kind,
    ...describeDetails(outcome),
    leftovers: outcome.leftovers.map((leftover) => describeLeftover(leftover, ref)),
  };
}

/** What there is to say about an outcome besides its name. */
const describeDetails = byKind<OutcomeKind, Fields>({
  succeeded: () => ({}),
  unchanged: ({ because }) => ({ because: because && describeSkipped(because) }),
  submitted: ({ leftTo }) => ({ leftTo }),
  stalePlan: ({ by, hasSuspensionChanged }) => ({ by: by && describeDeployment(by), hasSuspensionChanged }),
  copyIncomplete: ({ copy, lost }) => ({ copy: revisionToJson(copy), lost }),
  cannotPin: ({ error }) => ({ error }),
  failed: ({ reason, of }) => ({ reason: describeReason(reason), of }),
  rolledBackByEcs: ({ reason, of, to }) => ({ reason: describeReason(reason), of, runs: to?.taskDefinition }),
  givenUp: ({ stopped, unstarted, limit }) => ({ stopped, unstarted, limit }),
  superseded: ({ by }) => ({ by: describeDeployment(by) }),
  gone: ({ status }) => ({ status }),
  timedOut: ({ ordered, isCrashLooping }) => ({ ordered, tasksKeepFailing: isCrashLooping }),
  interrupted: ({ ordered }) => ({ ordered }),
});

function describeSkipped(skipped: SkipReason): Fields {
  const { code, running } = skipped;
  const details = byCode<SkipReason, Fields>({
    deployedEarlier: ({ beganAtMs, withinMs }) => ({ deployedAt: new Date(beganAtMs).toISOString(), withinMs }),
    goesBackAlready: ({ from, state }) => ({ from: revisionToJson(from), state }),
    overtaken: ({ deployment }) => ({ deployment }),
  })(skipped);
  return { code, running: revisionToJson(running), ...details };
}

function describeEcsEvent({ id, createdAtMs, message }: ServiceEvent): Fields {
  return { id, createdAt: new Date(createdAtMs).toISOString(), message };
}

/** The members of version 1 of the events, in their order. */
const SERVICE_DEPLOYMENT = ["arn", "status", "statusReason", "lifecycleStage", "awaitingHooks"] as const;
const DEPLOYMENT = [
  ...["id", "status", "taskDefinition", "desiredCount", "pendingCount", "runningCount", "failedTasks"] as const,
  ...["rolloutState", "rolloutStateReason"] as const,
];

function describeDeployment(deployment: Deployment): Fields {
  return pick(deployment, DEPLOYMENT);
}

function pick<Value>(value: Value, names: readonly (keyof Value & string)[]): Fields {
  return Object.fromEntries(names.map((name) => [name, value[name]]));
}
