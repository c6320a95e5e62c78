/**
 * Prints the notes of a release, out of CHANGELOG.md: `deno task release-notes TAG`, in the project's directory. Fails
 * when the tag is not that of the version in deno.json, or when the changelog has no dated section for it.
 */

/**
 * What a changelog in the form of keepachangelog.com says of a version, without the heading.
 *
 * @param version the one of deno.json, and so of the program
 * @throws Error when the tag is another version's, when the changelog says nothing of it, or calls it unreleased
 */
export function releaseNotes(changelog: string, tag: string, version: string): string {
  if (tag !== `v${version}`) throw new Error(`the tag is ${tag}, but deno.json says ${version}: it takes v${version}`);
  const lines = changelog.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
  if (start < 0) throw new Error(`CHANGELOG.md has no section "## [${version}] - YYYY-MM-DD"`);
  if (!/ - \d{4}-\d{2}-\d{2}$/.test(lines[start]!)) {
    throw new Error(`CHANGELOG.md has no date for ${version}: "${lines[start]}"`);
  }
  const rest = lines.slice(start + 1);
  // The next version's heading, or the addresses of the headings at the end of the file.
  const end = rest.findIndex((line) => /^## |^\[[^\]]+\]: /.test(line));
  const section = rest.slice(0, end < 0 ? undefined : end).join("\n").trim();
  if (section === "") throw new Error(`CHANGELOG.md says nothing of ${version}`);
  return section;
}

if (import.meta.main) {
  try {
    const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
    console.log(releaseNotes(await Deno.readTextFile("CHANGELOG.md"), Deno.args[0] ?? "", version));
  } catch (error) {
    console.error(`release-notes: ${error instanceof Error ? error.message : error}`);
    Deno.exit(1);
  }
}
