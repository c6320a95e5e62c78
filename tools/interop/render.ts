import assert from "node:assert/strict";
import { awsEnvironment } from "./aws_environment.ts";
import { type Check, type Group, Skipped } from "./check.ts";
import { differences } from "./compare_rendered.ts";
import type { Tools } from "./install.ts";
import { runOurs } from "./our_program.ts";
import type { Processes } from "./processes.ts";

/** Folders of folders: each of those has a config, the definition files that it names, and perhaps an `envfile`. */
const COLLECTIONS = ["tools/interop/files", "tests/corpus"];
const CONFIGS = ["ecspresso.yml", "ecspresso.yaml", "ecspresso.json", "ecspresso.jsonnet"];
const TIMEOUT_MS = 60_000;
/** Nobody listens there: what needs AWS to be rendered fails at once, with both programs. */
const NOWHERE = "http://127.0.0.1:1";

/** The same files, rendered by Kayac's ecspresso and by ours: the definitions have to be equal. */
export function renderGroup(processes: Processes, tools: Tools, home: string): Group {
  const check = (folder: string, target: string): Check => ({
    name: `${folder}, ${target}`,
    async run() {
      const config = await configIn(folder);
      if (exists(`${folder}/ours_only.txt`)) throw new Skipped("Kayac's tool does not take these files");
      const args = ["--config", config, ...await envfileIn(folder), ...await variablesIn(folder), "render", target];
      const kayac = await processes.run({
        command: [await tools.kayac(), ...args],
        env: awsEnvironment(NOWHERE, home),
        directory: folder,
        timeoutMs: TIMEOUT_MS,
      });
      const ours = await runOurs(processes, NOWHERE, args, {});
      if (kayac.code !== 0 && ours.code !== 0) return;
      if (kayac.code === 0 && ours.code !== 0) refuse(`only ours refuses it: ${ours.stderr.trim()}`, folder);
      assert.equal(kayac.code, 0, `only Kayac's refuses it: ${kayac.stderr.trim()}`);
      const found = differences(JSON.parse(kayac.stdout), JSON.parse(ours.stdout));
      assert.deepEqual(found, [], found.join("\n"));
    },
  });
  return {
    name: "render",
    checks: foldersIn(COLLECTIONS).flatMap((folder) => [check(folder, "taskdef"), check(folder, "servicedef")]),
    async open() {
      await tools.kayac();
    },
  };
}

/** Says that ours alone refuses a folder: what it has to refuse is no failure, but nothing was compared either. */
function refuse(message: string, folder: string): never {
  if (exists(`${folder}/expected_error.txt`)) throw new Skipped(message);
  throw new Error(message);
}

function foldersIn(collections: readonly string[]): string[] {
  return collections.filter(exists).flatMap((collection) =>
    [...Deno.readDirSync(collection)].filter(({ isDirectory }) => isDirectory).map(({ name }) =>
      `${collection}/${name}`
    )
  ).sort();
}

async function configIn(folder: string): Promise<string> {
  const name = CONFIGS.find((name) => exists(`${folder}/${name}`));
  if (name === undefined) throw new Error(`${folder} has no ${CONFIGS.join(", ")}`);
  return await Deno.realPath(`${folder}/${name}`);
}

async function envfileIn(folder: string): Promise<string[]> {
  return exists(`${folder}/envfile`) ? ["--envfile", await Deno.realPath(`${folder}/envfile`)] : [];
}

/** What the files take as external variables of Jsonnet. */
async function variablesIn(folder: string): Promise<string[]> {
  if (!exists(`${folder}/options.json`)) return [];
  const { strings, codes } = JSON.parse(await Deno.readTextFile(`${folder}/options.json`));
  return [
    ...strings.flatMap((variable: string) => ["--ext-str", variable]),
    ...codes.flatMap((variable: string) => ["--ext-code", variable]),
  ];
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
