import * as esbuild from "esbuild";
import { gzipSync } from "node:zlib";
import { observeRun, type Program } from "./bench/runs.ts";
import { chunksOf } from "./bundle.ts";
import { codeOf, packedOf, scriptOf } from "./executable/load_script.ts";

/**
 * Turns the modules of a bundle that not every start loads into scripts. V8 can be given the compiled code of a script,
 * but Deno gives it none for modules of an executable. `tools/executable/load_script.ts` loads the scripts.
 *
 * @param directory the bundle's, relative to the working directory
 * @param starts the source files that stay modules, with all that they import
 */
export async function makeScripts(
  directory: string,
  metafile: esbuild.Metafile,
  starts: readonly string[],
): Promise<void> {
  const modules = new Set(starts.flatMap((start) => chunksOf(metafile, start)));
  const imported = new Set([...modules].flatMap((module) => metafile.outputs[module]!.imports.map(({ path }) => path)));
  try {
    for (const [path, { exports }] of Object.entries(metafile.outputs)) {
      if (modules.has(path)) continue;
      await Deno.writeTextFile(scriptOf(path), await toScript(await Deno.readTextFile(path)));
      if (imported.has(path)) await Deno.writeTextFile(path, standIn(nameOf(path), exports));
      else await Deno.remove(path);
    }
    await bundleInto(directory, "tools/executable/load_script.ts");
  } finally {
    await esbuild.stop();
  }
  // Without `main.ts`, which exports nothing: it has not ended yet, and waiting for it would take for ever.
  const exporting = [...modules].filter((module) => metafile.outputs[module]!.exports.length > 0);
  await Deno.writeTextFile(`${directory}/modules.js`, listOf(exporting.map(nameOf)));
}

const nameOf = (path: string) => path.replace(/^.*\//, "./");

/** Turns a module into a function, as `loadScript()` calls it. */
async function toScript(module: string): Promise<string> {
  const { code } = await esbuild.transform(module, {
    minify: true,
    platform: "node",
    format: "cjs",
    target: "esnext",
    // An `import()` becomes `require` after a promise.
    supported: { "dynamic-import": false },
  });
  // The code of a module is always strict.
  return `(function(exports,require,module){"use strict";${code}})`;
}

/** The source of a module that other modules import in place of a script. */
function standIn(name: string, exports: readonly string[]): string {
  return `import { loadScript } from "./load_script.js";
import { modules } from "./modules.js";
export const { ${exports.join(", ")} } = loadScript("${name}", modules);
`;
}

/** The source of a module that exports all modules by name, for the scripts that import them. */
function listOf(names: readonly string[]): string {
  const imports = names.map((name, index) => `import * as module${index} from "${name}";\n`);
  return `${imports.join("")}export const modules = { ${names.map((name, index) => `"${name}": module${index}`)} };\n`;
}

/**
 * Rolls back a service in the emulator, up to the order.
 *
 * @param recorder the program, as `tools/executable/record.ts` runs it: it keeps the code of the scripts that this takes
 * @param home a folder without files of the user's
 */
export async function recordCode(recorder: Program, home: string): Promise<void> {
  const rollback = ["--config", "examples/ecspresso.yml", "rollback", "--revision", "3", "--no-wait"];
  await observeRun([...recorder, ...rollback], home);
}

/** V8 compiles a shorter script at once; its code has two to four thousand bytes however short it is. */
const SHORTEST_WITH_CODE = 1_500;

/**
 * Compresses the scripts whose compiled code was not kept: a rollback needs none of them. Deno reads the whole
 * executable at each start, but to decompress a script takes longer than to read it. Of short scripts, the code is
 * dropped.
 */
export async function packScripts(directory: string): Promise<void> {
  const names = (await Array.fromAsync(Deno.readDir(directory))).map(({ name }) => name);
  const modules = names.filter((name) => name.endsWith(".script")).map((name) => name.replace(/script$/, "js"));
  for (const name of modules.filter((name) => !names.includes(codeOf(name)))) {
    const module = `${directory}/${name}`;
    await Deno.writeFile(packedOf(module), gzipSync(await Deno.readFile(scriptOf(module)), { level: 9 }));
    await Deno.remove(scriptOf(module));
  }
  for (const name of modules.filter((name) => names.includes(codeOf(name)))) {
    const module = `${directory}/${name}`;
    if ((await Deno.stat(scriptOf(module))).size < SHORTEST_WITH_CODE) await Deno.remove(codeOf(module));
  }
}

/** Bundles a file of `tools/executable` into the directory of the program. */
export async function bundleInto(outdir: string, source: string): Promise<void> {
  await esbuild.build({
    entryPoints: [source],
    outdir,
    bundle: true,
    minify: true,
    platform: "node",
    format: "esm",
    target: "esnext",
  });
}
