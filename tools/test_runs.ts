/** One `deno test`, in a process of its own. */
export interface TestRun {
  /** What it runs: a file, or a folder whose files share an isolate. */
  readonly name: string;
  readonly files: readonly string[];
  /** Whether it has to cover `src`; measuring the others would only slow them. */
  readonly isMeasured: boolean;
}

/** Folders whose files share an isolate: an isolate loads and compiles all that it imports, which takes longer than they do. */
const SHARED = /^tests\/(?:unit\/[^/]+|documents|emulator|mutations|property|tools|transcripts)(?=\/)/;

/**
 * The tests of the command line and the commands are many whole runs, and so are those of dry runs and events: to measure
 * them takes long, and the transcripts cover the same.
 */
const MEASURED = /^tests\/(?:unit\/(?!app\/|commands\/)|transcripts\/messages_test)/;

/** The longest first: at the end there would be a core without work. Each has an isolate of its own. */
const LONGEST = [
  "tests/e2e/live_display_test.ts",
  "tests/property",
  "tests/unit/commands",
  "tests/transcripts",
  "tests/transcripts/messages_test.ts",
  "tests/property/rollback_faults_test.ts",
  "tests/e2e/kill_deploy_test.ts",
  "tests/property/deploy_faults_test.ts",
  "tests/property/inputs_test.ts",
  "tests/e2e/kill_test.ts",
  "tests/property/many_services_test.ts",
  "tests/chaos/chaos_test.ts",
  "tests/iam/iam_test.ts",
  "tests/e2e/stalled_test.ts",
  "tests/property/repeated_fleet_test.ts",
  "tests/property/plan_file_faults_test.ts",
  "tests/property/image_rollbacks_test.ts",
  "tests/property/retained_memory_test.ts",
  "tests/e2e/bounds_test.ts",
  "tests/unit/app",
  "tests/unit/rollout",
  "tests/clarity/clarity_test.ts",
  "tests/e2e/ci_scripts_test.ts",
  "tests/e2e/companions_test.ts",
  "tests/e2e/odd_environment_test.ts",
  "tests/e2e/odd_files_test.ts",
  "tests/unit/host",
];

/** All tests below `tests`, in the order in which they are to be started. */
export async function findTestRuns(): Promise<readonly TestRun[]> {
  const files = (await Array.fromAsync(testFiles("tests"))).sort();
  const byName = Map.groupBy(files, (file) => LONGEST.includes(file) ? file : SHARED.exec(file)?.[0] ?? file);
  const place = ({ name }: TestRun) => LONGEST.includes(name) ? LONGEST.indexOf(name) : LONGEST.length;
  return [...byName].map(([name, files]) => ({ name, files, isMeasured: files.every((file) => MEASURED.test(file)) }))
    .sort((a, b) => place(a) - place(b));
}

async function* testFiles(folder: string): AsyncGenerator<string> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) yield* testFiles(path);
    else if (name.endsWith("_test.ts")) yield path;
  }
}
