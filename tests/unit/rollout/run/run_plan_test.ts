import assert from "node:assert/strict";
import type { Deployment, ServiceSnapshot } from "../../../../src/model/service.ts";
import { AwsError } from "../../../../src/errors.ts";
import type { EmittedEvent } from "../../../../src/rollout/events.ts";
import type { Ordered, Outcome } from "../../../../src/rollout/outcome.ts";
import { runPlan } from "../../../../src/rollout/run/run_plan.ts";
import type { Plan, Step } from "../../../../src/rollout/plan/plan.ts";
import type { VirtualClock } from "../../../virtual_clock.ts";
import { deployment, REF, revision, scalableTarget, service, serviceDeployment, serviceEvent } from "../../made_up.ts";
import { ALL_SUSPENDED, NONE_SUSPENDED, type SuspendedState } from "../../../../src/model/scalable_target.ts";
import { awsError, contextOf, type Script, scriptedPorts } from "../scripted_ports.ts";
import type { RunNotice } from "../../../../src/rollout/run_notice.ts";

const UPDATE: Step = { kind: "updateService", taskDefinition: revision(3) };
const AWAIT: Step = { kind: "awaitDeployment", follows: undefined, taskDefinition: revision(3) };
/** Only scale-out was suspended before. */
const PRIOR = { dynamicScalingInSuspended: false, dynamicScalingOutSuspended: true, scheduledScalingSuspended: false };
const TARGET = scalableTarget({ suspendedState: PRIOR });
const SUSPENDED = { ...TARGET, suspendedState: ALL_SUSPENDED };
const SUSPEND: Step = { kind: "suspendScaling", target: TARGET, prior: PRIOR, record: "write" };
const RESTORE: Step = {
  kind: "restoreScaling",
  target: TARGET,
  to: PRIOR,
  onlyIfOurs: true,
  hasRecord: true,
  runs: [],
};
const RECORD = "ecspresso:auto-scaling-suspended";
const TAGGED = `tag ${RECORD}=v1 in=0 out=1 scheduled=0 at=1970-01-01T00:00:00.000Z by=alice runs=alicerun`;
/** What is read just before the first write of a plan that suspends. */
const CHECKED = ["describeService", "describeScalableTarget"];
/** How scaling is suspended: who else counts on that is looked at before and after. */
const SUSPENDED_CALLS = ["listTags", TAGGED, "setSuspendedState 111", "listTags"];
/** How scaling is restored, once the record shows no other run. */
const GIVEN_BACK = ["describeScalableTarget", "setSuspendedState 010", `untag ${RECORD}`];
/** Somebody has set other flags meanwhile. */
const LEFT_ALONE: RunNotice = { code: "suspensionChangedByOthers", resourceId: TARGET.resourceId };
const DEREGISTER: Step = { kind: "deregister", taskDefinition: revision(4) };
const UPDATED = `updateService ${revision(3).arn}`;

function plan(steps: readonly Step[]): Plan {
  return {
    intent: "rollback",
    subject: REF,
    until: "stable",
    from: revision(4),
    to: revision(3),
    reason: undefined,
    changes: [],
    steps,
    isReached: true,
    notices: [],
    basedOn: "ecs-svc/4",
  };
}

/** The service after the update, its own deployment being as `changes` say. */
function rollingBack(changes: Partial<Deployment> = {}, more: Partial<ServiceSnapshot> = {}): ServiceSnapshot {
  const own = deployment({
    id: "ecs-svc/5",
    taskDefinition: revision(3).arn,
    rolloutState: "IN_PROGRESS",
    runningCount: 0,
    createdAtMs: 5_000,
    ...changes,
  });
  return service({ taskDefinition: revision(3).arn, deployments: [own], ...more });
}

const DONE = rollingBack({ rolloutState: "COMPLETED", runningCount: 2 });
const FAILED = rollingBack({ rolloutState: "FAILED", rolloutStateReason: "tasks failed to start." });

interface Ending {
  readonly events: EmittedEvent[];
  readonly outcome: Outcome | undefined;
  readonly thrown: unknown;
  readonly calls: string[];
  readonly clock: VirtualClock;
}

/** Where scaling is suspended, its flags are as planned just before the first write; `targets` are the reads after that. */
async function carryOut(
  steps: readonly Step[],
  script: Script & { readonly allTargets?: Script["targets"] },
  timeoutMs = 600_000,
): Promise<Ending> {
  const { targets = [SUSPENDED] } = script;
  const reads = script.allTargets ?? (steps.includes(SUSPEND) ? [TARGET, ...targets] : targets);
  const { ports, calls, clock } = scriptedPorts({ ...script, targets: reads });
  const events: EmittedEvent[] = [];
  const emit = (event: EmittedEvent) => void events.push(event);
  const context = contextOf(ports, { deadline: clock.deadline(timeoutMs), stop: stopper.signal, emit });
  let thrown: unknown;
  try {
    await runPlan(plan(steps), context);
  } catch (error) {
    thrown = error;
  }
  const last = events.at(-1);
  return { events, outcome: last?.kind === "rolloutEnded" ? last.outcome : undefined, thrown, calls, clock };
}

let stopper = new AbortController();

function noticesOf(events: readonly EmittedEvent[]): RunNotice[] {
  return events.flatMap((event) => event.kind === "notice" ? [event.notice] : []);
}

Deno.test("runPlan() reads again, updates once and succeeds with its own deployment", async () => {
  const { outcome, calls } = await carryOut([UPDATE, AWAIT], {
    reads: [service(), rollingBack(), rollingBack({ runningCount: 2 }), DONE],
    update: rollingBack(),
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  assert.deepEqual(calls, ["describeService", UPDATED, ...Array(3).fill("describeService")]);
});

Deno.test("runPlan() emits each event and each state once", async () => {
  const started = serviceEvent("b", "has started 2 tasks: (task abc).");
  const { events } = await carryOut([UPDATE, AWAIT], {
    reads: [
      service({ events: [serviceEvent("a", "has reached a steady state.")] }),
      rollingBack({ pendingCount: 2 }, { events: [started, serviceEvent("a", "has reached a steady state.")] }),
      rollingBack({ pendingCount: 2 }, { events: [started] }),
      DONE,
    ],
    update: rollingBack(),
  });
  const progress = events.flatMap((event) => event.kind === "progress" ? [event.progress] : []);
  assert.deepEqual(progress.map(({ events }) => events.map(({ id }) => id)), [[], ["b"], []]);
  assert.deepEqual(progress.map(({ deployments }) => deployments.map((one) => [one.pendingCount, one.runningCount])), [
    [[0, 0]],
    [[2, 0]],
    [[0, 2]],
  ]);
});

Deno.test("runPlan() does nothing at all for a plan without steps", async () => {
  const { outcome, calls } = await carryOut([], { reads: [] });
  assert.equal(outcome?.kind, "unchanged");
  assert.deepEqual(calls, []);
});

Deno.test("runPlan() does not call a service stable that is only on its way to the target", async () => {
  const { ports } = scriptedPorts({ reads: [] });
  const { kind } = await runPlan({ ...plan([]), isReached: false }, contextOf(ports));
  assert.equal(kind, "submitted");
});

Deno.test("runPlan() without waiting ends with the order given", async () => {
  const { outcome, calls } = await carryOut([UPDATE], { reads: [service()], update: rollingBack() });
  assert.equal(outcome?.kind, "submitted");
  assert.deepEqual(calls, ["describeService", UPDATED]);
});

Deno.test("runPlan() changes nothing when another deployment began after planning", async () => {
  const by = deployment({ id: "ecs-svc/9" });
  for (const read of [service({ deployments: [by] }), undefined, service({ status: "DRAINING" })]) {
    const { outcome, calls } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { reads: [read] });
    assert.equal(outcome?.kind, "stalePlan");
    assert.deepEqual(calls, CHECKED);
  }
});

Deno.test("runPlan() changes nothing when somebody has changed the flags after planning", async () => {
  const changed = { ...TARGET, suspendedState: { ...PRIOR, scheduledScalingSuspended: true } };
  for (const read of [changed, undefined]) {
    const { ports, calls } = scriptedPorts({ reads: [service()], targets: [read] });
    const events: EmittedEvent[] = [];
    const emit = (event: EmittedEvent) => void events.push(event);
    await runPlan(plan([SUSPEND, UPDATE, AWAIT, RESTORE]), contextOf(ports, { emit }));
    const outcome = { kind: "stalePlan", by: undefined, hasSuspensionChanged: true, leftovers: [] };
    assert.deepEqual(events, [{ kind: "rolloutEnded", outcome }]);
    // One read that shows no target may lag behind.
    const again = read === undefined ? Array(2).fill("describeScalableTarget") : [];
    assert.deepEqual(calls, [...CHECKED, ...again]);
  }
  const lagging = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), service(), DONE],
    update: rollingBack(),
    allTargets: [undefined, undefined, TARGET, SUSPENDED],
  });
  assert.equal(lagging.outcome?.kind, "succeeded");
});

Deno.test("runPlan() of a plan that does not suspend does not look at the flags beforehand", async () => {
  const { outcome, calls } = await carryOut([UPDATE, AWAIT, RESTORE], {
    reads: [service(), DONE],
    update: rollingBack(),
    targets: [{ ...TARGET, suspendedState: ALL_SUSPENDED }],
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(calls, ["describeService", UPDATED, "describeService", "listTags", ...GIVEN_BACK]);
});

Deno.test("runPlan() goes on when the flags cannot be read beforehand, and says so", async () => {
  for (const kind of ["denied", "server", "throttled", "lost"] as const) {
    const { ports, calls } = scriptedPorts({
      reads: [service(), DONE],
      update: rollingBack(),
      targets: [awsError(kind), SUSPENDED],
    });
    const events: EmittedEvent[] = [];
    const emit = (event: EmittedEvent) => void events.push(event);
    await runPlan(plan([SUSPEND, UPDATE, AWAIT, RESTORE]), contextOf(ports, { emit }));
    assert.deepEqual(events.at(-1), { kind: "rolloutEnded", outcome: { kind: "succeeded", leftovers: [] } });
    assert.deepEqual(calls, [
      ...CHECKED,
      ...SUSPENDED_CALLS,
      UPDATED,
      "describeService",
      "listTags",
      ...GIVEN_BACK,
    ]);
    assert.equal(noticesOf(events)[0]?.code, "suspensionNotCompared");
  }
});

const ENDS: [string, ServiceSnapshot | undefined, Outcome["kind"]][] = [
  ["FAILED", FAILED, "failed"],
  [
    "turned back by ECS",
    rollingBack({ rolloutState: "FAILED", rolloutStateReason: "rolling back to deploymentId ecs-svc/4." }),
    "rolledBackByEcs",
  ],
  ["superseded", service({ deployments: [deployment({ id: "ecs-svc/9" })] }), "superseded"],
  ["being deleted", service({ status: "DRAINING" }), "gone"],
  ["deleted", undefined, "gone"],
];

for (const [name, end, expected] of ENDS) {
  Deno.test(`runPlan() when the deployment ends ${name}: restores scaling, deregisters nothing`, async () => {
    const { outcome, calls } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE, DEREGISTER], {
      reads: [service(), rollingBack(), end],
      update: rollingBack(),
    });
    assert.equal(outcome?.kind, expected);
    assert.deepEqual(calls.filter((call) => call !== "describeService" && call !== "listStoppedTasks"), [
      "describeScalableTarget",
      ...SUSPENDED_CALLS,
      UPDATED,
      "listTags",
      ...GIVEN_BACK,
    ]);
  });
}

Deno.test("runPlan() believes that the service is missing only when ECS says so repeatedly", async () => {
  const { outcome } = await carryOut([UPDATE, AWAIT], {
    reads: [service(), undefined, undefined, DONE],
    update: rollingBack(),
  });
  assert.equal(outcome?.kind, "succeeded");
});

Deno.test("runPlan() restores scaling before it deregisters, and both after success", async () => {
  const { outcome, calls } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE, DEREGISTER], {
    reads: [service(), DONE],
    update: rollingBack(),
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  assert.deepEqual(calls, [
    ...CHECKED,
    ...SUSPENDED_CALLS,
    UPDATED,
    "describeService",
    "listTags",
    ...GIVEN_BACK,
    "listServices",
    "listTaskDefinitionsInUse",
    "describeService",
    `deregisterTaskDefinition ${revision(4).arn}`,
  ]);
});

Deno.test("runPlan() never deregisters what is in use, and says by whom", async () => {
  const users: [Partial<Script>, ServiceSnapshot, object][] = [
    [{ inUse: new Set([revision(4).arn]) }, DONE, { kind: "task", family: "myservice" }],
    [{}, service(), { kind: "service", name: "myservice" }],
    [{}, { ...DONE, deployments: [...DONE.deployments, deployment({ status: "ACTIVE" })] }, {
      kind: "deployment",
      id: "ecs-svc/4",
      of: undefined,
    }],
  ];
  for (const [more, lastRead, expected] of users) {
    const script = { reads: [service(), DONE, lastRead], update: rollingBack(), ...more };
    const { outcome, calls } = await carryOut([UPDATE, AWAIT, DEREGISTER], script);
    assert.equal(outcome?.kind, "succeeded");
    assert.deepEqual(outcome!.leftovers, [{ code: "stillInUse", taskDefinition: revision(4), user: expected }]);
    assert.ok(calls.every((call) => !call.startsWith("deregisterTaskDefinition")));
  }
});

Deno.test("runPlan() succeeds with leftovers when restoring or deregistering is refused", async () => {
  const { outcome } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE, DEREGISTER], {
    reads: [service(), DONE],
    update: rollingBack(),
    scaling: [undefined, awsError("denied", "AccessDeniedException")],
    deregister: awsError("denied", "AccessDeniedException"),
  });
  assert.equal(outcome?.kind, "succeeded");
  const [notRestored, notDeregistered] = outcome!.leftovers;
  assert.deepEqual([notRestored?.code, notDeregistered?.code], ["scalingMayBeSuspended", "notDeregistered"]);
  assert.deepEqual(notRestored?.code === "scalingMayBeSuspended" && notRestored.to, PRIOR);
});

Deno.test("runPlan() gives scaling back when AWS refuses the update, and throws the refusal", async () => {
  const refusal = awsError("rejected", "InvalidParameterException");
  for (const lost of [false, true]) {
    const { thrown, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
      reads: [service()],
      update: refusal,
      scaling: [undefined, lost ? awsError("denied") : undefined],
    });
    assert.equal(thrown, refusal);
    const writes = [...CHECKED, ...SUSPENDED_CALLS, UPDATED, "listTags"];
    assert.deepEqual(calls, [...writes, ...lost ? GIVEN_BACK.slice(0, 2) : GIVEN_BACK]);
    const notices = events.filter(({ kind }) => kind === "notice");
    const codes = notices.map((event) => event.kind === "notice" && event.notice.code);
    assert.deepEqual(codes, ["serviceUnchanged", ...lost ? ["leftToDo"] : []], "what is left is said before the error");
  }
});

Deno.test("runPlan() restores what suspending may have changed when suspending fails", async () => {
  for (
    const [script, calls] of [
      [{ scaling: [awsError("denied")] }, [...SUSPENDED_CALLS.slice(0, 3), "listTags", ...GIVEN_BACK]],
      [{ tag: awsError("rejected") }, ["listTags", TAGGED, "listTags", ...GIVEN_BACK]],
    ] as const
  ) {
    const ending = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { reads: [service()], ...script });
    assert.ok(ending.thrown instanceof AwsError);
    assert.deepEqual(ending.calls, [...CHECKED, ...calls]);
  }
});

Deno.test("runPlan() without the permission to tag keeps the earlier flags in memory, and says so first", async () => {
  const { outcome, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), DONE],
    update: rollingBack(),
    tag: awsError("denied", "AccessDeniedException"),
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  const notice = events.findIndex((event) => event.kind === "notice" && event.notice.code === "suspensionNotRecorded");
  const update = events.findIndex((event) => event.kind === "stepStarted" && event.step.kind === "updateService");
  assert.ok(notice !== -1 && notice < update);
  assert.deepEqual(calls.filter((call) => /^(un)?tag|SuspendedState/.test(call)), [
    TAGGED,
    "setSuspendedState 111",
    "setSuspendedState 010",
  ]);
});

Deno.test("runPlan() does not touch flags that somebody has changed meanwhile", async () => {
  const cases: [Step[], SuspendedState, string[], RunNotice[]][] = [
    [[SUSPEND, UPDATE, AWAIT, RESTORE], ALL_SUSPENDED, GIVEN_BACK, []],
    // This run has suspended: a read that shows the flags from before may lag behind, and the record would be gone.
    [[SUSPEND, UPDATE, AWAIT, RESTORE], PRIOR, GIVEN_BACK, []],
    [
      [SUSPEND, UPDATE, AWAIT, RESTORE],
      NONE_SUSPENDED,
      ["describeScalableTarget", `untag ${RECORD}`],
      [LEFT_ALONE],
    ],
    // An earlier run had, and was killed after it had restored.
    [[RESTORE], PRIOR, ["describeScalableTarget", `untag ${RECORD}`], []],
    [[RESTORE], ALL_SUSPENDED, GIVEN_BACK, []],
    [[RESTORE], NONE_SUSPENDED, ["describeScalableTarget", `untag ${RECORD}`], [LEFT_ALONE]],
  ];
  for (const [steps, suspendedState, expected, notices] of cases) {
    const { calls, events } = await carryOut(steps, {
      reads: [service(), DONE],
      update: rollingBack(),
      targets: [{ ...TARGET, suspendedState }],
    });
    assert.deepEqual(calls.slice(calls.lastIndexOf("describeScalableTarget")), expected);
    assert.deepEqual(noticesOf(events), notices);
  }
});

Deno.test("runPlan() sends no suspension over flags that somebody has set while its answer was waited for", async () => {
  for (const steps of [[SUSPEND, UPDATE, AWAIT, RESTORE], [SUSPEND, UPDATE, AWAIT]]) {
    const { outcome, calls, events } = await carryOut(steps, {
      reads: [service(), DONE],
      update: rollingBack(),
      scaling: [awsError("lost")],
      targets: [{ ...TARGET, suspendedState: NONE_SUSPENDED }],
    });
    assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
    // The record of a suspension that is none must not be what a later run restores.
    assert.deepEqual(calls.filter((call) => /^(un)?tag|Suspended/.test(call)), [
      TAGGED,
      "setSuspendedState 111",
      `untag ${RECORD}`,
    ]);
    const notice = events.findIndex((event) => event.kind === "notice");
    const update = events.findIndex((event) => event.kind === "stepStarted" && event.step.kind === "updateService");
    assert.ok(notice < update);
    assert.ok(noticesOf(events).every(({ code }) => code === LEFT_ALONE.code));
  }
});

Deno.test("runPlan() keeps the record of a suspension whose answer never came, and says so", async () => {
  for (const kind of ["lost", "server"] as const) {
    const script = { reads: [service()], targets: [TARGET], scaling: Array(8).fill(awsError(kind)) };
    const { outcome, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], script, 20_000);
    assert.deepEqual(outcome, { kind: "timedOut", ordered: "no", leftovers: [] });
    assert.deepEqual(calls.slice(-4), [
      "setSuspendedState 111",
      "listTags",
      "describeScalableTarget",
      "setSuspendedState 010",
    ]);
    assert.deepEqual(noticesOf(events), [{ code: "suspensionRecordKept", target: TARGET, to: PRIOR }]);
  }
});

Deno.test("runPlan() says what is left when restoring fails, and when only the record remains", async () => {
  const script = { reads: [service(), DONE], update: rollingBack() };
  const denied = awsError("denied");
  const notSet = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { ...script, scaling: [undefined, denied] });
  const { failure: error } = denied;
  assert.deepEqual(notSet.outcome?.leftovers, [
    { code: "scalingMayBeSuspended", target: TARGET, to: PRIOR, hasRecord: true, error },
  ]);
  const notUntagged = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { ...script, untag: denied });
  assert.deepEqual(notUntagged.outcome?.leftovers, [{ code: "suspensionRecordRemains", error }]);
});

Deno.test("runPlan() has nothing left to do about a target that somebody has deregistered, and says so", async () => {
  const { outcome, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), DONE],
    update: rollingBack(),
    targets: [undefined],
    // A target is registered with its limits, or not at all.
    scaling: [undefined, awsError("rejected", "ValidationException")],
    untag: awsError("rejected", "ResourceNotFoundException"),
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  const { resourceId } = TARGET;
  assert.deepEqual(noticesOf(events), [{ code: "scalingTargetGone", resourceId, order: "restore" }]);
});

Deno.test("runPlan() gives auto scaling back to a target that one read does not show", async () => {
  const { outcome, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), DONE],
    update: rollingBack(),
    targets: [undefined],
  });
  assert.deepEqual(outcome, { kind: "succeeded", leftovers: [] });
  assert.deepEqual(calls.slice(-3), GIVEN_BACK);
  assert.deepEqual(noticesOf(events), []);
});

Deno.test("runPlan() of a suspension alone leaves it, and says so", async () => {
  const { outcome, calls, events } = await carryOut([SUSPEND, UPDATE, AWAIT], {
    reads: [service(), DONE],
    update: rollingBack(),
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(calls, [...CHECKED, ...SUSPENDED_CALLS, UPDATED, "describeService", "listTags"]);
  assert.deepEqual(noticesOf(events), [{ code: "staysSuspended", target: TARGET, prior: PRIOR, isRecorded: true }]);
});

Deno.test("runPlan() of a restoring alone touches nothing else", async () => {
  const { outcome, calls } = await carryOut([RESTORE], { reads: [] });
  assert.equal(outcome?.kind, "unchanged");
  assert.deepEqual(calls, ["listTags", ...GIVEN_BACK]);
});

Deno.test("runPlan() looks for the deployment after a lost answer, follows it, and never orders twice", async () => {
  for (const error of [awsError("lost"), awsError("server")]) {
    const { outcome, calls } = await carryOut([UPDATE, AWAIT], {
      reads: [service(), service(), awsError("throttled"), rollingBack(), DONE],
      update: error,
    });
    assert.equal(outcome?.kind, "succeeded");
    assert.equal(calls.filter((call) => call === UPDATED).length, 1);
  }
});

Deno.test("runPlan() after a lost answer gives up within half a minute, and says that nobody knows", async () => {
  const elsewhere = service({ deployments: [deployment({ id: "ecs-svc/9" })] });
  for (const reads of [[service()], [service(), elsewhere], [service(), undefined]]) {
    const { thrown, calls, clock } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
      reads,
      update: awsError("lost", "ECONNRESET"),
    });
    assert.equal((thrown as AwsError).unseen?.code, "noNewDeployment");
    assert.equal(clock.now(), 30_000);
    assert.equal(calls.filter((call) => call === UPDATED).length, 1);
    assert.deepEqual(calls.slice(-3), GIVEN_BACK);
  }
});

Deno.test("runPlan() sends an update again that was not applied, and only such", async () => {
  for (const kind of ["throttled", "unreachable"] as const) {
    const { outcome, calls } = await carryOut([UPDATE, AWAIT], {
      reads: [service(), service(), DONE],
      updates: [awsError(kind), awsError(kind), rollingBack()],
    });
    assert.equal(outcome?.kind, "succeeded");
    assert.equal(calls.filter((call) => call === UPDATED).length, 3);
  }
});

Deno.test("runPlan() sends an order again while AWS throttles until the time is up", async () => {
  for (const kind of ["throttled", "unreachable"] as const) {
    for (const step of [UPDATE, STOP]) {
      const endless = { update: awsError(kind), stop: awsError(kind) };
      const { outcome, calls, clock } = await carryOut([step, AWAIT], { reads: [service()], ...endless });
      assert.deepEqual(outcome, { kind: "timedOut", ordered: "no", leftovers: [] });
      assert.equal(clock.now(), 600_000);
      assert.ok(calls.filter((call) => call === UPDATED || call === STOPPED).length > 120);
    }
  }
});

Deno.test("runPlan() notices within half a minute that an order starts no deployment", async () => {
  for (const answer of [service(), service({ taskDefinition: revision(3).arn })]) {
    const ignored = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { reads: [service()], update: answer });
    const unseen = { code: "startedNone", taskDefinition: "myservice:3", stillAt: "ecs-svc/4" };
    assert.deepEqual((ignored.thrown as AwsError).unseen, unseen);
    assert.equal(ignored.clock.now(), 30_000);
    assert.ok(ignored.events.some((event) => event.kind === "detached" && event.ordered === "unknown"));
    assert.deepEqual(ignored.calls.slice(-3), GIVEN_BACK);
  }
  const forced: Step = { kind: "updateService", taskDefinition: undefined, attributes: { forceNewDeployment: true } };
  const none = await carryOut([forced, AWAIT], { reads: [service()], update: service() });
  assert.equal((none.thrown as AwsError).unseen?.code, "startedNone");
});

Deno.test("runPlan() follows the new deployment that only a later read shows", async () => {
  const late = await carryOut([UPDATE, AWAIT], {
    reads: [service(), service(), rollingBack(), DONE],
    update: service(),
  });
  assert.deepEqual(late.outcome, { kind: "succeeded", leftovers: [] });
});

Deno.test("runPlan() does not look for a deployment where the order starts none", async () => {
  const scales: Step = { kind: "updateService", taskDefinition: undefined, attributes: { desiredCount: 3 } };
  const { thrown, clock } = await carryOut([scales], { reads: [service()], update: service() });
  assert.deepEqual([thrown, clock.now()], [undefined, 0]);
});

Deno.test("runPlan() gives scaling back when AWS has throttled that for a minute, and within the time limit", async () => {
  const script = { reads: [service(), DONE], update: rollingBack() };
  const throttles = (times: number) => [undefined, ...Array<AwsError>(times).fill(awsError("throttled"))];
  const minute = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { ...script, scaling: throttles(16) });
  assert.deepEqual(minute.outcome, { kind: "succeeded", leftovers: [] });
  assert.ok(minute.clock.now() > 60_000);
  const endless = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { ...script, scaling: throttles(200) }, 60_000);
  assert.equal(endless.outcome?.leftovers.length, 1);
  assert.ok(endless.clock.now() <= 65_000, `${endless.clock.now()}`);
});

Deno.test("runPlan() does not order on top of what somebody has deployed while AWS throttled", async () => {
  const theirs = deployment({ id: "ecs-svc/9", taskDefinition: revision(2).arn });
  const overtaken = service({ deployments: [theirs] });
  const throttles = [awsError("throttled"), awsError("throttled"), awsError("throttled"), rollingBack()];
  const reads = [service(), overtaken];
  const first = await carryOut([UPDATE, AWAIT], { reads, updates: throttles });
  assert.deepEqual(first.outcome, { kind: "stalePlan", by: theirs, leftovers: [] });
  assert.equal(first.calls.filter((call) => call === UPDATED).length, 2, "the plan is younger than a second for two");
  const afterSuspending = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { reads, updates: throttles });
  assert.deepEqual(afterSuspending.outcome, { kind: "superseded", by: theirs, ordered: "no", leftovers: [] });
  assert.deepEqual(afterSuspending.calls.slice(-3), GIVEN_BACK);
  const gone = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], { reads: [service(), undefined], updates: throttles });
  assert.deepEqual(gone.outcome, { kind: "gone", status: "MISSING", leftovers: [] });
});

Deno.test("runPlan() reads the service again where the steps before the order took longer than a second", async () => {
  const theirs = deployment({ id: "ecs-svc/9", taskDefinition: revision(2).arn });
  const slowly = (call: string, clock: VirtualClock) => {
    if (call.startsWith("setSuspendedState 111")) clock.advance(1_500);
  };
  const { outcome, calls } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
    reads: [service(), service({ deployments: [theirs] })],
    update: rollingBack(),
    onCall: slowly,
  });
  assert.equal(outcome?.kind, "superseded");
  assert.ok(!calls.includes(UPDATED));
});

Deno.test("runPlan() survives passing trouble while watching, and says so", async () => {
  const { outcome, events } = await carryOut([UPDATE, AWAIT], {
    reads: [service(), awsError("throttled"), awsError("server"), awsError("lost"), awsError("unreachable"), DONE],
    update: rollingBack(),
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.equal(events.filter(({ kind }) => kind === "notice").length, 4);
});

Deno.test("runPlan() throws at once what waiting does not mend", async () => {
  for (const kind of ["credentials", "denied", "rejected"] as const) {
    const { thrown, calls } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
      reads: [service(), awsError(kind)],
      update: rollingBack(),
    });
    assert.equal((thrown as AwsError).kind, kind);
    assert.deepEqual(calls.slice(-3), GIVEN_BACK);
  }
});

Deno.test("runPlan() times out when its time is up, restores and says that it is not done", async () => {
  const { outcome, calls, clock } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE, DEREGISTER], {
    reads: [service(), rollingBack()],
    update: rollingBack(),
  }, 60_000);
  assert.equal(outcome?.kind, "timedOut");
  assert.equal(clock.now(), 60_000);
  assert.deepEqual(calls.slice(-3), GIVEN_BACK);
});

Deno.test("runPlan() stops when the user says so, whatever call is under way", async () => {
  const cases: [string, Partial<Script>, string[], Ordered][] = [
    ["describeService", {}, CHECKED, "no"],
    [TAGGED, { tag: awsError("lost") }, ["describeScalableTarget", "setSuspendedState 010"], "no"],
    ["setSuspendedState 111", {}, GIVEN_BACK, "no"],
    [UPDATED, { update: awsError("lost") }, GIVEN_BACK, "unknown"],
    [UPDATED, { update: awsError("throttled") }, GIVEN_BACK, "no"],
    [UPDATED, {}, GIVEN_BACK, "yes"],
  ];
  for (const [during, script, last, ordered] of cases) {
    stopper = new AbortController();
    const { outcome, calls } = await carryOut([SUSPEND, UPDATE, AWAIT, RESTORE], {
      reads: [service(), rollingBack()],
      update: rollingBack(),
      onCall: (call) => call === during && stopper.abort(),
      ...script,
    });
    stopper = new AbortController();
    assert.deepEqual(outcome, { kind: "interrupted", ordered, leftovers: [] });
    assert.deepEqual(calls.slice(-last.length), last);
    assert.equal(calls.includes(UPDATED), during === UPDATED);
  }
});

Deno.test("runPlan() follows a deployment that is under way already", async () => {
  const { outcome, calls } = await carryOut([{ ...AWAIT, follows: { kind: "deployment", id: "ecs-svc/4" } }], {
    reads: [
      service({ deployments: [deployment({ rolloutState: "IN_PROGRESS" })] }),
      service({ deployments: [deployment()] }),
    ],
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(calls, ["describeService", "describeService"]);
});

const ARN = serviceDeployment().arn;
const STOP: Step = {
  kind: "stopDeployment",
  arn: ARN,
  to: revision(3),
  otherwise: { kind: "updateService", taskDefinition: revision(3) },
};
const STOPPED = `stopServiceDeployment ${ARN}`;
const WENT_BACK = serviceDeployment({ status: "ROLLBACK_SUCCESSFUL" });

Deno.test("runPlan() stops the deployment under way and follows it back", async () => {
  const { outcome, calls } = await carryOut([STOP, AWAIT], {
    reads: [service(), rollingBack(), DONE],
    serviceDeployments: [serviceDeployment({ status: "ROLLBACK_IN_PROGRESS" }), WENT_BACK],
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(calls.filter((call) => !call.startsWith("describe")), [STOPPED]);
});

Deno.test("runPlan() updates the service when ECS does not take the stop", async () => {
  for (const stop of [awsError("rejected", "ConflictException"), awsError("denied")]) {
    const { outcome, calls } = await carryOut([STOP, AWAIT], {
      reads: [service(), DONE],
      update: rollingBack(),
      stop,
    });
    assert.equal(outcome?.kind, "succeeded");
    assert.deepEqual(new Set(calls.filter((call) => !call.startsWith("describe"))), new Set([STOPPED, UPDATED]));
  }
});

Deno.test("runPlan() asks what became of a stop whose answer was lost, and orders no update on top", async () => {
  const taken = await carryOut([STOP, AWAIT], {
    reads: [service(), DONE],
    stop: awsError("lost"),
    serviceDeployments: [serviceDeployment(), serviceDeployment({ status: "ROLLBACK_REQUESTED" }), WENT_BACK],
  });
  assert.equal(taken.outcome?.kind, "succeeded");
  assert.ok(!taken.calls.includes(UPDATED));
  const unknown = await carryOut([STOP, AWAIT], {
    reads: [service()],
    stop: awsError("server"),
    serviceDeployments: [serviceDeployment()],
  });
  assert.equal((unknown.thrown as AwsError).unseen?.code, "notStopped");
  assert.equal(unknown.clock.now(), 31_500);
  assert.ok(
    unknown.calls.filter((call) => call === STOPPED).length > 10,
    "ECS takes the order as often as it is given",
  );
  assert.ok(!unknown.calls.includes(UPDATED));
});

Deno.test("runPlan() gives the order to stop again where its answer was lost, and ECS decides", async () => {
  const again = await carryOut([STOP, AWAIT], {
    reads: [service(), DONE],
    stop: [awsError("lost"), undefined],
    serviceDeployments: [serviceDeployment(), WENT_BACK],
  });
  assert.equal(again.outcome?.kind, "succeeded");
  assert.deepEqual(again.calls.filter((call) => !call.startsWith("describe")), [STOPPED, STOPPED]);
  const conflict = awsError("rejected", "ConflictException");
  const gone = await carryOut([STOP, AWAIT], {
    reads: [service(), DONE],
    stop: [awsError("lost"), conflict],
    serviceDeployments: [serviceDeployment(), WENT_BACK],
  });
  assert.equal(gone.outcome?.kind, "succeeded");
  assert.ok(!gone.calls.includes(UPDATED), "it has gone back by the first order");
  const completed = await carryOut([STOP, AWAIT], {
    // The third is after the order; the second, because the plan is older than a second by then.
    reads: [service(), service(), DONE],
    update: rollingBack(),
    stop: [awsError("lost"), conflict],
    serviceDeployments: [serviceDeployment(), serviceDeployment({ status: "SUCCESSFUL" })],
  });
  assert.equal(completed.outcome?.kind, "succeeded");
  assert.ok(completed.calls.includes(UPDATED), "there was nothing left to stop");
});

Deno.test("runPlan() follows the new service deployment of a blue/green update", async () => {
  const before = serviceDeployment({ status: "SUCCESSFUL" });
  const green = serviceDeployment({ arn: "arn:service-deployment/5", status: "IN_PROGRESS" });
  const update: Step = { kind: "updateService", taskDefinition: revision(3), newerThan: { serviceDeployment: ARN } };
  const { outcome, calls } = await carryOut([update, AWAIT], {
    reads: [service(), rollingBack(), DONE],
    update: rollingBack(),
    serviceDeployments: [before, green, green, { ...green, status: "SUCCESSFUL" }],
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.equal(calls.filter((call) => call === "findNewestServiceDeployment").length, 2);
  assert.equal(calls.filter((call) => call === `describeServiceDeployment ${green.arn}`).length, 2);
});

const CRASHED = {
  arn: "task-1",
  startedBy: "ecs-svc/5",
  stopCode: "EssentialContainerExited",
  stoppedReason: "Essential container in task exited",
  stoppedAtMs: 5_500,
  containers: [{ name: "app", exitCode: 1, reason: undefined }],
};

Deno.test("runPlan() reports why tasks stop while it goes on, and again at the end only when there is more", async () => {
  const moving = [1, 0, 1, 0, 1, 0].map((pendingCount) => rollingBack({ pendingCount }));
  const { events } = await carryOut([UPDATE, AWAIT], {
    reads: [service(), ...Array(6).fill(moving).flat(), FAILED],
    update: rollingBack(),
    stoppedTasks: [CRASHED, { ...CRASHED, arn: "task-2", startedBy: "ecs-svc/4" }],
  });
  const counts = events.flatMap((event) => event.kind === "causes" ? [event.causes.map(({ count }) => count)] : []);
  assert.deepEqual(counts, [[1]], "tasks of other deployments do not count");
});

Deno.test("runPlan() goes on without the causes where they may not be read, and says so once", async () => {
  const moving = [1, 0, 1, 0, 1, 0].map((pendingCount) => rollingBack({ pendingCount }));
  const { outcome, events, calls } = await carryOut([UPDATE, AWAIT], {
    reads: [service(), ...Array(6).fill(moving).flat(), FAILED],
    update: rollingBack(),
    stoppedTasks: awsError("denied", "AccessDeniedException"),
  });
  assert.equal(outcome?.kind, "failed");
  assert.equal(events.filter((event) => event.kind === "notice").length, 1);
  assert.equal(calls.filter((call) => call === "listStoppedTasks").length, 1);
});

Deno.test("runPlan() takes the causes from the service's events where no task says more", async () => {
  const failure = (message: string) => serviceEvent(message, message, 6_000);
  const failed = "(deployment ecs-svc/5) deployment failed: tasks failed to start.";
  const codesOf = async (...messages: string[]) => {
    const { events } = await carryOut([UPDATE, AWAIT], {
      reads: [service(), { ...FAILED, events: messages.map(failure) }],
      update: rollingBack(),
    });
    return events.flatMap((event) => event.kind === "causes" ? event.causes.map(({ code }) => code) : []);
  };
  assert.deepEqual(await codesOf(failed), ["tasksFailedToStart"]);
  assert.deepEqual(await codesOf(failed, "was unable to place a task. Reason: RESOURCE:CPU."), ["noRoom"]);
});

Deno.test("runPlan() does not claim a suspension that was never made", async () => {
  const { events, calls } = await carryOut([SUSPEND, UPDATE, AWAIT], { reads: [service()], tag: awsError("rejected") });
  assert.deepEqual(calls, [...CHECKED, "listTags", TAGGED]);
  const codes = events.flatMap((event) => event.kind === "notice" ? [event.notice.code] : []);
  assert.deepEqual(codes, ["serviceUnchanged"]);
});

Deno.test("runPlan() says that ECS goes on when an error ends it after the order", async () => {
  const expired = await carryOut([UPDATE, AWAIT], {
    reads: [service(), awsError("credentials")],
    update: rollingBack(),
  });
  assert.deepEqual(expired.events.at(-1), { kind: "detached", ordered: "yes" });
  const lost = await carryOut([UPDATE, AWAIT], { reads: [service()], update: awsError("lost") });
  assert.deepEqual(lost.events.at(-1), { kind: "detached", ordered: "unknown" });
  const refused = await carryOut([UPDATE, AWAIT], { reads: [service()], update: awsError("rejected") });
  assert.ok(refused.events.every(({ kind }) => kind !== "detached"));
});

Deno.test("runPlan() sees that somebody has gone back from its own deployment", async () => {
  const back = service({ deployments: [deployment(), deployment({ id: "ecs-svc/5", status: "ACTIVE" })] });
  const followed = rollingBack({}, { deployments: [...rollingBack().deployments, deployment({ status: "ACTIVE" })] });
  // A read that does not list ours any more may be an old one: it is believed after a while.
  for (const [end, soonestMs, latestMs] of [[back, 0, 5_000], [service(), 30_000, 60_000]] as const) {
    const { outcome, clock } = await carryOut([UPDATE, AWAIT], {
      reads: [service(), followed, end],
      update: followed,
    });
    assert.equal(outcome?.kind, "rolledBackByEcs");
    assert.ok(clock.now() > soonestMs && clock.now() < latestMs, `after ${clock.now()} ms`);
  }
});

Deno.test("runPlan() warns at the end of a success on whose way tasks have stopped", async () => {
  const moving = [1, 0, 1, 0, 1, 0].map((pendingCount) => rollingBack({ pendingCount }));
  const { outcome, events } = await carryOut([UPDATE, AWAIT], {
    reads: [service(), ...Array(6).fill(moving).flat(), DONE],
    update: rollingBack(),
    stoppedTasks: [CRASHED],
  });
  assert.equal(outcome?.kind, "succeeded");
  assert.deepEqual(noticesOf(events), [{ code: "tasksCrashedOnTheWay", count: 1 }]);
});

Deno.test("runPlan() follows no deployment of another task definition that the answer to its order shows", async () => {
  const other = (rolloutState: "IN_PROGRESS" | "COMPLETED") =>
    service({
      taskDefinition: revision(7).arn,
      deployments: [deployment({ id: "ecs-svc/9", taskDefinition: revision(7).arn, rolloutState })],
    });
  const beaten = await carryOut([UPDATE, AWAIT], {
    reads: [service(), other("COMPLETED")],
    update: other("IN_PROGRESS"),
  });
  assert.equal(beaten.outcome?.kind, "superseded");
  // The answer was about another order, and a read shows the own one.
  const found = await carryOut([UPDATE, AWAIT], {
    reads: [service(), other("IN_PROGRESS"), rollingBack(), DONE],
    update: other("IN_PROGRESS"),
  });
  assert.deepEqual(found.outcome, { kind: "succeeded", leftovers: [] });
});
