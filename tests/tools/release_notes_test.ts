import { strictEqual, throws } from "node:assert/strict";
import { releaseNotes } from "../../tools/release_notes.ts";

const changelog = `# Changelog

## [Unreleased]

## [1.1.0] - 2026-02-03

### Added

- Something.

## [1.0.0] - 2026-01-02

- The first one.

## [0.9.0] - Unreleased

- Not yet.

## [0.8.0] - 2025-01-01

[1.1.0]: https://example.com
`;

const notesOf = (version: string, text = changelog) => releaseNotes(text, `v${version}`, version);

Deno.test("releaseNotes() end at the next version", () => {
  strictEqual(notesOf("1.1.0"), "### Added\n\n- Something.");
  strictEqual(notesOf("1.0.0", changelog.replaceAll("\n", "\r\n")), "- The first one.");
});

Deno.test("releaseNotes() refuses a version that is missing, without a date or without a word", () => {
  throws(() => notesOf("1.2.0"), { message: 'CHANGELOG.md has no section "## [1.2.0] - YYYY-MM-DD"' });
  throws(() => notesOf("1.1"), /no section/);
  throws(() => notesOf("0.9.0"), /no date for 0\.9\.0/);
  throws(() => notesOf("0.8.0"), /says nothing of 0\.8\.0/);
});

Deno.test("releaseNotes() refuses the tag of another version", () => {
  for (const tag of ["v1.0.1", "1.0.0", "v1.0.0-rc.1", ""]) {
    throws(() => releaseNotes(changelog, tag, "1.0.0"), /it takes v1\.0\.0/);
  }
});

Deno.test("the changelog has a section for the version of deno.json, and that has no other date than a day", async () => {
  const { version } = JSON.parse(await Deno.readTextFile("deno.json"));
  const text = await Deno.readTextFile("CHANGELOG.md");
  const day = new RegExp(`^## \\[${version.replaceAll(".", "\\.")}\\] - (?:Unreleased|\\d{4}-\\d{2}-\\d{2})$`, "m");
  strictEqual(day.test(text), true);
  notesOf(version, text.replace(`[${version}] - Unreleased`, `[${version}] - 2026-01-01`));
});
