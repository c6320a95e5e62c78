/**
 * ECS's own blue/green, linear and canary deployments: the new tasks start beside the old ones, traffic moves over in
 * stages, and only at the end are the old ones stopped. Followed by the service deployment, stage by stage.
 *
 * A deployment that overtakes another finds two sets of tasks. It begins with RECONCILE_SERVICE, in which the set that
 * gets no production traffic goes.
 */
import { rollBackTo, serviceDeploymentInProgress, wakeAt } from "./deployments.ts";
import { newUuid } from "./identifiers.ts";
import type { Deployment, JsonObject, Service, ServiceDeployment, Task, World } from "./model.ts";
import { liveTasks } from "./tasks.ts";

const STAGES = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  "BAKE_TIME",
  "CLEAN_UP",
];
const MINUTE_MS = 60_000;
/** How long a stage takes in which nothing has to be waited for. */
const BRIEF_STAGE_MS = 2_000;
const DEFAULT_HOOK_TIMEOUT_MINUTES = 1_440;
const DEFAULTS = { stepPercent: 10, stepBakeTimeInMinutes: 6, canaryBakeTimeInMinutes: 10, bakeTimeInMinutes: 0 };

/** Whether a service is deployed by shifting traffic rather than by rolling. */
export function shiftsTraffic(service: Service): boolean {
  return ["BLUE_GREEN", "LINEAR", "CANARY"].includes(String(service.deploymentConfiguration.strategy));
}

/** Takes a deployment through the stages that are over. Returns whether the old tasks may be stopped by now. */
export function shiftTraffic(world: World, service: Service, primary: Deployment): boolean {
  const deployment = serviceDeploymentInProgress(world, service);
  // The first deployment of a service has nothing to shift from, and a rollback goes back at once.
  if (!deployment || deployment.sourceServiceRevisionArns.length === 0) return true;
  while (!deployment.rollback && deployment.lifecycleStage !== "CLEAN_UP") {
    if (deployment.lifecycleStage && !isOver(world, service, primary, deployment)) return false;
    if (deployment.rollback) return true;
    enter(world, deployment, stageAfter(deployment));
  }
  return true;
}

/** The old tasks that nothing is to wait for: they get no production traffic, or are more than are desired. */
export function tasksToSpare(service: Service, old: readonly Task[]): Task[] {
  const blue = service.deployments.filter((one) => one.serviceRevisionArn === service.blueRevisionArn);
  const isBlue = (task: Task) => blue.some(({ id }) => id === task.startedBy);
  return [...old.filter((task) => !isBlue(task)), ...old.filter(isBlue).slice(service.desiredCount)];
}

/** What a service deployment goes back to: of several sources the one that gets the traffic, where traffic is shifted. */
export function revisionBefore(world: World, service: Service, deployment: ServiceDeployment) {
  const sources = deployment.sourceServiceRevisionArns;
  const blue = shiftsTraffic(service) ? sources.find((arn) => arn === service.blueRevisionArn) : undefined;
  return world.serviceRevisions.find(({ arn }) => arn === (blue ?? sources[0]));
}

/** Answers a hook that has paused a service deployment. */
export function answerHook(
  world: World,
  service: Service,
  deployment: ServiceDeployment,
  action: string,
  answer: "SUCCEEDED" | "TIMED_OUT" = "SUCCEEDED",
): void {
  if (deployment.pausedHook) deployment.pausedHook.status = answer;
  deployment.updatedAtMs = world.nowMs;
  wakeAt(service, world.nowMs);
  if (action !== "ROLLBACK") return;
  const source = revisionBefore(world, service, deployment);
  if (source) {
    rollBackTo(world, service, source, `Lifecycle hook answered with ROLLBACK at ${deployment.lifecycleStage}.`);
  }
}

function stageAfter({ lifecycleStage, sourceServiceRevisionArns }: ServiceDeployment): string {
  if (lifecycleStage === undefined && sourceServiceRevisionArns.length === 1) return "PRE_SCALE_UP";
  return STAGES[STAGES.indexOf(lifecycleStage ?? "") + 1] ?? "CLEAN_UP";
}

function enter(world: World, deployment: ServiceDeployment, stage: string): void {
  deployment.lifecycleStage = stage;
  deployment.stageEnteredAtMs = deployment.updatedAtMs = world.nowMs;
  delete deployment.pausedHook;
  const hooks = (deployment.deploymentConfiguration.lifecycleHooks ?? []) as JsonObject[];
  const hook = hooks.find(({ targetType, lifecycleStages }) =>
    targetType === "PAUSE" && (lifecycleStages as string[]).includes(stage)
  );
  if (!hook) return;
  const { timeoutInMinutes, action } = (hook.timeoutConfiguration ?? {}) as JsonObject;
  deployment.pausedHook = {
    hookId: newUuid(world),
    status: "AWAITING_ACTION",
    expiresAtMs: world.nowMs + Number(timeoutInMinutes ?? DEFAULT_HOOK_TIMEOUT_MINUTES) * MINUTE_MS,
    timeoutAction: String(action ?? "ROLLBACK"),
  };
}

function isOver(world: World, service: Service, primary: Deployment, deployment: ServiceDeployment): boolean {
  const hook = deployment.pausedHook;
  if (hook?.status === "AWAITING_ACTION") {
    if (world.nowMs >= hook.expiresAtMs) answerHook(world, service, deployment, hook.timeoutAction, "TIMED_OUT");
    else wakeAt(service, hook.expiresAtMs);
    return hook.status !== "AWAITING_ACTION";
  }
  if (deployment.lifecycleStage === "SCALE_UP") {
    const healthy = liveTasks(world, service).filter((task) => task.startedBy === primary.id && task.healthy);
    return healthy.length >= service.desiredCount;
  }
  const overAtMs = (deployment.stageEnteredAtMs ?? world.nowMs) + durationMs(deployment);
  if (world.nowMs < overAtMs) wakeAt(service, overAtMs);
  return world.nowMs >= overAtMs;
}

function durationMs({ lifecycleStage, deploymentConfiguration }: ServiceDeployment): number {
  const { strategy, linearConfiguration, canaryConfiguration } = deploymentConfiguration;
  const configured = {
    ...DEFAULTS,
    ...deploymentConfiguration,
    ...linearConfiguration as JsonObject,
    ...canaryConfiguration as JsonObject,
  };
  if (lifecycleStage === "BAKE_TIME") return Number(configured.bakeTimeInMinutes) * MINUTE_MS;
  if (lifecycleStage !== "PRODUCTION_TRAFFIC_SHIFT" || strategy === "BLUE_GREEN") return BRIEF_STAGE_MS;
  if (strategy === "CANARY") return Number(configured.canaryBakeTimeInMinutes) * MINUTE_MS;
  // No waiting after the last step, which brings the traffic to 100 percent.
  const waits = Math.ceil(100 / Number(configured.stepPercent)) - 1;
  return waits * Number(configured.stepBakeTimeInMinutes) * MINUTE_MS;
}
