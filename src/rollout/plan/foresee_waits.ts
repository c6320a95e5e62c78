import { type DeploymentSettings, type PauseHook, updatedSettings } from "../../model/deployment_settings.ts";
import { type JsonObject, objectIn } from "../../model/json.ts";
import type { ServiceSnapshot } from "../../model/service.ts";
import { strategyWith } from "./starts_deployment.ts";

/**
 * How ECS comes back to an earlier revision. A new deployment goes through everything that a deploy goes through. Of a
 * deployment that is stopped, traffic is shifted back, and AWS does not say whether in steps; no hook pauses that, for none
 * may pause at the stages that run again:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/lambda-lifecycle-hooks.html#lifecycle-hooks-during-rollback
 */
export type WayBack = "newDeployment" | "stoppedDeployment";

/**
 * What will make a way back slow: hooks that wait for a person, steps, bake time, and a timeout that is shorter than these.
 * Rolling deployments have none of it. Pure.
 *
 * @param timeoutMs the limit of the command; 0 without a limit, or with --no-wait
 * @param attributes what the service gets with the new deployment, which moves by that already
 * @returns a line each
 */
export function foreseeWaits(
  service: Pick<ServiceSnapshot, "deploymentSettings" | "deploymentStrategy">,
  way: WayBack,
  timeoutMs: number,
  attributes: JsonObject = {},
): string[] {
  const strategy = strategyWith(attributes, service);
  if (strategy === "ROLLING") return [];
  const configuration = objectIn(attributes.deploymentConfiguration);
  const deploymentSettings = updatedSettings(service.deploymentSettings, configuration, strategy);
  const { pauses } = deploymentSettings;
  const minutes = shiftMinutes(deploymentSettings) + deploymentSettings.bakeMinutes;
  const parts = describeParts(deploymentSettings);
  if (way === "stoppedDeployment") {
    if (minutes === 0) return [];
    return [
      `ECS may shift traffic back as slowly as it shifted it: ${parts.join(", ")}` +
      tooShort(minutes, timeoutMs, "it may not be back within"),
    ];
  }
  const lines = pauses.map((pause) => describePause(pause, deploymentSettings.shift.steps));
  if (minutes > 0) {
    lines.push(
      `rolling back takes a whole deployment: ${parts.join(", ")}; at least ${inWords(minutes)}, ` +
        `plus the start of its tasks${tooShort(minutes, timeoutMs, "it will not be completed within")}`,
    );
  }
  return lines;
}

function shiftMinutes({ shift: { steps, stepMinutes } }: DeploymentSettings): number {
  return (steps - 1) * stepMinutes;
}

function describeParts(settings: DeploymentSettings): string[] {
  const { shift: { steps, stepMinutes }, bakeMinutes } = settings;
  return [
    ...(shiftMinutes(settings) > 0 ? [`traffic is shifted in ${steps} steps, ${inWords(stepMinutes)} apart`] : []),
    ...(bakeMinutes > 0
      ? [`the old tasks stay for ${inWords(bakeMinutes)} after the traffic was shifted (bake time)`]
      : []),
  ];
}

/** The stage before the production traffic comes anew with every step (API reference, ServiceDeployment). */
function describePause({ stages, timeoutMinutes, timeoutAction }: PauseHook, steps: number): string {
  const where = stages.map((stage) =>
    stage === "PRE_PRODUCTION_TRAFFIC_SHIFT" && steps > 1 ? `${stage}, ${steps} times,` : stage
  );
  const otherwise = timeoutAction === "CONTINUE" ? "it goes on by itself" : "ECS turns it back";
  return `rolling back stops at ${where.join(" and at ")} until somebody answers (PAUSE hook); after ${
    inWords(timeoutMinutes)
  } ${otherwise}`;
}

const MINUTE_MS = 60_000;

function tooShort(minutes: number, timeoutMs: number, otherwise: string): string {
  if (timeoutMs === 0 || minutes * MINUTE_MS < timeoutMs) return "";
  return `; ${otherwise} the timeout of ${inWords(timeoutMs / MINUTE_MS)}: give a longer --timeout, or --no-wait`;
}

/** `90 seconds`, `10 minutes`, `24 hours`. */
function inWords(minutes: number): string {
  if (minutes < 1 || !Number.isInteger(minutes)) return plural(Math.round(minutes * 60), "second");
  return minutes % 60 === 0 ? plural(minutes / 60, "hour") : plural(minutes, "minute");
}

function plural(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
