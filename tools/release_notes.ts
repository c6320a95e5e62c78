/**
 * Prints the notes of a release, out of CHANGELOG.md: `deno task release-notes TAG`, in the project's directory. Fails
 * when the tag is not that of the version in deno.json, or when the changelog has no dated section for it.
 */

import { sectionOf, versionOfTag } from "./changelog.ts";

try {
  const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
  const changelog = await Deno.readTextFile("CHANGELOG.md");
  console.log(sectionOf(changelog, versionOfTag(Deno.args[0] ?? "", version)));
} catch (error) {
  console.error(`release-notes: ${error instanceof Error ? error.message : error}`);
  Deno.exit(1);
}
