import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { V8_FLAGS } from "../../tools/v8_flags.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { startEmulatorServer } from "../emulator/server.ts";

/**
 * The program as a process of its own: the executable that `CLI_UNDER_TEST` names, the scripts that `CLI_BUNDLE` names
 * (`tools/tested_program.ts`), or from source.
 */

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly tookMs: number;
}

export interface CliOptions {
  /** Files of the process's working directory; the config of the emulator's `myservice` when left out. */
  readonly files?: Readonly<Record<string, string>>;
  /** Variables besides those that every run gets; an empty text unsets one. */
  readonly env?: Readonly<Record<string, string>>;
  /** When it is killed: after a minute unless it is said otherwise. */
  readonly longestMs?: number;
  /** An import map in the place of that of deno.json; the program is run from source then. */
  readonly importMap?: string;
  /** Whether V8 may optimize, which the executable does without: a run that only computes is twice as fast. */
  readonly isOptimized?: boolean;
}

const LONGEST_RUN_MS = 60_000;

const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

/** The emulator's `myservice`. */
export const CONFIG = { "ecspresso.yml": "region: ap-northeast-1\ncluster: default\nservice: myservice\n" };

/** The permissions that are baked into the executable. */
export const PERMISSIONS = [
  "--allow-env",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-sys",
  "--allow-run",
];

/** The program and what its own arguments come behind. */
export function programUnderTest(
  { importMap, isOptimized = false }: CliOptions = {},
): { command: string; args: string[] } {
  const executable = Deno.env.get("CLI_UNDER_TEST");
  if (executable) {
    const path = isAbsolute(executable) ? executable : REPOSITORY + executable;
    return { command: path, args: [] };
  }
  const bundle = Deno.env.get("CLI_BUNDLE");
  const run = ["run", "--no-prompt", "--cached-only"];
  if (bundle && !importMap) {
    const flags = isOptimized ? [] : [`--v8-flags=${V8_FLAGS.join(",")}`];
    return { command: Deno.execPath(), args: [...run, "--no-config", ...flags, ...PERMISSIONS, bundle] };
  }
  const config = ["--config", `${REPOSITORY}deno.json`, ...(importMap ? ["--import-map", importMap] : [])];
  // What the tests run with is installed by now; nothing may be fetched on the way.
  return { command: Deno.execPath(), args: [...run, ...config, ...PERMISSIONS, `${REPOSITORY}main.ts`] };
}

/** Runs a command line in a folder of its own and waits for its end; killed after a minute. */
export async function runCli(
  url: string,
  args: readonly string[],
  options: CliOptions = {},
  whileRunning: (child: Deno.ChildProcess) => void = () => {},
): Promise<Ended> {
  const program = programUnderTest(options);
  return await runProcess(url, program.command, [...program.args, ...args], options, whileRunning);
}

/** Runs a script by bash, with the program under test as `ecspresso`; `ecspresso_exec` takes the place of its shell. */
export async function runScript(
  url: string,
  script: string,
  options: CliOptions = {},
  whileRunning: (child: Deno.ChildProcess) => void = () => {},
): Promise<Ended> {
  const program = programUnderTest();
  const words = quoteWords([program.command, ...program.args]);
  const define = `ecspresso() { ${words} "$@"; }\necspresso_exec() { exec ${words} "$@"; }`;
  return await runProcess(url, "bash", ["-c", `${define}\n${script}`], options, whileRunning);
}

/** For a POSIX shell. */
export function quoteWords(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
}

async function runProcess(
  url: string,
  command: string,
  args: readonly string[],
  options: CliOptions,
  whileRunning: (child: Deno.ChildProcess) => void,
): Promise<Ended> {
  const folder = await Deno.makeTempDir({ prefix: "ecspresso-e2e-" });
  try {
    for (const [name, text] of Object.entries(options.files ?? CONFIG)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const startedAtMs = performance.now();
    const child = new Deno.Command(command, {
      args: [...args],
      cwd: folder,
      env: variables(url, folder, options.env),
      clearEnv: true,
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
      signal: AbortSignal.timeout(options.longestMs ?? LONGEST_RUN_MS),
    }).spawn();
    whileRunning(child);
    const { code, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { code, stdout: text(stdout), stderr: text(stderr), tookMs: performance.now() - startedAtMs };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** The whole environment of a run. */
export function variables(url: string, folder: string, more: CliOptions["env"] = {}): Record<string, string> {
  const all = {
    HOME: folder,
    PATH: Deno.env.get("PATH") ?? "",
    DENO_DIR: Deno.env.get("DENO_DIR") ?? "",
    TZ: "UTC",
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
    AWS_SECRET_ACCESS_KEY: "a-secret-access-key",
    AWS_EC2_METADATA_DISABLED: "true",
    ...more,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
}

export interface ServedWorld {
  readonly url: string;
  readonly emulator: Emulator;
}

/** Serves a world while `test` runs. A minute of the world passes in three seconds, unless `speed` says otherwise. */
export async function withServer(
  emulator: Emulator,
  test: (world: ServedWorld) => Promise<void>,
  speed = 100,
): Promise<void> {
  const server = await startEmulatorServer(emulator, { speed });
  try {
    await test({ url: server.url, emulator });
  } finally {
    await server.close();
  }
}
