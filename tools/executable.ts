/** docs/how-it-works.md says what each is for. Without `--no-prompt` a missing one would wait for an answer in CI. */
const permissions = [
  "--no-prompt",
  "--allow-env",
  "--allow-read",
  "--allow-net",
  "--allow-sys",
  "--allow-run",
  "--allow-write",
];

export interface ExecutableOptions {
  /** The JavaScript to start with; needs neither the import map nor node_modules. */
  readonly entry: string;
  /** A directory with everything that `entry` loads. */
  readonly directory: string;
  readonly output: string;
  /** A target triple of `deno compile`; this machine's when left out. */
  readonly target?: string | undefined;
}

/**
 * Wraps JavaScript into an executable, with the Deno that runs this program. `DENORT_BIN` names another runtime (for
 * the same target), for a machine that cannot download Deno's.
 *
 * @throws Error when `deno compile` fails; it has printed why by then
 */
export async function compileExecutable({ entry, directory, output, target }: ExecutableOptions): Promise<void> {
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--quiet",
      // The cache would be a file in the temp folder that any user of the machine can plant code in.
      "--no-code-cache",
      // V8 compiles functions that have run a few times on another thread, which disturbs a short run more than it helps:
      // a start-up takes two to four milliseconds longer with it.
      "--v8-flags=--no-concurrent-sparkplug",
      "--no-config",
      ...permissions,
      ...(target === undefined ? [] : ["--target", target]),
      // The chunks behind an import() are files that the executable has to carry.
      "--include",
      directory,
      "--output",
      output,
      entry,
    ],
  }).spawn().status;
  if (!success) throw new Error(`deno compile did not make ${output}`);
}
