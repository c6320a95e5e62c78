import type { Command, CommandUnknownOpts, Option, OptionValues } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { commandTo, namingConfig } from "../report/messages/own_commands.ts";
import { type FirstExamples, setHelp, wrapParagraphs } from "./format_help.ts";
import { type CommandEndings, type Ending, renderExitCodes } from "../report/exit_code.ts";
import type { Context } from "../session/context.ts";
import { type GlobalOptions, nameRole, type ProgramCommand, resolveGlobalOptions } from "../session/global_options.ts";
import type { ServiceSelector } from "../session/service_selector.ts";
import type { TypedOption } from "../model/service.ts";
import { needsFiles } from "../report/messages/typed_commands.ts";
import { CommandRun, type SessionOpener } from "../session/command_run.ts";
import { requireReason } from "../session/reason.ts";
import type { Session } from "../session/session.ts";

/** The names of the options that are switches. */
type SwitchOf<Options> = { [Name in keyof Options]-?: NonNullable<Options[Name]> extends boolean ? Name : never }[
  keyof Options
];

/** The values of options, in which a switch is always on or off. */
type Values<Options> = Omit<Options, SwitchOf<Options>> & { readonly [Name in SwitchOf<Options>]: boolean };

/** The values of the options that a function adds to a command. */
export type OptionsOf<Add extends (command: ProgramCommand) => CommandUnknownOpts> = Values<
  ReturnType<ReturnType<Add>["opts"]>
>;

interface Definition<Operands extends unknown[], Options extends OptionValues> {
  /** Adds options and operands. */
  readonly options: (command: ProgramCommand) => Command<Operands, Options, ReturnType<ProgramCommand["opts"]>>;
  /** Commands to type in an outage, each with what it does: the help shows them above the options. */
  readonly examples?: FirstExamples;
  /** The help's text below the options, without the exit codes. */
  readonly help: string;
  readonly endings: CommandEndings;
  /** Options that cannot be used together, `--option=value` for one value of an option; and why not. */
  readonly conflicts?: Readonly<Record<string, string>>;
  /** Whether `--config` names a file to write: then it may stand beside options that name a service. */
  readonly writesConfig?: true;
  /** The files that the command writes. */
  readonly writes?: (options: Values<Options>, rest: CommandInput<Operands>) => readonly string[];
  /** Whether the command takes only one service. */
  readonly takesOneService?: true;
  /** Does what was typed. Throws a UsageError for what cannot be done. Returns the ending. */
  readonly run: (options: Values<Options>, rest: CommandInput<Operands> & CommandSessions) => Promise<Ending>;
}

/** Opens the sessions of the services that are meant, when the command asks for them. */
interface CommandSessions extends SessionOpener {
  /** The one session of a command that is about one service. */
  readonly openOne: () => Promise<Session>;
}

interface CommandInput<Operands extends unknown[]> {
  readonly operands: Operands;
  readonly globals: GlobalOptions;
  /** The config files that are named on the command line. */
  readonly configs: readonly string[];
  readonly context: Context;
}

/** Defines a command that works in a session. One with `--dry-run` may change things: only dry runs show values. */
export function defineCommand<Operands extends unknown[], Options extends OptionValues>(
  definition: Definition<Operands, Options>,
): (command: ProgramCommand, context: Context) => void {
  const { options: addOptions, examples = {}, help, endings, writesConfig, takesOneService } = definition;
  return (bare, context) => {
    const command = addOptions(bare);
    const ofMany = takesOneService ? MANY_SERVICES_OPTIONS : [];
    const refused = [
      ...(needsFiles(command.name()) ? FILELESS_OPTIONS : []),
      ...ofMany,
      ...(writesConfig ? ["--untrusted"] : []),
    ];
    setHelp(command, { examples, refused });
    // Puts `--help` into the last group of options.
    if (command.optionsGroup() !== "") command.helpOption("-h, --help", "print help");
    command.addHelpText(
      "after",
      () => `${wrapParagraphs(help)}${help === "" ? "" : "\n"}\n${renderExitCodes(endings)}`,
    );
    command.action(() => runCommand(definition, bare, context));
  };
}

/** The options that name services without files. */
const FILELESS_OPTIONS = ["--service", "--cluster", "--region", "--service-tag"];
/** The options that only commands for many services take. */
const MANY_SERVICES_OPTIONS = ["--fleet", "--max-services"];

async function runCommand<Operands extends unknown[], Options extends OptionValues>(
  { conflicts = {}, writesConfig, writes = () => [], run }: Definition<Operands, Options>,
  command: ProgramCommand,
  context: Context,
): Promise<void> {
  const name = command.name();
  const { config: configs = [], ...parsed } = command.optsWithGlobals();
  const globals = resolveGlobalOptions(writesConfig ? parsed : command.optsWithGlobals(), context.host.env);
  const options: OptionValues = { ...command.opts(), ...readSwitches(command) };
  if (options.dryRun === false && globals.untrusted) {
    throw new UsageError(`--untrusted changes nothing: ${name} works with it as a dry run only`, "add --dry-run");
  }
  if (options.dryRun === false && options.showValues) {
    throw new UsageError("--show-values is for what a dry run prints", "add --dry-run, or leave it out");
  }
  const takesReason = command.options.some(({ long }) => long === "--reason");
  // A plan file may contain the reason.
  if (takesReason && options.plan === undefined) requireReason(name, options, context.host.env);
  const typed = typedOptions(command);
  for (const [names, why] of Object.entries(conflicts)) refuseTogether(names.split(" "), why, typed);
  const named = globals.services.selectors.find((selector) => selector.kind !== "config");
  if (needsFiles(name) && named !== undefined) throw needsFilesError(name, optionsOf(named, globals));
  const values = options as Values<Options>;
  const rest = { operands: command.processedArgs as unknown[] as Operands, globals, configs, context };
  const commandRun = new CommandRun(context, globals, writes(values, rest));
  const open: SessionOpener["open"] = async (fromFile) => {
    const sessions = await commandRun.open(fromFile);
    const named = sessions.find(({ config }) => config.path === undefined);
    if (needsFiles(name) && named !== undefined) throw needsFilesError(name, named.scope.options);
    return sessions;
  };
  const openOne = async () => onlyOne(await open(), name);
  await commandRun.end(run(values, { ...rest, start: commandRun.start, open, openOne }));
}

/** @param options those that name a service without files */
function needsFilesError(command: string, options: readonly TypedOption[] | undefined): UsageError {
  return new UsageError(
    `${command} needs files: it works with definitions, and a service's name has none`,
    `name a config: ${namingConfig(command)}; or write files of what runs: ${commandTo("writeFiles", { options })}`,
  );
}

function optionsOf(selector: ServiceSelector, { assumeRoleArn }: GlobalOptions): TypedOption[] {
  const named = selector.kind === "named" ? selector.named.options : [["--service", "NAME"] as const];
  return [...named, ...nameRole(assumeRoleArn)];
}

function onlyOne([session, ...others]: readonly Session[], command: string): Session {
  if (session !== undefined && others.length === 0) return session;
  throw new UsageError(`${command} is about one service, and ${others.length + 1} are named`, "name one of them");
}

/** Reads all switches: the default is off, or on for one that has a `--no-` form. */
function readSwitches(command: CommandUnknownOpts): OptionValues {
  const switches = command.options.filter(isSwitch);
  const byName = Map.groupBy(switches, (option) => option.attributeName());
  return Object.fromEntries(
    [...byName].map(([name, forms]) => [name, command.getOptionValue(name) ?? forms.some(({ negate }) => negate)]),
  );
}

function isSwitch(option: Option): boolean {
  return option.isBoolean() || option.negate;
}

interface TypedOptions {
  /** An option of the command or of the program, by its long form. */
  readonly optionOf: (long: string) => Option;
  /** The value that was typed, before or after the command's name; `undefined` for a default. */
  readonly valueOf: (option: Option) => unknown;
}

/** Indexes the typed options once, for all pairs of options that conflict. */
function typedOptions(command: CommandUnknownOpts): TypedOptions {
  const all = [...(command.parent?.options ?? []), ...command.options];
  const byLong = new Map(all.map((option) => [option.long, option]));
  const values: OptionValues = command.optsWithGlobals();
  return {
    optionOf: (long) => byLong.get(long)!,
    valueOf(option) {
      const name = option.attributeName();
      const isTyped = values[name] !== undefined && command.getOptionValueSourceWithGlobals(name) !== "default";
      return isTyped ? values[name] : undefined;
    },
  };
}

function refuseTogether(typed: readonly string[], why: string, { optionOf, valueOf }: TypedOptions): void {
  const areGiven = typed.every((one) => {
    const [name, value] = one.split("=");
    const option = optionOf(name!);
    const given = valueOf(option);
    if (isSwitch(option)) return given === !option.negate;
    return value === undefined ? given !== undefined : given === value;
  });
  if (!areGiven) return;
  const names = typed.map((one) => one.replace("=", " "));
  const others = names.slice(0, -1).join(" with ");
  throw new UsageError(`${others} cannot be used with ${names.at(-1)}: ${why}`, "leave one of them out");
}
