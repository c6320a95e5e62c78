import { Argument } from "@commander-js/extra-typings";
import { escapeInvisible } from "../model/invisible_characters.ts";
import { EXIT } from "../report/exit_code.ts";
import { formatJson } from "../report/log.ts";
import type { Session } from "../session/session.ts";
import { defineCommand } from "./define_command.ts";
import { loadServiceDefinition, loadTaskDefinition } from "./definition_files.ts";

const FILES = ["config", "servicedef", "taskdef", "service-definition", "task-definition"] as const;

export const define = defineCommand({
  options: (command) => command.addArgument(new Argument("<files...>", "what to print").choices(FILES)),
  help: `
Examples:
  ecspresso render config
  ecspresso render taskdef
  ecspresso render servicedef taskdef

Values of the environment and of Parameter Store that the files ask for are printed, too.`,
  action: (_, { operands: [files] }) => (session) => renderFiles(session, files),
});

/** What can be rendered, by every name that it has. */
const RENDERED = {
  config: "config",
  servicedef: "service",
  "service-definition": "service",
  taskdef: "task",
  "task-definition": "task",
} as const;

// Prints files of the config after Jsonnet and templates, definitions as they are sent: whole, for that is what the command
// is for. Returns the exit code.
async function renderFiles(
  session: Session,
  names: readonly (keyof typeof RENDERED)[],
): Promise<number> {
  const { definitions, wholeStdout } = session;
  for (const name of names) {
    switch (RENDERED[name]) {
      case "config":
        wholeStdout.write(forReader(withLineEnd(await definitions.renderConfig()), wholeStdout.isTerminal));
        break;
      case "service":
        wholeStdout.write(
          `${formatJson((await loadServiceDefinition(session, await session.connectEcs())).value, 2)}\n`,
        );
        break;
      case "task":
        wholeStdout.write(`${formatJson((await loadTaskDefinition(session, await session.connectEcs())).value, 2)}\n`);
    }
  }
  return EXIT.ok;
}

function withLineEnd(text: string): string {
  return text.endsWith("\n") ? text : `${text}\n`;
}

/** A file or a program gets the text as it is; a person sees what is in it. */
function forReader(text: string, isTerminal: boolean): string {
  return isTerminal ? text.replace(/[^\t\r\n]+/g, escapeInvisible) : text;
}
