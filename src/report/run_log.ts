import type { PrintedEvent } from "./printer.ts";
import type { Cause } from "../diagnosis/cause.ts";
import { normalizeMessage } from "../diagnosis/clean_text.ts";
import { keyOf } from "../diagnosis/diagnose.ts";
import { isRoutineEvent, speaksOfFailure } from "../diagnosis/diagnose_events.ts";
import type { Deployment } from "../model/service.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type { RolloutEvent, RunEvent } from "../rollout/events.ts";
import { describeBaking, describeSight } from "./bake_text.ts";
import type { Named } from "./cases.ts";
import { describeEvent } from "./event_text.ts";
import { ProgressLine } from "./fleet/progress_line.ts";
import { info, type Line, warn } from "./log.ts";
import { adviseOnCause, renderCause, renderGrowth } from "./messages/cause_text.ts";
import { describeStage, renderCounts, renderHooks } from "./progress_text.ts";
import { currentPlan, indexIn, type RunState, serviceIn } from "./state.ts";
import { nameOfTarget } from "./ending.ts";

/** The counts that begin a deployment are written at once; those in the middle of a large one now and then. */
const FIRST_COUNTS = 3;
const COUNTS_EVERY_MS = 10_000;
/** How often the log says that a known cause has stopped more tasks. */
const GROWTH_EVERY_MS = 30_000;

/** How often the log says how it goes with a baking of hours. */
const BAKED_EVERY_MS = 600_000;

/** What the log has said of one service. */
class ServiceLog {
  counts = new Set<string>();
  countsAtMs = 0;
  causes = new Map<string, number>();
  causesAtMs = 0;
  baked = "";
  bakedAtMs = -Infinity;
}

/** What the log says of a run, each thing once. NDJSON has all of it, and `--verbose` ECS's own words besides. */
export class RunLog {
  /** By the service's place among all. */
  readonly #services: ServiceLog[] = [];
  readonly #advice = new Set<string>();
  readonly #texts = new Set<string>();
  readonly #all = new ProgressLine();

  /** @param state after the event */
  describe(event: PrintedEvent, state: RunState, isVerbose: boolean): Line[] {
    const lines = this.#describeEvent(event, state, isVerbose);
    const isUnderWay = state.all?.isDryRun === false && state.exitCode === undefined;
    return isUnderWay ? [...lines, ...this.#all.describe(state, lines.length > 0, isCalm(event))] : lines;
  }

  #describeEvent(event: PrintedEvent, state: RunState, isVerbose: boolean): Line[] {
    switch (event.kind) {
      case "planned":
        Object.assign(this.#logOf(event, state), new ServiceLog());
        return describeEvent(event, state);
      case "stepStarted":
        return [...describeEvent(event, state), ...(isVerbose ? detailStep(event) : [])];
      case "progress":
        return this.#describeProgress(event, state, isVerbose);
      case "baking":
        return this.#describeBaking(event, state, isVerbose);
      case "causes":
        return this.#describeCauses(event, state, isVerbose);
      default:
        return describeEvent(event, state);
    }
  }

  #logOf({ service }: Pick<Of<"planned">, "service">, state: RunState): ServiceLog {
    return this.#services[indexIn(state.services, service)] ??= new ServiceLog();
  }

  #describeProgress(event: Of<"progress">, state: RunState, isVerbose: boolean): Line[] {
    const { events, deployments, serviceDeployment } = event.progress;
    const shown = events.filter(({ message }) => this.#isNews(message) || isVerbose);
    // What ECS answers to an order is what was there before, with a new deployment that has nothing yet.
    const isWaiting = currentPlan(serviceIn(state, event.service))?.step?.kind === "awaitDeployment";
    // Of many services, a line says how many of them are done.
    const isShown = (isWaiting && state.services.length === 1) || isVerbose;
    const counts = deployments.length === 0 ? [] : describeCounts(deployments, this.#logOf(event, state), state.nowMs);
    return [
      ...info(...shown.map(({ message }) => message)),
      ...(isShown ? counts : []),
      ...(serviceDeployment === undefined ? [] : describeStages(serviceDeployment, isVerbose)),
    ];
  }

  /** What is new; after some minutes, and of many services, the end says most of it. */
  #describeBaking(event: Of<"baking">, state: RunState, isVerbose: boolean): Line[] {
    const { bake } = serviceIn(state, event.service);
    const log = this.#logOf(event, state);
    if (bake === undefined || (state.services.length > 1 && !isVerbose)) return [];
    const [seen, before] = [describeSight(bake), log.baked];
    const isDue = (bake.elapsedMs ?? 0) < BAKED_EVERY_MS || state.nowMs - log.bakedAtMs >= BAKED_EVERY_MS;
    if (seen === before || (!isDue && !isVerbose)) return [];
    Object.assign(log, { baked: seen, bakedAtMs: state.nowMs });
    return info(describeBaking(bake));
  }

  #describeCauses(event: Of<"causes">, state: RunState, isVerbose: boolean): Line[] {
    const { causes } = event;
    const log = this.#logOf(event, state);
    const known = log.causes;
    const fresh = causes.filter((cause) => !known.has(keyOf(cause)));
    const grown = causes.filter((cause) => cause.count > (known.get(keyOf(cause)) ?? Infinity));
    const isDue = fresh.length > 0 || state.nowMs - log.causesAtMs >= GROWTH_EVERY_MS;
    if (!isDue) return [];
    log.causesAtMs = state.nowMs;
    log.causes = new Map([...known, ...causes.map((cause) => [keyOf(cause), cause.count] as const)]);
    const of = nameOfTarget(serviceIn(state, event.service));
    // Of one service alone, its end says what to do, with the command that comes before or after that.
    const advises = state.services.length > 1 || isVerbose;
    return warn(
      ...grown.map((cause) => renderGrowth(cause, of)),
      ...fresh.flatMap((cause) => [renderCause(cause, of, isVerbose), ...(advises ? this.#adviseOn(cause) : [])]),
    );
  }

  /** Once, whichever services it is for. */
  #adviseOn(cause: Cause): string[] {
    const advice = adviseOnCause(cause);
    if (advice === undefined || this.#advice.has(advice)) return [];
    this.#advice.add(advice);
    return [`advice: ${advice}`];
  }

  /** Whether our own lines do not say it, nor the causes, and none like it was written before. */
  #isNews(message: string): boolean {
    const text = normalizeMessage(message);
    if (isRoutineEvent(message) || speaksOfFailure({ message }) || this.#texts.has(text)) return false;
    this.#texts.add(text);
    return true;
  }
}

/** Whether a deployment just goes on: what has ended is said with the next event. */
function isCalm(event: PrintedEvent): boolean {
  if (event.kind !== "progress") return false;
  const primary = event.progress.deployments.find(({ status }) => status === "PRIMARY");
  return primary?.rolloutState === undefined || primary.rolloutState === "IN_PROGRESS";
}

/** One line for all deployments. What was said before is a loop, of which the causes say more. */
function describeCounts(deployments: readonly Deployment[], log: ServiceLog, nowMs: number): Line[] {
  const text = renderCounts(deployments);
  const { desiredCount, runningCount } = deployments.find(({ status }) => status === "PRIMARY") ?? deployments[0]!;
  const isDue = log.counts.size < FIRST_COUNTS || nowMs - log.countsAtMs >= COUNTS_EVERY_MS ||
    runningCount === desiredCount;
  if (!isDue || log.counts.has(text)) return [];
  log.counts.add(text);
  log.countsAtMs = nowMs;
  return info(text);
}

type Of<Kind extends RolloutEvent["kind"]> = Named<RunEvent, "kind", Kind>;

/** What the line of the plan leaves out. */
function detailStep({ step }: Of<"stepStarted">): Line[] {
  return step.kind === "stopDeployment" ? info(`Stopping the deployment under way: ${step.arn}`) : [];
}

/** Of a rolling deployment the counts say it all; its end, like any other, is said by the outcome. */
function describeStages(deployment: ServiceDeployment, isVerbose: boolean): Line[] {
  const isShown = isVerbose || (deployment.lifecycleStage !== undefined && deployment.status === "IN_PROGRESS");
  return [...(isShown ? info(describeStage(deployment)) : []), ...renderHooks(deployment)];
}
