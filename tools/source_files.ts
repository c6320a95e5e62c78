/** One module's import of another. */
export interface Import {
  /** The importing file, relative to the project's directory. */
  readonly from: string;
  /** A file of the project, or another specifier: `npm:yaml@2.9.1`, `node:fs`. */
  readonly to: string;
  /** True when the import does not exist at run time. */
  readonly isTypeOnly: boolean;
  /** True for an `import()`. */
  readonly isDynamic: boolean;
}

/** The part of `deno info --json` that is read here. */
interface DenoInfo {
  readonly modules: readonly {
    readonly specifier: string;
    readonly dependencies?: readonly {
      readonly specifier: string;
      readonly isDynamic?: boolean;
      readonly code?: { readonly specifier?: string };
      readonly type?: { readonly specifier?: string };
    }[];
  }[];
}

/** The TypeScript files in `directory` and below it, with their paths starting with `directory`, in order. */
export async function sourceFiles(directory: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(directory));
  const found = await Promise.all(entries.map(({ name, isDirectory }) => {
    const path = `${directory}/${name}`;
    if (isDirectory) return sourceFiles(path);
    return path.endsWith(".ts") ? [path] : [];
  }));
  return found.flat().sort();
}

/** All imports of `files` and of the project's files that these import, static, dynamic and of types. */
export async function importsOf(files: readonly string[]): Promise<Import[]> {
  const root = `file://${await Deno.realPath(".")}/`;
  const relative = (specifier: string) => specifier.startsWith(root) ? specifier.slice(root.length) : specifier;
  const imports = new Map<string, Import[]>();
  for (const file of files) {
    // One answer covers everything that a file leads to: a whole program seldom needs more than one.
    if (imports.has(file)) continue;
    for (const { specifier, dependencies = [] } of (await denoInfo(file)).modules) {
      if (!specifier.startsWith(root)) continue;
      const from = relative(specifier);
      const found = dependencies.map(({ specifier, isDynamic = false, code, type }) => {
        const to = relative(code?.specifier ?? type?.specifier ?? specifier);
        return { from, to, isTypeOnly: code === undefined, isDynamic };
      });
      imports.set(from, found);
    }
  }
  return [...imports.values()].flat();
}

async function denoInfo(file: string): Promise<DenoInfo> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    // What packages import is of no interest, and would be looked up at the registry.
    args: ["info", "--json", "--no-npm", file],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`deno info ${file} failed`);
  return JSON.parse(new TextDecoder().decode(stdout));
}
