import { type Deployment, subjectName } from "../../model/service.ts";
import type { ServiceDeployment } from "../../model/service_deployment.ts";
import type { RolloutEvent } from "../../rollout/events.ts";
import type { Intent } from "../../rollout/plan/plan.ts";
import type { RunEvent } from "../run_event.ts";

/** What the live region shows, as far as it comes from the run and not from the clock. */
export interface LiveState {
  /** `service/cluster` */
  readonly subject: string;
  /** When the time began that `timeoutMs` limits, by `Clock.elapsed()`. */
  readonly sinceMs: number;
  /** 0: no limit. */
  readonly timeoutMs: number;
  /** `undefined` while no deployment is waited for: then there is nothing to show. */
  readonly wait: Wait | undefined;
}

export interface Wait {
  readonly intent: Intent;
  /** As they were last told; empty before the first look. */
  readonly deployments: readonly Deployment[];
  /** Where one is followed, as it was last told. */
  readonly serviceDeployment: ServiceDeployment | undefined;
}

export const NOTHING_LIVE: LiveState = { subject: "", sinceMs: 0, timeoutMs: 0, wait: undefined };

/** The state after one more event. `atMs`: by `Clock.elapsed()`. */
export function addToLiveState(state: LiveState, event: RunEvent, atMs: number): LiveState {
  switch (event.kind) {
    case "started":
      return {
        subject: subjectName(event.subject),
        sinceMs: atMs,
        timeoutMs: event.timeoutMs,
        wait: undefined,
      };
    case "takingBack":
      // The way back has a time limit of its own.
      return { ...state, sinceMs: atMs, wait: undefined };
    case "rollout":
      return { ...state, wait: addRolloutEvent(state.wait, event.event, event.plan.intent) };
    case "planned":
    case "compared":
    case "logged":
    case "readBack":
      return state;
    case "hadEnded":
    case "refused":
    case "failed":
    case "finished":
      return { ...state, wait: undefined };
  }
}

function addRolloutEvent(wait: Wait | undefined, event: RolloutEvent, intent: Intent): Wait | undefined {
  switch (event.kind) {
    case "stepStarted":
      return event.step.kind === "awaitDeployment"
        ? { intent, deployments: [], serviceDeployment: undefined }
        : undefined;
    case "progress": {
      const { deployments, serviceDeployment } = event.progress;
      // What has not changed is not told again.
      return wait && {
        ...wait,
        deployments: deployments.length > 0 ? deployments : wait.deployments,
        serviceDeployment: serviceDeployment ?? wait.serviceDeployment,
      };
    }
    case "leftGoing":
    case "finished":
      return undefined;
    default:
      return wait;
  }
}
