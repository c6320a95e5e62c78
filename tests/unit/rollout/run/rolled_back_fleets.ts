import assert from "node:assert/strict";
import { connectEcs } from "../../../../src/aws/ecs.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { EMPTY_STATE, type RunState, type ServiceState } from "../../../../src/report/state.ts";
import type { RunEvent } from "../../../../src/rollout/events.ts";
import type { Policy } from "../../../../src/rollout/outcome.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import { planRollback } from "../../../../src/rollout/plan/plan_rollback.ts";
import { readCurrentState } from "../../../../src/rollout/read/read_current_state.ts";
import type { PlannedService } from "../../../../src/rollout/run/planned_service.ts";
import { run } from "../../../../src/rollout/run/run.ts";
import type { RunContext } from "../../../../src/rollout/run_context.ts";
import { crashLoop } from "../../../emulator/behaviours.ts";
import type { Emulator } from "../../../emulator/emulator.ts";
import { fleet, fleetService } from "../../../emulator/fleet.ts";
import { FleetClock } from "../../../fleet_clock.ts";
import { emulatorHandler } from "../../../in_process.ts";

const HOW = {
  ...{ wait: true, deregister: false, reregister: false, allowUnproven: false, mayAsk: false, pin: "auto" as const },
  ...{ configuredFamily: undefined, failAfter: 3, suspendAutoScaling: false, resumeAutoScaling: false },
} as const;

interface Fleet {
  readonly emulator: Emulator;
  readonly policy: Partial<Policy>;
  /** By the number of the service; 1 where it is left out. */
  readonly waves?: Readonly<Record<number, number>>;
  /** By the number of the service: the deployment to go back to, with its settings; revision 1 where it is left out. */
  readonly restored?: Readonly<Record<number, string>>;
  /** Called before each event is taken; it may stop the run. */
  readonly onEvent?: (event: RunEvent, stop: () => void) => void;
}

/** Rolls all services of the world back to their revision 1, and returns the state and the events of the run. */
export async function rollBackAll(services: number, { emulator, policy, waves = {}, restored = {}, onEvent }: Fleet) {
  const clock = new FleetClock(emulator.now(), (ms) => emulator.advance(ms));
  const ecs = connectEcs({
    ...{ region: "ap-northeast-1", clock, random: () => 0.5, fetchOptions: { ordinary: {}, once: {} } },
    ...{ onAttempt: () => {}, onTrouble: () => {}, onTagsRefused: () => {} },
    keys: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
    requestHandler: emulatorHandler(emulator),
  });
  const stopping = new AbortController();
  const limits = { stop: stopping.signal, deadline: clock.deadline(600_000), signal: stopping.signal };
  const ports = { ecs, scaling: undefined, clock, random: () => 0.5, actor: "alice", runId: "alicerun" };
  const planned: PlannedService[] = [];
  for (let number = 1; number <= services; number++) {
    const ref = { cluster: "default", service: fleetService(number), region: "ap-northeast-1" };
    const id = restored[number];
    const choice = id === undefined ? { kind: "number", revision: 1 } as const : { kind: "deployment", id } as const;
    const state = await readCurrentState(ref, choice, ecs, undefined, limits.signal);
    const made = planRollback(state, { ...HOW, restore: id === undefined ? undefined : "service" });
    assert.equal(made.kind, "plan", JSON.stringify(made));
    const { plan } = made as { readonly plan: Plan };
    const plannedFrom = { service: state.service!, target: state.target, readAtMs: -Infinity };
    const emit: RunContext["emit"] = (event) => emitOfRun({ ...event, service: plan.subject });
    const context = { ...ports, ...limits, emit };
    planned.push({ plan, context, plannedFrom, wave: waves[number] ?? 1, timeoutMs: 300_000 });
  }
  const started = planned.map(({ plan }): RunEvent => ({
    ...{ kind: "planned", plan, isAutomaticRollback: false, rollsBackOnFailure: false, service: plan.subject },
  } as RunEvent));
  let state: RunState = started.reduce((before, event) => reduce(before, event, 0), EMPTY_STATE);
  const events: RunEvent[] = [];
  const emitOfRun = (event: RunEvent) => {
    onEvent?.(event, () => stopping.abort());
    events.push(event);
    state = reduce(state, event, clock.elapsed());
  };
  await run(planned, { parallel: 10, onFailure: "continue", ...policy }, limits);
  return { state, events, ends: state.services.map(endOf) };
}

/** How a service has ended, in one word or two. */
function endOf({ main, rollback, notBegun, undo }: ServiceState): string {
  if (notBegun !== undefined) return `not begun: ${notBegun}`;
  const end = main?.outcome?.kind ?? "error";
  if (undo === undefined) return end;
  return `${end}, ${undo.unless ?? `undone: ${rollback?.outcome?.kind}`}`;
}

/** The revisions that the services have, by number of the service. */
export function running(emulator: Emulator, services: number): number[] {
  return Array.from({ length: services }, (_, index) => {
    const { deployments } = emulator.state().services[`default/${fleetService(index + 1)}`]!;
    return Number(deployments[0]!.taskDefinition.split(":").at(-1));
  });
}

/** A world in which revision 1 of these services crashes by now. */
export function world(services: number, ...crashing: number[]): Emulator {
  const emulator = fleet({ services });
  for (const number of crashing) {
    emulator.setBehaviour(`${fleetService(number)}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  }
  return emulator;
}

export const GOOD = "succeeded";
export const BAD = "givenUp";
export const LEFT = "not begun: otherFailed";

/** What happens to services, in its order: `undoDecided 2`. */
export function orderOf(events: readonly RunEvent[], ...kinds: readonly RunEvent["kind"][]): string[] {
  return events.flatMap((event) =>
    kinds.includes(event.kind) && "service" in event ? [`${event.kind} ${event.service?.service.at(-1)}`] : []
  );
}
