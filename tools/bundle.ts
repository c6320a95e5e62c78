import * as esbuild from "esbuild";
import { leanSdk } from "./lean_sdk.ts";

type Output = esbuild.Metafile["outputs"][string];

/** An npm package of which the bundle has at least a byte. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression of its package.json. */
  readonly license: string;
  /** Where its files are. */
  readonly directory: string;
}

/**
 * Bundles `main.ts` for `deno compile` and returns esbuild's account of it. The split into chunks is what keeps the
 * start-up short: one single file would hoist every `import "node:..."` of the AWS SDK to the top of the program.
 *
 * @param outdir where the chunks go, none of which is written when this is left out; must be empty, for every file in it
 *   ends up in the executable
 * @returns the metafile, whose paths are relative to the working directory
 * @throws Error when something cannot be bundled; esbuild has printed what by then
 */
export async function bundleProgram(outdir?: string): Promise<esbuild.Metafile> {
  try {
    const { metafile } = await esbuild.build({
      entryPoints: ["main.ts"],
      outdir: outdir ?? "dist/js",
      write: outdir !== undefined,
      bundle: true,
      splitting: true,
      minify: true,
      platform: "node",
      format: "esm",
      target: "esnext",
      mainFields: ["module", "main"],
      conditions: ["module"],
      // yaml's build for Node is CommonJS, and its `require("process")` has no meaning in an ES module.
      alias: { yaml: "./node_modules/yaml/browser/index.js" },
      // The texts go into THIRD_PARTY_LICENSES.txt, where a reader can find them.
      legalComments: "none",
      metafile: true,
      plugins: [...leanSdk, preparedHelp, lateEmoji],
    });
    return metafile;
  } finally {
    // esbuild works in a process of its own, which would keep this one from ending.
    await esbuild.stop();
  }
}

/** Puts into the program what its `--help` prints. */
const preparedHelp: esbuild.Plugin = {
  name: "prepared-help",
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\]app[/\\]prepared_help\.ts$/ }, async () => {
      const args = ["run", "--no-prompt", "--allow-env", "--allow-read", "--allow-sys", "main.ts", "--help"];
      const { success, stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
      if (!success) throw new Error("the program cannot print its help");
      return { contents: `export const PREPARED_HELP = ${JSON.stringify(new TextDecoder().decode(stdout))};` };
    });
  },
};

/**
 * Makes the pattern for all emoji only when a text has to be compared with it. There are thousands: to make it takes
 * longer than most of what a start does, and nearly all texts are ASCII.
 */
const lateEmoji: esbuild.Plugin = {
  name: "late-emoji",
  setup(build) {
    build.onLoad({ filter: /[/\\]string-width[/\\]index\.js$/ }, async ({ path }) => {
      const source = await Deno.readTextFile(path);
      const [declaration, name, pattern] = /^const (\w+) = (\/.*\\p\{RGI_Emoji\}.*\/v);$/m.exec(source) ?? [];
      if (!declaration || !name) throw new Error("string-width has its pattern for emoji elsewhere");
      const contents = source.replaceAll(`${name}.`, `${name}().`)
        .replace(declaration, () => `let emojiPattern;\nconst ${name} = () => emojiPattern ??= ${pattern};`);
      return { contents };
    });
  },
};

/** The npm packages in the bundle, in the order of their names. */
export async function bundledPackages(metafile: esbuild.Metafile): Promise<BundledPackage[]> {
  const directories = [...new Set(Object.values(metafile.outputs).flatMap(packageDirectories))];
  const packages = await Promise.all(directories.map(async (directory) => {
    const { name, version, license } = JSON.parse(await Deno.readTextFile(`${directory}/package.json`));
    return { name, version, license, directory };
  }));
  const key = ({ name, version }: BundledPackage) => `${name}@${version}`;
  return packages.sort((a, b) => key(a) < key(b) ? -1 : 1);
}

/**
 * What loading a source file takes besides the project's own code: npm packages and Node's modules that it reaches by
 * static imports. Each costs milliseconds, and a single `import` where an `import()` was meant brings in the whole AWS
 * SDK.
 *
 * @param source what the bundle has a chunk of its own for: the entry, or what an `import()` names
 */
export function loadedWith(metafile: esbuild.Metafile, source: string): string[] {
  const outputs = chunksOf(metafile, source).map((chunk) => metafile.outputs[chunk]!);
  const found = outputs.flatMap((output) => [
    ...packageDirectories(output).map((directory) => directory.replace(/^.*node_modules\//, "")),
    ...output.imports.filter(({ kind, external }) => kind === "import-statement" && external).map(({ path }) => path),
  ]);
  return [...new Set(found)].sort();
}

/** The chunk of a source file, as for `loadedWith()`, and all that it loads by static imports. */
export function chunksOf(metafile: esbuild.Metafile, source: string): string[] {
  const start = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === source)?.[0];
  if (start === undefined) throw new Error(`the bundle has no chunk for ${source}`);
  const chunks = new Set([start]);
  // A set can grow while it is being walked: the new members are visited, too.
  for (const chunk of chunks) {
    for (const { path, kind, external } of metafile.outputs[chunk]!.imports) {
      if (kind === "import-statement" && !external) chunks.add(path);
    }
  }
  return [...chunks];
}

/** The directories of the packages that have at least a byte in a chunk: the innermost ones, for they are nested. */
function packageDirectories({ inputs }: Output): string[] {
  return Object.entries(inputs).flatMap(([input, { bytesInOutput }]) =>
    bytesInOutput > 0 ? input.match(/^.*(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/)?.[0] ?? [] : []
  );
}
