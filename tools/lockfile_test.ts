import { deepStrictEqual, throws } from "node:assert/strict";
import { lockedPackages, rootKeys } from "./lockfile.ts";

const integrity = "sha512-x";
const lockfile = {
  specifiers: {
    "npm:@scope/a@1.0.0": "1.0.0_b@2.0.0",
    "npm:b@2.0.0": "2.0.0",
    "npm:test@1.0.0": "1.0.0",
    "npm:cyclic@1.0.0": "1.0.0",
    "npm:broken@1.0.0": "1.0.0",
  },
  npm: {
    "@scope/a@1.0.0_b@2.0.0": { integrity, dependencies: ["b", "c@1.0.0"] },
    "b@2.0.0": { integrity },
    "c@1.0.0": { integrity, optionalDependencies: ["test"] },
    "c@2.0.0": { integrity },
    "test@1.0.0": { integrity, dependencies: ["c@2.0.0"] },
    "cyclic@1.0.0": { integrity, dependencies: ["cyclic"] },
    "broken@1.0.0": { integrity, dependencies: ["c"] },
  },
};

Deno.test("lockedPackages() follows what the specifiers need, and nothing else", () => {
  const packages = lockedPackages(lockfile, ["npm:/@scope/a@1.0.0/deep/path"]);
  deepStrictEqual(packages.map(({ name, version, dependencies }) => ({ name, version, dependencies })), [
    { name: "@scope/a", version: "1.0.0", dependencies: ["b@2.0.0", "c@1.0.0"] },
    { name: "b", version: "2.0.0", dependencies: [] },
    { name: "c", version: "1.0.0", dependencies: [] },
  ]);
  deepStrictEqual(lockedPackages(lockfile, ["npm:cyclic@1.0.0"]).length, 1);
});

Deno.test("lockedPackages() refuses what the lock file does not say for sure", () => {
  throws(() => lockedPackages(lockfile, ["npm:b@3.0.0"]), /does not have npm:b@3\.0\.0/);
  throws(() => lockedPackages(lockfile, ["npm:broken@1.0.0"]), /has 2 packages for c/);
});

Deno.test("rootKeys() names each package once", () => {
  deepStrictEqual(rootKeys(lockfile, ["npm:b@2.0.0", "npm:/b@2.0.0/x", "npm:@scope/a@1.0.0"]), [
    "@scope/a@1.0.0_b@2.0.0",
    "b@2.0.0",
  ]);
});
