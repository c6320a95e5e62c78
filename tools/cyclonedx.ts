import { Buffer } from "node:buffer";
import type { LockedPackage } from "./lockfile.ts";

/** The part of a CycloneDX 1.6 document that is written here. */
export interface Sbom {
  readonly bomFormat: "CycloneDX";
  readonly specVersion: "1.6";
  readonly version: 1;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface Component {
  readonly type: "application" | "library" | "platform";
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly purl?: string;
  readonly scope?: "required";
  readonly licenses?: readonly { readonly license: { readonly id: string } }[];
  readonly hashes?: readonly { readonly alg: "SHA-512"; readonly content: string }[];
}

export interface SbomSubject {
  readonly version: string;
  /** The version of Deno whose runtime is in the executable. */
  readonly denoVersion: string;
  readonly packages: readonly LockedPackage[];
  /** The keys of the packages that the program imports itself. */
  readonly roots: readonly string[];
}

/**
 * The bill of materials of the executable: Deno, and the npm packages that it is bundled from. It has neither a time
 * nor a serial number, so that whoever makes it again from the same lock file gets the same bytes.
 */
export function createSbom({ version, denoVersion, packages, roots }: SbomSubject): Sbom {
  const program = `ecspresso@${version}`;
  const deno = `pkg:github/denoland/deno@v${denoVersion}`;
  const purls = new Map(packages.map((locked) => [locked.key, packageUrl(locked)]));
  const refs = (keys: readonly string[]) => keys.map((key) => purls.get(key)!).sort();
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      component: {
        type: "application",
        "bom-ref": program,
        name: "ecspresso",
        version,
        licenses: [{ license: { id: "MIT" } }],
      },
    },
    components: [
      {
        type: "platform",
        "bom-ref": deno,
        name: "deno",
        version: denoVersion,
        scope: "required",
        licenses: [{ license: { id: "MIT" } }],
        purl: deno,
      },
      ...packages.map(component),
    ],
    dependencies: [
      { ref: program, dependsOn: [deno, ...refs(roots)] },
      { ref: deno, dependsOn: [] },
      ...packages.map((locked) => ({ ref: packageUrl(locked), dependsOn: refs(locked.dependencies) })),
    ],
  };
}

function component(locked: LockedPackage): Component {
  const [name, group] = locked.name.split("/").reverse();
  const purl = packageUrl(locked);
  return {
    type: "library",
    "bom-ref": purl,
    ...(group === undefined ? {} : { group }),
    name: name!,
    version: locked.version,
    scope: "required",
    hashes: [{ alg: "SHA-512", content: hexOf(locked) }],
    purl,
  };
}

/** `pkg:npm/%40aws-sdk/core@3.0.0`: the scope's @ is encoded. */
function packageUrl({ name, version }: LockedPackage): string {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

function hexOf({ key, integrity }: LockedPackage): string {
  const [, base64] = /^sha512-([A-Za-z0-9+/]{86}==)$/.exec(integrity) ?? [];
  if (base64 === undefined) throw new Error(`the lock file has no SHA-512 of ${key}`);
  return Buffer.from(base64, "base64").toString("hex");
}
