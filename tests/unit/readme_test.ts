import assert from "node:assert/strict";

/** The README shows real output only: each session in it is a transcript, which in turn is checked against the program. */

const ROOT = new URL("../../", import.meta.url);
const README = await Deno.readTextFile(new URL("README.md", ROOT));

async function readTranscripts(): Promise<string[]> {
  const folder = new URL("tests/transcripts/", ROOT);
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  return await Promise.all(
    names.filter((name) => name.endsWith(".txt")).map((name) => Deno.readTextFile(new URL(name, folder))),
  );
}

/** A console block, without the indentation that it has in a list. */
function consoleBlocks(): string[] {
  return [...README.matchAll(/^( *)```console\n([^]*?)^ *```$/gm)].map(([, indent, block]) =>
    block!.split("\n").map((line) => line.slice(indent!.length)).join("\n")
  );
}

Deno.test("every session in the README is a transcript", async () => {
  const transcripts = await readTranscripts();
  const blocks = consoleBlocks();
  assert.ok(blocks.length >= 3);
  for (const block of blocks) {
    const [command, ...output] = block.trimEnd().split("\n");
    const same = transcripts.filter((transcript) => transcript.startsWith(`${command}\n`));
    const shows = (transcript: string) => /--- stdout\n([^]*?)--- stderr\n([^]*?)--- exit code/.exec(transcript)!;
    assert.ok(
      same.some((transcript) => shows(transcript).slice(1).some((stream) => stream.trimEnd() === output.join("\n"))),
      `no transcript shows what the README does for: ${command}`,
    );
  }
});

Deno.test("the README explains every option and every exit code", async () => {
  const help = await Deno.readTextFile(new URL("tests/transcripts/help_rollback.txt", ROOT));
  const options = [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map((match) => match[1]!);
  assert.ok(options.length >= 12);
  for (const option of options) assert.ok(README.includes(`\`${option}`), option);
  for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 8]) assert.match(README, new RegExp(`^\\| ${code} +\\| `, "m"));
});
