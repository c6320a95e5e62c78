/** Prints the bill of materials of the executable, as CycloneDX in JSON: `deno task sbom`, in the project's directory. */

import { createSbom } from "./cyclonedx.ts";
import { importsOf } from "./import_graph.ts";
import { lockedPackages, rootKeys } from "./lockfile.ts";

const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
const lockfile = JSON.parse(await Deno.readTextFile("deno.lock"));
const specifiers = (await importsOf(["main.ts"]))
  .filter(({ to, isTypeOnly }) => to.startsWith("npm:") && !isTypeOnly)
  .map(({ to }) => to);

const packages = lockedPackages(lockfile, specifiers);
const roots = rootKeys(lockfile, specifiers);
console.log(JSON.stringify(createSbom({ version, denoVersion: Deno.version.deno, packages, roots }), null, 2));
