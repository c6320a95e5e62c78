import { UsageError } from "../../errors.ts";
import { clusterName, serviceName } from "../../model/arn.ts";
import { choiceOf } from "../../rollout/read/revision_choice.ts";
import { type PlanFile, type PlanFileService, readPlanFile } from "../plan_file/read_plan_file.ts";
import type { Ending } from "../../report/exit_code.ts";
import type { SessionOpener } from "../command_run.ts";
import { pickServices } from "../pick_services.ts";
import type { Session } from "../session.ts";
import { reportPlanFile } from "../plan_file/write_plan_file.ts";
import { parseReason, requireReason } from "../reason.ts";
import { findConflict } from "../rollback_conflicts.ts";
import { rollBack } from "./plan_rollbacks.ts";
import type { RollbackRequest, RollbackTarget } from "../rollback_request.ts";

/**
 * Carries out the plan in a file, which has the services, targets and options. Returns the ending.
 *
 * @param names the services of the plan that are meant; empty: all of them
 */
export async function runPlanFile(
  path: string,
  typed: RollbackRequest,
  names: readonly string[],
  { start, open }: SessionOpener,
): Promise<Ending> {
  const whole = await readPlanFile(path, await start());
  const chosen = names.length === 0
    ? whole.services
    : await pickServices(whole.services, names, { file: { kind: "plan", path }, namesOf: (one) => one.names });
  const selectors = chosen.map(({ selector }) => selector);
  const services = { selectors, fleet: undefined, names: [], maxServices: selectors.length };
  const sessions = await open({ services, timeoutMs: whole.carried.givenTimeoutMs });
  const { options, targets } = readRollbacks({ ...whole, services: chosen }, sessions, typed);
  return await rollBack(sessions, targets, options);
}

/** What to do according to the file; options on the command line win. */
function readRollbacks(file: PlanFile, sessions: readonly Session[], typed: RollbackRequest) {
  const { path, madeAtMs, services, carried, policy, notes } = file;
  const [first] = sessions as [Session];
  const options = {
    ...typed,
    ...carried,
    givenTimeoutMs: typed.givenTimeoutMs ?? carried.givenTimeoutMs,
    parallel: typed.parallel ?? policy.parallel,
    onFailure: typed.onFailure ?? policy.onFailure,
    failAfter: typed.failAfter ?? carried.failAfter,
    bake: typed.bake ?? carried.bake,
    alarm: typed.alarm ?? (carried.alarm && [...carried.alarm]),
    hold: typed.hold ?? notes.hold,
    reason: typed.reason || parseReason(notes.reason ?? ""),
  };
  requireReason("rollback", options, first.host.env);
  refuseConflict(options);
  const targets = new Map<Session, RollbackTarget>();
  for (const [index, planned] of services.entries()) {
    const session = sessions.find((one) => !targets.has(one) && isOf(planned, one)) ?? sessions[index] ?? first;
    refuseOther(planned, session);
    targets.set(session, { choice: choiceOf(planned.to, planned.serviceDeployment), before: planned });
  }
  const ageMs = first.host.clock.now() - madeAtMs;
  reportPlanFile(first, { path, madeAtMs, ageMs, services: services.length, isWritten: false });
  return { options, targets };
}

/** Options that are typed may exclude those of the file. */
function refuseConflict(options: RollbackRequest): void {
  const conflict = findConflict(options);
  if (conflict === undefined) return;
  const typed = conflict[0]!.replace("=", " ");
  throw new UsageError(
    `${typed} cannot be used with this plan, which ${WHAT_PLANS_DO[conflict.at(-1)!]}`,
    "leave it out",
  );
}

const WHAT_PLANS_DO: Readonly<Record<string, string>> = {
  "--no-wait": "waits for nothing",
  "--deregister": "deregisters what would be gone back to",
  "--hold": "holds what may have to go back again",
};

/** Another account may have a service of the same names: it is reached in another role. */
function isOf({ names, selector }: PlanFileService, { ref, scope: { region = names.region } }: Session): boolean {
  return serviceName(ref.service) === names.service && clusterName(ref.cluster) === names.cluster &&
    region === names.region && (selector.role ?? ref.role) === ref.role;
}

/** Throws a ConfigError if the config no longer names the service of the plan. */
function refuseOther({ names, fail }: PlanFileService, { ref, config: { path: config = "" } }: Session): void {
  const now = { service: serviceName(ref.service), cluster: clusterName(ref.cluster) };
  for (const kind of ["service", "cluster"] as const) {
    if (now[kind] !== names[kind]) fail(kind, { code: "configNamesAnother", kind, config, name: now[kind] });
  }
}
