import { Argument } from "@commander-js/extra-typings";
import { escapeInvisible } from "../model/invisible_characters.ts";
import { type Ending, WITH_AWS } from "../report/exit_code.ts";
import { formatJson } from "../report/messages/log.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { loadServiceDefinition, loadTaskDefinition } from "../session/definition_files.ts";

/** The loader of each definition, under all of its names. */
const DEFINITIONS = {
  servicedef: loadServiceDefinition,
  taskdef: loadTaskDefinition,
  "service-definition": loadServiceDefinition,
  "task-definition": loadTaskDefinition,
};

const FILES = ["config", ...Object.keys(DEFINITIONS) as (keyof typeof DEFINITIONS)[]] as const;

export const define = defineCommand({
  options: (command) => command.addArgument(new Argument("<files...>", "what to print").choices(FILES)),
  endings: { ...WITH_AWS, ok: "printed" },
  help: `
Examples:
  ecspresso render config
  ecspresso render taskdef
  ecspresso render servicedef taskdef

Values of the environment and of Parameter Store that the files ask for are printed, too.`,
  takesOneService: true,
  run: async (_, { operands: [files], openOne }) => await renderFiles(await openOne(), files),
});

// Prints the config after Jsonnet and templates, and definitions as they are sent to AWS: with all values, which is
// what the command is for. Returns the ending.
async function renderFiles(session: Session, names: readonly (typeof FILES)[number][]): Promise<Ending> {
  const { definitions, host: { stdout } } = session;
  for (const name of names) {
    stdout.writeWhole(
      name === "config"
        ? forReader(await definitions.renderConfig(), stdout.isTerminal)
        : `${formatJson((await DEFINITIONS[name](session, await session.connectEcs())).value, 2)}\n`,
    );
  }
  return "ok";
}

/** A file or a program gets the text as it is; on a terminal, invisible characters are made visible. */
function forReader(text: string, isTerminal: boolean): string {
  const ended = text.endsWith("\n") ? text : `${text}\n`;
  return isTerminal ? ended.replace(/[^\t\r\n]+/g, escapeInvisible) : ended;
}
