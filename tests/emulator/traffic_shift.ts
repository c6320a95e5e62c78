/**
 * ECS's own blue/green, linear and canary deployments: the new tasks start beside the old ones, traffic moves over in
 * stages, and only at the end are the old ones stopped. Followed by the service deployment, stage by stage.
 *
 * A deployment that overtakes another finds two sets of tasks. It begins with RECONCILE_SERVICE, in which the set that
 * gets no production traffic goes.
 *
 * When ECS goes back by itself, traffic is shifted back, and hooks of these two stages run again:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html#lifecycle-hooks-during-rollback
 */
import { primaryOf, rollBackTo, serviceDeploymentInProgress, wakeAt } from "./deployments.ts";
import { heedHooks, startHooks } from "./deployment_hooks.ts";
import type { Deployment, JsonObject, Service, Task, World } from "./model.ts";
import type { ServiceDeployment } from "./service_deployment_model.ts";
import { record } from "./service_events.ts";
import { liveTasks } from "./tasks.ts";

const STAGES = [
  "RECONCILE_SERVICE",
  "PRE_SCALE_UP",
  "SCALE_UP",
  "POST_SCALE_UP",
  "TEST_TRAFFIC_SHIFT",
  "POST_TEST_TRAFFIC_SHIFT",
  "PRE_PRODUCTION_TRAFFIC_SHIFT",
  "PRODUCTION_TRAFFIC_SHIFT",
  "POST_PRODUCTION_TRAFFIC_SHIFT",
  "BAKE_TIME",
  "CLEAN_UP",
];
const MINUTE_MS = 60_000;
/** How long a stage takes in which nothing has to be waited for. */
const BRIEF_STAGE_MS = 2_000;
const DEFAULTS = { stepPercent: 10, stepBakeTimeInMinutes: 6, canaryBakeTimeInMinutes: 10, bakeTimeInMinutes: 0 };

/** Whether a service is deployed by shifting traffic rather than by rolling. */
export function shiftsTraffic(service: Service): boolean {
  return ["BLUE_GREEN", "LINEAR", "CANARY"].includes(String(service.deploymentConfiguration.strategy));
}

/** Takes a deployment through the stages that are over. Returns whether the old tasks may be stopped by now. */
export function shiftTraffic(world: World, service: Service, primary: Deployment): boolean {
  const deployment = serviceDeploymentInProgress(world, service);
  // The first deployment of a service has nothing to shift from.
  if (!deployment || deployment.sourceServiceRevisionArns.length === 0) return true;
  if (deployment.rollback) return shiftBack(world, service, primary, deployment);
  while (deployment.lifecycleStage !== "CLEAN_UP") {
    if (deployment.lifecycleStage && !isOver(world, service, primary, deployment)) return false;
    // A hook may just have turned it back.
    if (deployment.rollback) return false;
    const stage = stageAfter(deployment);
    const problem = stage === "PRODUCTION_TRAFFIC_SHIFT" ? world.misrouted[service.name] : undefined;
    if (problem !== undefined) {
      fails(world, service, primary, deployment, `of invalid networking configuration. ${problem}`);
      return false;
    }
    enter(world, deployment, stage);
  }
  return true;
}

/** The stages of the way back: what has not been shifted need not be shifted back. */
function stagesBack({ lifecycleStage = "" }: ServiceDeployment): string[] {
  const hasReached = (stage: string) => STAGES.indexOf(lifecycleStage) >= STAGES.indexOf(stage);
  return [
    "SCALE_UP",
    ...(hasReached("PRODUCTION_TRAFFIC_SHIFT") ? ["PRODUCTION_TRAFFIC_SHIFT"] : []),
    ...(hasReached("TEST_TRAFFIC_SHIFT") ? ["TEST_TRAFFIC_SHIFT"] : []),
    ...(hasReached("PRODUCTION_TRAFFIC_SHIFT") ? ["BAKE_TIME"] : []),
    "CLEAN_UP",
  ];
}

function shiftBack(world: World, service: Service, primary: Deployment, deployment: ServiceDeployment): boolean {
  if (deployment.stagesBack === undefined) {
    const [first = "CLEAN_UP", ...others] = stagesBack(deployment);
    deployment.stagesBack = others;
    enter(world, deployment, first);
  }
  while (deployment.lifecycleStage !== "CLEAN_UP") {
    if (!isOver(world, service, primary, deployment)) return false;
    enter(world, deployment, deployment.stagesBack.shift() ?? "CLEAN_UP");
  }
  return true;
}

/** The old tasks that nothing is to wait for: they get no production traffic, or are more than are desired. */
export function tasksToSpare(world: World, service: Service, old: readonly Task[]): Task[] {
  // On the way back they have the traffic until that is shifted.
  if (serviceDeploymentInProgress(world, service)?.rollback) return [];
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
  hookId: string,
  action: string,
): void {
  for (const hook of deployment.hooks ?? []) if (hook.hookId === hookId) hook.status = "SUCCEEDED";
  deployment.updatedAtMs = world.nowMs;
  wakeAt(service, world.nowMs);
  if (action === "ROLLBACK") {
    goBack(world, service, deployment, `Lifecycle hook answered with ROLLBACK at ${deployment.lifecycleStage}.`);
  }
}

function goBack(world: World, service: Service, deployment: ServiceDeployment, reason: string): void {
  const source = revisionBefore(world, service, deployment);
  if (source) rollBackTo(world, service, source, reason);
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html */
function fails(
  world: World,
  service: Service,
  primary: Deployment,
  deployment: ServiceDeployment,
  why: string,
): void {
  const reason = `Service deployment rolled back because ${why}`;
  deployment.statusReason = reason;
  record(world, service, `(deployment ${primary.id}) deployment failed: ${reason}`);
  goBack(world, service, deployment, reason);
  record(world, service, `rolling back to deployment ${primaryOf(service)?.id}.`);
}

/** Linear and canary deployments come back to the stage before the production traffic, and to its hooks, at every step. */
function stageAfter({ lifecycleStage, sourceServiceRevisionArns, step = 0, ...others }: ServiceDeployment): string {
  if (lifecycleStage === undefined && sourceServiceRevisionArns.length === 1) return "PRE_SCALE_UP";
  if (lifecycleStage === "PRODUCTION_TRAFFIC_SHIFT" && step < stepsOf(others)) return "PRE_PRODUCTION_TRAFFIC_SHIFT";
  return STAGES[STAGES.indexOf(lifecycleStage ?? "") + 1] ?? "CLEAN_UP";
}

function enter(world: World, deployment: ServiceDeployment, stage: string): void {
  deployment.lifecycleStage = stage;
  deployment.stageEnteredAtMs = deployment.updatedAtMs = world.nowMs;
  if (stage === "PRODUCTION_TRAFFIC_SHIFT") deployment.step = (deployment.step ?? 0) + 1;
  startHooks(world, deployment, stage);
}

function isOver(world: World, service: Service, primary: Deployment, deployment: ServiceDeployment): boolean {
  const verdict = heedHooks(world, service, deployment);
  if (verdict === "wait") return false;
  // What a hook says on the way back turns nothing around any more.
  if (verdict !== "go on" && !deployment.rollback) {
    fails(world, service, primary, deployment, verdict.back);
    return true;
  }
  if (deployment.lifecycleStage === "SCALE_UP") {
    const healthy = liveTasks(world, service).filter((task) => task.startedBy === primary.id && task.healthy);
    return healthy.length >= service.desiredCount;
  }
  const overAtMs = (deployment.stageEnteredAtMs ?? world.nowMs) + durationMs(world, deployment);
  if (world.nowMs < overAtMs) wakeAt(service, overAtMs);
  return world.nowMs >= overAtMs;
}

/** In how many steps the production traffic is shifted. */
function stepsOf({ deploymentConfiguration }: Pick<ServiceDeployment, "deploymentConfiguration">): number {
  const { strategy, linearConfiguration } = deploymentConfiguration;
  if (strategy === "CANARY") return 2;
  if (strategy !== "LINEAR") return 1;
  return Math.ceil(100 / Number((linearConfiguration as JsonObject | undefined)?.stepPercent ?? DEFAULTS.stepPercent));
}

function durationMs(world: World, deployment: ServiceDeployment): number {
  const { lifecycleStage, deploymentConfiguration, step = 0, rollback } = deployment;
  const { strategy, linearConfiguration, canaryConfiguration } = deploymentConfiguration;
  const configured = {
    ...DEFAULTS,
    ...deploymentConfiguration,
    ...linearConfiguration as JsonObject,
    ...canaryConfiguration as JsonObject,
  };
  const isBrief = rollback !== undefined && !world.settings.rollbackTakesSteps;
  if (lifecycleStage === "PRE_PRODUCTION_TRAFFIC_SHIFT") return 0;
  if (lifecycleStage === "BAKE_TIME") return isBrief ? 0 : Number(configured.bakeTimeInMinutes) * MINUTE_MS;
  if (lifecycleStage !== "PRODUCTION_TRAFFIC_SHIFT" || strategy === "BLUE_GREEN" || isBrief) return BRIEF_STAGE_MS;
  const stepMs = MINUTE_MS *
    Number(strategy === "CANARY" ? configured.canaryBakeTimeInMinutes : configured.stepBakeTimeInMinutes);
  const steps = stepsOf(deployment);
  if (rollback) return (steps - 1) * stepMs;
  // No waiting after the last step, which brings the traffic to 100 percent.
  return step < steps ? stepMs : 0;
}
