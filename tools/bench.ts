/**
 * Measures what the program costs, and whether that is within the limits: `deno task bench`. Prints one table; the
 * ratios are to an empty program that was compiled in the same way. With an executable in KAYAC_ECSPRESSO, Kayac's
 * ecspresso is measured beside it.
 *
 * Exits with 1 when a limit is broken.
 */

import { measureFleets } from "./bench/fleet_runs.ts";
import { type ObservedRun, observeRun, type Program, runProcess, withPeaks } from "./bench/runs.ts";
import { breaksLimit, formatTable, measure, middleHalf, type Row, type Section, type Subject } from "./bench/table.ts";
import { compileExecutable } from "./compile.ts";
import { Skipped } from "../tests/interop/expectations.ts";
import { findKayac } from "../tests/interop/programs.ts";

/** The limits of ratios: to the empty program, and of our first write to that of Kayac's ecspresso. */
const limits = { size: 1.04, version: 1.2, help: 1.4, firstWrite: 1, firstWriteChecked: 1.4 };

/** The limits of the start-up are a few milliseconds: on a busy machine it takes many runs to measure that. */
const rounds = { startUp: 200, firstWrite: 20 };
const warmUps = 2;
/** The highest ratio within the middle half of the empty program's start-ups on a machine that does nothing else. */
const calm = 1.15;
const latenciesMs = [0, 50];
/** How many runs are watched to their end: all at the same time, for a deployment takes a minute. */
const watched = 8;

const config = ["--config", "examples/ecspresso.yml"];
const ourCheckedRollback = [...config, "rollback", "--revision", "3"];
/** Like Kayac's, without a check whether the tasks can start. */
const ourRollback = [...ourCheckedRollback, "--preflight", "off"];
const OURS = "executable, --preflight off";
const OURS_CHECKED = "executable";
const theirRollback = [...config, "rollback", "--no-deregister-task-definition"];

interface Programs {
  readonly empty: Program;
  readonly executable: Program;
  /** May be missing on this machine. */
  readonly kayacs: Program | undefined;
}

/** Builds both with the same Deno: ratios between versions of the runtime would mean nothing. */
async function buildPrograms(directory: string): Promise<Programs> {
  const executable = `${directory}/ecspresso`;
  await runDeno("task", "--quiet", "compile", "--output", executable);
  // A program that ends at once: no compiled program can be faster.
  const source = `${directory}/empty-js`;
  await Deno.mkdir(source);
  await Deno.writeTextFile(`${source}/main.js`, "Deno.exit(0);\n");
  const empty = `${directory}/empty`;
  await compileExecutable({ entry: `${source}/main.js`, directory: source, output: empty });
  return { empty: [empty], executable: [executable], kayacs: await findKayacs() };
}

async function runDeno(...args: string[]): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), { args, stdout: "null" }).spawn().status;
  if (!success) throw new Error(`deno ${args.join(" ")} failed`);
}

/** Finds Kayac's ecspresso. Where there is none, prints why and returns `undefined`. */
async function findKayacs(): Promise<Program | undefined> {
  try {
    return [await findKayac()];
  } catch (error) {
    if (!(error instanceof Skipped)) throw error;
    console.log(`# no Kayac's ecspresso: ${error.message}`);
    return undefined;
  }
}

/** Measures once more where a run fails: Kayac's tool now and then fails to read an answer. */
function againWhereItFails([name, measureOnce]: [string, Subject]): [string, Subject] {
  return [name, () => measureOnce().catch(measureOnce)];
}

/** Measures start-up and first write, many times, the programs in turn. */
async function measureTimes({ empty, executable, kayacs }: Programs, home: string): Promise<Section[]> {
  const startUp = (...commandLine: string[]): Subject => async () => {
    const { startedAtMs, endedAtMs } = await runProcess(commandLine);
    return endedAtMs - startedAtMs;
  };
  const firstWrites = (name: string, commandLine: readonly string[]): [string, Subject][] =>
    latenciesMs.map((latencyMs) => [
      `${name}, ${latencyMs} ms a call`,
      async () => (await observeRun([...commandLine, "--no-wait"], home, latencyMs)).firstWriteMs,
    ]);
  const starts = await measure(
    {
      "empty program": startUp(...empty),
      "executable --version": startUp(...executable, "--version"),
      "executable --help": startUp(...executable, "--help"),
    },
    rounds.startUp,
    warmUps,
  );
  const writes = await measure(
    Object.fromEntries([
      ...firstWrites(OURS, [...executable, ...ourRollback]),
      ...firstWrites(OURS_CHECKED, [...executable, ...ourCheckedRollback]),
      ...(kayacs === undefined ? [] : firstWrites("Kayac's", [...kayacs, ...theirRollback]).map(againWhereItFails)),
    ]),
    rounds.firstWrite,
    warmUps,
  );
  return sectionsOf(starts, writes);
}

type Measured = Awaited<ReturnType<typeof measure>>;

function sectionsOf(starts: Measured, writes: Measured): Section[] {
  const baseline = starts["empty program"];
  const start = (name: string, limit?: number): Row => ({ name, values: starts[name], baseline, limit });
  const write = (name: string): Row => ({ name, values: writes[name], baseline });
  const toKayacs = (name: string, limit: number): Row => ({
    name: `${name} to Kayac's, 50 ms a call`,
    values: writes[`${name}, 50 ms a call`],
    baseline: writes["Kayac's, 50 ms a call"],
    limit,
  });
  return [
    {
      title: "start-up, ms",
      digits: 1,
      rows: [
        start("empty program"),
        start("executable --version", limits.version),
        start("executable --help", limits.help),
      ],
    },
    {
      title: "rollback: start to first write, ms",
      digits: 1,
      rows: [
        ...[OURS, OURS_CHECKED, "Kayac's"].flatMap((name) =>
          latenciesMs.map((ms) => write(`${name}, ${ms} ms a call`))
        ),
        toKayacs(OURS, limits.firstWrite),
        toKayacs(OURS_CHECKED, limits.firstWriteChecked),
      ],
    },
  ];
}

/** Measures what it takes to watch a deployment to its end, and how much memory. */
async function measureWatching({ empty, executable, kayacs }: Programs, home: string): Promise<Section[]> {
  const { peaks: baseline } = await withPeaks(watched, (prefix) => runProcess([...prefix, ...empty]));
  const help = await withPeaks(watched, (prefix) => runProcess([...prefix, ...executable, "--help"]));
  const watch = (...commandLine: string[]) =>
    withPeaks(watched, (prefix) => observeRun([...prefix, ...commandLine], home));
  const [rollback, deploy, theirs] = await Promise.all([
    watch(...executable, ...ourRollback),
    watch(...executable, ...config, "deploy"),
    kayacs && watch(...kayacs, ...theirRollback),
  ]);
  const named = { "executable rollback": rollback, "executable deploy": deploy, "Kayac's rollback": theirs };
  const rows = (valueOf: (run: ObservedRun) => number, what = ""): Row[] =>
    Object.entries(named).map(([name, runs]) => ({ name: `${name}${what}`, values: runs?.results.map(valueOf) }));
  return [
    { title: "deployment's end to program's, ms", digits: 0, rows: rows(({ noticedAfterMs }) => noticedAfterMs) },
    {
      title: "AWS calls",
      digits: 0,
      rows: [
        ...rows(({ callsBeforeFirstWrite }) => callsBeforeFirstWrite, ", before the first write"),
        ...rows(({ calls }) => calls, ", to the end"),
      ],
    },
    {
      title: "peak memory, MiB",
      digits: 1,
      rows: [
        { name: "empty program", values: baseline, baseline },
        { name: "executable --help", values: help.peaks, baseline },
        ...Object.entries(named).map(([name, runs]) => ({ name, values: runs?.peaks, baseline })),
      ],
    },
  ];
}

async function measureSize({ empty, executable }: Programs): Promise<Section> {
  const sizeOf = async ([path]: Program) => [(await Deno.stat(path)).size / 1e6];
  const baseline = await sizeOf(empty);
  return {
    title: "size, MB",
    digits: 1,
    rows: [
      { name: "empty program", values: baseline, baseline },
      { name: "executable", values: await sizeOf(executable), baseline, limit: limits.size },
    ],
  };
}

const home = await Deno.makeTempDir({ prefix: "ecspresso-bench-" });
try {
  const programs = await buildPrograms(home);
  const sections = [
    ...await measureTimes(programs, home),
    ...await measureWatching(programs, home),
    ...await measureFleets(programs.executable),
    await measureSize(programs),
  ];
  console.log(
    `\nDeno ${Deno.version.deno}. Runs: ${rounds.startUp} of each start-up and ${rounds.firstWrite} of each first write, in turn; ` +
      `${watched} of the rest.\nRatios are to the empty program; half of the runs are within the middle half.\n`,
  );
  console.log(formatTable(sections));
  const [from, to] = middleHalf(sections[0]?.rows[0]?.values ?? []);
  if (to / from > calm) {
    console.log("\nThe machine had other work: what is said of the start-up is not to be relied on.");
  }
  if (sections.some(({ rows }) => rows.some(breaksLimit))) Deno.exitCode = 1;
} finally {
  await Deno.remove(home, { recursive: true });
}
