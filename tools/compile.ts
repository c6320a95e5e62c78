/**
 * Builds the executable: `deno task compile [--target TRIPLE] [--output FILE]`, in the project's directory. Leaves
 * `dist/ecspresso` and, for whoever passes it on, `dist/THIRD_PARTY_LICENSES.txt`.
 */

import { parseArgs } from "node:util";
import { bundleForDeno } from "./bundle.ts";
import { compileExecutable } from "./executable.ts";
import { formatLicenses, readPackage } from "./licenses.ts";
import { bundledInputs, chunkOf, loadedAtStart, packageDirectory } from "./metafile.ts";

const directory = "dist/js";
const entry = `${directory}/main.js`;

/** What reads the command line, and nothing else, is all that `--help` needs. */
const forHelp = /^(?:@commander-js\/extra-typings$|commander$|node:)/;

/** Bundles into `dist/js`, which holds nothing else afterwards, and writes the licences of what was bundled. */
async function bundle(): Promise<void> {
  await Deno.remove(directory, { recursive: true }).catch(ignoreNotFound);
  const metafile = await bundleForDeno(directory);

  refuse("main.ts", loadedAtStart(metafile, entry));
  const help = loadedAtStart(metafile, chunkOf(metafile, "src/app/program.ts"));
  refuse("src/app/program.ts", help.filter((name) => !forHelp.test(name)));

  const packages = new Set([...bundledInputs(metafile)].map(packageDirectory).filter((path) => path !== undefined));
  const licenses = formatLicenses(await Promise.all([...packages].map(readPackage)));
  await Deno.writeTextFile("dist/THIRD_PARTY_LICENSES.txt", licenses);
}

/** @throws Error when there is something that a start loads without need */
function refuse(file: string, heavy: readonly string[]): void {
  if (heavy.length === 0) return;
  throw new Error(`${file} may reach these by import() only, or every start loads them: ${heavy.join(", ")}`);
}

function ignoreNotFound(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

function defaultOutput(target: string | undefined): string {
  const extension = (target ?? Deno.build.target).includes("windows") ? ".exe" : "";
  return target === undefined ? `dist/ecspresso${extension}` : `dist/ecspresso-${target}${extension}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { target: { type: "string" }, output: { type: "string" } } });
  const output = values.output ?? defaultOutput(values.target);
  await bundle();
  await compileExecutable({ entry, directory, output, target: values.target });
  console.log(output);
}

try {
  await main();
} catch (error) {
  console.error(`compile: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
