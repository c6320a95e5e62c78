import type * as esbuild from "esbuild";

/** A file of one of the SDK's clients. */
const ofClient = (file: string) =>
  new RegExp(`[/\\\\]@aws-sdk[/\\\\]client-[^/\\\\]+[/\\\\]${file.replaceAll("/", "[/\\\\]")}$`);

/** How a client registers an error of its service. */
const REGISTRATION = /^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm;

/**
 * Lets esbuild leave out the descriptions of operations that nothing imports: of EC2 half a megabyte. They have keys in
 * brackets, each a constant of the same file; what is in brackets may do anything when it becomes a key, as far as
 * esbuild knows, so that it keeps all. The errors become known with the operations that are answered with them:
 * `ownErrors`.
 */
const shakableSchemas: esbuild.Plugin = {
  name: "shakable-schemas",
  setup(build) {
    build.onLoad({ filter: ofClient("dist-es/schemas/schemas_0\\.js") }, async ({ path }) => {
      const source = await Deno.readTextFile(path);
      const texts = new Map(
        [...source.matchAll(/^const (\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
      );
      const contents = source
        .replaceAll(/\[(\w+)\]:/g, (whole, name) => texts.has(name) ? `${texts.get(name)}:` : whole)
        .replaceAll(REGISTRATION, (statement, name) => `export const register${name} = () => ${statement}`);
      return { contents };
    });
  },
};

/**
 * Has an operation make known the errors that AWS may answer it with, by its documentation, where the client knows
 * those of all operations. AWS's name for any other error, and its words, reach the program just the same.
 */
const ownErrors: esbuild.Plugin = {
  name: "own-errors",
  setup(build) {
    build.onLoad({ filter: ofClient("dist-es/commands/\\w+Command\\.js") }, async ({ path }) => {
      const types = await Deno.readTextFile(path.replace("dist-es", "dist-types").replace(/js$/, "d.ts"));
      if (!types.includes("@throws {@link ")) throw new Error(`${path} has its errors elsewhere`);
      const errors = [...types.matchAll(/@throws \{@link (\w+)\} \((?:client|server) fault\)/g)]
        .map(([, name]) => `register${name}`);
      const source = await Deno.readTextFile(path);
      return {
        contents: `import { ${errors.join(", ")} } from "../schemas/schemas_0";
${source}
${errors.map((register) => `${register}();`).join("\n")}`,
      };
    });
  },
};

/** Clients read their version from their package.json, and nothing else. */
const versionAlone: esbuild.Plugin = {
  name: "version-alone",
  setup(build) {
    build.onLoad({ filter: /[/\\]@aws-sdk[/\\][^/\\]+[/\\]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await Deno.readTextFile(path));
      return { contents: JSON.stringify({ version }), loader: "json" };
    });
  },
};

/** Loads `node:https` only when it is first used: requests of the program go over fetch (`src/aws/connection.ts`). */
const lateHttps: esbuild.Plugin = {
  name: "late-https",
  setup(build) {
    build.onLoad({ filter: /[/\\]node-http-handler[/\\]dist-es[/\\]node-https\.js$/ }, () => ({
      contents: `const load = () => process.getBuiltinModule("node:https");
export const node_https = { get Agent() { return load().Agent; }, get request() { return load().request; } };`,
    }));
  },
};

/** What keeps those parts of the SDK out of the bundle, or of a start, that the program does not need. */
export const leanSdk: readonly esbuild.Plugin[] = [shakableSchemas, ownErrors, versionAlone, lateHttps];
