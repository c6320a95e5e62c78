import assert from "node:assert/strict";
import { newContext } from "../../src/session/context.ts";
import { EXIT, exitCodeOfSignal } from "../../src/report/exit_code.ts";
import { buildProgram } from "../../src/app/program.ts";
import { readGrammar } from "../../src/completion/grammar.ts";
import {
  anchorOf,
  anchorsOf,
  codeBlocks,
  codeSpans,
  documents,
  exists,
  linksOf,
  readDocument,
  readTranscripts,
  sectionOf,
  shows,
} from "../documents.ts";
import { madeUpHost } from "../made_up_host.ts";
import { VirtualClock } from "../virtual_clock.ts";

/**
 * The documents show real output only: each session in them is a transcript, which in turn is checked against the
 * program. And what they name, there is.
 */

const DOCUMENTS = await documents();
const { host } = madeUpHost({ args: [], clock: new VirtualClock(0), exit: () => {} });
const GRAMMAR = readGrammar(await buildProgram(newContext(host)));
const GLOBAL_OPTIONS = GRAMMAR.globalOptions.map(({ long }) => long);

/** The command lines of a document, from its text and its sessions, without the program's name. */
function commandLines(text: string): string[] {
  const sessions = codeBlocks(text, "console").map((block) => block.split("\n")[0]!.replace(/^\$ /, ""));
  const scripts = codeBlocks(text, "sh").flatMap((block) => block.split("\n"));
  return [...sessions, ...scripts, ...codeSpans(text)].flatMap((line) => {
    const [, rest] = /^ecspresso ((?:[a-z]|--).*)$/.exec(line.trim()) ?? [];
    return rest === undefined ? [] : [rest];
  });
}

/** What the program would not take of a command line; `undefined` when it takes all of it. */
function findUnknown(line: string): string | undefined {
  const [typed] = line.split(/ [|#]/);
  const words = typed!.split(" ");
  const name = words.find((word, index) => !word.startsWith("-") && !words[index - 1]?.startsWith("--"));
  const command = GRAMMAR.commands.find((one) => one.name === name);
  if (name !== undefined && command === undefined) return name;
  const known = [...GLOBAL_OPTIONS, ...(command?.options ?? []).map(({ long }) => long)];
  return words.find((word) => word.startsWith("--") && !known.includes(word.split("=")[0]!));
}

Deno.test("every session in a document is a transcript", async () => {
  const transcripts = [...(await readTranscripts()).values()];
  let count = 0;
  for (const file of DOCUMENTS) {
    for (const block of codeBlocks(await readDocument(file), "console")) {
      count++;
      const [command, ...output] = block.trimEnd().split("\n");
      const same = transcripts.filter((transcript) => transcript.startsWith(`${command}\n`));
      const streams = (transcript: string) => /--- stdout\n([^]*?)--- stderr\n([^]*?)--- exit code/.exec(transcript)!;
      assert.ok(
        same.some((transcript) => streams(transcript).slice(1).some((stream) => shows(output, stream))),
        `no transcript shows what ${file} does for: ${command}\n${output.join("\n")}`,
      );
    }
  }
  assert.ok(count >= 20);
});

Deno.test("a block with lines left out shows the others as they are, in their order", () => {
  const stream = "one\ntwo\nthree\nfour\n";
  for (const block of ["one\ntwo\nthree\nfour", "one\n...\nfour", "...\nthree\nfour", "one\n...\nthree\n..."]) {
    assert.ok(shows(block.split("\n"), stream), block);
  }
  for (const block of ["two\nthree\nfour", "one\ntwo", "...\nfour\n...\none", "one\n...\nthre\n...", "one\nfour"]) {
    assert.ok(!shows(block.split("\n"), stream), block);
  }
});

Deno.test("every link within the repository leads to a file, and to a heading where it names one", async () => {
  for (const document of DOCUMENTS) {
    for (const { file, anchor } of linksOf(document, await readDocument(document))) {
      assert.ok(await exists(file), `${document}: there is no ${file}`);
      if (anchor === undefined) continue;
      assert.ok(anchorsOf(await readDocument(file)).has(anchor), `${document}: ${file}#${anchor} leads nowhere`);
    }
  }
});

Deno.test("links that leave the repository lead to GitHub's pages about it", async () => {
  const links = (await Promise.all(DOCUMENTS.map(readDocument))).flatMap((text) =>
    text.match(/(?<=\]\()(?:\.\.\/){2,}[^)]+/g) ?? []
  );
  assert.ok(links.length >= 2);
  for (const link of links) {
    assert.match(link, /^\.\.\/\.\.\/(?:releases|issues\/new\/choose|security\/advisories\/new)$/);
  }
});

Deno.test("every file that a document names is there", async () => {
  for (const document of DOCUMENTS) {
    const words = codeSpans(await readDocument(document)).flatMap((span) => span.split(" "));
    for (const word of words.filter((word) => /^(?:src|tests|tools|docs|examples|\.ci|\.github)\//.test(word))) {
      // A part in angle brackets is for the reader to choose: its folder has to be there.
      const [path] = word.split(/\/[^/]*</);
      assert.ok(await exists(path!), `${document}: there is no ${path}`);
    }
  }
});

Deno.test("the anchor of a heading keeps letters of all scripts, and neither backticks nor punctuation", () => {
  assert.equal(anchorOf("How `previous` is chosen"), "how-previous-is-chosen");
  assert.equal(anchorOf("`previous` の選び方"), "previous-の選び方");
  assert.equal(anchorOf("CI/CD パイプライン、例（1）"), "cicd-パイプライン例1");
});

Deno.test("every page in docs has 400 lines at the most", async () => {
  for (const file of DOCUMENTS.filter((name) => name.startsWith("docs/"))) {
    assert.ok((await readDocument(file)).split("\n").length <= 401, file);
  }
});

Deno.test("every command line in a document is one that the program takes", async () => {
  for (const file of DOCUMENTS) {
    for (const line of commandLines(await readDocument(file))) {
      assert.equal(findUnknown(line), undefined, `${file}: ecspresso ${line}`);
    }
  }
});

Deno.test("a command or an option that there is not is found in a command line", () => {
  assert.equal(findUnknown("rollback --config x.yml --revision 3 --dry-run"), undefined);
  assert.equal(findUnknown("--config x.yml wait"), undefined);
  assert.equal(findUnknown("--version"), undefined);
  assert.equal(findUnknown("rolback --revision 3"), "rolback");
  assert.equal(findUnknown("rollback --revision 3 --until stable"), "--until");
});

const FOR_DEVELOPERS = ["CONTRIBUTING.md", "docs/maintaining.md"];

/** Of the runtime and of Docker, and what a text may have that is hidden. */
const OTHERS_OPTIONS = /^--(?:allow-[a-z]+|env|user|volume|db-password)$/;

Deno.test("every option that a document for users names is one that there is", async () => {
  const options = new Set([
    ...GLOBAL_OPTIONS,
    ...GRAMMAR.commands.flatMap(({ options }) => options.map((o) => o.long)),
  ]);
  for (const file of DOCUMENTS.filter((name) => !FOR_DEVELOPERS.includes(name))) {
    const named = codeSpans(await readDocument(file)).flatMap((span) => /^--[a-z-]+/.exec(span)?.[0] ?? []);
    for (const option of named.filter((name) => !OTHERS_OPTIONS.test(name))) {
      assert.ok(options.has(option), `${file}: no command has ${option}`);
    }
  }
});

Deno.test("the page for the person on call quotes only what the program says", async () => {
  const transcripts = [...(await readTranscripts()).values()].join("\n");
  const prose = (await readDocument("docs/incident.md")).replaceAll(/```[^]*?```|`[^`]+`/g, "").replaceAll(/\s+/g, " ");
  const quoted = [...prose.matchAll(/"([^"]+?)(?: \.\.\.)?"/g)].map(([, words]) => words!);
  assert.ok(quoted.length >= 10);
  for (const words of quoted) assert.ok(transcripts.includes(words), `no transcript says: ${words}`);
});

Deno.test("the page for the person on call says what to do after every exit code of a rollback", async () => {
  const codes = sectionOf(await readDocument("docs/incident.md"), "## How it ended");
  const { differences: _, ...ofRollback } = EXIT;
  const signals = (["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"] as const).map(exitCodeOfSignal);
  const said = [...codes.matchAll(/^\| ([\d, ]+)\| \S/gm)].flatMap(([, cell]) => cell!.split(",").map(Number));
  assert.deepEqual(said.toSorted((a, b) => a - b), [...Object.values(ofRollback), ...signals]);
});
