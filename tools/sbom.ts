/**
 * Prints the bill of materials of the executable, as CycloneDX in JSON: `deno task sbom`, in the project's directory. It
 * names Deno and the npm packages that the executable is bundled from. It has neither a time nor a serial number: the
 * same lock file gives the same bytes.
 */

import { Enums, Models, Serialize, Spec } from "@cyclonedx/cyclonedx-library";
import { Buffer } from "node:buffer";
import { type BundledPackage, bundledPackages, bundleProgram } from "./bundle.ts";

interface Lockfile {
  /** By `name@version`, which may end in the peers that it was installed with: `a@1.0.0_b@2.0.0`. */
  readonly npm: Readonly<Record<string, { readonly integrity: string }>>;
}

/** The SHA-512 of a package's archive, in hexadecimal. */
function hashOf({ name, version }: BundledPackage, { npm }: Lockfile): string {
  const key = Object.keys(npm).find((key) => key === `${name}@${version}` || key.startsWith(`${name}@${version}_`));
  const [, base64] = /^sha512-(.*)$/.exec(npm[key ?? ""]?.integrity ?? "") ?? [];
  if (base64 === undefined) throw new Error(`the lock file has no SHA-512 of ${name}@${version}`);
  return Buffer.from(base64, "base64").toString("hex");
}

function componentOf(locked: BundledPackage, lockfile: Lockfile): Models.Component {
  const [name = "", group] = locked.name.split("/").reverse();
  // In the address of a package the @ of its scope is encoded.
  const purl = `pkg:npm/${locked.name.replace("@", "%40")}@${locked.version}`;
  return new Models.Component(Enums.ComponentType.Library, name, {
    ...(group === undefined ? {} : { group }),
    version: locked.version,
    bomRef: purl,
    purl,
    scope: Enums.ComponentScope.Required,
    hashes: new Models.HashDictionary([[Enums.HashAlgorithm["SHA-512"], hashOf(locked, lockfile)]]),
    licenses: new Models.LicenseRepository([new Models.LicenseExpression(locked.license)]),
  });
}

const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
const lockfile = JSON.parse(await Deno.readTextFile("deno.lock"));
const mit = () => new Models.LicenseRepository([new Models.LicenseExpression("MIT")]);

const purl = `pkg:github/denoland/deno@v${Deno.version.deno}`;
const deno = new Models.Component(Enums.ComponentType.Platform, "deno", {
  version: Deno.version.deno,
  bomRef: purl,
  purl,
  scope: Enums.ComponentScope.Required,
  licenses: mit(),
});
const packages = await bundledPackages(await bundleProgram());
const components = [deno, ...packages.map((locked) => componentOf(locked, lockfile))];
const program = new Models.Component(Enums.ComponentType.Application, "ecspresso", {
  version,
  bomRef: `ecspresso@${version}`,
  licenses: mit(),
  dependencies: new Models.BomRefRepository(components.map(({ bomRef }) => bomRef)),
});
const bom = new Models.Bom({
  metadata: new Models.Metadata({ component: program }),
  components: new Models.ComponentRepository(components),
});
const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
console.log(serializer.serialize(bom, { sortLists: true, space: 2 }));
