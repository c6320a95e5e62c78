import * as esbuild from "esbuild";
import { bundleProgram } from "./bundle.ts";
import { bundleInto, makeScripts, recordCode } from "./scripts.ts";
import { V8_FLAGS } from "./v8_flags.ts";

/**
 * Makes the program as the executable has it, with the code of its scripts, for Deno to run: the end-to-end tests start it
 * hundreds of times, and it takes less than half of what the source does.
 *
 * @param directory where it goes; must be empty
 * @param home a folder without files of the user's
 * @returns the file to start, with `V8_FLAGS`
 */
export async function makeTestedProgram(directory: string, home: string): Promise<string> {
  await makeScripts(directory, await bundleProgram(directory), ["main.ts"]);
  await bundleInto(directory, "tools/executable/record.ts").finally(() => esbuild.stop());
  const options = ["--no-prompt", "--no-config", `--v8-flags=${V8_FLAGS.join(",")}`, "--allow-all"];
  await recordCode([Deno.execPath(), "run", ...options, `${directory}/record.js`], home);
  return `${directory}/main.js`;
}
