import assert from "node:assert/strict";
import { ALL_SUSPENDED, type ScalableTarget } from "../../../../src/model/scalable_target.ts";
import type { ServiceRef } from "../../../../src/model/service.ts";
import { exitCodeOfRun } from "../../../../src/report/ending.ts";
import { ifAbandoned } from "../../../../src/report/fleet/abandoned.ts";
import { EMPTY_STATE, type RunState } from "../../../../src/report/state.ts";
import { reduce } from "../../../../src/report/reduce.ts";
import type { RunEvent } from "../../../../src/rollout/events.ts";
import type { Plan } from "../../../../src/rollout/plan/plan.ts";
import type { RunContext } from "../../../../src/rollout/run_context.ts";
import { ALL_AT_ONCE, run } from "../../../../src/rollout/run/run.ts";
import { deployment, REF, revision, scalableTarget, service } from "../../made_up.ts";
import { awsError, contextOf, type Ports, type Script, scriptedPorts } from "../scripted_ports.ts";

const WEB = { ...REF, service: "web" };
const WORKER = { ...REF, service: "worker" };

function targetOf({ service }: ServiceRef): ScalableTarget {
  return scalableTarget({ resourceId: `service/default/${service}`, arn: `arn:${service}` });
}

function plan(subject: ServiceRef): Plan {
  const target = targetOf(subject);
  const to = target.suspendedState;
  return {
    intent: "rollback",
    subject,
    until: "stable",
    from: revision(4),
    to: revision(3),
    reason: undefined,
    changes: [],
    steps: [
      { kind: "suspendScaling", target, prior: to, record: "write" },
      { kind: "updateService", taskDefinition: revision(3) },
      { kind: "awaitDeployment", follows: undefined, taskDefinition: revision(3) },
      { kind: "restoreScaling", target, to, onlyIfOurs: true, hasRecord: true, runs: [] },
    ],
    isReached: true,
    notices: [],
    basedOn: "ecs-svc/4",
  };
}

const own = (rolloutState: string, runningCount: number) =>
  service({
    taskDefinition: revision(3).arn,
    deployments: [
      deployment({ id: "ecs-svc/5", taskDefinition: revision(3).arn, rolloutState, runningCount, createdAtMs: 5_000 }),
    ],
  });

const SUCCEEDS: Script = { reads: [service(), own("COMPLETED", 2)], update: own("IN_PROGRESS", 0) };

/** Ports over two services, each with a script of its own, and the calls made of each. */
function portsOf(scripts: { readonly web: Script; readonly worker: Script }) {
  const targets = (ref: ServiceRef) => [targetOf(ref), { ...targetOf(ref), suspendedState: ALL_SUSPENDED }];
  const web = scriptedPorts({ targets: targets(WEB), ...scripts.web });
  const worker = scriptedPorts({ targets: targets(WORKER), ...scripts.worker });
  const { clock } = web;
  const choose = <Port extends object>(one: Port, other: Port): Port =>
    new Proxy(one, {
      get: (_, name) => (about: unknown, ...rest: unknown[]) => {
        const port = JSON.stringify(about ?? {}).includes("worker") ? other : one;
        return (port[name as keyof Port] as (...args: unknown[]) => unknown)(about, ...rest);
      },
    });
  const ports: Ports = {
    ...web.ports,
    ecs: choose(web.ports.ecs, worker.ports.ecs),
    scaling: choose(web.ports.scaling!, worker.ports.scaling!),
  };
  return { ports, clock, calls: { web: web.calls, worker: worker.calls } };
}

async function runBoth(scripts: { readonly web: Script; readonly worker: Script }) {
  const { ports, clock, calls } = portsOf(scripts);
  const context = contextOf(ports, { deadline: clock.deadline(600_000) });
  const events: RunEvent[] = [];
  const states: RunState[] = [];
  let thrown: unknown;
  try {
    const emitOfRun = (event: RunEvent) => {
      events.push(event);
      states.push(reduce(states.at(-1) ?? planned(), event, 0));
    };
    const services = [WEB, WORKER].map((ref) => {
      const emit: RunContext["emit"] = (event) => emitOfRun({ ...event, service: ref });
      return { plan: plan(ref), context: { ...context, emit } };
    });
    await run(services, ALL_AT_ONCE, context);
  } catch (error) {
    thrown = error;
  }
  return { events, states, calls, thrown };
}

/** The state of a run that is about to carry both plans out. */
function planned(): RunState {
  const plans = [WEB, WORKER].map((ref): RunEvent => {
    return { kind: "planned", plan: plan(ref), isAutomaticRollback: false, rollsBackOnFailure: false, service: ref };
  });
  return plans.reduce(reduce, EMPTY_STATE);
}

function kindsOf(events: readonly RunEvent[], ref: ServiceRef): string[] {
  return events.flatMap((event) => "service" in event && event.service === ref ? [event.kind] : []);
}

Deno.test("run() brings each of two services to its own end, and restores auto scaling of both", async () => {
  const refused = { reads: [service()], update: awsError("denied", "AccessDeniedException") };
  const { events, states, calls, thrown } = await runBoth({ web: refused, worker: SUCCEEDS });
  assert.equal(thrown, undefined);
  const web = ["stepStarted", "stepStarted", "stepStarted", "scalingRestored", "notice", "failed", "lookedAgain"];
  assert.deepEqual(kindsOf(events, WEB), web);
  const worker = kindsOf(events, WORKER);
  assert.deepEqual(worker.slice(-3), ["stepStarted", "scalingRestored", "rolloutEnded"]);
  assert.ok(worker.includes("progress"));
  for (const made of Object.values(calls)) {
    assert.equal(made.filter((call) => call.startsWith("setSuspendedState")).length, 2, made.join());
    assert.match(made.findLast((call) => call !== "describeService")!, /^untag /);
  }
  assert.equal(states.at(-1)!.services[1]!.main?.outcome?.kind, "succeeded");
  assert.equal(exitCodeOfRun(states.at(-1)!), 5);
});

Deno.test("an unforeseen error of one service restores its auto scaling, and the other comes to its end", async () => {
  const defect = new TypeError("a defect");
  const onCall = (call: string) => {
    if (call.startsWith("updateService")) throw defect;
  };
  const { events, calls, thrown } = await runBoth({ web: { reads: [service()], onCall }, worker: SUCCEEDS });
  assert.equal(thrown, defect);
  assert.match(calls.web.at(-1)!, /^untag /);
  assert.equal(kindsOf(events, WORKER).at(-1), "rolloutEnded");
});

Deno.test("a second Ctrl-C says of each of two services what it leaves", async () => {
  const { events, states } = await runBoth({ web: SUCCEEDS, worker: SUCCEEDS });
  const wait = events.findLastIndex((event) => event.kind === "stepStarted" && event.step.kind === "awaitDeployment");
  const words = ifAbandoned(states[wait]!).join("\n");
  assert.match(words, /ECS goes on with 2 rollbacks \(web\/default, worker\/default\)/);
  for (const name of ["web", "worker"]) {
    assert.match(words, new RegExp(`auto scaling of service/default/${name} may still be suspended`));
  }
  assert.deepEqual(ifAbandoned(states.at(-1)!), []);
});

Deno.test("a second Ctrl-C says nothing of an order that ECS has refused", async () => {
  const refused = { reads: [service()], update: awsError("denied", "AccessDeniedException") };
  const { events, states } = await runBoth({ web: refused, worker: SUCCEEDS });
  const failed = events.findIndex(({ kind }) => kind === "failed");
  const { leftBehind } = states[failed]!.services[0]!;
  assert.deepEqual(leftBehind, { order: "no", scaling: undefined, hold: undefined });
});
