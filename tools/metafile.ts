import type { Metafile } from "esbuild";

/** The npm package that a bundled file belongs to, such as `@aws-sdk/core`; `undefined` for the project's own files. */
export function packageName(input: string): string | undefined {
  return packageDirectory(input)?.match(/(?:@[^/]+\/)?[^/]+$/)?.[0];
}

/** The directory of the npm package that a bundled file belongs to: the innermost one, for packages are nested. */
export function packageDirectory(input: string): string | undefined {
  return input.match(/^.*(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0];
}

/** The files of which at least a byte is left in the bundle. */
export function bundledInputs(metafile: Metafile): Set<string> {
  return new Set(Object.values(metafile.outputs).flatMap(contributingInputs));
}

function contributingInputs({ inputs }: Metafile["outputs"][string]): string[] {
  return Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([input]) => input);
}

/**
 * What every start of the program has to load besides the project's own code: npm packages and Node's modules that the
 * entry reaches by static imports. Should be empty: `--version` needs none, each costs milliseconds, and a single
 * `import` where an `import()` was meant brings in the whole AWS SDK.
 *
 * @param entry the bundled file that the program starts with, as the metafile names it
 */
export function loadedAtStart(metafile: Metafile, entry: string): string[] {
  const found = new Set<string>();
  const chunks = new Set([entry]);
  // A set can grow while it is being walked: the new members are visited too.
  for (const chunk of chunks) {
    const output = metafile.outputs[chunk];
    if (output === undefined) throw new Error(`the bundle has no ${chunk}`);
    for (const input of contributingInputs(output)) {
      const name = packageName(input);
      if (name !== undefined) found.add(name);
    }
    for (const { path, kind, external } of output.imports) {
      if (kind !== "import-statement") continue;
      if (external) found.add(path);
      else chunks.add(path);
    }
  }
  return [...found].sort();
}

/** The bundled file that a source file is the entry of: what an `import()` of it loads first. */
export function chunkOf(metafile: Metafile, source: string): string {
  const found = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === source);
  if (found === undefined) throw new Error(`the bundle has no chunk for ${source}`);
  return found[0];
}
