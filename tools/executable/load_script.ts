import process from "node:process";
import { Script } from "node:vm";

/** What a script fills with its exports. */
interface Module {
  readonly exports: object;
}

/** A script is a function: what it imports, it gets from `load`. */
type Body = (exports: object, load: (name: string) => object, module: Module) => void;

/** The scripts that have been loaded, by the names that they import each other by. */
export const scripts = new Map<string, { readonly script: Script; readonly module: Module }>();

/**
 * Loads one of the scripts that `tools/scripts.ts` makes, with all that it imports. To compile them is a third of a short
 * run: V8 takes the code that lies beside a script, and compiles it where that comes from another V8.
 *
 * @param name as it is imported: `./rollback-IFBZ7YX3.js`
 * @param modules what are no scripts, by their names
 * @returns what it exports
 */
export function loadScript(name: string, modules: Readonly<Record<string, object>>): object {
  const known = scripts.get(name);
  if (known !== undefined) return known.module.exports;
  const file = `${import.meta.dirname}/${name}`;
  const script = new Script(readScript(file), { filename: name, cachedData: readCode(file) });
  const module = { exports: {} };
  scripts.set(name, { script, module });
  const load = (name: string) =>
    name.startsWith("node:") ? process.getBuiltinModule(name) as object : modules[name] ?? loadScript(name, modules);
  (script.runInThisContext() as Body)(module.exports, load, module);
  return module.exports;
}

/** Where the script is that stands in for a module. */
export const scriptOf = (module: string) => module.replace(/\.js$/, ".script");

/** Where that script is when it is packed. */
export const packedOf = (module: string) => module.replace(/\.js$/, ".packed");

/** Where the code of that script is. */
export const codeOf = (module: string) => module.replace(/\.js$/, ".code");

function readScript(module: string): string {
  try {
    return Deno.readTextFileSync(scriptOf(module));
  } catch {
    const { gunzipSync } = process.getBuiltinModule("node:zlib") as typeof import("node:zlib");
    return new TextDecoder().decode(gunzipSync(Deno.readFileSync(packedOf(module))));
  }
}

/** `undefined` for a script whose code was not kept. */
function readCode(module: string): Uint8Array | undefined {
  try {
    return Deno.readFileSync(codeOf(module));
  } catch {
    return undefined;
  }
}
