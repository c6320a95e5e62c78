/** One `deno test`, in a process of its own. */
export interface TestRun {
  /** What it runs, as `deno task test` takes it: files and folders. */
  readonly name: string;
  /** Share an isolate, which loads what they import: compiling and optimizing that takes longer than most tests. */
  readonly files: readonly string[];
  /** Whether its coverage of `src` is measured, which slows a run down. */
  readonly isMeasured: boolean;
}

/** Many whole runs, and much computing: to measure what they cover takes long, and the transcripts cover the same. */
const MUCH_WORK = [
  ...["tests/unit/commands", "tests/unit/app", "tests/unit/rollout/run"],
  ...["tests/unit/config/load_config_slow_files_test.ts", "tests/unit/definitions/diff_definitions_huge_test.ts"],
].join(" ");

/** The runs whose coverage is measured. */
const MEASURED = ["tests/unit", "tests/unit/host", "tests/transcripts/messages_test.ts"];

/**
 * The longest first: at the end there would be a core without work. A file is in the run that names it, or else its
 * folder. What would take longer in one isolate than all the rest is in several.
 */
const LONGEST = [
  "tests/e2e/live_display_test.ts",
  [
    ...["tests/property/inputs_test.ts", "tests/property/many_services_test.ts"],
    ...["tests/property/image_rollbacks_test.ts", "tests/property/retained_memory_test.ts"],
    ...["tests/property/plan_file_faults_test.ts", "tests/property/repeated_fleet_test.ts"],
  ].join(" "),
  "tests/property",
  "tests/property/rollback_faults_test.ts tests/property/deploy_faults_test.ts",
  MUCH_WORK,
  "tests/transcripts",
  "tests/chaos",
  "tests/e2e/kill_deploy_test.ts",
  "tests/transcripts/messages_test.ts",
  "tests/iam",
  "tests/e2e/kill_test.ts",
  "tests/e2e/stalled_test.ts",
  "tests/unit",
  "tests/e2e/bounds_files_test.ts",
  "tests/e2e/bounds_test.ts",
  "tests/clarity",
  "tests/e2e/ci_scripts_test.ts",
  "tests/e2e/companions_test.ts",
  "tests/e2e/odd_environment_test.ts",
  "tests/e2e/odd_files_test.ts",
  "tests/unit/host",
];

/** Further folders whose files share an isolate. */
const SHARED = /^tests\/(?:corpus|delivery|documents|emulator|interop|mutations|tools)(?=\/)/;

/** All tests below `tests`, in the order in which they are to be started. */
export async function findTestRuns(): Promise<readonly TestRun[]> {
  const files = (await Array.fromAsync(testFiles("tests"))).sort();
  const place = ({ name }: TestRun) => LONGEST.includes(name) ? LONGEST.indexOf(name) : LONGEST.length;
  return [...Map.groupBy(files, nameOfRun)]
    .map(([name, files]) => ({ name, files, isMeasured: MEASURED.includes(name) }))
    .sort((a, b) => place(a) - place(b));
}

function nameOfRun(file: string): string {
  const named = (name: string) => name.split(" ").filter((path) => file === path || file.startsWith(`${path}/`));
  const lengthOf = (name: string) => Math.max(0, ...named(name).map((path) => path.length));
  const closest = LONGEST.reduce((best, name) => lengthOf(name) > lengthOf(best) ? name : best);
  return lengthOf(closest) > 0 ? closest : SHARED.exec(file)?.[0] ?? file;
}

async function* testFiles(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* testFiles(path);
    else if (name.endsWith("_test.ts")) yield path;
  }
}
