import assert from "node:assert/strict";
import { connectEcs } from "../../../../src/aws/ecs.ts";
import { exitCodeOfRun } from "../../../../src/report/ending.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import { EMPTY_STATE, type RunState, type ServiceState } from "../../../../src/report/state.ts";
import type { RunEvent } from "../../../../src/rollout/events.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import { planRollback } from "../../../../src/rollout/plan/plan_rollback.ts";
import { readCurrentState } from "../../../../src/rollout/read/read_current_state.ts";
import type { Policy } from "../../../../src/rollout/outcome.ts";
import type { PlannedService } from "../../../../src/rollout/run/planned_service.ts";
import type { RunContext } from "../../../../src/rollout/run_context.ts";
import { run } from "../../../../src/rollout/run/run.ts";
import { ask } from "../../../emulator/asking.ts";
import { crashLoop, healthy } from "../../../emulator/behaviours.ts";
import { answerWith } from "../../../emulator/faults.ts";
import type { Emulator } from "../../../emulator/emulator.ts";
import { fleet, fleetService } from "../../../emulator/fleet.ts";
import { UNTIL_STEADY_MS } from "../../../emulator/myservice.ts";
import { FleetClock } from "../../../fleet_clock.ts";
import { emulatorHandler } from "../../../in_process.ts";

const HOW = {
  ...{ wait: true, deregister: false, reregister: false, allowUnproven: false, mayAsk: false, pin: "auto" as const },
  ...{ configuredFamily: undefined, failAfter: 3, suspendAutoScaling: false, resumeAutoScaling: false },
} as const;

interface Set {
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
async function rollBackAll(services: number, { emulator, policy, waves = {}, restored = {}, onEvent }: Set) {
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
function running(emulator: Emulator, services: number): number[] {
  return Array.from({ length: services }, (_, index) => {
    const { deployments } = emulator.state().services[`default/${fleetService(index + 1)}`]!;
    return Number(deployments[0]!.taskDefinition.split(":").at(-1));
  });
}

/** A world in which revision 1 of these services crashes by now. */
function world(services: number, ...crashing: number[]): Emulator {
  const emulator = fleet({ services });
  for (const number of crashing) {
    emulator.setBehaviour(`${fleetService(number)}:1`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  }
  return emulator;
}

const GOOD = "succeeded";
const BAD = "givenUp";
const LEFT = "not begun: otherFailed";

Deno.test("continue: where one fails, all others come to their end", async () => {
  const emulator = world(5, 2);
  const { ends, state } = await rollBackAll(5, { emulator, policy: { parallel: 1 } });
  assert.deepEqual(ends, [GOOD, BAD, GOOD, GOOD, GOOD]);
  assert.equal(exitCodeOfRun(state), 6);
  assert.deepEqual(running(emulator, 5), [1, 1, 1, 1, 1]);
});

Deno.test("stop: where one fails, no more are begun", async () => {
  const emulator = world(5, 2);
  const { ends, state } = await rollBackAll(5, { emulator, policy: { parallel: 1, onFailure: "stop" } });
  assert.deepEqual(ends, [GOOD, BAD, LEFT, LEFT, LEFT]);
  assert.equal(exitCodeOfRun(state), 6);
  assert.deepEqual(running(emulator, 5), [1, 1, 2, 2, 2]);
});

Deno.test("undo: where one fails, those of this run go back to where they were", async () => {
  const emulator = world(5, 3);
  const { ends, state } = await rollBackAll(5, { emulator, policy: { parallel: 1, onFailure: "undo" } });
  assert.deepEqual(ends, [
    `${GOOD}, undone: ${GOOD}`,
    `${GOOD}, undone: ${GOOD}`,
    `${BAD}, undone: ${GOOD}`,
    LEFT,
    LEFT,
  ]);
  assert.equal(exitCodeOfRun(state), 6);
  assert.deepEqual(running(emulator, 5), [2, 2, 2, 2, 2]);
});

Deno.test("undo: a service that was crashing before is left where it is, and is not counted among those that are back", async () => {
  const emulator = world(3, 3);
  const service = fleetService(1);
  emulator.setBehaviour(`${service}:2`, crashLoop({ exitCode: 1, afterMs: 2_000 }));
  emulator.updateService({ service, taskDefinition: `${service}:2`, forceNewDeployment: true });
  emulator.advance(60_000);
  const { ends } = await rollBackAll(3, { emulator, policy: { parallel: 1, onFailure: "undo" } });
  assert.deepEqual(ends, [`${GOOD}, wasFailing`, `${GOOD}, undone: ${GOOD}`, `${BAD}, undone: ${GOOD}`]);
  assert.deepEqual(running(emulator, 3), [1, 2, 2]);
});

/** A security group of the first service: the one that it gets while it keeps its revision. */
function withGroup(emulator: Emulator, group: string): string {
  const service = fleetService(1);
  const awsvpcConfiguration = { subnets: ["subnet-0a1b2c3d4e5f60718"], securityGroups: [group] };
  emulator.updateService({ service, networkConfiguration: { awsvpcConfiguration } });
  emulator.advance(UNTIL_STEADY_MS);
  const { output: { serviceDeployments: [newest] } } = ask(emulator, "ListServiceDeployments", { service });
  return newest.serviceDeploymentArn;
}

function groupOf(emulator: Emulator): string {
  const { output: { services: [service] } } = ask(emulator, "DescribeServices", { services: [fleetService(1)] });
  return service.networkConfiguration.awsvpcConfiguration.securityGroups[0];
}

for (const failing of [1, 2]) {
  Deno.test(`undo: settings that were restored at the revision that runs are set back where service ${failing} fails`, async () => {
    const emulator = fleet({ services: 2 });
    const before = withGroup(emulator, "sg-before");
    withGroup(emulator, "sg-now");
    const target = `${fleetService(failing)}:${failing === 1 ? 2 : 1}`;
    emulator.setBehaviour(target, crashLoop({ exitCode: 1, afterMs: 2_000 }));
    const { ends } = await rollBackAll(2, {
      ...{ emulator, restored: { 1: before }, policy: { parallel: 1, onFailure: "undo" } },
      onEvent: ({ kind }) =>
        kind === "undoDecided" && emulator.setBehaviour(target, healthy({ startMs: 2_000, stopMs: 2_000 })),
    });
    assert.equal(ends[0], `${failing === 1 ? BAD : GOOD}, undone: ${GOOD}`);
    assert.deepEqual([...running(emulator, 1), groupOf(emulator)], [2, "sg-now"]);
  });
}

/** What happens to services, in its order: `undoDecided 2`. */
function orderOf(events: readonly RunEvent[], ...kinds: readonly RunEvent["kind"][]): string[] {
  return events.flatMap((event) =>
    kinds.includes(event.kind) && "service" in event ? [`${event.kind} ${event.service?.service.at(-1)}`] : []
  );
}

Deno.test("undo: the one that has failed goes back at once, and waits for none that is under way", async () => {
  const emulator = world(3, 2);
  emulator.setBehaviour(`${fleetService(3)}:1`, healthy({ startMs: 120_000 }));
  const { events, ends } = await rollBackAll(3, { emulator, policy: { parallel: 3, onFailure: "undo" } });
  assert.deepEqual(ends, [`${GOOD}, undone: ${GOOD}`, `${BAD}, undone: ${GOOD}`, `${GOOD}, undone: ${GOOD}`]);
  assert.deepEqual(orderOf(events, "undoDecided", "rollbackVerified"), [
    ...["undoDecided 2", "rollbackVerified 2", "undoDecided 3", "undoDecided 1"],
    ...["rollbackVerified 1", "rollbackVerified 3"],
  ]);
  const order = orderOf(events, "rolloutEnded", "rollbackVerified");
  assert.ok(order.indexOf("rollbackVerified 2") < order.indexOf("rolloutEnded 3"), order.join());
  assert.deepEqual(running(emulator, 3), [2, 2, 2]);
});

for (const onFailure of ["stop", "undo"] as const) {
  Deno.test(`${onFailure}: somebody's deployment of one service is no failure of the others`, async () => {
    const emulator = world(4);
    let hasDeployed = false;
    const onEvent = (event: RunEvent) => {
      if (event.kind !== "progress" || event.service.service !== fleetService(2) || hasDeployed) return;
      hasDeployed = true;
      emulator.updateService({ service: fleetService(2), taskDefinition: `${fleetService(2)}:2` });
    };
    const { ends, state } = await rollBackAll(4, { emulator, policy: { parallel: 2, onFailure }, onEvent });
    assert.deepEqual(ends, [GOOD, "superseded", GOOD, GOOD]);
    assert.equal(exitCodeOfRun(state), 6);
    assert.deepEqual(running(emulator, 4), [1, 2, 1, 1]);
  });

  Deno.test(`${onFailure}: a service that somebody deletes is no failure of the others`, async () => {
    const emulator = world(4);
    const onEvent = (event: RunEvent) => {
      if (event.kind !== "progress" || event.service.service !== fleetService(2)) return;
      emulator.deleteService({ service: fleetService(2), force: true });
    };
    const { ends, state } = await rollBackAll(4, { emulator, policy: { parallel: 2, onFailure }, onEvent });
    assert.deepEqual(ends, [GOOD, "gone", GOOD, GOOD]);
    assert.equal(exitCodeOfRun(state), 6);
  });

  Deno.test(`${onFailure}: one that AWS refuses is a failure`, async () => {
    const emulator = world(4);
    const denied = answerWith("AccessDeniedException", "not authorized to perform: ecs:UpdateService");
    emulator.inject({ operation: "UpdateService", nth: 2, effect: denied });
    const { ends, state } = await rollBackAll(4, { emulator, policy: { parallel: 1, onFailure } });
    const first = onFailure === "undo" ? `${GOOD}, undone: ${GOOD}` : GOOD;
    assert.deepEqual(ends.filter((_, index) => index !== 1), [first, LEFT, LEFT]);
    assert.equal(exitCodeOfRun(state), onFailure === "undo" ? 6 : 5);
    assert.deepEqual(running(emulator, 4), [onFailure === "undo" ? 2 : 1, 2, 2, 2]);
  });
}

Deno.test("what has not ended well is looked at again at the end of all", async () => {
  const { events } = await rollBackAll(5, { emulator: world(5, 1, 2), policy: { parallel: 2 } });
  assert.deepEqual(orderOf(events, "lookedAgain"), ["lookedAgain 1", "lookedAgain 2"]);
  assert.equal(events.findLastIndex(({ kind }) => kind === "rolloutEnded"), events.length - 3);
});

Deno.test("a wave begins when the one before has ended", async () => {
  const emulator = world(4);
  const { events, ends } = await rollBackAll(4, { emulator, policy: {}, waves: { 1: 2, 2: 2 } });
  assert.deepEqual(ends, [GOOD, GOOD, GOOD, GOOD]);
  const order = events.flatMap((event) =>
    event.kind === "rolloutEnded" || (event.kind === "stepStarted" && event.step.kind === "updateService")
      ? [`${event.kind} ${event.service.service.at(-1)}`]
      : []
  );
  const lastOfFirst = Math.max(order.indexOf("rolloutEnded 3"), order.indexOf("rolloutEnded 4"));
  const firstOfSecond = Math.min(order.indexOf("stepStarted 1"), order.indexOf("stepStarted 2"));
  assert.ok(lastOfFirst < firstOfSecond, order.join());
});

Deno.test("no more services are under way than --parallel says, and as many", async () => {
  const underWay = new Set<string>();
  let most = 0;
  const onEvent = (event: RunEvent) => {
    if (event.kind === "stepStarted") underWay.add(event.service.service);
    if (event.kind === "rolloutEnded") underWay.delete(event.service.service);
    most = Math.max(most, underWay.size);
  };
  await rollBackAll(7, { emulator: world(7), policy: { parallel: 3 }, onEvent });
  assert.equal(most, 3);
});

Deno.test("a stop signal begins no more services, and undoes none", async () => {
  const emulator = world(5, 1);
  const onEvent = (event: RunEvent, stop: () => void) => {
    if (event.kind === "progress" && event.service.service === fleetService(2)) stop();
  };
  const policy = { parallel: 2, onFailure: "undo" } as const;
  const { ends } = await rollBackAll(5, { emulator, policy, onEvent });
  assert.deepEqual(ends.slice(2), Array(3).fill("not begun: stopSignal"));
  assert.deepEqual(running(emulator, 5).slice(2), [2, 2, 2]);
  assert.match(ends[1]!, /^interrupted/);
});
