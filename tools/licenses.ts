/** A package in the bundle, with what its licence asks to be passed on. */
export interface BundledPackage {
  readonly name: string;
  readonly version: string;
  /** The SPDX expression of its package.json. */
  readonly license: string;
  /** The licence and notice files, as they are; empty when the package ships none. */
  readonly text: string;
}

/** Reads the name, version and licence texts of the npm package in `directory`. */
export async function readPackage(directory: string): Promise<BundledPackage> {
  const { name, version, license } = JSON.parse(await Deno.readTextFile(`${directory}/package.json`));
  const files = (await Array.fromAsync(Deno.readDir(directory)))
    .filter((entry) => entry.isFile && /^(licen[cs]e|copying|copyright|notice)/i.test(entry.name))
    .map((entry) => entry.name)
    .sort();
  const texts = await Promise.all(files.map((file) => Deno.readTextFile(`${directory}/${file}`)));
  return { name, version, license: license ?? "unknown", text: texts.map((text) => text.trim()).join("\n\n") };
}

/**
 * The document that goes with every copy of the executable. Packages with the same text share it; a package that
 * ships no text is named with its SPDX expression.
 */
export function formatLicenses(packages: readonly BundledPackage[]): string {
  const sorted = packages.toSorted((a, b) => compare(a.name, b.name) || compare(a.version, b.version));
  const groups = Map.groupBy(sorted, ({ license, text }) => text || `Licensed under ${license}.`);
  const sections = [...groups].map(([text, members]) => {
    const names = members.map(({ name, version, license }) => `${name} ${version} (${license})`);
    return `${names.join("\n")}\n\n${text}\n`;
  });
  return [introduction, ...sections].join(`\n${"-".repeat(80)}\n\n`);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

const introduction = `ecspresso contains the following packages. The executable also contains the Deno runtime,
MIT License, Copyright 2018-2026 the Deno authors, with the notices at https://github.com/denoland/deno.
`;
