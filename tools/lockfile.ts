/** What is read here of Deno's lock file, version 5. */
export interface Lockfile {
  /** The version that each specifier of `deno.json` came to: `npm:yaml@2.9.1` to `2.9.1`. */
  readonly specifiers: Readonly<Record<string, string>>;
  /** By `name@version`, which may end in the peers it was installed with: `a@1.0.0_b@2.0.0`. */
  readonly npm: Readonly<Record<string, LockedEntry>>;
}

interface LockedEntry {
  /** `sha512-` and the hash in base64. */
  readonly integrity: string;
  /** Names, with a version only where the lock file has several of that name. */
  readonly dependencies?: readonly string[];
}

export interface LockedPackage {
  /** Its key in the lock file. */
  readonly key: string;
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  /** The keys of what it depends on. */
  readonly dependencies: readonly string[];
}

/**
 * The packages that `specifiers` lead to, and those that these need, in the order of their keys. What a package takes
 * along only where it fits the machine (`optionalDependencies`) is left out.
 *
 * @param specifiers as modules import them: `npm:yaml@2.9.1`, `npm:/@smithy/core@3.41.0/schema`
 * @throws Error when the lock file does not have one of them
 */
export function lockedPackages(lockfile: Lockfile, specifiers: readonly string[]): LockedPackage[] {
  const roots = rootKeys(lockfile, specifiers);
  const found = new Map<string, LockedPackage>();
  const wanted = new Set(roots);
  // A set can grow while it is being walked: the new members are visited too.
  for (const key of wanted) {
    const locked = readEntry(lockfile, key);
    found.set(key, locked);
    for (const dependency of locked.dependencies) wanted.add(dependency);
  }
  return [...found.values()].sort((a, b) => a.key < b.key ? -1 : 1);
}

/** The keys of what is imported directly. */
export function rootKeys(lockfile: Lockfile, specifiers: readonly string[]): string[] {
  const keys = specifiers.map((specifier) => {
    const [, name, version] = /^npm:\/?((?:@[^/]+\/)?[^/@]+)@([^/]+)/.exec(specifier) ?? [];
    const locked = lockfile.specifiers[`npm:${name}@${version}`];
    if (locked === undefined) throw new Error(`the lock file does not have ${specifier}`);
    return `${name}@${locked}`;
  });
  return [...new Set(keys)].sort();
}

function readEntry(lockfile: Lockfile, key: string): LockedPackage {
  const entry = lockfile.npm[key];
  const [, name, version] = /^((?:@[^/]+\/)?[^/@]+)@([^_]+)/.exec(key) ?? [];
  if (entry === undefined || name === undefined || version === undefined) {
    throw new Error(`the lock file does not have ${key}`);
  }
  const dependencies = (entry.dependencies ?? []).map((dependency) => keyOf(lockfile, dependency));
  return { key, name, version, integrity: entry.integrity, dependencies };
}

/** The key of a dependency; its bare name is given where there is only one version of it. */
function keyOf(lockfile: Lockfile, dependency: string): string {
  if (lockfile.npm[dependency] !== undefined) return dependency;
  const keys = Object.keys(lockfile.npm).filter((key) => key.startsWith(`${dependency}@`));
  if (keys.length !== 1) throw new Error(`the lock file has ${keys.length} packages for ${dependency}`);
  return keys[0]!;
}
