import type { RolloutEvent } from "../../rollout/events.ts";
import { describeVerdict } from "../bake_text.ts";
import { byKind } from "../messages/cases.ts";
import { describeFailure } from "../failure_text.ts";
import { nameOfTarget } from "../ending.ts";
import { formatJson, isoTime, nameService } from "../messages/log.ts";
import { renderCauses } from "../messages/causes/cause_text.ts";
import { mayBeKept } from "../messages/log_text.ts";
import { planFileCommand } from "../messages/own_commands.ts";
import { describeRefusal } from "../messages/refusal_text.ts";
import {
  causeToJson,
  deploymentToJson,
  endToJson,
  evidenceToJson,
  outcomeToJson,
  pick,
  SERVICE_DEPLOYMENT,
} from "./outcome_json.ts";
import { type Fields, planToJson, revisionToJson, stepToJson } from "./plan_json.ts";
import type { PrintedEvent, Printer } from "../printer.ts";
import { describeRunNotice } from "../messages/run_notice_text.ts";
import { type RunState, serviceIn, type ServiceState } from "../state.ts";

/**
 * Version of a run's NDJSON: one object per line, described by docs/events.schema.json. Task definitions and orders are
 * named, never shown: they may hold secrets. Of differences, it has what `diff` shows to everybody.
 */
const EVENTS_VERSION = 1;

/** Prints each event as one line; `write` gets the line with its line break. */
export function createJsonPrinter(write: (line: string) => void): Printer {
  return {
    print(event, state, atMs) {
      const fields = describe(event, state);
      if (fields === undefined) return;
      write(`${formatJson({ version: EVENTS_VERSION, time: isoTime(atMs), ...fields })}\n`);
    },
  };
}

/** The members of an event's object; `undefined` if only the log shows the event. */
function describe(event: PrintedEvent, state: RunState): Fields | undefined {
  switch (event.kind) {
    case "failed": {
      const { kind } = event.failure;
      const position = kind === "config" ? event.failure.position : undefined;
      const [message, ...advice] = describeFailure(event.failure, event.region);
      const of = event.service && nameService(event.service);
      return { event: "failed", ...of, kind, message, advice, position };
    }
    case "allPlanned": {
      const { isDryRun, policy, skipsRefused } = event;
      return { event: "allPlanned", isDryRun, ...policy, skipsRefused };
    }
    case "planFile": {
      const { path: file, services, isWritten } = event;
      const madeAt = isoTime(event.madeAtMs);
      return { event: "planFile", file, madeAt, services, isWritten, command: planFileCommand(event) };
    }
    case "logged":
    case "stopSignal":
    case "stoppedEarly":
      return undefined;
    case "finished":
      return { event: "finished", exitCode: event.exitCode, ...endToJson(state) };
    default: {
      const service = serviceIn(state, event.service);
      const fields = describeRolloutEvent(event, service);
      if (fields === undefined) return undefined;
      const { event: name, ...others } = fields;
      return {
        event: name,
        ...(name === "started" ? {} : nameService(event.service)),
        ...others,
        ...(!WITHOUT_PLAN.has(event.kind) && { isAutomaticRollback: service.rollback !== undefined }),
      };
    }
  }
}

/** Events that do not belong to a plan that is being carried out. */
const WITHOUT_PLAN: ReadonlySet<string> = new Set<RolloutEvent["kind"]>([
  ...["started", "planned", "refused", "compared", "rollbackDecided"] as const,
  ...["notBegun", "undoDecided", "lookedAgain"] as const,
  ...["bakeStarted", "baking", "baked"] as const,
]);

const nothing = () => undefined;

const describeRolloutEvent = byKind<RolloutEvent, Fields | undefined, [service: ServiceState]>({
  started: ({ command, isDryRun, reason, runId, wave }, { ref }) => {
    return { event: "started", command, isDryRun, reason, run: runId, ...nameService(ref), wave };
  },
  planned: ({ plan, isAutomaticRollback }) => ({ event: "planned", isAutomaticRollback, plan: planToJson(plan) }),
  compared: ({ lines }) => ({ event: "compared", lines }),
  rollbackDecided: ({ trigger, unless }) =>
    unless === undefined ? { event: "rollbackDecided", because: trigger } : undefined,
  alreadyEnded: ({ outcome }, { ref }) => outcomeToJson({ ...outcome, leftovers: [] }, ref),
  refused: ({ refusal }) => {
    const [message, ...advice] = describeRefusal(refusal);
    return { event: "refused", message, advice };
  },
  stepStarted: ({ step }) => ({ event: "stepStarted", step: stepToJson(step) }),
  registered: ({ taskDefinition }) => ({ event: "registered", taskDefinition: revisionToJson(taskDefinition) }),
  progress: ({ progress: { events, deployments, serviceDeployment } }) => ({
    event: "progress",
    events: events.map(({ id, createdAtMs, message }) => ({ id, createdAt: isoTime(createdAtMs), message })),
    deployments: deployments.map(deploymentToJson),
    serviceDeployment: serviceDeployment && pick(serviceDeployment, SERVICE_DEPLOYMENT),
  }),
  // The log's words, including its advice.
  causes: ({ causes }, service) => ({
    event: "causes",
    causes: causes.map(causeToJson),
    lines: renderCauses(causes, nameOfTarget(service)),
  }),
  containerLog: ({ log }) =>
    mayBeKept(log)
      ? { event: "containerLog", container: log.container, taskArn: log.taskArn, lines: log.lines }
      : undefined,
  notice: ({ notice }, { ref }) => ({ event: "notice", message: describeRunNotice(notice, ref) }),
  serviceTagged: ({ keys }) => ({ event: "serviceTagged", tags: keys }),
  waitsRestored: () => ({ event: "waitsRestored" }),
  scalingRestored: () => ({ event: "scalingRestored" }),
  detached: ({ ordered }) => ({ event: "detached", ordered }),
  rolloutEnded: ({ outcome }, { ref }) => outcomeToJson(outcome, ref),
  notBegun: ({ because }) => ({ event: "notBegun", because }),
  undoDecided: ({ unless }) => ({ event: "undoDecided", unless }),
  lookedAgain: ({ deployments }) => ({ event: "lookedAgain", deployments: deployments.map(deploymentToJson) }),
  bakeStarted: ({ step, completedAtMs, untilMs }) => ({
    event: "bakeStarted",
    step: stepToJson(step),
    completedAt: isoTime(completedAtMs),
    until: isoTime(untilMs),
  }),
  baking: ({ evidence }) => ({ event: "baking", ...evidenceToJson(evidence) }),
  baked: ({ verdict }, service) => ({ event: "baked", verdict: verdict.kind, message: describeVerdict(service) }),
  notConfirmed: nothing,
  alarmsTriggered: nothing,
  rollbackVerified: nothing,
  rollbackUnfinished: nothing,
  deregisteredFailed: nothing,
});
