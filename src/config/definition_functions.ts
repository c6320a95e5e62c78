import { isNestedDeeply, type Json } from "../model/json.ts";
import type { ValueSources } from "../model/ports.ts";
import type { Environment, FileReader } from "../host.ts";
import type { LookedUp, OnLookup } from "../secrets/looked_up.ts";
import type { Plugin } from "./plugins.ts";
import {
  argumentText,
  basicFunctions,
  type FunctionTable,
  type NativeFunction,
  onlyArgument,
  type TemplateFunction,
  TemplateValueError,
} from "./template/template_functions.ts";
import { formatAddress, openStates, type StateReader } from "./tfstate/open_states.ts";

/** Where the functions of definition files find their values. */
export interface LookupTools {
  readonly env: Pick<Environment, "get">;
  readonly files: FileReader;
  readonly connectValues: () => Promise<ValueSources>;
  readonly signal: AbortSignal;
  readonly onLookup?: OnLookup;
}

/**
 * The functions of definition files: those of every template, `ssm` and `secretsmanager_arn`, and what the plugins in
 * the configuration file add. Each distinct value is asked for once, however often it is used.
 */
export function definitionFunctions(plugins: readonly Plugin[], tools: LookupTools): FunctionTable {
  const { env, files, signal, onLookup = () => {} } = tools;
  const basic = basicFunctions(env, onLookup);
  const functions: Record<string, TemplateFunction> = { ...basic.functions };
  const natives: Record<string, NativeFunction> = { ...basic.natives };
  const connect = askOnce(tools.connectValues);
  const values = () => connect("");
  const source = { values, signal, onLookup };
  const [readParameter, findSecretArn, stacks] = [
    parameterReader(source),
    secretFinder(source),
    stackFunctions(source),
  ];
  const states = openStates({ files, values, signal });
  for (const plugin of [...BUILT_IN, ...plugins]) {
    const { kind, prefix } = plugin;
    if (kind === "ssm") {
      functions[`${prefix}ssm`] = readParameter;
      natives[`${prefix}ssm`] = native(["name"], readParameter);
      natives[`${prefix}ssm_list`] = native(["name", "index"], readParameter);
    } else if (kind === "secretsmanager") {
      functions[`${prefix}secretsmanager_arn`] = findSecretArn;
      natives[`${prefix}secretsmanager_arn`] = native(["id"], findSecretArn);
    } else if (kind === "cloudformation") {
      functions[`${prefix}cfn_output`] = stacks.findOutput;
      functions[`${prefix}cfn_export`] = stacks.findExport;
      natives[`${prefix}cfn_output`] = native(["stack_name", "output_key"], stacks.findOutput);
      natives[`${prefix}cfn_export`] = native(["name"], stacks.findExport);
    } else if (kind === "tfstate") {
      const lookUp = stateLookup(states(plugin.location), onLookup);
      functions[`${prefix}tfstate`] = (args) => lookUp(onlyArgument(args, "an address in the state"));
      functions[`${prefix}tfstatef`] = ([format, ...args]) => lookUp(formatAddress(format ?? "", args));
      natives[`${prefix}tfstate`] = native(["address"], ([address]) => lookUp(address!));
    }
  }
  return { functions, natives, explainUnknown: (name) => explainUnknown(name, plugins) };
}

/** Kayac's ecspresso knows these without an entry in `plugins`. */
const BUILT_IN = [{ kind: "ssm", prefix: "" }, { kind: "secretsmanager", prefix: "" }] as const;

function native(parameters: readonly string[], answer: TemplateFunction): NativeFunction {
  return { parameters, answer: (args) => answer(args.map(argumentText)) };
}

interface Source {
  readonly values: () => Promise<ValueSources>;
  readonly signal: AbortSignal;
  readonly onLookup: OnLookup;
}

/** `ssm NAME`, and `ssm NAME INDEX` for a StringList, whose values are counted from 0. */
function parameterReader({ values, signal, onLookup }: Source): TemplateFunction {
  const read = askOnce(async (name) => {
    const parameter = await (await values()).readParameter(name, signal);
    if (parameter !== undefined) onLookup(describeParameter(name, parameter));
    return parameter;
  });
  return async ([name, index, ...rest]) => {
    if (name === undefined || rest.length > 0) {
      throw new TemplateValueError("the name of a parameter is needed, and for a StringList an index, nothing else");
    }
    const parameter = await read(name);
    if (parameter === undefined) throw new TemplateValueError("the Parameter Store has no such parameter");
    if (parameter.type !== "StringList") {
      if (index === undefined) return parameter.value;
      throw new TemplateValueError("an index is for parameters of the type StringList, and this is none");
    }
    if (!/^\d+$/.test(index ?? "")) {
      throw new TemplateValueError("this parameter is a StringList: say which of its values, counting from 0");
    }
    const list = parameter.value.split(",");
    const value = list[Number(index)];
    if (value === undefined) throw new TemplateValueError(`the values of this StringList end at ${list.length - 1}`);
    return value;
  };
}

/** A definition gets one of the values of a StringList. */
function describeParameter(name: string, { type, value }: { type: string; value: string }): LookedUp {
  const marked = type === "SecureString" ? { marked: new Set([value]) } : {};
  return { source: "parameter", name, value: type === "StringList" ? value.split(",") : value, ...marked };
}

function secretFinder({ values, signal, onLookup }: Source): TemplateFunction {
  const find = askOnce(async (name) => (await values()).findSecretArn(name, signal));
  return async (args) => {
    const name = onlyArgument(args, "the name of a secret");
    const arn = await find(name);
    if (arn === undefined) throw new TemplateValueError("the Secrets Manager has no such secret");
    onLookup({ source: "secret", name, value: arn });
    return arn;
  };
}

/** `cfn_output STACK KEY` and `cfn_export NAME`: each stack is asked for once, and so are all the exports. */
function stackFunctions({ values, signal, onLookup }: Source) {
  const readOutputs = askOnce(async (stack) => (await values()).readStackOutputs(stack, signal));
  const readExports = askOnce(async () => (await values()).readStackExports(signal));
  const findOutput: TemplateFunction = async ([stack, key, ...rest]) => {
    if (stack === undefined || key === undefined || rest.length > 0) {
      throw new TemplateValueError("the name of a stack is needed, and the key of one of its outputs, nothing else");
    }
    const outputs = await readOutputs(stack);
    if (outputs === undefined) throw new TemplateValueError("CloudFormation has no such stack");
    const value = outputs.get(key);
    if (value === undefined) throw new TemplateValueError("the stack has no such output");
    onLookup({ source: "stack", name: key, value });
    return value;
  };
  const findExport: TemplateFunction = async (args) => {
    const name = onlyArgument(args, "the name of an export");
    const value = (await readExports("")).get(name);
    if (value === undefined) throw new TemplateValueError("no stack of this region exports anything of this name");
    onLookup({ source: "stack", name, value });
    return value;
  };
  return { findOutput, findExport };
}

function stateLookup(read: StateReader, onLookup: OnLookup): (address: string) => Promise<Json> {
  return async (address) => {
    const { name, state } = await read();
    const value = state.find(address);
    if (value === undefined) throw new TemplateValueError(`the state ${name} has no such value`, address);
    if (isNestedDeeply(value)) throw new TemplateValueError(`the state ${name} has it nested too deeply`, address);
    onLookup({ source: "state", name: address, value, marked: state.sensitiveTexts });
    return value;
  };
}

function explainUnknown(name: string, plugins: readonly Plugin[]): string | undefined {
  const unsupported = plugins.filter((plugin) => plugin.kind === "unsupported");
  const owner = unsupported.find(({ prefix, functions }) => functions?.some((known) => name === `${prefix}${known}`));
  if (owner !== undefined) return `the plugin ${owner.name} is not supported`;
  if (name === "tfstate" || name === "tfstatef") {
    return "this function needs a plugin in the config: {name: tfstate, config: {path: FILE}}";
  }
  if (name === "cfn_output" || name === "cfn_export") {
    return "this function needs a plugin in the config: {name: cloudformation}";
  }
  const candidates = unsupported.filter(({ functions }) => functions === undefined);
  if (candidates.length === 0) return undefined;
  const names = candidates.map((plugin) => plugin.name).join(", ");
  return `there is no such template function, and the plugin ${names}, which it may come from, is not supported`;
}

/** Makes a function that asks for each name once, and returns the same promise to later calls. */
function askOnce<Value>(ask: (name: string) => Promise<Value>): (name: string) => Promise<Value> {
  const answers = new Map<string, Promise<Value>>();
  return (name) => {
    const answer = answers.get(name) ?? ask(name);
    answers.set(name, answer);
    return answer;
  };
}
