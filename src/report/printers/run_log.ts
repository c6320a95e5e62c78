import type { PrintedEvent } from "../printer.ts";
import type { Cause } from "../../diagnosis/cause.ts";
import { normalizeMessage } from "../../diagnosis/clean_text.ts";
import { keyOf } from "../../diagnosis/diagnose.ts";
import { isRoutineEvent, reportsFailure } from "../../diagnosis/diagnose_events.ts";
import { type Deployment, primaryDeployment } from "../../model/service.ts";
import type { ServiceDeployment } from "../../model/service_deployment.ts";
import type { RolloutEvent, RunEvent } from "../../rollout/events.ts";
import { describeBaking, describeSight } from "../bake_text.ts";
import type { Named } from "../messages/cases.ts";
import { describeEvent } from "./event_text.ts";
import { ProgressLine } from "../fleet/progress_line.ts";
import { info, type Line, warn } from "../messages/log.ts";
import { adviseOnCause, renderCause, renderGrowth } from "../messages/causes/cause_text.ts";
import { describeStage, renderCounts, renderHooks } from "../progress_text.ts";
import { currentPlan, indexIn, type RunState, serviceIn } from "../state.ts";
import { nameOfTarget } from "../ending.ts";

/** The first counts of a deployment are logged at once, later ones less often. */
const FIRST_COUNTS = 3;
const COUNTS_EVERY_MS = 10_000;
/** How often the log repeats a known cause whose count has grown. */
const GROWTH_EVERY_MS = 30_000;

/** How often the log reports on a bake once it has lasted that long. */
const BAKED_EVERY_MS = 600_000;

/** What was logged about one service. */
class ServiceLog {
  counts = new Set<string>();
  countsAtMs = 0;
  causes = new Map<string, number>();
  causesAtMs = 0;
  /** What was last seen of a bake, and what of it was last logged without `--verbose`. */
  seen = "";
  baked = "";
  bakedAtMs = -Infinity;
}

/** The lines of a log, for all printers: each fact once. NDJSON has all events, and `--verbose` adds ECS's own words. */
export class RunLog {
  /** By the service's index in the state. */
  readonly #services: ServiceLog[] = [];
  readonly #advice = new Set<string>();
  readonly #texts = new Set<string>();
  readonly #all = new ProgressLine();

  /** @param state after the event */
  describe(event: PrintedEvent, state: RunState, isVerbose: boolean): Line[] {
    const lines = this.#describeEvent(event, state);
    if (state.all?.isDryRun !== false || state.exitCode !== undefined) return lines;
    const isLogging = lines.some((line) => isLogged(line, isVerbose));
    return [...lines, ...this.#all.describe(state, isLogging, isInProgress(event))];
  }

  #describeEvent(event: PrintedEvent, state: RunState): Line[] {
    switch (event.kind) {
      case "planned":
        Object.assign(this.#logOf(event, state), new ServiceLog());
        return describeEvent(event, state);
      case "stepStarted":
        return [...describeEvent(event, state), ...detailStep(event)];
      case "progress":
        return this.#describeProgress(event, state);
      case "baking":
        return this.#describeBaking(event, state);
      case "causes":
        return this.#describeCauses(event, state);
      default:
        return describeEvent(event, state);
    }
  }

  #logOf({ service }: Pick<Of<"planned">, "service">, state: RunState): ServiceLog {
    return this.#services[indexIn(state.services, service)] ??= new ServiceLog();
  }

  #describeProgress(event: Of<"progress">, state: RunState): Line[] {
    const { events, deployments, serviceDeployment } = event.progress;
    // ECS's answer to an order shows the tasks as they were, beside a new deployment without any: that is not logged.
    const isWaiting = currentPlan(serviceIn(state, event.service))?.step?.kind === "awaitDeployment";
    // With many services, a line says how many of them are done.
    const counts = deployments.length === 0 ? [] : describeCounts(deployments, this.#logOf(event, state), state.nowMs);
    return [
      ...events.flatMap(({ message }) => only(this.#isNews(message) ? undefined : "verbose", info(message))),
      ...only(isWaiting && state.services.length === 1 ? undefined : "verbose", counts),
      ...(serviceDeployment === undefined ? [] : describeStages(serviceDeployment)),
    ];
  }

  /** Logs changes, after some minutes less often; not for many services, whose closing lines have the verdict. */
  #describeBaking(event: Of<"baking">, state: RunState): Line[] {
    const { bake } = serviceIn(state, event.service);
    const log = this.#logOf(event, state);
    if (bake === undefined) return [];
    const seen = describeSight(bake);
    const isDue = (bake.elapsedMs ?? 0) < BAKED_EVERY_MS || state.nowMs - log.bakedAtMs >= BAKED_EVERY_MS;
    const isNews = seen !== log.baked && isDue && state.services.length === 1;
    const hasChanged = seen !== log.seen;
    log.seen = seen;
    if (isNews) Object.assign(log, { baked: seen, bakedAtMs: state.nowMs });
    if (!hasChanged && !isNews) return [];
    return only(!isNews ? "verbose" : hasChanged ? undefined : "brief", info(describeBaking(bake)));
  }

  #describeCauses(event: Of<"causes">, state: RunState): Line[] {
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
    return [
      ...warn(...grown.map((cause) => renderGrowth(cause, of))),
      ...fresh.flatMap((cause) => [...describeFresh(cause, of), ...this.#adviseOn(cause, state)]),
    ];
  }

  /**
   * Each advice is given once, whichever services it is for. In a run of one service, the closing lines give it, beside
   * the commands.
   */
  #adviseOn(cause: Cause, { services }: RunState): Line[] {
    const advice = adviseOnCause(cause);
    if (advice === undefined || this.#advice.has(advice)) return [];
    this.#advice.add(advice);
    return only(services.length > 1 ? undefined : "verbose", warn(`advice: ${advice}`));
  }

  /** Whether ECS's event is new, and neither routine nor about a failure: other lines of the log say those. */
  #isNews(message: string): boolean {
    const text = normalizeMessage(message);
    if (isRoutineEvent(message) || reportsFailure({ message }) || this.#texts.has(text)) return false;
    this.#texts.add(text);
    return true;
  }
}

function describeFresh(cause: Cause, of: string | undefined): Line[] {
  const [brief, verbose] = [renderCause(cause, of), renderCause(cause, of, true)];
  return brief === verbose ? warn(brief) : [...only("brief", warn(brief)), ...only("verbose", warn(verbose))];
}

/** Lines that only a log with `--verbose` has, or only one without; `undefined`: both. */
function only(mark: "verbose" | "brief" | undefined, lines: readonly Line[]): Line[] {
  return lines.map(([level, message, about]) => [level, message, about, mark]);
}

/** Whether a log has the line. */
export function isLogged([, , , mark]: Line, isVerbose: boolean): boolean {
  return mark !== (isVerbose ? "brief" : "verbose");
}

/** Whether the deployment goes on: if it has ended, the next event says so. */
function isInProgress(event: PrintedEvent): boolean {
  if (event.kind !== "progress") return false;
  const primary = primaryDeployment(event.progress);
  return primary?.rolloutState === undefined || primary.rolloutState === "IN_PROGRESS";
}

/** One line for all deployments. Counts that come again show tasks that restart: their causes say more. */
function describeCounts(deployments: readonly Deployment[], log: ServiceLog, nowMs: number): Line[] {
  const text = renderCounts(deployments);
  const { desiredCount, runningCount } = primaryDeployment({ deployments }) ?? deployments[0]!;
  const isDue = log.counts.size < FIRST_COUNTS || nowMs - log.countsAtMs >= COUNTS_EVERY_MS ||
    runningCount === desiredCount;
  if (!isDue || log.counts.has(text)) return [];
  log.counts.add(text);
  log.countsAtMs = nowMs;
  return info(text);
}

type Of<Kind extends RolloutEvent["kind"]> = Named<RunEvent, "kind", Kind>;

/** Details that the announcement of a step leaves out. */
function detailStep({ step }: Of<"stepStarted">): Line[] {
  if (step.kind !== "stopDeployment") return [];
  return only("verbose", info(`Stopping the deployment under way: ${step.arn}`));
}

/** The counts say enough about a rolling deployment, and the outcome says how any deployment ended. */
function describeStages(deployment: ServiceDeployment): Line[] {
  const isShown = deployment.lifecycleStage !== undefined && deployment.status === "IN_PROGRESS";
  return [...only(isShown ? undefined : "verbose", info(describeStage(deployment))), ...renderHooks(deployment)];
}
