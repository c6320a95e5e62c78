/** Asking AWS's own model, by Python. */

/** Why the model cannot be asked on this machine. In CI, a Python that cannot install the package is a failure instead. */
export class Skipped extends Error {}

/** A Python that has botocore, until it is disposed of. */
export interface Model extends AsyncDisposable {
  /** Runs a script of this folder with a text on its standard input, and returns what it printed. @throws Error when it fails */
  run(script: string, input: string): Promise<string>;
}

/**
 * Installs the package, such as `botocore==1.2.3`, into a temporary folder.
 *
 * @throws Skipped where that is not possible; Error in CI, where nobody reads why a check that was there yesterday is skipped
 */
export async function openModel(requirement: string): Promise<Model> {
  const packages = await Deno.makeTempDir({ prefix: "ecspresso-botocore-" });
  const remove = () => Deno.remove(packages, { recursive: true });
  try {
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", packages, requirement];
    const { success, stderr } = await python(pip, {});
    if (!success) {
      const Failure = Deno.env.get("CI") === "true" ? Error : Skipped;
      throw new Failure(`pip cannot install ${requirement}: ${stderr.trim().split("\n").at(-1)}`);
    }
  } catch (error) {
    await remove();
    throw error instanceof Deno.errors.NotFound ? new Skipped("python3 is not on this machine") : error;
  }
  return {
    async run(script, input) {
      const path = new URL(script, import.meta.url).pathname;
      // Without the packages of this machine (-S), which may have a botocore of another version.
      const { success, stdout, stderr } = await python(["-S", path], { PYTHONPATH: packages }, input);
      if (!success) throw new Error(`${script} failed: ${stderr.trim()}`);
      return stdout;
    },
    [Symbol.asyncDispose]: remove,
  };
}

async function python(args: readonly string[], env: Record<string, string>, input = "") {
  const child = new Deno.Command("python3", {
    args: [...args],
    // What Python compiles has no place in the clone.
    env: { PYTHONDONTWRITEBYTECODE: "1", ...env },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writing = new Blob([input]).stream().pipeTo(child.stdin);
  const [{ success, stdout, stderr }] = await Promise.all([child.output(), writing]);
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { success, stdout: text(stdout), stderr: text(stderr) };
}
