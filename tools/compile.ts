/**
 * Builds the executable: `deno task compile [--target TRIPLE] [--output FILE]`, in the project's directory. Leaves
 * `dist/ecspresso` and, for everybody who passes it on, `dist/THIRD_PARTY_LICENSES.txt`.
 */

import * as esbuild from "esbuild";
import { parseArgs } from "node:util";
import { type BundledPackage, bundledPackages, bundleProgram, loadedWith } from "./bundle.ts";
import { bundleInto, makeScripts, packScripts, recordCode } from "./scripts.ts";
import { V8_FLAGS } from "./v8_flags.ts";

const DIRECTORY = "dist/js";

/** docs/how-it-works.md says what each is for. Without `--no-prompt`, a missing one would stall a run in CI. */
const PERMISSIONS = [
  "--no-prompt",
  "--allow-env",
  "--allow-read",
  "--allow-net",
  "--allow-sys",
  "--allow-run",
  "--allow-write",
];

interface ExecutableOptions {
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
      ...["compile", "--quiet", "--no-config", ...PERMISSIONS],
      // The cache would be a file in the temp folder that any user of the machine can plant code in. The program has
      // code of its own: `keepCode()`.
      "--no-code-cache",
      `--v8-flags=${V8_FLAGS.join(",")}`,
      ...(target === undefined ? [] : ["--target", target]),
      // The chunks behind an import() are files that the executable has to carry.
      ...["--include", directory, "--output", output, entry],
    ],
  }).spawn().status;
  if (!success) throw new Error(`deno compile did not make ${output}`);
}

/** The licence and notice files of a package, as they are; its SPDX expression where it has none. */
export async function licenseText({ directory, license }: BundledPackage): Promise<string> {
  const files = (await Array.fromAsync(Deno.readDir(directory)))
    .filter((entry) => entry.isFile && /^(licen[cs]e|copying|copyright|notice)/i.test(entry.name))
    .map(({ name }) => name).sort();
  const texts = await Promise.all(files.map((file) => Deno.readTextFile(`${directory}/${file}`)));
  return texts.map((text) => text.trim()).join("\n\n") || `Licensed under ${license}.`;
}

/** The document that goes with every copy of the executable. Packages with the same text share it. */
async function formatLicenses(packages: readonly BundledPackage[]): Promise<string> {
  const introduction = "ecspresso contains the following packages. The executable also contains the Deno runtime,\n" +
    "MIT License, Copyright 2018-2026 the Deno authors, with the notices at https://github.com/denoland/deno.\n";
  const texts = new Map(await Promise.all(packages.map(async (one) => [one, await licenseText(one)] as const)));
  const sections = [...Map.groupBy(packages, (one) => texts.get(one)!)].map(([text, members]) => {
    const names = members.map(({ name, version, license }) => `${name} ${version} (${license})`);
    return `${names.join("\n")}\n\n${text}\n`;
  });
  return [introduction, ...sections].join(`\n${"-".repeat(80)}\n\n`);
}

/** What every start loads: it answers `--version` and `--help`, and contains only the project's own code. */
const START = "main.ts";

/** Bundles into `dist/js`, which holds nothing else afterwards, and writes the licences of what was bundled. */
async function bundle(): Promise<void> {
  await Deno.remove(DIRECTORY, { recursive: true }).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
  const metafile = await bundleProgram(DIRECTORY);
  const heavy = loadedWith(metafile, START);
  if (heavy.length > 0) {
    throw new Error(`${START} may reach these by import() only, or every start loads them: ${heavy.join(", ")}`);
  }
  await makeScripts(DIRECTORY, metafile, [START]);
  await Deno.writeTextFile("dist/THIRD_PARTY_LICENSES.txt", await formatLicenses(await bundledPackages(metafile)));
}

/** Keeps the compiled code of the scripts that a rollback needs up to its order, by a program compiled alike. */
async function keepCode(): Promise<void> {
  const entry = `${DIRECTORY}/record.js`;
  const output = `dist/recorder${extensionOf(Deno.build.target)}`;
  await bundleInto(DIRECTORY, "tools/executable/record.ts").finally(() => esbuild.stop());
  await compileExecutable({ entry, directory: DIRECTORY, output });
  await recordCode([output], "dist/home");
  await Promise.all([entry, output].map((file) => Deno.remove(file)));
}

const extensionOf = (target: string) => target.includes("windows") ? ".exe" : "";

async function main(): Promise<void> {
  const { values: { target, output } } = parseArgs({
    options: { target: { type: "string" }, output: { type: "string" } },
  });
  const extension = extensionOf(target ?? Deno.build.target);
  const file = output ?? `dist/ecspresso${target === undefined ? "" : `-${target}`}${extension}`;
  await bundle();
  // The code is of this machine's kind, and so is the program that keeps it.
  if (target === undefined || target === Deno.build.target) {
    await keepCode();
    await packScripts(DIRECTORY);
  }
  await compileExecutable({ entry: `${DIRECTORY}/main.js`, directory: DIRECTORY, output: file, target });
  console.log(file);
}

if (import.meta.main) {
  try {
    await main();
  } catch (error) {
    console.error(`compile: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
