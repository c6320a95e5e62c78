import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { filesBelow, readOwnUses, readWorkflows, ROOT } from "./workflow_files.ts";

/** What GitHub makes of this repository besides the workflows: its forms, its update bot and its address. */

const read = (path: string) => Deno.readTextFile(new URL(path, ROOT));

interface Field {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly options?: readonly { readonly required?: boolean }[] };
  readonly validations?: { readonly required: boolean };
}

async function readFields(form: string): Promise<Field[]> {
  const { name, description, body } = parse(await read(`.github/ISSUE_TEMPLATE/${form}.yml`));
  assert.ok(name && description);
  return body;
}

Deno.test("each form has fields of the types that GitHub knows, with an id of their own and a label", async () => {
  for (const form of ["bug", "idea"]) {
    const fields = (await readFields(form)).filter(({ type }) => type !== "markdown");
    for (const { type, attributes } of fields) {
      assert.ok(["input", "textarea", "dropdown", "checkboxes"].includes(type), type);
      assert.ok(attributes.label);
    }
    assert.equal(new Set(fields.map(({ id }) => id)).size, fields.length);
  }
});

Deno.test("nobody reports a bug without version, command and log, nor before having looked for secrets", async () => {
  const fields = await readFields("bug");
  const isRequired = ({ attributes, validations }: Field) =>
    validations?.required === true || attributes.options?.every(({ required }) => required) === true;
  assert.deepEqual(fields.filter(isRequired).map(({ id }) => id), ["version", "command", "happened", "log", "secrets"]);
});

Deno.test("the update bot reads packages, actions and images, where they are", async () => {
  const { version, updates } = parse(await read(".github/dependabot.yml"));
  assert.equal(version, 2);
  const manifests: Readonly<Record<string, string>> = {
    deno: "deno.json",
    "github-actions": "action.yml",
    docker: "Dockerfile",
  };
  assert.deepEqual(
    updates.map((update: Record<string, string>) => update["package-ecosystem"]),
    Object.keys(manifests),
  );
  for (const { "package-ecosystem": ecosystem, directory, schedule } of updates) {
    assert.ok((await read(`.${directory}${manifests[ecosystem]}`)).length > 0);
    assert.equal(schedule.interval, "weekly");
  }
});

Deno.test("where this repository is stands in one place", async () => {
  const uses = await readOwnUses();
  assert.equal(uses.length, 1);
  const folders = [".ci", ".github", "docs", "examples", "src", "tests", "tools"];
  const below = folders.map(async (folder) => {
    const paths = await filesBelow(fileURLToPath(new URL(folder, ROOT)));
    return paths.map((path) => `${folder}/${path}`);
  });
  const atTop = (await Array.fromAsync(Deno.readDir(ROOT))).filter(({ isFile }) => isFile).map(({ name }) => name);
  const paths = [...atTop, ...(await Promise.all(below)).flat()];
  const places = await Promise.all(paths.map(async (path) => {
    const [, ...others] = (await read(path)).split(uses[0]!.address);
    return others.map(() => path);
  }));
  assert.deepEqual(places.flat(), ["docs/ci.md"]);
});

Deno.test({
  name: "there is no release while the documents name another repository",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    const { jobs } = (await readWorkflows()).find(({ name }) => name.endsWith("/release.yml"))!;
    const { run } = jobs["documents"]!.steps.find(({ name }) => name === "The documents say where this repository is")!;
    const [ours] = await readOwnUses();
    const isReleased = async (GITHUB_REPOSITORY: string) =>
      (await new Deno.Command("bash", { args: ["-e", "-c", run!], cwd: ROOT, env: { GITHUB_REPOSITORY } }).output())
        .success;
    assert.equal(await isReleased(ours!.address), true);
    assert.equal(await isReleased("somebody/else"), false);
  },
});
