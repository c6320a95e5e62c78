/** Random sets of services that one run rolls back, the trouble that each has, and the run. */
import fc from "fast-check";
import { setImmediate } from "node:timers";
import { run } from "../../src/app/run.ts";
import type { RunEvent } from "../../src/rollout/events.ts";
import { EMPTY_STATE, type RunState } from "../../src/report/state.ts";
import { crashLoop } from "../emulator/behaviours.ts";
import type { Emulator, WorldState } from "../emulator/emulator.ts";
import { fleet, fleetService } from "../emulator/fleet.ts";
import { isRead } from "../emulator/operations.ts";
import { FleetClock } from "../fleet_clock.ts";
import { CREDENTIALS, emulatorHandler } from "../in_process.ts";
import { madeUpHost } from "../made_up_host.ts";

/** What is wrong with a service: before the run, or in the middle of it. */
const TROUBLES = [
  "none",
  /** The tasks of the revision that it goes back to crash. */
  "crashes",
  /** What it runs crashes, too, since before the run. */
  "crashedBefore",
  "targetDeregistered",
  "deleted",
  "mayNotBeRead",
  "mayNotBeUpdated",
  "isBackAlready",
  "answerIsLost",
  "somebodyDeploys",
] as const;

export type FailingDeployment = (typeof TROUBLES)[number];

interface FleetSpec {
  readonly services: readonly { readonly trouble: FailingDeployment; readonly wave: number }[];
  readonly onFailure: "continue" | "stop" | "undo";
  readonly parallel: number;
  readonly skipRefused: boolean;
  readonly dryRun: boolean;
  /** SIGINT after so many events; 0: none. */
  readonly stopAfterEvents: number;
}

export const arbitraryTrouble = fc.oneof(
  { weight: 14, arbitrary: fc.constant<FailingDeployment>("none") },
  ...TROUBLES.slice(1).map((trouble) => ({ weight: 1, arbitrary: fc.constant<FailingDeployment>(trouble) })),
);

export const arbitraryFleet: fc.Arbitrary<FleetSpec> = fc.record({
  services: fc.array(fc.record({ trouble: arbitraryTrouble, wave: fc.integer({ min: 1, max: 3 }) }), {
    minLength: 1,
    maxLength: 12,
  }),
  onFailure: fc.constantFrom("continue", "stop", "undo"),
  parallel: fc.oneof(fc.constant(10), fc.integer({ min: 1, max: 12 })),
  skipRefused: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  dryRun: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  stopAfterEvents: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 60 }),
  }),
});

/** What one run has done. */
export interface ObservedFleet {
  readonly spec: FleetSpec;
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly state: RunState;
  readonly events: readonly RunEvent[];
  readonly before: WorldState;
  readonly after: WorldState;
  /** The calls that have changed something, and the service that each is about. */
  readonly writes: readonly { readonly operation: string; readonly service: string }[];
}

const LOST = { name: "TimeoutError" };

/** Runs the program; a service's own number says which trouble it has. */
export async function observeFleet(spec: FleetSpec): Promise<ObservedFleet> {
  for (const [name, value] of Object.entries(CREDENTIALS)) Deno.env.set(name, value);
  const emulator = fleet({ services: spec.services.length });
  spec.services.forEach(({ trouble }, index) => prepare(emulator, fleetService(index + 1), trouble));
  emulator.advance(60_000);
  const before = emulator.state();
  const clock = new FleetClock(emulator.now(), (ms) => emulator.advance(ms));
  const { host, written, send } = madeUpHost({
    ...{ args: argumentsOf(spec), files: filesOf(spec), clock },
    exit(code) {
      throw new Error(`the program ended itself with ${code}`);
    },
  });
  const events: RunEvent[] = [];
  let state = EMPTY_STATE;
  const print = (event: RunEvent, shown: RunState) => {
    state = shown;
    events.push(event);
    if (events.length === spec.stopAfterEvents) send("SIGINT");
  };
  const from = emulator.calls.length;
  const code = await run(host, troubledHandler(emulator, spec), { print });
  await new Promise((resolve) => setImmediate(resolve));
  const writes = emulator.calls.slice(from).filter(({ applied, operation }) => applied && !isRead(operation))
    .map(({ operation, input }) => ({ operation, service: String(input?.service ?? "") }));
  return { spec, code, ...written, state, events, before, after: emulator.state(), writes };
}

export function prepare(emulator: Emulator, service: string, trouble: FailingDeployment): void {
  const crash = crashLoop({ exitCode: 1, afterMs: 2_000 });
  if (trouble === "crashes") emulator.setBehaviour(`${service}:1`, crash);
  if (trouble === "crashedBefore") {
    emulator.setBehaviour(`${service}:2`, crash);
    emulator.updateService({ service, taskDefinition: `${service}:2`, forceNewDeployment: true });
  }
  if (trouble === "targetDeregistered") emulator.deregisterTaskDefinition(`${service}:1`);
  if (trouble === "isBackAlready") emulator.updateService({ service, taskDefinition: `${service}:1` });
  if (trouble === "deleted") emulator.deleteService({ service, force: true });
}

/** Answers as the emulator does, but for the calls about a service that has trouble with them. */
export function troubledHandler(
  emulator: Emulator,
  { services }: Pick<FleetSpec, "services">,
): ReturnType<typeof emulatorHandler> {
  const handler = emulatorHandler(emulator);
  const done = new Set<string>();
  const once = (name: string) => !done.has(name) && done.add(name) !== undefined;
  return {
    ...handler,
    async handle(request, options) {
      const operation = (request.headers["x-amz-target"] ?? "").split(".").at(-1)!;
      const body = typeof request.body === "string" ? request.body : new TextDecoder().decode(request.body);
      const index = services.findIndex((_, index) => body.includes(fleetService(index + 1)));
      const { trouble = "none" } = services[index] ?? {};
      const name = fleetService(index + 1);
      if (trouble === "mayNotBeRead" && operation === "DescribeServices" && isAlone(body)) return denied(operation);
      if (trouble === "mayNotBeUpdated" && operation === "UpdateService") return denied(operation);
      if (trouble === "somebodyDeploys" && operation === "UpdateService" && once(name)) {
        emulator.updateService({ service: name, taskDefinition: `${name}:2`, forceNewDeployment: true });
      }
      const answer = await handler.handle(request, options);
      if (trouble === "answerIsLost" && operation === "UpdateService" && once(name)) {
        throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET", ...LOST });
      }
      return answer;
    },
  };
}

const isAlone = (body: string) => JSON.parse(body).services?.length === 1;

function denied(operation: string) {
  const message = `User: arn:aws:iam::123456789012:user/alice is not authorized to perform: ecs:${operation}`;
  const body = JSON.stringify({ __type: "AccessDeniedException", message });
  const headers = { "content-type": "application/x-amz-json-1.1", date: new Date().toUTCString() };
  // deno-lint-ignore no-explicit-any -- the SDK's HttpResponse is a class of a package that is not ours to import
  return { response: { statusCode: 400, headers, body: new TextEncoder().encode(body) } as any };
}

const configOf = (number: number) => `${fleetService(number)}.yml`;

function filesOf({ services }: FleetSpec): Record<string, string> {
  const configs = services.map((_, index) => [
    configOf(index + 1),
    `region: ap-northeast-1\ncluster: default\nservice: ${fleetService(index + 1)}\n`,
  ]);
  const entries = services.map(({ wave }, index) => `  - config: ${configOf(index + 1)}\n    wave: ${wave}\n`);
  return Object.fromEntries([...configs, ["fleet.yml", `services:\n${entries.join("")}`]]);
}

function argumentsOf({ onFailure, parallel, skipRefused, dryRun }: FleetSpec): string[] {
  return [
    ...["rollback", "--fleet", "fleet.yml", "--revision", "previous", "--fail-after", "3"],
    ...["--on-failure", onFailure, "--parallel", String(parallel)],
    ...(skipRefused ? ["--skip-refused"] : []),
    ...(dryRun ? ["--dry-run"] : []),
  ];
}
