import { Argument } from "@commander-js/extra-typings";
import { escapeInvisible } from "../model/invisible_characters.ts";
import { EXIT } from "../report/exit_code.ts";
import { formatJson } from "../report/log.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { loadServiceDefinition, loadTaskDefinition } from "../session/definition_files.ts";

/** What reads each definition, by all of its names. */
const DEFINITIONS = {
  servicedef: loadServiceDefinition,
  taskdef: loadTaskDefinition,
  "service-definition": loadServiceDefinition,
  "task-definition": loadTaskDefinition,
};

const FILES = ["config", ...Object.keys(DEFINITIONS) as (keyof typeof DEFINITIONS)[]] as const;

export const define = defineCommand({
  options: (command) => command.addArgument(new Argument("<files...>", "what to print").choices(FILES)),
  help: `
Examples:
  ecspresso render config
  ecspresso render taskdef
  ecspresso render servicedef taskdef

Values of the environment and of Parameter Store that the files ask for are printed, too.`,
  needsFiles: true,
  action: (_, { operands: [files] }) => (session) => renderFiles(session, files),
});

// Prints files of the config after Jsonnet and templates, definitions as they are sent: whole, for that is what the command
// is for. Returns the exit code.
async function renderFiles(session: Session, names: readonly (typeof FILES)[number][]): Promise<number> {
  const { definitions, wholeStdout } = session;
  for (const name of names) {
    wholeStdout.write(
      name === "config"
        ? forReader(await definitions.renderConfig(), wholeStdout.isTerminal)
        : `${formatJson((await DEFINITIONS[name](session, await session.connectEcs())).value, 2)}\n`,
    );
  }
  return EXIT.ok;
}

/** A file or a program gets the text as it is; a person sees what is in it. */
function forReader(text: string, isTerminal: boolean): string {
  const ended = text.endsWith("\n") ? text : `${text}\n`;
  return isTerminal ? ended.replace(/[^\t\r\n]+/g, escapeInvisible) : ended;
}
