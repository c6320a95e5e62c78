import type { Environment, FileReader } from "../../../src/host.ts";

/** Files that exist in memory only. */
export function memoryFiles(texts: Readonly<Record<string, string>>): FileReader {
  return { readText: (path) => Promise.resolve(Object.hasOwn(texts, path) ? texts[path] : undefined) };
}

/** Environment variables that, like Deno's, cannot be asked for by a name that no variable can have. */
export function memoryEnvironment(variables: Readonly<Record<string, string>>): Pick<Environment, "get"> {
  return {
    get(name) {
      if (name === "" || name.includes("=") || name.includes("\0")) {
        throw new TypeError("Key contains invalid characters");
      }
      return Object.hasOwn(variables, name) ? variables[name] : undefined;
    },
  };
}
