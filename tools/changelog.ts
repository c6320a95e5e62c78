/**
 * What a changelog in the form of keepachangelog.com says of a version, without the heading.
 *
 * @throws Error when it says nothing, or calls the version unreleased
 */
export function sectionOf(changelog: string, version: string): string {
  const lines = changelog.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (start < 0) throw new Error(`CHANGELOG.md has no section "## [${version}] - YYYY-MM-DD"`);
  if (!/^## \[[^\]]+\] - \d{4}-\d{2}-\d{2}$/.test(lines[start]!)) {
    throw new Error(`CHANGELOG.md has no date for ${version}: "${lines[start]}"`);
  }
  const rest = lines.slice(start + 1);
  // The next version's heading, or the addresses of the headings at the end of the file.
  const end = rest.findIndex((line) => /^## |^\[[^\]]+\]: /.test(line));
  const section = rest.slice(0, end < 0 ? undefined : end).join("\n").trim();
  if (section === "") throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return section;
}

/**
 * The version that a tag stands for.
 *
 * @param version the one of deno.json, and so of the program
 * @throws Error when the tag is another one's
 */
export function versionOfTag(tag: string, version: string): string {
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, but deno.json says ${version}: it takes v${version}`);
  return version;
}
