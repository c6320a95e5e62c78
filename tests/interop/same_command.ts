import type { Emulator } from "../emulator/emulator.ts";
import type { JsonObject } from "../emulator/model.ts";
import type { Check } from "./expectations.ts";
import { assertSame } from "./compare_rendered.ts";
import { myserviceNow } from "./emulated.ts";
import { readFixture } from "./fixture.ts";
import type { Program } from "./programs.ts";

/** The files of `myservice`. */
const FOLDER = "tests/interop/files/01_plain";

/** Commands that both programs have, and that have to leave the same behind. */
const COMMANDS = [
  "deploy --no-wait",
  "deploy --no-wait --tasks 5",
  "deploy --no-wait --tasks 0",
  "deploy --no-wait --tasks=-1",
  "deploy --no-wait --no-update-service",
  "deploy --no-wait --skip-task-definition",
  "deploy --no-wait --skip-task-definition --revision 2",
  "deploy --no-wait --skip-task-definition --no-update-service --force-new-deployment",
  "deploy --no-wait --skip-task-definition --no-update-service --tasks 3",
  "deploy --no-wait --latest-task-definition",
  "deploy --no-wait --suspend-auto-scaling",
  "deploy --no-wait --resume-auto-scaling",
  "deploy --dry-run",
  "deploy --dry-run --tasks 5",
  "register",
  "register --dry-run",
  "deregister --revision 1 --force",
  "deregister --revision 1 --force --delete",
  "deregister --revision 1 --force --dry-run",
  "deregister --keeps 1 --force",
  "deregister --keeps 2 --force",
  "deregister --keeps 1 --force --delete",
  "wait",
];
/** Rollbacks, which the two spell differently: Kayac's takes the revision before the one that runs, and deregisters that. */
const ROLLBACKS = [
  ["rollback", "rollback --revision 2 --deregister"],
  ["rollback --no-deregister-task-definition", "rollback --revision 2"],
  ["rollback --no-wait --no-deregister-task-definition", "rollback --no-wait --revision 2"],
  ["rollback --dry-run", "rollback --dry-run --revision 2"],
] as const;
/** Commands that both programs have, and that have to print the same JSON. */
const QUESTIONS = ["revisions --revision 2", "revisions --revision current", "revisions --revision latest"];

export function sameCommandChecks(kayac: Program, ours: Program): Check[] {
  const check = (theirs: string, own: string, ask: (run: Program, args: string) => Promise<JsonObject>): Check => ({
    name: own,
    run: async () => assertSame(await ask(kayac, theirs), await ask(ours, own)),
  });
  return [
    ...COMMANDS.map((args) => check(args, args, leftBy)),
    ...ROLLBACKS.map(([theirs, own]) => check(theirs, own, leftBy)),
    ...QUESTIONS.map((args) => check(args, args, printedBy)),
  ];
}

/** `myservice`, whose newest revision is not the one that it runs, with more tasks than the file says. */
function makeWorld(): Emulator {
  return myserviceNow({ history: [2, 3], service: { deploymentController: { type: "ECS" }, desiredCount: 4 } });
}

/** What a command leaves behind, in brief. */
async function leftBy(run: Program, args: string): Promise<JsonObject> {
  const world = makeWorld();
  const { newest: before } = stateIn(world);
  await run(world, readFixture(FOLDER), args);
  const { newest, ...state } = stateIn(world);
  return { ...state, hasDeployed: newest !== before };
}

function stateIn(world: Emulator) {
  const { taskDefinitions, services, scalableTargets } = world.state();
  const { desiredCount = 0, taskDefinition = "", deployments = [] } = services["default/myservice"] ?? {};
  const suspended = scalableTargets["service/default/myservice"]?.suspendedState ?? {};
  return { taskDefinitions, desiredCount, taskDefinition, suspended, newest: deployments[0]?.id };
}

async function printedBy(run: Program, args: string): Promise<JsonObject> {
  const { stdout } = await run(makeWorld(), readFixture(FOLDER), args);
  // Each world has begun at a time of its own.
  const { registeredAt: _, ...definition } = JSON.parse(stdout);
  return definition;
}
