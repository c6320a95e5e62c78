import type { Deployment, ServiceEvent, ServiceSnapshot } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";

/** What two reads of a service differ by, as far as a person who waits wants to know. */
export interface Progress {
  /** Events that were not there before, oldest first. */
  readonly events: readonly ServiceEvent[];
  /** All deployments as they are now, when any count differs; else empty. */
  readonly deployments: readonly Deployment[];
  /** The service deployment that is followed, when its status, its stage or a waiting hook is new. */
  readonly serviceDeployment: ServiceDeployment | undefined;
}

/** Remembers what was told already, so that each event and each state is told once, however stale a read may be. */
export class ProgressTracker {
  readonly #told: Set<string>;
  #deployments = "";
  #serviceDeployment = "";

  /** @param known the read that the user has been told about: its events are old news. */
  constructor(known: ServiceSnapshot) {
    this.#told = new Set(known.events.map(({ id }) => id));
  }

  /** What is new in `service`; `undefined` when nothing is. */
  next(service: ServiceSnapshot, followed?: ServiceDeployment): Progress | undefined {
    const events = service.events.filter(({ id }) => !this.#told.has(id)).reverse();
    for (const { id } of events) this.#told.add(id);
    const summary = service.deployments.map(summarize).join("\n");
    const deployments = summary === this.#deployments ? [] : service.deployments;
    this.#deployments = summary;
    const stage = followed === undefined ? this.#serviceDeployment : summarizeStage(followed);
    const serviceDeployment = stage === this.#serviceDeployment ? undefined : followed;
    this.#serviceDeployment = stage;
    const isNew = events.length > 0 || deployments.length > 0 || serviceDeployment !== undefined;
    return isNew ? { events, deployments, serviceDeployment } : undefined;
  }
}

function summarize({ id, status, desiredCount, pendingCount, runningCount }: Deployment): string {
  return [id, status, desiredCount, pendingCount, runningCount].join(" ");
}

function summarizeStage({ status, lifecycleStage, awaitingHooks }: ServiceDeployment): string {
  return [status, lifecycleStage, ...awaitingHooks].join(" ");
}
