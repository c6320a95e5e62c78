/**
 * Measures what the program costs, and whether that is within the limits: `deno task bench`. Prints one table; the ratios
 * are to an empty program that was compiled in the same way.
 *
 * Exits with 1 when a limit is broken.
 */

import { breaksLimit, formatTable, type Row, type Section } from "./bench/format_table.ts";
import { measure, middleHalf } from "./bench/measure.ts";
import { buildEmpty, buildExecutable, buildForNode, findKayacs } from "./bench/programs.ts";
import type { Program } from "./bench/start_process.ts";
import { firstWrite, peaksOf, startUp, type WatchedRuns, watchRuns } from "./bench/subjects.ts";

/** The highest ratios that are still good: to the empty program, and of our first write to that of Kayac's. */
const limits = { size: 1.03, version: 1.15, help: 1.4, firstWrite: 1 };

/** The limits of the start-up are a few milliseconds: on a machine with other work only many runs can tell. */
const rounds = { startUp: 200, firstWrite: 20 };
const warmUps = 2;
/** How far apart the middle half of the empty program's start-ups may be where nothing else runs. */
const calm = 1.15;
const latenciesMs = [0, 50];
/** How many runs are watched to their end; at the same time, for a deployment takes a minute. */
const watched = 8;

const config = ["--config", "examples/ecspresso.yml"];
const ourRollback = [...config, "rollback", "--revision", "3"];
const theirRollback = [...config, "rollback", "--no-deregister-task-definition"];

interface Programs {
  readonly empty: Program;
  readonly executable: Program;
  /** These two may be missing on this machine. */
  readonly node: Program | undefined;
  readonly kayacs: Program | undefined;
}

/** Start-up and first write: done again and again, those of a kind in turn. */
async function measureTimes({ empty, executable, node, kayacs }: Programs, home: string): Promise<Section[]> {
  const startUps = (name: string, program: Program) =>
    ["--version", "--help"].map((option) => startUp(`${name} ${option}`, program, option));
  const firstWrites = (name: string, commandLine: readonly string[]) =>
    latenciesMs.map((latencyMs) => firstWrite(`${name}, ${latencyMs} ms a call`, commandLine, latencyMs, home));
  const starts = await measure(
    [
      startUp("empty program", empty),
      ...startUps("executable", executable),
      ...(node === undefined ? [] : startUps("Node bundle", node)),
    ],
    rounds.startUp,
    warmUps,
  );
  const writes = await measure(
    [
      ...firstWrites("executable", [...executable, ...ourRollback]),
      ...(node === undefined ? [] : firstWrites("Node bundle", [...node, ...ourRollback])),
      ...(kayacs === undefined ? [] : firstWrites("Kayac's", [...kayacs, ...theirRollback])),
    ],
    rounds.firstWrite,
    warmUps,
  );
  const values = new Map([...starts, ...writes]);
  const row = (name: string, limit?: number): Row => ({
    name,
    values: values.get(name),
    baseline: values.get("empty program"),
    limit,
  });
  return [
    {
      title: "start-up, ms",
      digits: 1,
      rows: [
        row("empty program"),
        row("executable --version", limits.version),
        row("executable --help", limits.help),
        row("Node bundle --version"),
        row("Node bundle --help"),
      ],
    },
    {
      title: "rollback: start to first write, ms",
      digits: 1,
      rows: [
        ...["executable", "Node bundle", "Kayac's"].flatMap((name) =>
          latenciesMs.map((latencyMs) => row(`${name}, ${latencyMs} ms a call`))
        ),
        {
          name: "executable to Kayac's, 50 ms a call",
          values: values.get("executable, 50 ms a call"),
          baseline: values.get("Kayac's, 50 ms a call"),
          limit: limits.firstWrite,
        },
      ],
    },
  ];
}

/** What it costs to see a deployment through, and how much memory. */
async function measureWatching({ empty, executable, kayacs }: Programs, home: string): Promise<Section[]> {
  const empties = await peaksOf(empty, watched);
  const helps = await peaksOf([...executable, "--help"], watched);
  const [rollback, deploy, theirs] = await Promise.all([
    watchRuns([...executable, ...ourRollback], watched, home),
    watchRuns([...executable, ...config, "deploy"], watched, home),
    kayacs && watchRuns([...kayacs, ...theirRollback], watched, home),
  ]);
  const rows = (valuesOf: (runs: WatchedRuns) => readonly number[] | undefined, what = ""): Row[] => [
    { name: `executable rollback${what}`, values: valuesOf(rollback) },
    { name: `executable deploy${what}`, values: valuesOf(deploy) },
    { name: `Kayac's rollback${what}`, values: theirs && valuesOf(theirs) },
  ];
  const peaks: Row[] = [
    { name: "empty program", values: empties },
    { name: "executable --help", values: helps },
    ...rows(({ peaks }) => peaks),
  ];
  return [
    {
      title: "deployment's end to program's, ms",
      digits: 0,
      rows: rows(({ noticedAfterMs }) => noticedAfterMs),
    },
    {
      title: "AWS calls",
      digits: 0,
      rows: [
        ...rows(({ callsBeforeFirstWrite }) => callsBeforeFirstWrite, ", before the first write"),
        ...rows(({ calls }) => calls, ", to the end"),
      ],
    },
    { title: "peak memory, MiB", digits: 1, rows: peaks.map((row) => ({ ...row, baseline: empties })) },
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
  const programs = {
    executable: await buildExecutable(home),
    empty: await buildEmpty(home),
    node: await buildForNode(home),
    kayacs: await findKayacs(),
  };
  const sections = [
    ...await measureTimes(programs, home),
    ...await measureWatching(programs, home),
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
