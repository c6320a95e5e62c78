import assert from "node:assert/strict";
import type { Call, Emulator } from "../emulator/emulator.ts";
import { RESOURCE_ID, SERVICE, UNTIL_STEADY_MS } from "../emulator/myservice.ts";
import { judge, type Verdict } from "./judge.ts";
import { findCell } from "./matrix.ts";
import type { Hit } from "./observe.ts";
import { SCENES } from "./scenes.ts";
import type { Tried } from "./tried.ts";

/** The judge is shown runs with one defect each, and names it. */

const scene = SCENES.find(({ name }) => name === "rollback")!;
const ECS = "AmazonEC2ContainerServiceV20141113";
const SUSPENDED = {
  DynamicScalingInSuspended: true,
  DynamicScalingOutSuspended: true,
  ScheduledScalingSuspended: true,
};
const RESTORES = `--resource-id ${RESOURCE_ID} --suspended-state ` +
  "DynamicScalingInSuspended=false,DynamicScalingOutSuspended=false,ScheduledScalingSuspended=true";

interface Planted {
  readonly cell?: string;
  /** What a client does besides rolling back. */
  readonly act?: (emulator: Emulator) => void;
  readonly isRolledBack?: boolean;
  readonly hits?: readonly Hit[];
  readonly run?: Partial<Tried>;
  readonly leftovers?: readonly object[];
}

const HIT: Hit = { operation: "DescribeServices", isCarriedOut: true, answeredBefore: 5, isWatching: true };

/** A run that was right, but for what is planted. */
function runWith({ cell, act, isRolledBack = true, hits = [HIT], run = {}, leftovers = [] }: Planted): Tried {
  const emulator = scene.createWorld();
  const before = emulator.state();
  if (isRolledBack) {
    ask(emulator, "UpdateService", { service: SERVICE, taskDefinition: `${SERVICE}:3` });
    emulator.advance(UNTIL_STEADY_MS);
    ask(emulator, "DeregisterTaskDefinition", { taskDefinition: `${SERVICE}:4` });
  }
  act?.(emulator);
  const calls: Call[] = [...emulator.calls];
  const { code = 0 } = run;
  const end = {
    ...{ version: 1, time: "2023-01-01T12:10:00.000Z", event: "finished", exitCode: code, leftovers },
    outcome: code === 0 || code === 8 ? "succeeded" : code === 6 ? "failed" : code === 7 ? "timedOut" : "error",
  };
  const observed = {
    ...{ scene, limitMs: 60_000, code, stdout: `${JSON.stringify(end)}\n`, stderr: "", tookMs: 3_000, wholeMs: 4_000 },
    ...{ calls, before, after: emulator.state(), strays: { elsewhere: [], redirected: [] }, arrived: [], hits },
  };
  const calm = cell === "calm" ? observed : { ...observed, after: CALM.after };
  const found = findCell(cell ?? "rollback/DescribeServices#2/503-html/once/carried-out");
  return { ...observed, ...run, calm, cell: found! };
}

function ask(emulator: Emulator, operation: string, input: object): void {
  const answer = emulator.handle({ target: `${ECS}.${operation}`, body: JSON.stringify(input) });
  assert.ok("status" in answer && answer.status === 200, JSON.stringify(answer));
}

const CALM: Tried = runWithCalm();
function runWithCalm(): Tried {
  const emulator = scene.createWorld();
  emulator.updateService({ service: SERVICE, taskDefinition: `${SERVICE}:3` });
  emulator.advance(UNTIL_STEADY_MS);
  emulator.deregisterTaskDefinition(`${SERVICE}:4`);
  return { after: emulator.state() } as Tried;
}

const suspend = (emulator: Emulator) =>
  void emulator.registerScalableTarget({ ResourceId: RESOURCE_ID, SuspendedState: SUSPENDED });
const scalingHit: Hit = { ...HIT, operation: "RegisterScalableTarget" };
const LASTING = "rollback/RegisterScalableTarget#2/503-html/for-ever/not-carried-out";

const DEFECTS: readonly (Planted & { name: string; kind: keyof Verdict; says: RegExp })[] = [
  { name: "suspended without a word", act: suspend, kind: "lost", says: /no command restores it/ },
  { name: "suspended after 0", act: suspend, kind: "misreported", says: /code 0, but auto scaling is not restored/ },
  {
    name: "suspended, and the command named, though AWS took every call",
    act: suspend,
    run: { code: 8, stderr: RESTORES },
    kind: "lost",
    says: /though AWS took every call/,
  },
  {
    name: "suspended, and the command named, but no record",
    cell: LASTING,
    hits: [scalingHit],
    act: suspend,
    run: { code: 8, stderr: RESTORES },
    kind: "lost",
    says: /without a record/,
  },
  {
    name: "an order given twice",
    act: (emulator) => ask(emulator, "UpdateService", { service: SERVICE, taskDefinition: `${SERVICE}:3` }),
    kind: "lost",
    says: /2 orders took effect/,
  },
  {
    name: "the target deregistered",
    act: (emulator) => ask(emulator, "DeregisterTaskDefinition", { taskDefinition: `${SERVICE}:3` }),
    kind: "lost",
    says: /myservice:3 was deregistered while in use/,
  },
  {
    name: "a request to another origin",
    run: { strays: { elsewhere: ["POST /login"], redirected: [] } },
    kind: "lost",
    says: /another origin/,
  },
  {
    name: "a redirect to the same origin followed",
    run: { strays: { elsewhere: [], redirected: ["/elsewhere"] } },
    kind: "lost",
    says: /a redirect was followed/,
  },
  { name: "not rolled back", isRolledBack: false, run: { code: 5 }, kind: "lost", says: /though once passes/ },
  { name: "given up", isRolledBack: false, run: { code: 5 }, kind: "misreported", says: /exit code 5, though/ },
  { name: "0 for nothing", isRolledBack: false, kind: "misreported", says: /does not run the target/ },
  { name: "done, and 5", run: { code: 5 }, kind: "misreported", says: /exit code 5, though/ },
  { name: "refused after a change", run: { code: 4 }, kind: "misreported", says: /4 after UpdateService/ },
  { name: "killed by its own defect", run: { code: 101 }, kind: "misreported", says: /exit code 101/ },
  { name: "8 with nothing to do", run: { code: 8 }, kind: "misreported", says: /nothing is left to do/ },
  {
    name: "a stack trace",
    run: { stderr: "TypeError: x\n    at read (file:///src/aws/connection.ts:1:2)\n" },
    kind: "misreported",
    says: /a stack trace/,
  },
  { name: "no event at the end", run: { stdout: "" }, kind: "misreported", says: /no whole line at the end/ },
  { name: "timed out early", run: { code: 7 }, kind: "misreported", says: /timed out after 4000 ms already/ },
  { name: "too long", run: { tookMs: 70_000 }, kind: "overTime", says: /70.0 s with a limit of 60 s/ },
];

for (const { name, kind, says, ...planted } of DEFECTS) {
  Deno.test(`the judge of the chaos sees: ${name}`, () => {
    assert.match(judge(runWith(planted))[kind].join("\n"), says);
  });
}

Deno.test("the judge of the chaos finds nothing wrong with a run that is right", () => {
  assert.deepEqual(judge(runWith({})), { lost: [], misreported: [], overTime: [] });
});

Deno.test("the judge of the chaos accepts what a lasting trouble leaves, where the output says so", () => {
  const stays = (emulator: Emulator) => {
    suspend(emulator);
    const { ScalableTargets: [target] } = emulator.call("AnyScaleFrontendService.DescribeScalableTargets", {
      ServiceNamespace: "ecs",
    }) as { ScalableTargets: { ScalableTargetARN: string }[] };
    emulator.call("AnyScaleFrontendService.TagResource", {
      ResourceARN: target!.ScalableTargetARN,
      Tags: { "ecspresso:auto-scaling-suspended": "in=0 out=0 scheduled=1" },
    });
  };
  const run = { code: 8, stderr: RESTORES };
  const leftovers = [{ problem: "auto scaling may still be suspended", command: RESTORES }];
  const verdict = judge(runWith({ cell: LASTING, hits: [scalingHit], act: stays, run, leftovers }));
  assert.deepEqual(verdict, { lost: [], misreported: [], overTime: [] });
});

Deno.test("the judge of the chaos asks for no calm end where a short limit was up before the trouble came", () => {
  const planted: Planted = { cell: LASTING, isRolledBack: false, run: { code: 7, limitMs: 7_000, wholeMs: 8_000 } };
  assert.deepEqual(judge(runWith({ ...planted, hits: [] })), { lost: [], misreported: [], overTime: [] });
  const patient = runWith({ ...planted, cell: "rollback/DescribeServices#2/503-html/once/carried-out", hits: [] });
  assert.match(judge(patient).misreported.join("\n"), /exit code 7, though/);
});

Deno.test("the judge of the chaos allows more time where the program has started slowly", () => {
  const started = (startMs: number) => judge(runWith({ run: { tookMs: 70_000, wholeMs: 70_000 + startMs } })).overTime;
  assert.deepEqual([started(2_000).length, started(3_000)], [1, []]);
});
