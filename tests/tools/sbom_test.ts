import { match, ok, strictEqual } from "node:assert/strict";

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly hashes?: readonly { readonly content: string }[];
}

Deno.test("the bill of materials has what the program imports, and nothing that only the tests need", async () => {
  const task: string = JSON.parse(await Deno.readTextFile("deno.json")).tasks.sbom;
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: task.split(" ").slice(1),
    stderr: "inherit",
  }).output();
  ok(success);
  const { components, metadata } = JSON.parse(new TextDecoder().decode(stdout)) as {
    components: Component[];
    metadata: { component: Component };
  };
  match(metadata.component.version, /^\d+\.\d+\.\d+$/);

  const names = components.map(({ group, name }) => group === undefined ? name : `${group}/${name}`);
  for (const name of ["deno", "@aws-sdk/client-ecs", "@smithy/core", "yaml", "commander"]) {
    ok(names.includes(name), name);
  }
  for (const name of ["esbuild", "fast-check", "ajv"]) ok(!names.includes(name), name);
  for (const { name, hashes } of components) {
    if (name !== "deno") match(hashes?.[0]?.content ?? "", /^[0-9a-f]{128}$/, name);
  }
  strictEqual(new Set(names).size, names.length);
});
