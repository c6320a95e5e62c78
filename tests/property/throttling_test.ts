import assert from "node:assert/strict";
import fc from "fast-check";
import { DEFINITION_FILES } from "../definition_files.ts";
import { type Behaviour, crashLoop, failsToStart, healthy } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { dropBefore, serverError, throttle } from "../emulator/faults.ts";
import { myservice } from "../emulator/myservice.ts";
import { type Result, runInProcess } from "../in_process.ts";
import { RUNS, tries } from "./how_often.ts";

/** However long AWS throttles, a command that has the time ends as if it had not. */

const MINUTE_MS = 60_000;
/** Together with what the commands take of themselves, less than the timeout. */
const LONGEST_MINUTES = 10;

const COMMANDS = [
  "rollback --revision 3",
  "rollback --revision 3 --deregister --suspend-auto-scaling --resume-auto-scaling",
  "rollback --revision previous",
  "rollback --revision 2 --reregister",
  "deploy",
  "deploy --suspend-auto-scaling --resume-auto-scaling",
  "deploy --rollback-events DEPLOYMENT_FAILURE --deregister-failed --suspend-auto-scaling --resume-auto-scaling",
  "register",
  "deregister --revision 1",
];

const OPERATIONS = [
  "UpdateService",
  "RegisterTaskDefinition",
  "DeregisterTaskDefinition",
  "DescribeServices",
  "DescribeTaskDefinition",
  "ListServiceDeployments",
  "DescribeServiceRevisions",
  "RegisterScalableTarget",
  "DescribeScalableTargets",
  "TagResource",
  "UntagResource",
];

interface FailingDeployment {
  readonly operation: string;
  readonly nth: number;
  readonly minutes: number;
  readonly kind: keyof typeof EFFECTS;
}

const EFFECTS = { throttle, serverError, dropBefore };
/** What is not sent again where its answer was lost: here only throttling can be survived. */
const ONCE = ["UpdateService", "RegisterTaskDefinition", "RegisterScalableTarget", "*"];

const arbitraryTrouble: fc.Arbitrary<FailingDeployment> = fc.record({
  operation: fc.constantFrom("*", ...OPERATIONS),
  nth: fc.integer({ min: 1, max: 12 }),
  minutes: fc.double({ min: 0.01, max: LONGEST_MINUTES, noNaN: true }),
  kind: fc.constantFrom("throttle", "throttle", "serverError", "dropBefore"),
}).map((trouble): FailingDeployment => {
  // Until AWS has answered, an endpoint that is not to be reached is likely a wrong one.
  const mayBeSurvived = !ONCE.includes(trouble.operation) && trouble.nth > 1;
  return { ...trouble, kind: mayBeSurvived ? trouble.kind as FailingDeployment["kind"] : "throttle" };
});

/** What becomes of what is deployed: ECS stops it, or goes back by itself, or sees nothing wrong with tasks that crash. */
type Fails = "stopped" | "rolledBack" | "crashing" | "not";

function behaviourOf(fails: Fails): Behaviour {
  if (fails === "not") return healthy();
  return fails === "crashing" ? crashLoop({ afterMs: 8_000 }) : failsToStart("Essential container in task exited");
}

function open(fails: Fails): Emulator {
  const emulator = myservice({
    history: [1, 3, 4],
    behaviours: { 5: behaviourOf(fails) },
    service: {
      deploymentConfiguration: { deploymentCircuitBreaker: { enable: true, rollback: fails === "rolledBack" } },
    },
  });
  emulator.deregisterTaskDefinition("myservice:2");
  emulator.advance(MINUTE_MS);
  return emulator;
}

function run(emulator: Emulator, command: string): Promise<Result> {
  const args = [...command.split(" "), "--timeout=30m"];
  return runInProcess(emulator, args, { files: DEFINITION_FILES, env: { TAG: "1.4.0" } });
}

/** How it has ended, without what only time makes different. */
function endOf(emulator: Emulator, { code }: Result) {
  const { taskDefinitions, services, scalableTargets } = emulator.state();
  const running = Object.values(services).map(({ taskDefinition, desiredCount }) => ({ taskDefinition, desiredCount }));
  return { code, taskDefinitions, running, scalableTargets };
}

const TIMES = Math.ceil(RUNS / 100);

Deno.test(`throttling that is shorter than the timeout changes no end (${TIMES} runs)`, async () => {
  const world = fc.record({
    command: fc.constantFrom(...COMMANDS),
    fails: fc.constantFrom<Fails[]>("stopped", "rolledBack", "crashing", "not"),
  }).map(({ command, fails }) => ({
    command,
    // To watch what crashes for half an hour says nothing of throttling.
    fails: fails === "crashing" && !command.includes("--rollback-events") ? "stopped" as const : fails,
  }));
  await fc.assert(
    fc.asyncProperty(world, arbitraryTrouble, async ({ command, fails }, trouble) => {
      const calm = open(fails);
      const expected = endOf(calm, await run(calm, command));
      const troubled = open(fails);
      troubled.inject({
        ...(trouble.operation !== "*" && { operation: trouble.operation }),
        nth: trouble.nth,
        forMs: trouble.minutes * MINUTE_MS,
        effect: EFFECTS[trouble.kind](),
      });
      const result = await run(troubled, command);
      assert.deepEqual(endOf(troubled, result), expected, result.stderr);
      const longestMs = longestSilence(troubled);
      assert.ok(longestMs <= 25_000, `the program was silent for ${longestMs} ms`);
    }),
    tries(TIMES),
  );
});

/** The longest time that passed without a call. */
function longestSilence({ calls }: Emulator): number {
  return Math.max(0, ...calls.slice(1).map(({ atMs }, index) => atMs - calls[index]!.atMs));
}
