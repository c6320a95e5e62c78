import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { renderExitCodes } from "../report/exit_code.ts";
import type { Context } from "../session/context.ts";
import { addGlobalOptions, type Program } from "../session/global_options.ts";
import { formatHelp, setHelp, visibleOptions } from "../commands/format_help.ts";
import { VERSION } from "../session/version.ts";

/** The commands, with their descriptions. */
const COMMANDS = {
  deploy: "Register the task definition, update the service and wait for the deployment.",
  rollback: "Roll the service back to an earlier revision of its task definition.",
  scale: "Change the number of tasks, and what auto scaling does about it.",
  hold: "Keep what runs: for so long, ecspresso deploy refuses the service.",
  wait: "Wait for the deployment under way, and say how it ended.",
  status: "Show what runs, what fails and why, and whether auto scaling is suspended.",
  history: "List what ran, newest first: images, for how long, and how it ended.",
  diff: "Compare the files with what runs: the service and its task definition.",
  verify: "Check that the roles, images, secrets and log groups of a task definition exist.",
  register: "Register the task definition that the config names.",
  revisions: "List the registered revisions and which of them worked, or print one of them.",
  deregister: "Deregister task definitions that nothing uses.",
  render: "Print the config or a definition after Jsonnet and templates.",
  init: "Write the config and both definitions of a service from what runs.",
  completion: "Print the script that completes commands, options and choices in a shell.",
};

const LOADERS = {
  deploy: () => import("../commands/deploy.ts"),
  rollback: () => import("../commands/rollback.ts"),
  scale: () => import("../commands/scale.ts"),
  hold: () => import("../commands/hold.ts"),
  wait: () => import("../commands/wait.ts"),
  status: () => import("../commands/status.ts"),
  history: () => import("../commands/history.ts"),
  diff: () => import("../commands/diff.ts"),
  verify: () => import("../commands/verify.ts"),
  register: () => import("../commands/register.ts"),
  revisions: () => import("../commands/revisions.ts"),
  deregister: () => import("../commands/deregister.ts"),
  render: () => import("../commands/render.ts"),
  init: () => import("../commands/init.ts"),
  completion: () => import("../commands/completion.ts"),
};

/** Operands for the list of commands, which is printed before the commands are defined. */
const OPERANDS = new Map([["render", "<files...>"], ["completion", "<shell>"]]);

const FIRST_EXAMPLES = {
  "ecspresso status": "what runs, what fails",
  "ecspresso rollback --revision previous --dry-run": "what a rollback would do",
  "ecspresso rollback --revision previous": "roll back to what ran before",
  "ecspresso wait": "watch the deployment",
  "ecspresso history": "what ran before",
};

/** A program whose commands have no options yet: loading the code of all commands would slow down every start. */
export interface UndefinedProgram {
  readonly program: Program;
  readonly define: (command: CommandUnknownOpts) => Promise<void>;
}

/** Builds the command line's grammar, without the options of the commands. Parsing runs the command. */
export function buildUndefined(context: Context, write: (text: string) => void): UndefinedProgram {
  const command = new Command("ecspresso")
    .description("Deploys Amazon ECS services, and rolls them back to what worked before.")
    .version(`ecspresso ${VERSION}`, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .configureHelp({ subcommandTerm, visibleOptions, formatHelp })
    .configureOutput({ writeOut: write, writeErr: write, getOutHasColors: () => false, getErrHasColors: () => false })
    .showHelpAfterError("(see ecspresso --help)")
    .exitOverride();
  setHelp(command, { examples: FIRST_EXAMPLES });
  const program = addGlobalOptions(command).addHelpText("after", `\n${renderExitCodes()}`);
  const definitions = new Map<CommandUnknownOpts, () => Promise<void>>();
  for (const name of Object.keys(COMMANDS) as (keyof typeof COMMANDS)[]) {
    const command = program.command(name).description(COMMANDS[name])
      // A mistake in a command's options points to that command's help.
      .showHelpAfterError(`(see ecspresso ${name} --help)`);
    definitions.set(command, async () => (await LOADERS[name]()).define(command, context));
  }
  const define = async (command: CommandUnknownOpts) => {
    const define = definitions.get(command);
    definitions.delete(command);
    await define?.();
  };
  return { program, define };
}

function subcommandTerm(command: CommandUnknownOpts): string {
  return `${command.name()} ${OPERANDS.get(command.name()) ?? command.usage()}`;
}

/** Builds the whole grammar, with the options and operands of each command. */
export async function buildProgram(context: Context): Promise<Program> {
  const { program, define } = buildUndefined(context, () => {});
  await Promise.all(program.commands.map(define));
  return program;
}
