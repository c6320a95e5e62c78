/**
 * Lifecycle hooks of a deployment: a PAUSE waits for ContinueServiceDeployment, a function answers by itself; both run out
 * of time. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/pause-lifecycle-hooks.html and
 * .../lambda-lifecycle-hooks.html
 */
import { wakeAt } from "./deployments.ts";
import { newUuid } from "./identifiers.ts";
import type { HookRun, ServiceDeployment } from "./service_deployment_model.ts";
import type { JsonObject, Service, World } from "./model.ts";

const MINUTE_MS = 60_000;
const DEFAULT_TIMEOUT_MINUTES = 1_440;
const FUNCTION_ANSWERS = { afterMs: 5_000, status: "SUCCEEDED" } as const;

/** Starts the hooks of the stage that a deployment has entered. */
export function startHooks(world: World, deployment: ServiceDeployment, stage: string): void {
  const hooks = (deployment.deploymentConfiguration.lifecycleHooks ?? []) as JsonObject[];
  const ofStage = hooks.filter(({ lifecycleStages }) => (lifecycleStages as string[]).includes(stage));
  deployment.hooks = ofStage.map((hook) => startHook(world, hook));
}

function startHook(world: World, { targetType, hookTargetArn, timeoutConfiguration }: JsonObject): HookRun {
  const { timeoutInMinutes, action } = (timeoutConfiguration ?? {}) as JsonObject;
  const common = {
    hookId: newUuid(world),
    expiresAtMs: world.nowMs + Number(timeoutInMinutes ?? DEFAULT_TIMEOUT_MINUTES) * MINUTE_MS,
    timeoutAction: String(action ?? "ROLLBACK"),
  };
  if (targetType === "PAUSE") return { ...common, targetType, status: "AWAITING_ACTION" };
  const targetArn = String(hookTargetArn);
  const { afterMs, status } = world.functions[targetArn] ?? FUNCTION_ANSWERS;
  const answer = { atMs: world.nowMs + afterMs, status };
  return { ...common, targetType: "AWS_LAMBDA", targetArn, status: "IN_PROGRESS", answer };
}

/** What the hooks of a stage come to: they are waited for, or the deployment goes on, or back for the reason given. */
type Verdict = "wait" | "go on" | { back: string };

/**
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html; what AWS says of a PAUSE that
 * nobody has answered is written down nowhere.
 */
function whyFailed({ status, targetArn, hookId }: HookRun): string {
  if (status === "FAILED") return `Lifecycle hook target ${targetArn} returned FAILED status.`;
  return targetArn === undefined
    ? `Lifecycle hook ${hookId} timed out.`
    : `ECS was unable to parse the response from ${targetArn} due to HookStatus must not be null`;
}

/** Lets the hooks answer whose time has come. */
export function heedHooks(world: World, service: Service, deployment: ServiceDeployment): Verdict {
  let verdict: Verdict = "go on";
  for (const hook of deployment.hooks ?? []) {
    const isOpen = hook.status === "AWAITING_ACTION" || hook.status === "IN_PROGRESS";
    const answersAtMs = hook.answer?.atMs ?? Infinity;
    if (isOpen && world.nowMs >= Math.min(answersAtMs, hook.expiresAtMs)) {
      hook.status = answersAtMs <= hook.expiresAtMs ? hook.answer!.status : "TIMED_OUT";
      deployment.updatedAtMs = world.nowMs;
    } else if (isOpen) {
      wakeAt(service, Math.min(answersAtMs, hook.expiresAtMs));
      verdict = "wait";
    }
    const isOver = hook.status === "FAILED" || (hook.status === "TIMED_OUT" && hook.timeoutAction === "ROLLBACK");
    if (!isOver) continue;
    return { back: `${deployment.lifecycleStage} lifecycle hook(s) failed. ${whyFailed(hook)}` };
  }
  return verdict;
}
