import type { ServiceRef } from "../model/service.ts";
import type { Outcome, RunEvent } from "../rollout/events.ts";
import { renderCauses } from "./cause_text.ts";
import { wordFailure } from "./failure_text.ts";
import {
  describeDeployment,
  describeEcsEvent,
  describeOptional,
  describePlan,
  describeProgress,
  describeRevision,
  describeStep,
  describeSubject,
  type Fields,
} from "./json_values.ts";
import { describeLeftover } from "./leftover_text.ts";
import { formatJson } from "./log.ts";
import { describeRefusal } from "./messages/refusal_text.ts";
import { describeReason } from "./outcome_text.ts";
import type { Printer } from "./printer.ts";
import { describeRunNotice } from "./run_notice_text.ts";
import { endingOf, isRolledBack, outcomeOf, ranBefore, type ServiceEnding, targetOf } from "./ending.ts";
import { type RunState, serviceIn, type ServiceState } from "./state.ts";

/**
 * A run as NDJSON: an object a line, described by docs/events.schema.json. What is registered or sent is named, never
 * shown: it may hold secrets. Of files that differ from what runs, that much is shown as `diff` shows anybody.
 */
export const EVENTS_VERSION = 1;

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
      const { message, advice } = wordFailure(event.failure, event.region);
      const position = event.failure.kind === "config" ? event.failure.position : undefined;
      return { event: "failed", kind: event.failure.kind, message, advice, position };
    }
    case "logged":
    case "stopSignal":
    case "stoppedEarly":
      return undefined;
    case "finished":
      return { event: "finished", exitCode: event.exitCode, ...describeEnd(state) };
    default: {
      const service = serviceIn(state, event.service);
      const fields = describeServiceEvent(event, service);
      return fields &&
        (WITHOUT_PLAN.has(event.kind) ? fields : { ...fields, takesBack: service.rollback !== undefined });
    }
  }
}

type OfService = Exclude<RunEvent, { kind: "failed" | "logged" | "stopSignal" | "stoppedEarly" | "finished" }>;

/** The events that are about no plan that is carried out. */
const WITHOUT_PLAN: ReadonlySet<RunEvent["kind"]> = new Set([
  "started",
  "planned",
  "refused",
  "compared",
  "rollbackDecided",
]);

function describeServiceEvent(event: OfService, service: ServiceState): Fields | undefined {
  switch (event.kind) {
    case "started": {
      const { command, isDryRun } = event;
      return { event: "started", command, isDryRun, ...describeSubject(event.service) };
    }
    case "planned":
      return { event: "planned", takesBack: event.isAutomaticRollback, plan: describePlan(event.plan) };
    case "compared":
      return { event: "compared", lines: event.lines };
    case "rollbackDecided":
      return event.unless === undefined ? { event: "takingBack", because: event.trigger } : undefined;
    case "alreadyEnded":
      return describeOutcome({ ...event.outcome, leftovers: [] }, service.ref);
    case "refused":
      return { event: "refused", ...describeRefusal(event.refusal) };
    case "stepStarted":
      return { event: "stepStarted", step: describeStep(event.step) };
    case "registered":
      return { event: "registered", taskDefinition: describeRevision(event.taskDefinition) };
    case "progress":
      return { event: "progress", ...describeProgress(event.progress) };
    case "causes":
      // The same words as in the log, advice included.
      return { event: "causes", causes: event.causes, lines: renderCauses(event.causes) };
    case "failureEvents":
      return { event: "failureEvents", events: event.events.map(describeEcsEvent) };
    case "notice":
      return { event: "notice", message: describeRunNotice(event.notice, service.ref) };
    case "scalingRestored":
      return { event: "scalingRestored" };
    case "detached":
      return { event: "leftGoing", ordered: event.ordered };
    case "rolloutEnded":
      return describeOutcome(event.outcome, service.ref);
    // The log alone has these.
    default:
      return undefined;
  }
}

/** What the end of the run says once more. */
function describeEnd(state: RunState): Fields {
  const [service] = state.services;
  const ending = endingOf(state, service);
  if (service === undefined) return { outcome: ending && PUBLIC_NAMES[ending], leftovers: [] };
  const { main, rollback, ref } = service;
  const outcome = outcomeOf(service);
  return {
    outcome: ending && PUBLIC_NAMES[ending],
    from: main && describeOptional(ranBefore(main.plan)),
    to: main === undefined ? undefined : describeOptional(targetOf(main)),
    isTakenBack: isRolledBack(service),
    ...(outcome !== undefined && describeDetails(outcome)),
    leftovers: [...(main?.outcome?.leftovers ?? []), ...(rollback?.outcome?.leftovers ?? [])]
      .map((leftover) => describeLeftover(leftover, ref)),
  };
}

/** The names of version 1 of the events. */
export const PUBLIC_NAMES: Readonly<Record<ServiceEnding, string>> = {
  succeeded: "succeeded",
  unchanged: "unchanged",
  submitted: "submitted",
  stalePlan: "outdated",
  copyIncomplete: "copyIncomplete",
  failed: "failed",
  rolledBackByEcs: "rolledBackByEcs",
  superseded: "superseded",
  gone: "gone",
  timedOut: "timedOut",
  interrupted: "interrupted",
  planned: "planned",
  refused: "refused",
  error: "error",
};

function describeOutcome(outcome: Outcome, ref: ServiceRef): Fields {
  return {
    event: "rolloutEnded",
    outcome: PUBLIC_NAMES[outcome.kind],
    ...describeDetails(outcome),
    leftovers: outcome.leftovers.map((leftover) => describeLeftover(leftover, ref)),
  };
}

/** What there is to say about an outcome besides its name. */
function describeDetails(outcome: Outcome): Fields {
  switch (outcome.kind) {
    case "failed":
      return { reason: describeReason(outcome.reason), of: outcome.of };
    case "rolledBackByEcs":
      return { reason: describeReason(outcome.reason), of: outcome.of, runs: outcome.to?.taskDefinition };
    case "superseded":
      return { by: describeDeployment(outcome.by) };
    case "stalePlan": {
      const { by, hasSuspensionChanged } = outcome;
      return { by: by && describeDeployment(by), hasSuspensionChanged };
    }
    case "copyIncomplete":
      return { copy: describeRevision(outcome.copy), lost: outcome.lost };
    case "gone":
      return { status: outcome.status };
    case "timedOut":
      return { ordered: outcome.ordered, tasksKeepFailing: outcome.isCrashLooping };
    case "interrupted":
      return { ordered: outcome.ordered };
    case "submitted":
      return { leftTo: outcome.leftTo };
    case "succeeded":
    case "unchanged":
      return {};
  }
}
