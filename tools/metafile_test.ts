import type { Metafile } from "esbuild";
import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { bundledInputs, chunkOf, loadedAtStart, packageDirectory, packageName } from "./metafile.ts";

type Output = Metafile["outputs"][string];

function metafile(outputs: Record<string, Partial<Output>>): Metafile {
  const complete = Object.entries(outputs).map(([name, output]): [string, Output] => {
    return [name, { bytes: 1, inputs: {}, imports: [], exports: [], ...output }];
  });
  return { inputs: {}, outputs: Object.fromEntries(complete) };
}

const ecs = "node_modules/.deno/@aws-sdk+client-ecs@3.0.0/node_modules/@aws-sdk/client-ecs/dist-es/index.js";

Deno.test("packageName() takes the innermost package", () => {
  strictEqual(packageName(ecs), "@aws-sdk/client-ecs");
  strictEqual(packageName("node_modules/yaml/browser/index.js"), "yaml");
  strictEqual(packageName("src/app/run.ts"), undefined);
});

Deno.test("packageDirectory() ends at the package", () => {
  strictEqual(
    packageDirectory(ecs),
    "node_modules/.deno/@aws-sdk+client-ecs@3.0.0/node_modules/@aws-sdk/client-ecs",
  );
  strictEqual(packageDirectory("main.ts"), undefined);
});

Deno.test("bundledInputs() leaves out what was shaken off", () => {
  const meta = metafile({ "main.js": { inputs: { "a.ts": { bytesInOutput: 1 }, "b.ts": { bytesInOutput: 0 } } } });
  deepStrictEqual([...bundledInputs(meta)], ["a.ts"]);
});

Deno.test("loadedAtStart() follows static imports through chunks, in circles too", () => {
  const meta = metafile({
    "main.js": { imports: [{ path: "a.js", kind: "import-statement" }] },
    "a.js": {
      imports: [{ path: "main.js", kind: "import-statement" }, {
        path: "node:fs",
        kind: "import-statement",
        external: true,
      }],
      inputs: { [ecs]: { bytesInOutput: 10 }, "src/app/run.ts": { bytesInOutput: 10 } },
    },
  });
  deepStrictEqual(loadedAtStart(meta, "main.js"), ["@aws-sdk/client-ecs", "node:fs"]);
});

Deno.test("loadedAtStart() does not follow import()", () => {
  const meta = metafile({
    "main.js": { imports: [{ path: "sdk.js", kind: "dynamic-import" }] },
    "sdk.js": { inputs: { [ecs]: { bytesInOutput: 10 } } },
  });
  deepStrictEqual(loadedAtStart(meta, "main.js"), []);
});

Deno.test("loadedAtStart() does not take a missing entry for a lean one", () => {
  throws(() => loadedAtStart(metafile({}), "main.js"), /no main\.js/);
});

Deno.test("chunkOf() finds the chunk by its entry, and does without none", () => {
  const meta = metafile({ "main.js": { entryPoint: "main.ts" }, "program-X.js": { entryPoint: "src/program.ts" } });
  strictEqual(chunkOf(meta, "src/program.ts"), "program-X.js");
  throws(() => chunkOf(meta, "src/other.ts"), /no chunk for src\/other\.ts/);
});
