import type { ValueSources } from "../model/ports.ts";
import type { Environment, FileReader } from "../host.ts";
import type { UnknownFunction } from "../problems.ts";
import type { LookedUp, OnLookup } from "../secrets/looked_up.ts";
import type { Plugin } from "./plugins.ts";
import {
  argumentText,
  basicFunctions,
  CallError,
  found,
  type FunctionTable,
  type NativeFunction,
  onlyArgument,
  type TemplateFunction,
  wantsArguments,
} from "./template/template_functions.ts";
import { findInStates, type ValueTools } from "./terraform_states.ts";

/** Where the functions of definition files find their values. */
export interface LookupTools {
  readonly env: Pick<Environment, "get">;
  readonly files: FileReader;
  readonly connectValues: () => Promise<ValueSources>;
  readonly signal: AbortSignal;
  readonly onLookup?: OnLookup;
}

/**
 * The functions of definition files: those of every template, `ssm` and `secretsmanager_arn`, and those of the plugins
 * in the configuration file. Each value is looked up once, however often it is used.
 */
export function definitionFunctions(plugins: readonly Plugin[], tools: LookupTools): FunctionTable {
  const { env, files, signal, onLookup = () => {} } = tools;
  const basic = basicFunctions(env, onLookup);
  const functions: Record<string, TemplateFunction> = { ...basic.functions };
  const natives: Record<string, NativeFunction> = { ...basic.natives };
  const connect = askOnce(tools.connectValues);
  const source = { values: () => connect(""), files, signal, onLookup };
  const nativeOf = (answer: TemplateFunction, parameters: readonly string[]): NativeFunction => (
    { parameters, answer: (args) => answer(args.map(argumentText)) }
  );
  const add = (name: string, answer: TemplateFunction, parameters: readonly string[]) => {
    functions[name] = answer;
    natives[name] = nativeOf(answer, parameters);
  };
  const [readParameter, findSecretArn] = [parameterReader(source), secretFinder(source)];
  const [stacks, findInState] = [stackFunctions(source), findInStates(source)];
  for (const plugin of [...BUILT_IN, ...plugins]) {
    const { kind, prefix } = plugin;
    if (kind === "ssm") {
      add(`${prefix}ssm`, readParameter, ["name"]);
      natives[`${prefix}ssm_list`] = nativeOf(readParameter, ["name", "index"]);
    } else if (kind === "secretsmanager") {
      add(`${prefix}secretsmanager_arn`, findSecretArn, ["id"]);
    } else if (kind === "cloudformation") {
      add(`${prefix}cfn_output`, stacks.findOutput, ["stack_name", "output_key"]);
      add(`${prefix}cfn_export`, stacks.findExport, ["name"]);
    } else if (kind === "tfstate") {
      const lookUp = findInState(plugin.location);
      add(`${prefix}tfstate`, (args) => lookUp(onlyArgument(args, "address")), ["address"]);
      functions[`${prefix}tfstatef`] = ([format, ...args]) => lookUp(formatAddress(format ?? "", args));
    }
  }
  return { functions, natives, explainUnknown: (name) => explainUnknown(name, plugins) };
}

/** Kayac's ecspresso knows these without an entry in `plugins`. */
const BUILT_IN = [{ kind: "ssm", prefix: "" }, { kind: "secretsmanager", prefix: "" }] as const;

/** `ssm NAME`, and `ssm NAME INDEX` for a StringList, whose values are counted from 0. */
function parameterReader({ values, signal, onLookup }: ValueTools): TemplateFunction {
  const read = askOnce(async (name) => {
    const parameter = await (await values()).readParameter(name, signal);
    if (parameter !== undefined) onLookup(describeParameter(name, parameter));
    return parameter;
  });
  return async (args) => {
    const [name, index, ...rest] = args;
    if (name === undefined || rest.length > 0) throw wantsArguments("parameter", args);
    const parameter = found("parameter", await read(name));
    if (parameter.type !== "StringList") {
      if (index === undefined) return parameter.value;
      throw new CallError({ code: "noStringList" });
    }
    if (!/^\d+$/.test(index ?? "")) throw new CallError({ code: "needsIndex" });
    const list = parameter.value.split(",");
    const value = list[Number(index)];
    if (value === undefined) throw new CallError({ code: "listEnds", last: list.length - 1 });
    return value;
  };
}

/** For a StringList, notes each of its values: a definition gets one of them. */
function describeParameter(name: string, { type, value }: { type: string; value: string }): LookedUp {
  const marked = type === "SecureString" ? { marked: new Set([value]) } : {};
  return { source: "parameter", name, value: type === "StringList" ? value.split(",") : value, ...marked };
}

function secretFinder({ values, signal, onLookup }: ValueTools): TemplateFunction {
  const find = askOnce(async (name) => (await values()).findSecretArn(name, signal));
  return async (args) => {
    const name = onlyArgument(args, "secret");
    const arn = found("secret", await find(name));
    onLookup({ source: "secret", name, value: arn });
    return arn;
  };
}

/** `cfn_output STACK KEY` and `cfn_export NAME`. Each stack is read once, and so are the exports. */
function stackFunctions({ values, signal, onLookup }: ValueTools) {
  const readOutputs = askOnce(async (stack) => (await values()).readStackOutputs(stack, signal));
  const readExports = askOnce(async () => (await values()).readStackExports(signal));
  const findOutput: TemplateFunction = async (args) => {
    const [stack, key, ...rest] = args;
    if (stack === undefined || key === undefined || rest.length > 0) throw wantsArguments("output", args);
    const value = found("output", found("stack", await readOutputs(stack)).get(key));
    onLookup({ source: "stack", name: key, value });
    return value;
  };
  const findExport: TemplateFunction = async (args) => {
    const name = onlyArgument(args, "export");
    const value = found("export", (await readExports("")).get(name));
    onLookup({ source: "stack", name, value });
    return value;
  };
  return { findOutput, findExport };
}

/**
 * Puts the arguments of `tfstatef` into its format: `%s`, `%d` (whole numbers) and `%v` of Go's fmt, and `%%`.
 *
 * @throws CallError for other verbs, and when there are too many arguments or too few
 */
export function formatAddress(format: string, args: readonly string[]): string {
  const remaining = [...args];
  const address = format.replaceAll(/%(.|$)/gsu, (_, verb: string) => {
    if (verb === "%") return "%";
    if (verb !== "s" && verb !== "d" && verb !== "v") throw badFormat("verb");
    const arg = remaining.shift();
    if (arg === undefined) throw badFormat("tooFew");
    if (verb === "d" && !/^-?\d+$/.test(arg)) throw badFormat("notWhole");
    return arg;
  });
  if (remaining.length > 0) throw badFormat("tooMany");
  return address;
}

function badFormat(kind: "verb" | "tooFew" | "tooMany" | "notWhole"): CallError {
  return new CallError({ code: "badFormat", kind });
}

function explainUnknown(name: string, plugins: readonly Plugin[]): UnknownFunction | undefined {
  const unsupported = plugins.filter((plugin) => plugin.kind === "unsupported");
  const owner = unsupported.find(({ prefix, functions }) => functions?.some((known) => name === `${prefix}${known}`));
  if (owner !== undefined) return { code: "unsupportedPlugin", plugin: owner.name };
  if (name === "tfstate" || name === "tfstatef") return { code: "needsPlugin", kind: "tfstate" };
  if (name === "cfn_output" || name === "cfn_export") return { code: "needsPlugin", kind: "cloudformation" };
  const candidates = unsupported.filter(({ functions }) => functions === undefined);
  if (candidates.length === 0) return undefined;
  return { code: "maybeOfPlugins", plugins: candidates.map((plugin) => plugin.name) };
}

function askOnce<Value>(ask: (name: string) => Promise<Value>): (name: string) => Promise<Value> {
  const answers = new Map<string, Promise<Value>>();
  return (name) => {
    const answer = answers.get(name) ?? ask(name);
    answers.set(name, answer);
    return answer;
  };
}
