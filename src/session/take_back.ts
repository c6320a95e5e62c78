import { describeAlarmsCommand } from "../model/aws_cli.ts";
import type { ServiceDeployment } from "../model/service_deployment.ts";
import { optional } from "../errors.ts";
import { classifyEnd } from "../rollout/plan/plan_automatic_rollback.ts";
import type { End, PlanPorts } from "./carry_out.ts";
import { deregisterFailed } from "./deregister_failed.ts";
import { rollBackDeploy, type TakingBack } from "./roll_back_deploy.ts";
import type { Session } from "./session.ts";

/**
 * Takes back a deploy that has failed, where the way in which it has failed is one of the events: another plan through the
 * same execution, with a time limit of its own. Answers with the exit code of a failed deploy: that it was taken back does
 * not make it a success.
 */
export async function takeBack({ end, deployed, ports, request }: TakingBack, session: Session): Promise<number> {
  const { log, stoppedBy, audience } = session;
  const { rollbackEvents, deregistersFailed } = request;
  const hasFailed = end.outcome.kind === "failed" || end.outcome.kind === "rolledBackByEcs";
  if (end.exitCode === 0) return end.exitCode;
  const takesBack = rollbackEvents.size > 0;
  const record = takesBack && stoppedBy() === undefined ? await readRecord(session, ports) : undefined;
  if (stoppedBy() !== undefined) {
    const isEvent = takesBack && classifyEnd(end.outcome, record) !== undefined;
    if (isEvent) log.warn("Interrupted: the deploy is not taken back");
    tellLeft(end, session);
    return end.exitCode;
  }
  const event = takesBack ? classifyEnd(end.outcome, record) : undefined;
  if (event === "DEPLOYMENT_STOP_ON_ALARM") tellAlarms(record?.triggeredAlarms ?? [], session);
  if (event !== undefined && rollbackEvents.has(event)) {
    if (deployed.from !== undefined) {
      log.warn(`${event}: taking the deploy back`);
      audience.tell({ kind: "takingBack", event });
      return await rollBackDeploy({ end, deployed, ports, request }, deployed.from, session);
    }
    log.error(`${event}: there was no service before this deploy, so there is nothing to go back to`);
  } else if (event !== undefined) {
    log.warn(`${event} is none of the events of --rollback-events: the deploy is not taken back`);
  }
  tellLeft(end, session);
  const hasNotBegun = end.outcome.kind === "timedOut" && end.outcome.ordered === "no";
  // Where the time is up, this only tells what is left to do.
  if (deregistersFailed && (hasFailed || hasNotBegun)) await deregisterFailed(ports, session, session.signal);
  return end.exitCode;
}

/** Which alarms have ended the deploy, and how to see them. */
function tellAlarms(names: readonly string[], { ref, log }: Session): void {
  if (names.length === 0) return;
  const which = names.length === 1 ? "the alarm" : "the alarms";
  log.warn(`ended by ${which} ${names.join(", ")}; to see why: ${describeAlarmsCommand(ref, names)}`);
}

/** It stays as it has ended: now it can be said what comes next. */
function tellLeft({ left }: End, { log }: Session): void {
  for (const [level, message] of left) log[level](message);
}

/** ECS's own record of what has failed tells an alarm from a breaker; without it the texts have to do. */
async function readRecord(
  { ref, limits, host, log }: Session,
  { ecs }: PlanPorts,
): Promise<ServiceDeployment | undefined> {
  const signal = AbortSignal.any([limits.stop, host.clock.deadline(RECORD_WITHIN_MS)]);
  const { value, denied } = await optional(ecs.findNewestServiceDeployment(ref, signal), () => true);
  if (denied?.kind === "denied") {
    log.warn(`${denied.message}; whether an alarm has stopped the deploy is not known`);
  } else if (denied !== undefined) log.debug(`ECS's record of the deployment is not read: ${denied.message}`);
  return value;
}

const RECORD_WITHIN_MS = 10_000;
