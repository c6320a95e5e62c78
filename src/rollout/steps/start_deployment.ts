import { type Revision, shortName } from "../../model/arn.ts";
import type { JsonObject } from "../../model/json.ts";
import type { EcsReader, EcsWriter } from "../../model/ports.ts";
import { primaryDeployment, type ServiceRef, type ServiceSnapshot } from "../../model/service.ts";
import { AwsError, mayHaveBeenApplied } from "../../errors.ts";
import type { Clock } from "../../host.ts";
import type { OutcomeKind, PlanEvent } from "../events.ts";
import type { Precondition } from "./read_precondition.ts";
import { findUpdated } from "./find_updated.ts";
import { Repetition } from "./repetition.ts";
import { startsDeployment } from "../plan/starts_deployment.ts";

export interface Starting {
  readonly ref: ServiceRef;
  /** What the service is to get; `undefined` when it keeps its own. */
  readonly taskDefinition: Revision | undefined;
  /** What else is to change, in the names of the API. */
  readonly attributes: JsonObject;
  /** The service just before: a deployment that it does not have is a new one. */
  readonly before: ServiceSnapshot | undefined;
  /** When the service was read that the order is based on, by `Clock.elapsed()`. */
  readonly readAtMs: number;
  /** Reads it again; `undefined` where the order is not based on what deployment is in place. */
  readonly checkPrecondition: (() => Promise<Precondition>) | undefined;
  readonly ecs: EcsReader & EcsWriter;
  readonly clock: Clock;
  /** A number in [0, 1), for jitter. */
  readonly random: () => number;
}

/** What came of an order: the service as ECS answers, or why it was not given. */
export type Started =
  | { readonly kind: "ordered"; readonly service: ServiceSnapshot }
  | { readonly kind: "overtaken"; readonly end: OutcomeKind };

/** An order is based on a service that was read no longer ago than this, or reads it again. */
const PRECONDITION_HOLDS_MS = 1_000;
const LOOK_FOR_MS = 30_000;
const LOOK_EVERY_MS = 2_000;

/**
 * Looks for a PRIMARY deployment that was not there before, for up to 30 s.
 *
 * @param looking the task definition that it is of; `undefined`: the one from before
 * @returns the service with it; `undefined` when none is seen
 */
export async function findNewPrimary(
  { ref, taskDefinition, before, ecs, clock }: Pick<
    Starting,
    "ref" | "taskDefinition" | "before" | "ecs" | "clock"
  >,
  signal: AbortSignal,
): Promise<ServiceSnapshot | undefined> {
  const known = new Set(before?.deployments.map(({ id }) => id));
  const expected = taskDefinition?.arn ?? before?.taskDefinition;
  const untilMs = clock.elapsed() + LOOK_FOR_MS;
  while (clock.elapsed() < untilMs && !signal.aborted) {
    const service = await ecs.describeService(ref, signal).catch((error) => {
      if (error instanceof AwsError) return undefined;
      throw error;
    });
    const primary = service && primaryDeployment(service);
    if (service !== undefined && primary?.taskDefinition === expected && !known.has(primary?.id ?? "")) {
      return service;
    }
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return undefined;
}

/**
 * Gives the service what it is to get, once. UpdateService has no client token, so an order that may have arrived is
 * never repeated: after a lost answer the new deployment, or what else was ordered, is looked for, for up to 30 s. Only
 * what ECS has refused as too much (throttling), or what never left this machine, is sent again, until `signal` is
 * aborted. Somebody may have deployed while it waited: so the service is read again before each order that has waited.
 *
 * @returns the service with its new PRIMARY deployment
 * @throws AwsError when ECS refuses, or when nobody knows whether the order has arrived
 */
export async function* startDeployment(
  starting: Starting,
  signal: AbortSignal,
): AsyncGenerator<PlanEvent, Started, void> {
  const { ref, taskDefinition, attributes, checkPrecondition, ecs, clock } = starting;
  const change = { ...(taskDefinition !== undefined && { taskDefinition: taskDefinition.arn }), attributes };
  const repetition = new Repetition(starting);
  let { before, readAtMs } = starting;
  while (true) {
    if (checkPrecondition !== undefined && clock.elapsed() - readAtMs > PRECONDITION_HOLDS_MS) {
      readAtMs = clock.elapsed();
      const precondition = await checkPrecondition();
      if (precondition.kind === "broken") return { kind: "overtaken", end: precondition.end };
      before = precondition.service;
    }
    try {
      return { kind: "ordered", service: await ecs.updateService(ref, change, signal) };
    } catch (error) {
      if (!(error instanceof AwsError) || signal.aborted) throw error;
      if (mayHaveBeenApplied(error)) {
        yield { kind: "notice", notice: { code: "looksWhetherUpdated", error: error.message } };
        return { kind: "ordered", service: await findStarted({ ...starting, before }, error, signal) };
      }
      await repetition.pauseAfter(error, signal);
    }
  }
}

async function findStarted(starting: Starting, lost: AwsError, signal: AbortSignal): Promise<ServiceSnapshot> {
  const { taskDefinition, attributes } = starting;
  const startsNone = taskDefinition === undefined && !startsDeployment(attributes);
  const found = startsNone ? await findUpdated(starting, signal) : await findNewPrimary(starting, signal);
  if (found !== undefined) return found;
  throw new AwsError({
    operation: lost.operation,
    kind: "lost",
    code: lost.code,
    detail: `${lost.detail}; unknown, may be in flight: ${
      startsNone
        ? `the service was not seen to have ${Object.keys(attributes).join(", ")} as ordered`
        : `no new deployment${taskDefinition === undefined ? "" : ` of ${shortName(taskDefinition)}`} was seen`
    }`,
    requestId: lost.requestId,
  });
}
