import assert from "node:assert/strict";
import { Definitions } from "../../src/config/definitions.ts";
import { findConfig, loadConfig } from "../../src/config/load_config.ts";
import { parseEnvfile } from "../../src/config/parse_envfile.ts";
import { systemHost } from "../../src/host/system_host.ts";
import type { FileReader } from "../../src/host.ts";
import { hasJsonnet } from "../unit/config/jsonnet/real_jsonnet.ts";
import { memoryEnvironment, memoryValues } from "../unit/config/memory_host.ts";
import { inWords } from "../in_words.ts";

/**
 * Shapes of config and definition files, a folder each, with what they load to (`expected.json`) or the line that says why
 * they do not (`expected_error.txt`). Also in a folder, where it takes them: `envfile`; `options.json`, the external
 * variables of Jsonnet; `values.json`, what is in AWS. All folders that load are input of Kayac's ecspresso, too, but for
 * those that tests/interop/differs_on_purpose.ts names.
 */
const FOLDER = "tests/corpus";
const host = systemHost();

for (const { name, isDirectory } of [...Deno.readDirSync(FOLDER)].sort((a, b) => a.name < b.name ? -1 : 1)) {
  if (isDirectory) Deno.test(`corpus ${name}`, () => runCase(name));
}

async function runCase(name: string): Promise<void> {
  const isJsonnet = [...Deno.readDirSync(`${FOLDER}/${name}`)].some((file) => file.name.endsWith(".jsonnet"));
  if (isJsonnet && !await hasJsonnet(`corpus ${name}`)) return;
  const expected = await host.files.readText(`${FOLDER}/${name}/expected.json`);
  if (expected !== undefined) {
    assert.deepEqual(await loadCase(name), JSON.parse(expected));
    return;
  }
  const error = await Deno.readTextFile(`${FOLDER}/${name}/expected_error.txt`);
  await assert.rejects(inWords(loadCase(name)), (thrown: Error) => {
    assert.equal(thrown.name, "ConfigError");
    assert.equal(`${thrown.message}\n`, error);
    return true;
  });
}

/** What a command has of the files, which are in its working directory; as JSON, so that `undefined` is not there. */
async function loadCase(name: string): Promise<unknown> {
  const files: FileReader = { readText: (path) => host.files.readText(`${FOLDER}/${name}/${path}`) };
  const env = memoryEnvironment(Object.fromEntries(parseEnvfile(await files.readText("envfile") ?? "", "envfile")));
  const { sources } = memoryValues(JSON.parse(await files.readText("values.json") ?? "{}"));
  const externalVariables = JSON.parse(await files.readText("options.json") ?? '{ "strings": [], "codes": [] }');
  const tools = {
    host: {
      env,
      clock: host.clock,
      invoke: (invocation: Parameters<typeof host.invoke>[0]) =>
        host.invoke({ ...invocation, directory: `${FOLDER}/${name}/${invocation.directory}` }),
    },
    externalVariables,
    signal: new AbortController().signal,
  };
  const source = await findConfig(undefined, files);
  const config = await loadConfig(source, tools);
  const connectValues = () => Promise.resolve(sources);
  const definitions = new Definitions(source, config, { ...tools, files, connectValues });
  const { value: serviceDefinition } = await definitions.load("serviceDefinition");
  const { value: taskDefinition } = await definitions.load("taskDefinition");
  return JSON.parse(JSON.stringify({ config, serviceDefinition, taskDefinition }));
}
