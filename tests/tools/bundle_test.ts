import type { Metafile } from "esbuild";
import { deepStrictEqual, doesNotMatch, match, ok, strictEqual, throws } from "node:assert/strict";
import { bundleProgram, chunksOf, loadedWith } from "../../tools/bundle.ts";
import { licenseText } from "../../tools/compile.ts";
import { createScenario } from "../emulator/scenarios.ts";
import { runInProcess } from "../in_process.ts";

type Output = Metafile["outputs"][string];

function metafile(outputs: Record<string, Partial<Output>>): Metafile {
  const complete = Object.entries(outputs).map(([name, output]): [string, Output] => {
    return [name, { bytes: 1, inputs: {}, imports: [], exports: [], ...output }];
  });
  return { inputs: {}, outputs: Object.fromEntries(complete) };
}

const ECS = "node_modules/.deno/@aws-sdk+client-ecs@3.0.0/node_modules/@aws-sdk/client-ecs/dist-es/index.js";

Deno.test("loadedWith() follows static imports through chunks, in circles too, and to what is left in them", () => {
  const circular = metafile({
    "main.js": { entryPoint: "main.ts", imports: [{ path: "a.js", kind: "import-statement" }] },
    "a.js": {
      imports: [
        { path: "main.js", kind: "import-statement" },
        { path: "node:fs", kind: "import-statement", external: true },
      ],
      inputs: {
        [ECS]: { bytesInOutput: 10 },
        "node_modules/yaml/browser/index.js": { bytesInOutput: 0 },
        "src/app/run.ts": { bytesInOutput: 10 },
      },
    },
  });
  deepStrictEqual(loadedWith(circular, "main.ts"), ["@aws-sdk/client-ecs", "node:fs"]);
});

Deno.test("loadedWith() does not follow import(), and does not take a missing entry for a lean one", () => {
  const lean = metafile({
    "main.js": { entryPoint: "main.ts", imports: [{ path: "sdk.js", kind: "dynamic-import" }] },
    "sdk.js": { inputs: { [ECS]: { bytesInOutput: 10 } } },
  });
  deepStrictEqual(loadedWith(lean, "main.ts"), []);
  throws(() => loadedWith(lean, "src/other.ts"), /no chunk for src\/other\.ts/);
});

/** Bundling takes seconds: it is done for the first test that asks, and its outcome is the same for all. */
let bundled: Promise<Metafile> | undefined;
const bundleOnce = () => bundled ??= Deno.makeTempDir().then(bundleProgram);

async function findClient(name: string): Promise<{ readonly path: string; readonly bytes: number }> {
  const { outputs } = await bundleOnce();
  const [path, output] =
    Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === `src/aws/clients/${name}.ts`) ?? [];
  ok(path !== undefined && output !== undefined, "the client is in the bundle");
  return { path, bytes: output.bytes };
}

Deno.test("of a large client of the SDK the bundle has what is used of it, and not its half a megabyte", async () => {
  const { bytes } = await findClient("ec2");
  ok(bytes > 1_000 && bytes < 50_000, `${bytes} bytes`);
});

Deno.test("a client of the bundle knows the errors of the operations that are used, and no others", async () => {
  const source = await Deno.readTextFile((await findClient("iam")).path);
  match(source, /class \w+ extends \w+\{[^}]*"NoSuchEntityException"/);
  match(source, /class \w+ extends \w+\{[^}]*"PolicyEvaluationException"/);
  doesNotMatch(source, /MalformedCertificate/);
});

Deno.test("--version and --help are answered where nothing is there but what every start loads", async () => {
  const alone = await Deno.makeTempDir();
  const metafile = await bundleOnce();
  const chunks = chunksOf(metafile, "main.ts");
  deepStrictEqual(
    chunks.flatMap((chunk) => Object.keys(metafile.outputs[chunk]!.inputs)).sort(),
    ["main.ts", "src/app/prepared_help.ts", "src/host/early_stdout.ts", "src/session/version.ts"],
  );
  for (const chunk of chunks) await Deno.copyFile(chunk, `${alone}/${chunk.replace(/.*\//, "")}`);
  for (const option of ["--version", "-V", "--help", "-h"]) {
    const args = ["run", "--no-config", "--no-prompt", `${alone}/main.js`, option];
    const { code, stdout } = await new Deno.Command(Deno.execPath(), { args, stderr: "inherit" }).output();
    const whole = await runInProcess(createScenario("healthy"), [option]);
    deepStrictEqual([code, new TextDecoder().decode(stdout)], [whole.code, whole.stdout]);
  }
});

Deno.test("licenseText() has the licence and notice files, or else the expression", async () => {
  const directory = await Deno.makeTempDir();
  const text = () => licenseText({ name: "a", version: "1.0.0", license: "MIT", directory });
  strictEqual(await text(), "Licensed under MIT.");
  await Deno.writeTextFile(`${directory}/LICENCE.md`, "the licence\n");
  await Deno.writeTextFile(`${directory}/NOTICE`, "the notice\n");
  await Deno.writeTextFile(`${directory}/README.md`, "not this one");
  strictEqual(await text(), "the licence\n\nthe notice");
});
