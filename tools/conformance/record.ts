/** Recording what the emulator is asked and what it answers, while tests run. */

/** All commands of the program over all its worlds, and the emulator's own tests, its scenarios among them. */
const TESTS = ["tests/transcripts", "tests/unit/cli", "tests/emulator"];

/** Runs the tests, with their exchanges recorded in the folder. @throws Error when one fails */
export async function record(folder: string): Promise<void> {
  const command = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "test", ...TESTS],
    env: { EMULATOR_RECORDING: folder },
    stdout: "piped",
  });
  const { success, stdout } = await command.output();
  if (success) return;
  const output = new TextDecoder().decode(stdout);
  throw new Error(`the tests that are recorded fail:\n${output.slice(output.indexOf("ERRORS"))}`);
}
