import * as esbuild from "esbuild";

/** What the program's bundles have in common, whichever runtime they are for. */
const common = {
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
} as const satisfies esbuild.BuildOptions;

/**
 * Bundles `main.ts` for `deno compile` and returns esbuild's account of it. The split into chunks is what keeps the
 * start-up short: one single file would hoist every `import "node:..."` of the AWS SDK to the top of the program.
 *
 * @param outdir where the chunks go; must be empty, for every file in it ends up in the executable
 * @returns the metafile, whose paths are relative to the working directory
 * @throws Error when something cannot be bundled; esbuild has printed what by then
 */
export async function bundleForDeno(outdir: string): Promise<esbuild.Metafile> {
  return await build({ ...common, entryPoints: ["main.ts"], outdir });
}

/**
 * Bundles the same program for Node, which it is measured against. The entry is `OUTDIR/main.mjs`.
 *
 * @param entry what leads to main.ts on Node
 * @param outdir where the chunks go
 */
export async function bundleForNode(entry: string, outdir: string): Promise<void> {
  await build({ ...common, entryPoints: { main: entry }, outdir, outExtension: { ".js": ".mjs" } });
}

async function build(options: esbuild.BuildOptions & { metafile: true }): Promise<esbuild.Metafile> {
  try {
    return (await esbuild.build(options)).metafile;
  } finally {
    // esbuild works in a process of its own, which would keep this one from ending.
    await esbuild.stop();
  }
}
