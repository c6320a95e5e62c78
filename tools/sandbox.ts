/** A place for the tests in which no setting of this machine can be seen. */
export interface Sandbox {
  /** The whole environment of the tests. */
  readonly env: Record<string, string>;
  /** The only directory outside the project that they may write to. */
  readonly temporary: string;
  remove(): Promise<void>;
}

/**
 * The variables that pass through: without them no process starts. Everything else would leak in, such as AWS
 * credentials, a proxy, NO_COLOR or the marks of a CI system.
 */
const passedThrough = [
  "PATH",
  "PATHEXT",
  "SystemRoot",
  "ComSpec",
  "EMULATOR_RECORDING",
  "FC_RUNS",
  "FC_SEED",
  "FC_PATH",
  "KILL_POINTS",
];

/** Makes the sandbox; its owner has to remove it. */
export async function createSandbox(): Promise<Sandbox> {
  // First, for it can fail: later, the sandbox's directory would stay behind.
  const program = await programUnderTest();
  const denoDir = await denoDirectory();
  const temporary = await Deno.makeTempDir({ prefix: "ecspresso-test-" });
  const home = `${temporary}/home`;
  await Deno.mkdir(home);
  return {
    temporary,
    env: {
      ...program,
      ...Object.fromEntries(passedThrough.flatMap((name) => {
        const value = Deno.env.get(name);
        return value === undefined ? [] : [[name, value]];
      })),
      // With another HOME, Deno would make a new cache there.
      DENO_DIR: denoDir,
      DENO_NO_UPDATE_CHECK: "1",
      HOME: home,
      USERPROFILE: home,
      TMPDIR: temporary,
      TEMP: temporary,
      TMP: temporary,
      TZ: "UTC",
      AWS_CONFIG_FILE: `${home}/no-such-config`,
      AWS_SHARED_CREDENTIALS_FILE: `${home}/no-such-credentials`,
      AWS_EC2_METADATA_DISABLED: "true",
    },
    remove: () => Deno.remove(temporary, { recursive: true }),
  };
}

/** CLI_UNDER_TEST, which end-to-end tests run in place of the source, as an absolute path: they change directories. */
async function programUnderTest(): Promise<Record<string, string>> {
  const path = Deno.env.get("CLI_UNDER_TEST");
  return path === undefined ? {} : { CLI_UNDER_TEST: await Deno.realPath(path) };
}

async function denoDirectory(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  return JSON.parse(new TextDecoder().decode(stdout)).denoDir;
}

/**
 * What the tests may do: run programs, read, and talk to this machine; write below `writable` only, which is for their
 * temporary files, and for the transcripts when they are asked to rewrite them.
 */
export function testPermissions(writable: readonly string[]): string[] {
  return [
    "--no-prompt",
    "--allow-env",
    "--allow-read",
    "--allow-run",
    "--allow-sys",
    "--allow-net=127.0.0.1,localhost",
    `--allow-write=${writable.join(",")}`,
  ];
}
