import type { Ecs } from "../aws/ecs.ts";
import { sleep } from "../host/sleep.ts";
import type { ScalingPort } from "../model/ports.ts";
import { describeFamilyFile } from "../report/messages/config_problem_text.ts";
import type { BeforeRollback } from "../rollout/plan/before_rollback.ts";
import type { Planned, RollbackOptions } from "../rollout/plan/plan.ts";
import { planRollback } from "../rollout/plan/plan_rollback.ts";
import { foreseeDeregistering } from "../rollout/read/foresee_deregistering.ts";
import type { CurrentState } from "../rollout/read/current_state.ts";
import { readCurrentState } from "../rollout/read/read_current_state.ts";
import { NeedsReader } from "../rollout/read/read_preflight.ts";
import type { LeftChoice, RevisionChoice } from "../rollout/read/revision_choice.ts";
import type { PlannedFrom } from "../rollout/run_context.ts";
import type { Session } from "../session/session.ts";

/** What a rollback of one service was planned from, and the plan. */
export interface PreparedRollback {
  readonly session: Session;
  readonly ecs: Ecs;
  readonly scaling: ScalingPort | undefined;
  readonly state: CurrentState;
  readonly planned: Planned;
  readonly plannedFrom: PlannedFrom | undefined;
}

/** Where it goes, and what it leaves. */
export interface RollbackTarget {
  readonly choice: RevisionChoice;
  readonly from?: LeftChoice | undefined;
  /** It is one of many, and stays where it is if it was rolled back already. */
  readonly staysBack?: boolean | undefined;
  /** What a plan file says of it. */
  readonly before?: BeforeRollback | undefined;
}

/** How it is planned. */
interface HowToPrepare extends Omit<RollbackOptions, "isAsked" | "configuredFamily" | "timeoutMs" | "before"> {
  readonly preflight: number | "off";
  readonly dryRun: boolean;
}

/**
 * Reads the current state of a service and plans its rollback.
 *
 * @param isAsked whether somebody is there who says whether an objection stands
 * @throws AwsError
 */
export async function prepareRollback(
  session: Session,
  { choice, from, staysBack, before }: RollbackTarget,
  options: HowToPrepare,
  isAsked: boolean,
): Promise<PreparedRollback> {
  const { ref, signal, timeoutMs, host: { clock } } = session;
  const [ecs, scaling, configuredFamily] = await connect(session, options);
  const readAtMs = clock.elapsed();
  const checker = session.openChecker(options.preflight === "off" ? undefined : options.preflight);
  const needs = options.preflight === "off"
    ? undefined
    : new NeedsReader(checker, signal, options.restore !== "service");
  const { pin, ifDeployedWithin: ifDeployedWithinMs } = options;
  const reading = { from, staysBack, ifDeployedWithinMs, checker, needs, likelyFamily: configuredFamily, pin };
  const state = await readAhead(session, () => readCurrentState(ref, choice, ecs, scaling, signal, reading));
  const planned = planRollback(state, { ...options, before, isAsked, configuredFamily, timeoutMs });
  const { service, target } = state;
  const plannedFrom = service && { service, target, readAtMs };
  const prepared = { session, ecs, scaling, state, planned, plannedFrom };
  if (planned.kind === "refused" || !options.dryRun) return prepared;
  const foreseen = await foreseeDeregistering(planned.plan, service, ecs, signal);
  const plan = { ...planned.plan, notices: [...planned.plan.notices, ...foreseen] };
  return { ...prepared, planned: { kind: "plan", plan } };
}

/** Connects to what the rollback asks, and reads the file that it compares with. */
async function connect(session: Session, { suspendAutoScaling, resumeAutoScaling }: HowToPrepare) {
  return await Promise.all([
    session.connectEcs(),
    suspendAutoScaling || resumeAutoScaling ? session.connectScaling() : undefined,
    readConfiguredFamily(session),
  ]);
}

/** Reads, and meanwhile loads what images are looked up with. What cannot be loaded is an error where it is needed. */
async function readAhead<State>({ loadRegistry }: Session, read: () => Promise<State>): Promise<State> {
  const reading = read();
  // The first calls are sent once nothing else is to be done.
  const [state] = await Promise.all([reading, sleep(0).then(loadRegistry).catch(() => undefined)]);
  return state;
}

/** The family in the task definition file. It is for a warning only, so a mistake in that file stops nothing. */
async function readConfiguredFamily({ config, definitions, log }: Session): Promise<string | undefined> {
  if (config.taskDefinition === undefined) return undefined;
  const found = await definitions.readFamily();
  if ("family" in found) return found.family;
  log.debug(`the family in ${config.taskDefinition} is not compared: ${describeFamilyFile(found.unknown)}`);
  return undefined;
}
