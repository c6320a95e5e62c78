import { deepStrictEqual, match, ok, strictEqual, throws } from "node:assert/strict";
import { Ajv } from "ajv";
import { bundleForDeno } from "./bundle.ts";
import { createSbom, type Sbom } from "./cyclonedx.ts";
import { bundledInputs, packageName } from "./metafile.ts";

const schemas = new URL("../node_modules/@cyclonedx/cyclonedx-library/res/schema/", import.meta.url);

async function readSchema(name: string) {
  return JSON.parse(await Deno.readTextFile(new URL(name, schemas)));
}

/** What CycloneDX's own schema has against a document. */
async function schemaErrors(sbom: unknown): Promise<string[]> {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  for (const name of ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"]) {
    // They refer to each other by the names of their files.
    ajv.addSchema(await readSchema(name), `http://cyclonedx.org/schema/${name}`);
  }
  const validate = ajv.compile(await readSchema("bom-1.6.SNAPSHOT.schema.json"));
  return validate(sbom) ? [] : validate.errors!.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

/** Runs the tool, as the release does. */
async function printSbom(): Promise<Sbom> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--cached-only", "--allow-read", "--allow-run", "tools/sbom.ts"],
    stderr: "inherit",
  }).output();
  ok(success);
  return JSON.parse(new TextDecoder().decode(stdout));
}

function fullName({ group, name }: { readonly group?: string; readonly name: string }): string {
  return group === undefined ? name : `${group}/${name}`;
}

const one = {
  key: "@scope/a@1.0.0_b@2.0.0",
  name: "@scope/a",
  version: "1.0.0",
  integrity: `sha512-${btoa("a".repeat(64))}`,
  dependencies: ["b@2.0.0"],
};
const other = { ...one, key: "b@2.0.0", name: "b", version: "2.0.0", dependencies: [] };

Deno.test("createSbom() names each package by its address and its hash", () => {
  const subject = { version: "0.1.0", denoVersion: "2.0.0", packages: [one, other], roots: [one.key] };
  const { components, dependencies } = createSbom(subject);
  deepStrictEqual(components[1], {
    type: "library",
    "bom-ref": "pkg:npm/%40scope/a@1.0.0",
    group: "@scope",
    name: "a",
    version: "1.0.0",
    scope: "required",
    hashes: [{ alg: "SHA-512", content: "61".repeat(64) }],
    purl: "pkg:npm/%40scope/a@1.0.0",
  });
  deepStrictEqual(dependencies, [
    { ref: "ecspresso@0.1.0", dependsOn: ["pkg:github/denoland/deno@v2.0.0", "pkg:npm/%40scope/a@1.0.0"] },
    { ref: "pkg:github/denoland/deno@v2.0.0", dependsOn: [] },
    { ref: "pkg:npm/%40scope/a@1.0.0", dependsOn: ["pkg:npm/b@2.0.0"] },
    { ref: "pkg:npm/b@2.0.0", dependsOn: [] },
  ]);
});

Deno.test("createSbom() refuses a package without a SHA-512", () => {
  const packages = [{ ...other, integrity: "sha1-x" }];
  throws(() => createSbom({ version: "0.1.0", denoVersion: "2.0.0", packages, roots: [] }), /no SHA-512 of b@2\.0\.0/);
});

Deno.test("the bill of materials keeps to CycloneDX's schema, which would find a mistake", async () => {
  const sbom = await printSbom();
  deepStrictEqual(await schemaErrors(sbom), []);
  ok((await schemaErrors({ ...sbom, components: [{ name: "no type" }] })).length > 0);
});

Deno.test("the bill of materials has every package that the bundle has, and none that only the tests need", async () => {
  const { components, metadata } = await printSbom();
  const names = new Set(components.map(fullName));
  const folder = await Deno.makeTempDir();
  const bundled = [...bundledInputs(await bundleForDeno(folder))].map(packageName);
  const missing = bundled.filter((name) => name !== undefined && !names.has(name));
  deepStrictEqual([...new Set(missing)], []);
  ok(bundled.length > 100);
  for (const name of ["esbuild", "fast-check", "ajv", "@actions/workflow-parser"]) ok(!names.has(name), name);
  strictEqual(names.size, components.length);
  match(metadata.component.version, /^\d+\.\d+\.\d+$/);
});
