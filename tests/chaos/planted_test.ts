import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { fileOf, mutate, type Mutation } from "../mutations/mutate.ts";
import { findCell } from "./matrix.ts";
import { observeCalm, tryCell } from "./try_cells.ts";

/** The matrix sees defects: the program is run with one planted in it, and the run that meets it has to fail. */

const ROOT = new URL("../../", import.meta.url);

interface Planted {
  readonly defect: Mutation;
  /** The run that meets it, by its name in the matrix. */
  readonly cell: string;
  /** What is found there. */
  readonly finding: RegExp;
}

const PLANTED: readonly Planted[] = [
  {
    defect: { in: "src/aws/connection.ts fetchHandler", swaps: ["manual", "follow"] },
    cell: "rollback/UpdateService#1/307-to-another-origin/once/carried-out",
    finding: /another origin was sent/,
  },
  {
    defect: { in: "src/aws/guard_handler.ts isFromAws", returns: "true" },
    cell: "rollback/UntagResource#1/200-braces/once/not-carried-out",
    finding: /exit code 0, but auto scaling is not restored/,
  },
  {
    defect: { in: "src/rollout/watch.ts watch", swaps: ["MAX_REFUSALS", "1"] },
    cell: "deploy-rolled-back/DescribeServices#4/aws-denies/once/not-carried-out",
    finding: /the service ends with myservice:5, though once passes/,
  },
];

Deno.test({
  name: "a misbehaviour on the wire finds the defect that it is there for",
  ignore: Deno.build.os === "windows" || Deno.env.has("CLI_UNDER_TEST"),
  fn: async () => {
    const folder = await Deno.makeTempDir({ prefix: "ecspresso-planted-" });
    try {
      const calm = await observeCalm(PLANTED.map(({ cell }) => findCell(cell)!.scene));
      await Promise.all(
        PLANTED.map(async ({ defect, cell: name, finding }, index) => {
          const cell = findCell(name);
          assert.ok(cell !== undefined, name);
          const importMap = await plant(defect, `${folder}/${index}`);
          const [sound, broken] = await Promise.all([tryCell(cell, calm, {}), tryCell(cell, calm, { importMap })]);
          assert.deepEqual(sound.verdict, { lost: [], misreported: [], overTime: [] }, sound.run.stderr);
          assert.match(Object.values(broken.verdict).flat().join("\n"), finding, `${defect.in}: ${broken.run.stderr}`);
        }),
      );
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});

/** Writes an import map by which the program has the defect; returns its path. */
async function plant(defect: Mutation, folder: string): Promise<string> {
  const original = new URL(fileOf(defect), ROOT);
  const source = mutate(await Deno.readTextFile(original), defect);
  // It stands elsewhere now, and still means the files beside the original.
  const moved = source.replace(
    /(from |import\()"(\.[^"]+)"/g,
    (_, verb, path) => `${verb}"${new URL(path, original)}"`,
  );
  await Deno.mkdir(folder);
  const file = `${folder}/planted.ts`;
  await Deno.writeTextFile(file, moved);
  const { imports } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  // What deno.json understands by itself has to be said in an import map: the paths below a package.
  const below = Object.entries<string>(imports).map(([name, to]) => [`${name}/`, `${to.replace("npm:", "npm:/")}/`]);
  const map = {
    imports: { ...imports, ...Object.fromEntries(below), [original.href]: new URL(`file://${file}`).href },
  };
  await Deno.writeTextFile(`${folder}/map.json`, JSON.stringify(map));
  return fileURLToPath(new URL(`file://${folder}/map.json`));
}
