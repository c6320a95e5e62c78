import { inMib } from "./log.ts";
import type {
  CallProblem,
  JsonnetProblem,
  Sought,
  TemplateProblem,
  UnknownFunction,
  WantedArguments,
} from "../../problems.ts";
import { byCode, type Cases } from "./cases.ts";
import { describeReasonOf } from "./machine_problem_text.ts";

export const TEMPLATE_TEXTS: Cases<TemplateProblem, "code", string> = {
  spaceMissing: () => "a space is missing here",
  actionNotClosed: () => "this {{ is never closed by }}",
  commentNotClosed: () => "this comment is never closed by */}}",
  commentStart: () => "a comment starts right after {{ and ends right before }}: {{/* ... */}}",
  commentEnd: () => "a comment ends right before }}: {{/* ... */}}",
  singleQuotes: () => 'single quotes do not hold a string in Go templates (write "..." or `...`)',
  onlyWholeNumbers: () => "only whole numbers in decimal digits are supported in templates (put others in quotes)",
  badEscape: () => "unknown backslash sequence in a string (`...` takes backslashes as they are)",
  ifNotClosed: () => "this {{ if }} is never closed by {{ end }}",
  valueMissing: () => "a function or a value is missing here",
  functionMissing: () => "the name of a function is missing after |",
  notCallable: () => "only a function takes arguments",
  notSupported: ({ text }) => `${text} is not supported in templates (supported: function calls, variables and if)`,
  unexpected: ({ text }) => `unexpected ${JSON.stringify(text)} in a template`,
  noVariable: ({ text }) => `there is no variable ${text} here`,
  needsParentheses: ({ text }) => `a call among the arguments needs parentheses: (${text} ...)`,
  noPartner: ({ sign, isOnLine }) => `this ${sign} has no partner${isOnLine ? " on its line" : ""}`,
  noIf: ({ kind }) => `there is no {{ if }} for this {{ ${kind} }}`,
  tooManyNested: ({ kind }) => `the ${kind} are nested too deeply`,
  unknownFunction: ({ name, why }) =>
    "code" in why
      ? `${name}: ${explainUnknown(why)}`
      : `there is no template function ${name} (known: ${why.join(", ")})`,
  noValue: ({ call, problem, address }) =>
    `${call}: ${describeCallProblem(problem)}${address === undefined ? "" : `: ${address}`}`,
};

const explainUnknown = byCode<UnknownFunction, string>({
  inDefinitionsOnly: () => "this function is for definition files; the config file has env and must_env",
  unsupportedPlugin: ({ plugin }) => `the plugin ${plugin} is not supported`,
  maybeOfPlugins: ({ plugins }) =>
    `there is no such function. It may be of the plugin ${plugins.join(", ")}, which is not supported`,
  needsPlugin: ({ kind }) =>
    "this function needs a plugin in the config: " +
    (kind === "tfstate" ? "{name: tfstate, config: {path: FILE}}" : "{name: cloudformation}"),
});

const WANTED: Readonly<Record<WantedArguments, string>> = {
  address: "takes one argument, an address in the state",
  parameter: "takes the name of a parameter and, for a StringList, an index",
  secret: "takes one argument, the name of a secret",
  output: "takes two arguments, the name of a stack and the key of one of its outputs",
  export: "takes one argument, the name of an export",
  variable: "takes one argument, the name of an environment variable",
  text: "takes one argument, a text",
  any: "takes at least one argument",
  one: "takes one argument",
  two: "takes two arguments",
};

const NOT_FOUND: Readonly<Record<Sought, string>> = {
  parameter: "the Parameter Store has no such parameter",
  secret: "Secrets Manager has no such secret",
  stack: "CloudFormation has no such stack",
  output: "the stack has no such output",
  export: "no stack of this region exports anything of this name",
  variable: "this environment variable is not set",
};

const FORMATS = {
  verb: "its format may hold %s, %d, %v and %% only",
  tooFew: "its format asks for more arguments than there are",
  tooMany: "there are more arguments than its format asks for",
  notWhole: "its format asks for a whole number (%d)",
} as const;

const describeCallProblem = byCode<CallProblem, string>({
  wantsArguments: ({ kind, given }) => `${WANTED[kind]}; there are ${given}`,
  argumentNotText: () => "its argument must be a text",
  valueTooLarge: () => "its value is too large",
  notComparable: () => "a text, a number and true or false cannot be compared with each other",
  notFound: ({ kind }) => NOT_FOUND[kind],
  noStringList: () => "this parameter is not a StringList (leave out the index)",
  needsIndex: () => "this parameter is a StringList (add the index of one of its values, counting from 0)",
  listEnds: ({ last }) => `the last index of this StringList is ${last}`,
  badFormat: ({ kind }) => FORMATS[kind],
  notInState: ({ state }) => `the state ${state} has no such value`,
  nestedInState: ({ state }) => `its value in the state ${state} is nested too deeply`,
  noStateAt: ({ state }) => `there is no state at ${state}`,
  oldState: ({ state }) => `${state} is not a Terraform state of version 4 (terraform 0.12 or later writes one)`,
  notState: ({ state }) => `${state} is not a Terraform state (it is not a JSON object)`,
  heavyState: ({ state, length }) =>
    `${state} is refused: its ${inMib(length)} hold more values than a Terraform state does`,
  stateElsewhere: ({ state, url = "s3://BUCKET/KEY" }) =>
    `${state} only says where the state is kept (write url: ${url} in the plugin's config)`,
  badStateUrl: ({ scheme }) =>
    (scheme === undefined ? "the state's URL cannot be read" : `states at ${scheme}:// are not supported`) +
    " (supported: s3://BUCKET/KEY, file:///PATH and a plain path)",
  hiddenVariable: () => "--untrusted: files see only the variables of envfiles (give it with --envfile)",
  noLookups: () => "--untrusted: nothing is looked up in AWS for a file (write the value itself)",
});

export const JSONNET_TEXTS: Cases<JsonnetProblem, "code", string> = {
  noJsonnet: () =>
    "needs the jsonnet command, and there is none on the PATH (apt-get install jsonnet, or brew install jsonnet or " +
    "go-jsonnet)",
  asksAgain: () => "asks for values with std.native again and again: stopped",
  jsonnetTooSlow: ({ limitMs }) => `jsonnet did not finish within ${limitMs / 1_000} s`,
  jsonnetNotRun: ({ reason }) => `the jsonnet command cannot be run: ${describeReasonOf(reason)}`,
  jsonnetOutput: ({ reason }) => `the output of jsonnet is too large: ${describeReasonOf(reason)}`,
  jsonnetFailed: ({ message, variable, isImported }) =>
    `jsonnet: ${message || "it does not say why"}` +
    (variable === undefined ? "" : ` (in the external variable ${variable})`) +
    (isImported ? " (std.native works in the file itself, not in one that it imports)" : ""),
  unknownNative: ({ call, name, why }) =>
    `${call}: ${why === undefined ? `there is no native function ${name}` : explainUnknown(why)}`,
};
