import fc from "fast-check";
import assert from "node:assert/strict";
import { DEFINITION_FILES } from "../definition_files.ts";
import { type Behaviour, crashLoop, failingHealthCheck, failsToStart } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { accessDenied } from "../emulator/faults.ts";
import type { JsonObject } from "../emulator/model.ts";
import { imageWithTag, myservice, SERVICE, taskDefinition, UNTIL_STEADY_MS } from "../emulator/myservice.ts";
import { runInProcess } from "../in_process.ts";
import type { RunEvent } from "../../src/rollout/events.ts";
import { RUNS, tries } from "./how_often.ts";
import { runningDigests } from "./image_run.ts";

/**
 * A deploy of a tag that was pushed again, which fails and is to be rolled back: afterwards each container runs the digest
 * that ran before, or the run has said that it could not be rolled back. Whatever is denied, and whatever has run before.
 */

const LATEST = imageWithTag("latest");
const SIDE = LATEST.replace("/myservice:", "/side:");

const HOW: Readonly<Record<string, () => Behaviour>> = {
  crashes: crashLoop,
  failsToStart: () => failsToStart("Essential container in task exited"),
  unhealthy: failingHealthCheck,
};

interface Spec {
  /** What is pushed again before the deploy; the first of them is broken. */
  readonly pushes: readonly ("app" | "side")[];
  readonly how: keyof typeof HOW;
  readonly breaker: "none" | "stop" | "rollback";
  /** What was deployed before, each time with other images: 4 is what is deployed then. */
  readonly history: readonly number[];
  /** The last deployment of the past is still under way. */
  readonly isUnderWay: boolean;
  /** What the deploy changes besides. */
  readonly attributes: JsonObject;
  readonly denied: string | null;
}

const arbitrarySpec: fc.Arbitrary<Spec> = fc.record({
  pushes: fc.constantFrom<Spec["pushes"][]>(["app"], ["side"], ["app", "side"]),
  how: fc.constantFrom(...Object.keys(HOW)),
  breaker: fc.constantFrom("none", "stop", "rollback"),
  history: fc.constantFrom([4], [3, 4], [4, 4], [4, 3, 4]),
  isUnderWay: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  attributes: fc.constantFrom<JsonObject[]>({}, {}, { enableExecuteCommand: true }, { desiredCount: 3 }),
  denied: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    {
      weight: 2,
      arbitrary: fc.constantFrom(
        "ListServiceDeployments",
        "DescribeServiceRevisions",
        "DescribeServiceDeployments",
        "RegisterTaskDefinition",
        "StopServiceDeployment",
        "ListTasks",
      ),
    },
  ),
});

function withSide(revision: number): JsonObject {
  const { containerDefinitions, ...others } = taskDefinition(revision, LATEST);
  const side = { name: "side", image: SIDE, essential: true, cpu: 0 };
  return { ...others, containerDefinitions: [...containerDefinitions as JsonObject[], side] };
}

function createWorld({ breaker, history, isUnderWay }: Spec): Emulator {
  const deploymentCircuitBreaker = { enable: breaker !== "none", rollback: breaker === "rollback" };
  const emulator = myservice({ history: [1], service: { deploymentConfiguration: { deploymentCircuitBreaker } } });
  // The family that `myservice()` has made is numbered 1 to 4: these are 5 to 8.
  for (let revision = 1; revision <= 4; revision++) emulator.registerTaskDefinition(withSide(revision));
  for (const revision of history) {
    for (const tag of [LATEST, SIDE]) emulator.setImage(tag);
    emulator.updateService({
      service: SERVICE,
      taskDefinition: `${SERVICE}:${revision + 4}`,
      forceNewDeployment: true,
    });
    emulator.advance(UNTIL_STEADY_MS);
  }
  if (isUnderWay) {
    emulator.updateService({ service: SERVICE, forceNewDeployment: true });
    emulator.advance(10_000);
  }
  return emulator;
}

function filesOf({ attributes }: Spec): Record<string, string> {
  const service = JSON.parse(DEFINITION_FILES["ecs-service-def.json"]!);
  return {
    ...DEFINITION_FILES,
    "ecs-service-def.json": JSON.stringify({ ...service, ...attributes }),
    "ecs-task-def.json": JSON.stringify(withSide(4)),
  };
}

/** The digests that the newest deployment runs, or is about to run. */
function lastDigests(emulator: Emulator): string[] {
  return [LATEST, SIDE].map((tag) => emulator.imageDigests(tag).at(-1)!);
}

function push(emulator: Emulator, { pushes, how }: Spec): void {
  const [broken] = pushes.map((name) => emulator.setImage(name === "app" ? LATEST : SIDE));
  emulator.setBehaviour(broken!, HOW[how]!());
}

function isBackOrGoesBack(event: RunEvent): boolean {
  return event.kind === "rollbackVerified" || (event.kind === "rollbackUnfinished" && event.ordered === "yes");
}

function isNotRolledBack(event: RunEvent): boolean {
  return (event.kind === "rollbackUnfinished" && event.ordered === "no") ||
    (event.kind === "rollbackDecided" && event.unless !== undefined);
}

async function check(spec: Spec): Promise<void> {
  const emulator = createWorld(spec);
  const [app, side] = lastDigests(emulator);
  push(emulator, spec);
  if (spec.denied !== null) emulator.inject({ operation: spec.denied, times: Infinity, effect: accessDenied() });
  const args = ["deploy", "--rollback-events", "DEPLOYMENT_FAILURE", "--timeout", "3m"];
  const events: RunEvent[] = [];
  const print = (event: RunEvent) => void events.push(event);
  const { code, stderr } = await runInProcess(emulator, args, { files: filesOf(spec), print });
  emulator.clearFaults();
  emulator.advance(4 * UNTIL_STEADY_MS);
  const running = runningDigests(emulator);
  const explained = () => `${JSON.stringify(running)}\n${stderr}`;
  // Where nothing shows that the tag has moved, nothing is deployed.
  if (code === 0) return assert.notEqual(spec.denied, null, explained());
  // Nothing shows then that its tasks keep stopping.
  if (code === 7) return assert.equal(spec.denied, "ListTasks", explained());
  assert.equal(code, 6, explained());
  if (events.some(isBackOrGoesBack)) return assert.deepEqual(running, [{ app, side }], explained());
  assert.ok(events.some(isNotRolledBack), explained());
  assert.notEqual(spec.denied, null, explained());
}

Deno.test("a deploy of a pushed tag that fails goes back to the images that ran, or says that it could not", async () => {
  await fc.assert(fc.asyncProperty(arbitrarySpec, check), tries(Math.ceil(RUNS / 40)));
});
