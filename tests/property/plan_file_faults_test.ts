import fc from "fast-check";
import assert from "node:assert/strict";
import { definitionOf, fleet, fleetService } from "../emulator/fleet.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { isRead } from "../emulator/operations.ts";
import { type Lived, runUntil } from "../killed_run.ts";
import { arbitraryTrouble, prepare, troubledHandler } from "./fleet_run.ts";
import { FLEETS, tries } from "./how_often.ts";

/**
 * A plan of a set is kept in a file, and carried out up to three times: killed at any call, with trouble at some of the
 * services, and while somebody else deploys some of them.
 */

const arbitraryService = fc.record({
  trouble: arbitraryTrouble,
  wave: fc.integer({ min: 1, max: 3 }),
  /** Somebody else gives the service a release of their own before the run of this number, once it is planned; 0: never. */
  deployedBefore: fc.oneof({ weight: 6, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 3 })),
});

const arbitraryDeath = fc.option(
  fc.record({ call: fc.integer({ min: 1, max: 120 }), moment: fc.constantFrom("before" as const, "after" as const) }),
  { freq: 3 },
);

const arbitraryPlanned = fc.record({
  services: fc.array(arbitraryService, { minLength: 1, maxLength: 12 }),
  onFailure: fc.constantFrom("continue", "stop", "undo"),
  parallel: fc.integer({ min: 1, max: 12 }),
  skipRefused: fc.boolean(),
  /** The first run plans, keeps the plan and carries it out; or it only plans. */
  isDryRun: fc.boolean(),
  deaths: fc.tuple(arbitraryDeath, arbitraryDeath, arbitraryDeath),
  betweenMs: fc.constantFrom(0, 5_000, 60_000, 3 * 3_600_000),
});

type Planned = typeof arbitraryPlanned extends fc.Arbitrary<infer Spec> ? Spec : never;

const PLAN = "plan.json";

function filesOf({ services }: Planned): Record<string, string> {
  const entries = services.map(({ wave }, index) =>
    `  - service: ${fleetService(index + 1)}\n    region: ap-northeast-1\n    wave: ${wave}\n`
  );
  return { "fleet.yml": `services:\n${entries.join("")}` };
}

function argumentsOf({ onFailure, parallel, skipRefused, isDryRun }: Planned, isFirst: boolean): string[] {
  const policy = [
    ...["--on-failure", onFailure, "--parallel", String(parallel), "--output", "json"],
    ...(skipRefused ? ["--skip-refused"] : []),
  ];
  if (!isFirst) return ["rollback", "--plan", PLAN, ...policy];
  const what = ["--fleet", "fleet.yml", "--revision", "previous", "--fail-after", "3", "--plan-out", PLAN];
  return ["rollback", ...what, ...policy, ...(isDryRun ? ["--dry-run"] : [])];
}

interface Ran extends Lived {
  readonly isDryRun: boolean;
  /** The task definition of each service, where it has been updated, in order: as it was asked for. */
  readonly orders: Readonly<Record<string, readonly string[]>>;
  readonly writes: readonly string[];
  readonly after: readonly string[];
}

const running = (emulator: Emulator, { services }: Planned) =>
  services.map((_, index) => emulator.state().services[`default/${fleetService(index + 1)}`]?.taskDefinition ?? "none");

async function carryOut(spec: Planned) {
  const emulator = fleet({ services: spec.services.length });
  spec.services.forEach(({ trouble }, index) => prepare(emulator, fleetService(index + 1), trouble));
  emulator.advance(60_000);
  const handler = troubledHandler(emulator, spec);
  let files: Readonly<Record<string, string>> = filesOf(spec);
  const runs: Ran[] = [];
  for (const [index, death] of spec.deaths.entries()) {
    const isFirst = files[PLAN] === undefined;
    if (!isFirst) deployOthers(emulator, spec, index);
    const from = emulator.calls.length;
    const args = argumentsOf(spec, isFirst);
    const lived = await runUntil(emulator, args, files, death ?? undefined, undefined, handler);
    files = lived.files;
    const written = emulator.calls.slice(from).filter(({ operation, applied }) => applied && !isRead(operation));
    const updates = written.filter(({ operation }) => operation === "UpdateService");
    const orders = Map.groupBy(updates, ({ input }) => String(input?.service));
    runs.push({
      ...lived,
      isDryRun: isFirst && spec.isDryRun,
      orders: Object.fromEntries([...orders].map(([name, all]) => [name, all.map(taskDefinitionOf)])),
      writes: written.map(({ operation }) => operation),
      after: running(emulator, spec),
    });
    emulator.advance(spec.betweenMs);
  }
  return { emulator, runs, after: running(emulator, spec) };
}

const taskDefinitionOf = ({ input }: Emulator["calls"][number]) => String(input?.taskDefinition).split("/").at(-1)!;

function deployOthers(emulator: Emulator, { services }: Planned, before: number): void {
  services.forEach(({ deployedBefore, trouble }, index) => {
    if (deployedBefore !== before || trouble === "deleted") return;
    const service = fleetService(index + 1);
    emulator.registerTaskDefinition(definitionOf(service, 3));
    emulator.updateService({ service, taskDefinition: `${service}:3` });
  });
}

Deno.test("a plan file is carried out once for each service, whatever happens to it and to the runs", async () => {
  await fc.assert(
    fc.asyncProperty(arbitraryPlanned, async (spec) => {
      const carried = await carryOut(spec);
      try {
        carried.runs.forEach((run) => checkRun(spec, run));
        spec.services.forEach((_, index) => checkService(spec, carried, index));
      } catch (error) {
        const said = carried.runs.map(({ code, stderr, orders }) => `${code} ${JSON.stringify(orders)}\n${stderr}`);
        if (error instanceof Error) error.message += `\n${said.join("\n----\n")}`;
        throw error;
      }
    }),
    tries(FLEETS),
  );
});

const FAILED = ["failed", "givenUp", "superseded", "gone", "rolledBackByEcs"];

/** The exit code and the last event say what the world has. */
function checkRun(spec: Planned, { code, stderr, stdout, writes, isDryRun, after }: Ran): void {
  assert.doesNotMatch(stderr, /^ {4}at |unforeseen|undefined|\[object|NaN/m);
  if (code === undefined) return;
  assert.ok([0, 4, 5, 6, 7, 8].includes(code), `exit code ${code}`);
  if (code === 4 || isDryRun) assert.deepEqual(writes, [], "nothing was to be written");
  const finished = JSON.parse(stdout.trimEnd().split("\n").at(-1)!);
  assert.deepEqual([finished.event, finished.exitCode], ["finished", code]);
  const results: { service: string; outcome: string; rollback?: unknown; isRolledBack?: boolean }[] =
    finished.results ?? [{ service: fleetService(1), ...finished }];
  if (code === 0) { for (const { outcome } of results) assert.ok(!FAILED.includes(outcome), `exit 0, but ${outcome}`); }
  if (results.some(({ outcome }) => FAILED.includes(outcome))) assert.equal(code, 6, "one failed");
  for (const { service, outcome, isRolledBack } of results) {
    const index = spec.services.findIndex((_, index) => fleetService(index + 1) === service);
    if (outcome === "succeeded" && !isRolledBack) {
      assert.equal(after[index], `${service}:1`, `${service} is said to be back`);
    }
  }
}

function checkService(spec: Planned, { runs, after }: Awaited<ReturnType<typeof carryOut>>, index: number): void {
  const { trouble, deployedBefore } = spec.services[index]!;
  const service = fleetService(index + 1);
  const isKept = runs[deployedBefore - 1]?.files[PLAN] !== undefined;
  const isOthers = isKept && runs.length > deployedBefore && trouble !== "deleted";
  if (isOthers) {
    const since = runs.slice(deployedBefore).flatMap(({ orders }) => orders[service] ?? []);
    assert.deepEqual(since, [], `${service} was deployed by somebody else`);
    return assert.equal(after[index], `${service}:3`);
  }
  if (spec.onFailure === "undo") return;
  const orders = runs.flatMap(({ orders }) => orders[service] ?? []);
  assert.ok(orders.every((order) => order === `${service}:1`), `${service} went to ${orders}`);
  assert.ok(orders.length <= (trouble === "crashes" || trouble === "somebodyDeploys" ? runs.length : 1), `${orders}`);
  const last = runs.at(-1)!;
  // One that was refused is in no plan.
  if (!(last.files[PLAN] ?? "").includes(`"${service}"`)) return;
  if (last.code === 0 && !last.isDryRun) assert.equal(after[index], `${service}:1`, "exit 0, but it is not back");
  const heldUpBy = spec.onFailure === "continue" ? [4] : [4, 5, 6];
  const isHeldUp = last.code === undefined || heldUpBy.includes(last.code);
  if (trouble === "none" && !last.isDryRun && !isHeldUp) {
    assert.equal(after[index], `${service}:1`, "a service without trouble is lost");
  }
}
