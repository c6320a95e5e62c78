import assert from "node:assert/strict";
import { EXIT } from "../../src/report/exit_code.ts";
import { definitionFunctions } from "../../src/config/definition_functions.ts";
import { loadConfig } from "../../src/config/load_config.ts";
import { renderTemplate } from "../../src/config/template/render_template.ts";
import { readDocument, readTranscripts, sectionOf } from "../documents.ts";
import { memoryEnvironment, memoryFiles, memoryTools, memoryValues } from "./config/memory_host.ts";

/** What the README says of the command line, the config and the templates is what the program does. */

const README = await readDocument("README.md");
const section = (heading: string) => sectionOf(README, heading);

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
  const help = await readDocument("tests/transcripts/help.txt");
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
    [
      { kind: "tfstate", prefix: "", location: { kind: "file", path: "terraform.tfstate" } },
      { kind: "cloudformation", prefix: "" },
    ],
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
    ["v1", "v1", '"a\\"b"', "v2", "subnet-a", "arn:app/db", "subnet-c", "vpc-c", "subnet-x", "subnet-1"],
  );
});

const { sources: VALUES } = memoryValues({
  parameters: {
    "/app/tag": { type: "String", value: "v2" },
    "/app/subnets": { type: "StringList", value: "subnet-a,subnet-b" },
  },
  secrets: { "app/db": "arn:app/db" },
  stacks: { network: { Subnet: "subnet-c" } },
  exports: { "network-Vpc": "vpc-c" },
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
