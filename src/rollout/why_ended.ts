import type { ServiceDeployment } from "../model/service_deployment.ts";

/** What has ended a deployment before its success: an alarm, a failure that ECS has seen by itself, or somebody's request. */
export type Ender = "alarm" | "failure" | "request";

/**
 * What has ended a deployment, or made ECS go back: by ECS's own record of it, and of that first by what has triggered.
 * Where the record names nothing, by the texts and by `reason`, which ECS has said elsewhere.
 */
export function whyEnded(record: ServiceDeployment | undefined, reason: string | undefined): Ender {
  if (record?.triggered.includes("alarm")) return "alarm";
  if (record?.triggered.includes("circuit breaker")) return "failure";
  const text = withoutNames([record?.statusReason, record?.rollback?.reason, reason].join(" "));
  // Not as a part of a longer name, such as that of the service `alarm-api` in an ARN.
  if (/(?<![\w.:/-])alarms?(?![\w/-])/i.test(text)) return "alarm";
  if (/circuit breaker|lifecycle hook/i.test(text) || namesAFault(text)) return "failure";
  return record !== undefined && /^(STOP|ROLLBACK)/.test(record.status) ? "request" : "failure";
}

/** `Service deployment rolled back because of invalid networking configuration: ...`, and not because somebody wanted it. */
function namesAFault(text: string): boolean {
  return /\brolled back because\b/i.test(text) && !/\b(?:requested|user|StopServiceDeployment)\b/i.test(text);
}

/** Names may be anything: `(service cpu-alarm) rolling back to deployment ecs-svc/1.` */
function withoutNames(text: string): string {
  return text.replace(/\([^()]*\)/g, "").replace(/\bservice ["'`]?[\w-]+/gi, "");
}

/** Why a deploy may be rolled back by itself: the events of CodeDeploy, whose names users know. */
export const ROLLBACK_EVENTS = [
  "DEPLOYMENT_FAILURE",
  "DEPLOYMENT_STOP_ON_ALARM",
  "DEPLOYMENT_STOP_ON_REQUEST",
] as const;

export type RollbackEvent = (typeof ROLLBACK_EVENTS)[number];
