import type { Revision } from "../../src/model/arn.ts";
import type { RunEvent } from "../../src/rollout/events.ts";
import type { Options } from "./deploy_run.ts";
import type { Observed, Served } from "./observed.ts";
import { outcomeOf } from "./run_invariants.ts";

export type Deploy = Observed<Options>;

export function isRollingBack(event: RunEvent): boolean {
  return event.kind === "rollbackDecided" && event.unless === undefined;
}

/** Whether a call was made in order to take the deploy back. */
export function isBack({ events }: Deploy, served: Served): boolean {
  const decided = events.findIndex(isRollingBack);
  return decided >= 0 && decided < served.events;
}

export function nameOf(revision: Revision | undefined): string | undefined {
  return revision && `${revision.family}:${revision.revision}`;
}

/** What the service runs when the deploy is planned. */
export function ranBefore({ state }: Deploy): string | undefined {
  return nameOf(state.services[0]?.main?.plan.from);
}

/** Whether registering the scalable target makes AWS change the number of tasks. */
export function mayClamp({ options, world: { scaling } }: Deploy): boolean {
  return (options.suspend || options.resume) && scaling !== null && (scaling.min > 0 || scaling.max < 5);
}

export function hasFailedBy(run: Deploy): boolean {
  const kind = outcomeOf(run)?.kind;
  return kind === "failed" || kind === "rolledBackByEcs";
}
