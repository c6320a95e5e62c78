import assert from "node:assert/strict";
import { AwsError } from "../../../../src/errors.ts";
import type { ServiceSnapshot } from "../../../../src/model/service.ts";
import type { Ordered } from "../../../../src/model/outcome_kinds.ts";
import type { Outcome } from "../../../../src/rollout/outcome.ts";
import { runPlan } from "../../../../src/rollout/run/run_plan.ts";
import { deployment, revision, service, serviceEvent } from "../../made_up.ts";
import { awsError, contextOf, type Script, scriptedPorts } from "../scripted_ports.ts";
import {
  AWAIT,
  carryOut,
  CHECKED,
  DEREGISTER,
  DONE,
  FAILED,
  GIVEN_BACK,
  plan,
  PRIOR,
  RESTORE,
  rollingBack,
  SUSPEND,
  SUSPENDED_CALLS,
  TAGGED,
  UPDATE,
  UPDATED,
} from "./carried_out_plans.ts";

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
    const stopper = new AbortController();
    const { outcome, calls } = await carryOut(
      [SUSPEND, UPDATE, AWAIT, RESTORE],
      {
        reads: [service(), rollingBack()],
        update: rollingBack(),
        onCall: (call) => call === during && stopper.abort(),
        ...script,
      },
      600_000,
      stopper.signal,
    );
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
