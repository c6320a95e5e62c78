import assert from "node:assert/strict";
import { EXIT } from "../../src/cli/exit_code.ts";
import { definitionFunctions } from "../../src/config/definition_functions.ts";
import { loadConfig } from "../../src/config/load_config.ts";
import { renderTemplate } from "../../src/config/template/render_template.ts";
import { memoryEnvironment, memoryFiles, memoryTools, memoryValues } from "./config/memory_host.ts";

/** The README shows real output only: each session in it is a transcript, which in turn is checked against the program. */

const ROOT = new URL("../../", import.meta.url);
const TRANSCRIPTS = new URL("tests/transcripts/", ROOT);
const README = await Deno.readTextFile(new URL("README.md", ROOT));

async function readTranscripts(prefix = ""): Promise<Map<string, string>> {
  const names = await Array.fromAsync(Deno.readDir(TRANSCRIPTS), ({ name }) => name);
  const wanted = names.filter((name) => name.startsWith(prefix) && name.endsWith(".txt"));
  return new Map(
    await Promise.all(
      wanted.map(async (name) => [name, await Deno.readTextFile(new URL(name, TRANSCRIPTS))] as const),
    ),
  );
}

/** A console block, without the indentation that it has in a list. */
function consoleBlocks(): string[] {
  return [...README.matchAll(/^( *)```console\n([^]*?)^ *```$/gm)].map(([, indent, block]) =>
    block!.split("\n").map((line) => line.slice(indent!.length)).join("\n")
  );
}

/** Whether a block shows what a stream got: all of it, or where a line is `...` with lines left out. */
function shows(block: readonly string[], stream: string): boolean {
  const parts = `\n${block.join("\n")}\n`.split(/(?<=\n)\.\.\.(?=\n)/);
  const text = `\n${stream.trimEnd()}\n`;
  let end = 0;
  for (const [index, part] of parts.entries()) {
    const start = text.indexOf(part, Math.max(0, end - 1));
    if (start < 0 || (index === 0 && start > 0)) return false;
    end = start + part.length;
  }
  return end === text.length || block.at(-1) === "...";
}

/** What stands below a heading, up to the next one that is not below it. */
function section(heading: string): string {
  const lines = README.split("\n");
  const start = lines.indexOf(heading);
  assert.ok(start >= 0, `the README has no section ${heading}`);
  const level = heading.indexOf(" ");
  const isOutside = (line: string) => /^#+ /.test(line) && line.indexOf(" ") <= level;
  const length = withoutCode(lines.slice(start + 1)).findIndex(isOutside);
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join("\n");
}

/** The same lines with those of code blocks empty: a comment in a script is no heading. */
function withoutCode(lines: readonly string[]): string[] {
  let isCode = false;
  return lines.map((line) => {
    const isFence = /^ *```/.test(line);
    if (isFence) isCode = !isCode;
    return isFence || isCode ? "" : line;
  });
}

/** What a help text says of its options, a name with its text for each. */
function optionsOf(help: string): { readonly name: string; readonly text: string }[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)([^]*?)(?=^ {2}-|^\S|^$)/gm)].map(([, name, text]) => ({
    name: name!,
    text: text!.replace(/\s+/g, " "),
  }));
}

/** The row of a table that explains an option; each cell trimmed. */
function rowOf(option: string, text: string): string[] | undefined {
  const row = text.split("\n").find((line) => new RegExp(`^\\| [^|]*\`${option}[\` ]`).test(line));
  return row?.split(/(?<!\\)\|/).slice(1, -1).map((cell) => cell.trim());
}

Deno.test("every session in the README is a transcript", async () => {
  const transcripts = [...(await readTranscripts()).values()];
  const blocks = consoleBlocks();
  assert.ok(blocks.length >= 10);
  for (const block of blocks) {
    const [command, ...output] = block.trimEnd().split("\n");
    const same = transcripts.filter((transcript) => transcript.startsWith(`${command}\n`));
    const streams = (transcript: string) => /--- stdout\n([^]*?)--- stderr\n([^]*?)--- exit code/.exec(transcript)!;
    assert.ok(
      same.some((transcript) => streams(transcript).slice(1).some((stream) => shows(output, stream))),
      `no transcript shows what the README does for: ${command}`,
    );
  }
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

Deno.test("the README explains every option of every command in the command's own section", async () => {
  const helps = await readTranscripts("help_");
  assert.ok(helps.size >= 9);
  let count = 0;
  for (const [file, help] of helps) {
    const command = file.replace(/^help_|\.txt$/g, "");
    const own = section(`### ${command}`);
    const ofItsOwn = help.slice(0, help.indexOf("\nGlobal Options:"));
    const options = optionsOf(ofItsOwn).filter(({ name }) => name !== "--help");
    for (const { name, text } of options) {
      const [, meaning] = rowOf(name, own) ?? [];
      count++;
      assert.ok(meaning, `${command} ${name} is not explained in the section of ${command}`);
      const said = /\(default: "?([^")]+)|default: "([^"]+)"/.exec(text);
      const value = said?.[1] ?? said?.[2];
      if (value !== undefined) assert.ok(meaning.includes(value), `the default of ${command} ${name} is ${value}`);
    }
    for (const choice of ofItsOwn.matchAll(/(?<=choices: [^)]*)"([a-z-]+)"/g)) {
      assert.ok(own.includes(`\`${choice[1]}\``), `${command}: ${choice[1]} is not explained`);
    }
    assert.ok(
      section("## Commands").includes(`[${command}](#${command})`),
      `${command} is not in the list of commands`,
    );
  }
});

Deno.test("the README explains every global option with its variable", async () => {
  const help = await Deno.readTextFile(new URL("help.txt", TRANSCRIPTS));
  const globals = section("### Global options");
  const options = optionsOf(help.slice(0, help.indexOf("\nCommands:")));
  assert.ok(options.length >= 9);
  for (const { name, text } of options) {
    const row = rowOf(name, globals);
    assert.ok(row?.[1], `${name} is not explained`);
    const variable = /env: (ECSPRESSO_[A-Z_]+)/.exec(text)?.[1];
    if (variable !== undefined) assert.ok(row[1].includes(`\`${variable}\``), `${name} has the variable ${variable}`);
  }
});

Deno.test("the README explains every exit code", () => {
  const codes = section("## Exit codes");
  assert.deepEqual(Object.values(EXIT), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  for (const code of Object.values(EXIT)) assert.match(codes, new RegExp(`^\\| ${code} +\\| \\S`, "m"));
});

Deno.test("the README's config loads, without a warning", async () => {
  const [, text] = /```yaml\n([^]*?)```/.exec(section("### The config"))!;
  const config = await loadConfig({ path: "ecspresso.yml", text: text! }, memoryTools(memoryEnvironment({})));
  assert.deepEqual(config.warnings, []);
  assert.equal(config.plugins.length, 1);
});

Deno.test("the README's examples of template functions have the values that it says", async () => {
  const { functions, explainUnknown } = definitionFunctions(
    [{ kind: "tfstate", prefix: "", location: { kind: "file", path: "terraform.tfstate" } }],
    {
      env: memoryEnvironment({ TAG: "v1", MOTD: 'a"b' }),
      files: memoryFiles({ "terraform.tfstate": STATE }),
      connectValues: () => Promise.resolve(VALUES),
      signal: new AbortController().signal,
    },
  );
  const examples = [...section("### Template functions").matchAll(/``([^`]*\{\{.*?\}\}[^`]*)``/g)].map(([, example]) =>
    example!.trim().replaceAll("\\|", "|")
  );
  const rendered = await Promise.all(
    examples.map((text) => renderTemplate(text, "ecs-task-def.json", functions, { explainUnknown })),
  );
  assert.deepEqual(
    rendered.map(({ text }) => text),
    ["v1", "v1", '"a\\"b"', "v2", "subnet-a", "arn:app/db", "subnet-x", "subnet-1"],
  );
});

const { sources: VALUES } = memoryValues({
  parameters: {
    "/app/tag": { type: "String", value: "v2" },
    "/app/subnets": { type: "StringList", value: "subnet-a,subnet-b" },
  },
  secrets: { "app/db": "arn:app/db" },
});

const STATE = JSON.stringify({
  version: 4,
  resources: [{
    mode: "managed",
    type: "aws_subnet",
    name: "a",
    instances: [
      { index_key: "x", attributes: { id: "subnet-x" } },
      { index_key: 1, attributes: { id: "subnet-1" } },
    ],
  }],
});

Deno.test("every link within the README leads to a heading or a file", async () => {
  const headings = withoutCode(README.split("\n")).filter((line) => /^#+ /.test(line));
  const anchors = new Set(
    headings.map((heading) => heading.replace(/^#+ /, "").toLowerCase().replace(/[^\w -]/g, "").replaceAll(" ", "-")),
  );
  for (const [, target] of README.matchAll(/\]\((?!https?:)([^)]+)\)/g)) {
    if (target!.startsWith("#")) assert.ok(anchors.has(target!.slice(1)), `${target} leads nowhere`);
    else await Deno.stat(new URL(target!, ROOT));
  }
});
