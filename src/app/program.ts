import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { ALL_ENDINGS, renderExitCodes } from "../report/exit_code.ts";
import type { Context } from "../session/context.ts";
import { addGlobalOptions, type Program, type ProgramCommand } from "../session/global_options.ts";
import { VERSION } from "./version.ts";

interface CommandSummary {
  readonly term: string;
  readonly description: string;
  readonly load: () => Promise<(command: ProgramCommand, context: Context) => void>;
}

const COMMANDS: readonly CommandSummary[] = [
  {
    term: "deploy [options]",
    description: "Register the task definition, update the service, and wait until the deployment has ended.",
    load: async () => (await import("../commands/deploy.ts")).defineDeploy,
  },
  {
    term: "rollback [options]",
    description: "Roll the service back to a registered revision of its task definition.",
    load: async () => (await import("../commands/rollback.ts")).defineRollback,
  },
  {
    term: "wait [options]",
    description: "Wait until the deployment in progress has ended, and report how.",
    load: async () => (await import("../commands/wait.ts")).defineWait,
  },
  {
    term: "status [options]",
    description: "Show the service, its deployments, its auto scaling and its newest events.",
    load: async () => (await import("../commands/status.ts")).defineStatus,
  },
  {
    term: "diff [options]",
    description: "Compare the files with what runs: the service and its task definition.",
    load: async () => (await import("../commands/diff.ts")).defineDiff,
  },
  {
    term: "verify [options]",
    description: "Look whether what a task definition names is there: roles, images, secrets, log groups.",
    load: async () => (await import("../commands/verify.ts")).defineVerify,
  },
  {
    term: "register [options]",
    description: "Register the task definition that the config names.",
    load: async () => (await import("../commands/register.ts")).defineRegister,
  },
  {
    term: "revisions [options]",
    description: "List the registered revisions of the task definition, or print one of them.",
    load: async () => (await import("../commands/revisions.ts")).defineRevisions,
  },
  {
    term: "deregister [options]",
    description: "Deregister task definitions that nothing uses.",
    load: async () => (await import("../commands/deregister.ts")).defineDeregister,
  },
  {
    term: "render <files...>",
    description: "Print the config or a definition after Jsonnet and templates.",
    load: async () => (await import("../commands/render.ts")).defineRender,
  },
  {
    term: "completion <shell>",
    description: "Print the script that completes commands, options and choices in a shell.",
    load: async () => (await import("../commands/completion.ts")).defineCompletion,
  },
];

const nameOf = ({ term }: CommandSummary) => term.split(" ", 1)[0]!;

const TERMS: ReadonlyMap<string, string> = new Map(COMMANDS.map((summary) => [nameOf(summary), summary.term]));

/** How a command is shown in the list of commands, the framework's own `help` included. */
function termOf(command: CommandUnknownOpts): string {
  return TERMS.get(command.name()) ?? `${command.name()} ${command.usage()}`;
}

/** A program whose commands have no options yet, for no start is to load what all of them can do. */
export interface UndefinedProgram {
  readonly program: Program;
  readonly define: (command: CommandUnknownOpts) => Promise<void>;
}

/** The command line's grammar; an action is run by parsing. */
export function buildUndefined(context: Context, write: (text: string) => void): UndefinedProgram {
  const command = new Command("ecspresso")
    .description("Deploys Amazon ECS services, and rolls them back to a task definition that worked.")
    .version(`ecspresso ${VERSION}`, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .configureHelp({ showGlobalOptions: true, subcommandTerm: termOf })
    .configureOutput({ writeOut: write, writeErr: write, getOutHasColors: () => false, getErrHasColors: () => false })
    .showHelpAfterError("(see ecspresso --help)")
    .exitOverride();
  const program = addGlobalOptions(command).addHelpText("after", `\n${renderExitCodes(ALL_ENDINGS)}`);
  const definitions = new Map<string, () => Promise<void>>();
  for (const summary of COMMANDS) {
    const command = addCommand(program, summary);
    definitions.set(command.name(), async () => (await summary.load())(command, context));
  }
  const define = async (command: CommandUnknownOpts) => {
    const define = definitions.get(command.name());
    definitions.delete(command.name());
    await define?.();
  };
  return { program, define };
}

/** The whole grammar, with what each command takes. */
export async function buildProgram(context: Context): Promise<Program> {
  const { program, define } = buildUndefined(context, () => {});
  await Promise.all(program.commands.map(define));
  return program;
}

function addCommand(program: Program, summary: CommandSummary): ProgramCommand {
  const name = nameOf(summary);
  // What it does not understand, its own help explains.
  return program.command(name).description(summary.description).showHelpAfterError(`(see ecspresso ${name} --help)`);
}
