import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { renderExitCodes } from "../report/exit_code.ts";
import type { Context } from "../session/context.ts";
import { addGlobalOptions, type Program, type ProgramCommand } from "../session/global_options.ts";
import { formatHelp, setHelp, visibleOptions } from "../commands/format_help.ts";
import { VERSION } from "../session/version.ts";

/** A command whose file is loaded only once the command is typed. */
interface LazyCommand {
  /** One sentence, for the list of commands and for its own help. */
  readonly description: string;
  /** For the list of commands. */
  readonly operands?: string;
  readonly load: () => Promise<{ readonly define: (command: ProgramCommand, context: Context) => void }>;
}

const COMMANDS: Readonly<Record<string, LazyCommand>> = {
  deploy: {
    description: "Register the task definition, update the service and wait for the deployment.",
    load: () => import("../commands/deploy.ts"),
  },
  rollback: {
    description: "Roll the service back to an earlier revision of its task definition.",
    load: () => import("../commands/rollback.ts"),
  },
  scale: {
    description: "Change the number of tasks, and what auto scaling does about it.",
    load: () => import("../commands/scale.ts"),
  },
  hold: {
    description: "Keep what runs: ecspresso deploy refuses the service for a given time.",
    load: () => import("../commands/hold.ts"),
  },
  wait: {
    description: "Wait for the deployment under way, and say how it ended.",
    load: () => import("../commands/wait.ts"),
  },
  status: {
    description: "Show what runs, what fails and why, and whether auto scaling is suspended.",
    load: () => import("../commands/status.ts"),
  },
  history: {
    description: "List what ran, newest first: images, for how long, and how it ended.",
    load: () => import("../commands/history.ts"),
  },
  diff: {
    description: "Compare the files with what runs: the service and its task definition.",
    load: () => import("../commands/diff.ts"),
  },
  verify: {
    description: "Check that the roles, images, secrets and log groups of a task definition exist.",
    load: () => import("../commands/verify.ts"),
  },
  register: {
    description: "Register the task definition that the config names.",
    load: () => import("../commands/register.ts"),
  },
  revisions: {
    description: "List the registered revisions and which of them worked, or print one of them.",
    load: () => import("../commands/revisions.ts"),
  },
  deregister: {
    description: "Deregister task definitions that nothing uses.",
    load: () => import("../commands/deregister.ts"),
  },
  render: {
    description: "Print the config or a definition after Jsonnet and templates.",
    operands: "<files...>",
    load: () => import("../commands/render.ts"),
  },
  init: {
    description: "Write the config and both definitions of a service from what runs.",
    load: () => import("../commands/init.ts"),
  },
  completion: {
    description: "Print the script that completes commands, options and choices in a shell.",
    operands: "<shell>",
    load: () => import("../commands/completion.ts"),
  },
};

const FIRST_EXAMPLES = {
  "ecspresso status": "what runs, what fails",
  "ecspresso rollback --revision previous --dry-run": "what a rollback would do",
  "ecspresso rollback --revision previous": "roll back to what ran before",
  "ecspresso wait": "watch the deployment",
  "ecspresso history": "what ran before",
};

/** A program whose commands get their options when they are defined: loading all of them would slow down every start. */
export interface LazyProgram {
  readonly program: Program;
  readonly define: (command: CommandUnknownOpts) => Promise<void>;
}

/** Builds the command line's grammar, without the options of the commands. Parsing runs the command. */
export function buildLazyProgram(context: Context, write: (text: string) => void): LazyProgram {
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
  for (const [name, { description, load }] of Object.entries(COMMANDS)) {
    const command = program.command(name).description(description)
      // A mistake in a command's options points to that command's help.
      .showHelpAfterError(`(see ecspresso ${name} --help)`);
    definitions.set(command, async () => (await load()).define(command, context));
  }
  const define = async (command: CommandUnknownOpts) => {
    const define = definitions.get(command);
    definitions.delete(command);
    await define?.();
  };
  return { program, define };
}

function subcommandTerm(command: CommandUnknownOpts): string {
  return `${command.name()} ${COMMANDS[command.name()]?.operands ?? command.usage()}`;
}

/** Builds the whole grammar, with the options and operands of each command. */
export async function buildProgram(context: Context): Promise<Program> {
  const { program, define } = buildLazyProgram(context, () => {});
  await Promise.all(program.commands.map(define));
  return program;
}
