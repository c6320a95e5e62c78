import { match, strictEqual } from "node:assert/strict";
import { formatLicenses, readPackage } from "./licenses.ts";

const text = "Permission is hereby granted";

Deno.test("formatLicenses() prints a text once for all its packages, in the order of their names", () => {
  const document = formatLicenses([
    { name: "b", version: "1.0.0", license: "MIT", text },
    { name: "a", version: "2.0.0", license: "MIT", text },
  ]);
  match(document, /a 2\.0\.0 \(MIT\)\nb 1\.0\.0 \(MIT\)\n\nPermission/);
  strictEqual(document.split(text).length, 2);
});

Deno.test("formatLicenses() names the licence of a package without a text", () => {
  match(
    formatLicenses([{ name: "a", version: "1.0.0", license: "Apache-2.0", text: "" }]),
    /a 1\.0\.0 \(Apache-2\.0\)\n\nLicensed under Apache-2\.0\./,
  );
});

Deno.test("readPackage() reads the licence and notice files, whatever they are called", async () => {
  const directory = await Deno.makeTempDir();
  await Deno.writeTextFile(`${directory}/package.json`, `{"name": "a", "version": "1.0.0", "license": "MIT"}`);
  await Deno.writeTextFile(`${directory}/LICENCE.md`, "the licence\n");
  await Deno.writeTextFile(`${directory}/NOTICE`, "the notice\n");
  await Deno.writeTextFile(`${directory}/README.md`, "not this one");
  strictEqual((await readPackage(directory)).text, "the licence\n\nthe notice");
});
