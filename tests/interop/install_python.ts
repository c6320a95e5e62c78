/** Programs from PyPI are installed in here, each in a folder of its own, and found here the next time. */
const ENVIRONMENTS = "node_modules/.cache/interop";

/**
 * The path of a program of a package from PyPI, which is installed for it.
 *
 * @param requirement with its exact version
 * @throws Error when it cannot be installed
 */
export async function installPython(requirement: string, program: string): Promise<string> {
  const environment = `${ENVIRONMENTS}/${program}`;
  const bin = `${Deno.cwd()}/${environment}/bin`;
  // Written last: an installation that was interrupted, or is one of another version, is made anew.
  const mark = `${environment}/installed.txt`;
  if (await Deno.readTextFile(mark).catch(() => "") === requirement) return `${bin}/${program}`;
  console.log(`pip install ${requirement}`);
  const commands = [["python3", "-m", "venv", "--clear", environment], [`${bin}/pip`, "install", requirement]];
  for (const [command, ...args] of commands) {
    const { success, stderr } = await new Deno.Command(command!, { args }).output();
    if (!success) throw new Error(`${command}: ${new TextDecoder().decode(stderr).trim().split("\n").at(-1)}`);
  }
  await Deno.writeTextFile(mark, requirement);
  return `${bin}/${program}`;
}
