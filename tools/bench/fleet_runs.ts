import { fleet, fleetService } from "../../tests/emulator/fleet.ts";
import { startEmulatorServer } from "../../tests/emulator/server.ts";
import { awsEnvironment, REGION } from "../../tests/interop/emulated.ts";
import { type Program, runProcess } from "./runs.ts";
import type { Row, Section } from "./table.ts";

/** Rollbacks of many services against AWS's rates, at the pace of the wall's clock. */

const SERVICES = 200;
const ROLLOUT_SECONDS = 40;
/** A shell loop takes so many at the same time: each program takes the memory of one. */
const LOOP = { services: 20, atOnce: 10 };

/** What may be used of AWS's rates for task definitions and for updates: four fifths. */
const READS = { burst: 40, perSecond: 16 };
const UPDATES = { burst: 40, perSecond: 4 };
const secondsOf = (calls: number, { burst, perSecond }: typeof READS) => Math.max(0, calls - burst) / perSecond;

/**
 * The highest that are still good; of throttled calls that is none. `cpu` is to what the loop takes, in the same minutes:
 * seconds of CPU say as much about the machine as about the program.
 */
const limits = { wall: 1.15, callsEach: 6, throttled: 0.5, peakMib: 120e6 / 1_048_576, cpu: 1.25 };

interface FleetRun {
  readonly wallSeconds: number;
  /** Of all its processes together. */
  readonly cpuSeconds: number;
  readonly peakMib: number;
  readonly callsEach: number;
  readonly throttled: number;
}

/** GNU time, the one that knows `-f`. */
const TIME = ["/usr/bin/time", "-f", "%M %U %S"];

/** Runs a command line against so many services, in a folder with a config of each. */
async function observe(services: number, commandLine: readonly string[]): Promise<FleetRun> {
  const emulator = fleet({ services, options: { rateLimits: true, startAtMs: Date.now() - 10 * 60_000 } });
  const server = await startEmulatorServer(emulator);
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-fleet-" });
  try {
    for (let number = 1; number <= services; number++) {
      const config = `region: ${REGION}\ncluster: default\nservice: ${fleetService(number)}\ntimeout: 30m\n`;
      await Deno.writeTextFile(`${folder}/${fleetService(number)}.yml`, config);
    }
    const env = { ...awsEnvironment(server.url, folder), FOLDER: folder };
    const { startedAtMs, endedAtMs } = await runProcess([...TIME, "-o", `${folder}/usage`, ...commandLine], env);
    const [peakKib = NaN, ...cpu] = (await Deno.readTextFile(`${folder}/usage`)).split(" ").map(Number);
    const calls = emulator.calls.filter(({ service }) => service === "ecs");
    return {
      wallSeconds: (endedAtMs - startedAtMs) / 1_000,
      cpuSeconds: cpu.reduce((sum, seconds) => sum + seconds, 0),
      peakMib: peakKib / 1_024,
      callsEach: calls.length / services,
      throttled: calls.filter(({ outcome }) => outcome === "ThrottlingException").length,
    };
  } finally {
    await server.close();
    await Deno.remove(folder, { recursive: true });
  }
}

const rollback = ["rollback", "--revision", "previous"];

/**
 * Many services in one run, and in a shell's loop over a run each. None of it is measured on a machine without GNU time.
 *
 * @param executable the program under test
 */
export async function measureFleets([executable]: Program): Promise<Section[]> {
  const canMeasure = await runProcess([...TIME, "true"]).then(() => true, () => false);
  if (!canMeasure) return [];
  const inOneRun = (services: number) => {
    const many = ["--max-services", String(services), "--parallel", String(services)];
    return observe(services, [
      "sh",
      "-c",
      'cd "$FOLDER" && exec "$@"',
      "sh",
      executable,
      ...rollback,
      "--config",
      "*.yml",
      ...many,
    ]);
  };
  const loop = `cd "$FOLDER" && ls *.yml | xargs -P ${LOOP.atOnce} -I {} "$@" --config {}`;
  const many = await inOneRun(SERVICES);
  const few = await inOneRun(LOOP.services);
  const looped = await observe(LOOP.services, ["sh", "-c", loop, "sh", executable, ...rollback]);
  const needed = secondsOf(2 * SERVICES, READS) + secondsOf(SERVICES, UPDATES) + ROLLOUT_SECONDS;
  return [
    limited(`${SERVICES} services in one run`, [
      ["wall, s", many.wallSeconds, needed, limits.wall],
      ["calls of ECS a service", many.callsEach, limits.callsEach, 1],
      ["throttled calls", many.throttled, limits.throttled, 1],
      ["peak memory, MiB", many.peakMib, limits.peakMib, 1],
      [`CPU, s, to that of a loop over ${LOOP.services}`, many.cpuSeconds, looped.cpuSeconds, limits.cpu],
    ]),
    limited(`${LOOP.services} services: a shell's loop, ${LOOP.atOnce} at a time, to one run`, [
      ["wall, s", looped.wallSeconds, few.wallSeconds],
      ["calls of ECS a service", looped.callsEach, few.callsEach],
      ["CPU, s", looped.cpuSeconds, few.cpuSeconds],
    ]),
  ];
}

type Measured = readonly [name: string, value: number, baseline: number, limit?: number];

function limited(title: string, rows: readonly Measured[]): Section {
  const rowOf = ([name, value, baseline, limit]: Measured): Row => ({
    name,
    values: [value],
    baseline: [baseline],
    limit,
  });
  return { title, digits: 1, rows: rows.map(rowOf) };
}
