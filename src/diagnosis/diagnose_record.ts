import { regionOf } from "../model/arn.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import type { Cause, CauseCode } from "./cause.ts";
import { withoutFiller } from "./clean_text.ts";
import { findCode } from "./find_code.ts";
import { findSubject } from "./find_subject.ts";

/** What a text about the deployment as a whole can say. */
const OF_DEPLOYMENT: ReadonlySet<CauseCode> = new Set<CauseCode>([
  ...["alarm", "hookFailed", "hookTimedOut", "trafficConfigInvalid", "tasksFailedToStart", "stopRequested"] as const,
]);

/**
 * Why the deployment as a whole has failed, by ECS's own record of it and by its rolloutStateReason; `undefined` where
 * neither names a cause. `Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. ...`
 */
export function diagnoseRecord(
  record: ServiceDeployment | undefined,
  rolloutStateReason: string | undefined,
): Cause | undefined {
  const texts = [record?.statusReason, record?.rollback?.reason, rolloutStateReason].flatMap((text) => text ?? []);
  const alarms = record?.triggeredAlarms ?? [];
  const found = texts.map((text) => ({ said: withoutFiller(text), code: codeOf(text) })).find(({ code }) => code);
  const isAlarm = record?.triggered.includes("alarm") ?? false;
  const code = isAlarm ? "alarm" : found?.code;
  if (code === undefined) return undefined;
  const region = record && regionOf(record.arn);
  const said = found?.code === code ? found.said : withoutFiller(texts[0] ?? "");
  return {
    ...{ code, container: undefined, exitCode: undefined, count: 1, taskArn: undefined, said },
    about: { ...findSubject(said), ...(alarms.length > 0 && { alarms, ...(region !== undefined && { region }) }) },
    atMs: record?.rollback?.startedAtMs ?? record?.finishedAtMs,
  };
}

function codeOf(text: string): CauseCode | undefined {
  // Names may be anything: `(service cpu-alarm) rolling back to deployment ecs-svc/1.`
  const code = findCode(text.replace(/\(service [^()]*\) /g, ""));
  return code !== undefined && OF_DEPLOYMENT.has(code) ? code : undefined;
}
