import type { Environment } from "../../host.ts";
import type { Json, JsonObject } from "../../model/json.ts";
import type { CallProblem, UnknownFunction, WantedArguments } from "../../problems.ts";
import type { OnLookup } from "../../secrets/looked_up.ts";

/**
 * A function that templates may call. All arguments are strings; a piped value is the last one. The result goes into
 * the text as JSON, unless it is a string.
 *
 * @throws CallError when it has no value for these arguments; the renderer passes other errors on
 */
export type TemplateFunction = (args: readonly string[]) => Json | Promise<Json>;

/**
 * A template function has no value for its arguments. The problem leaves them out, since they may be secrets that another
 * function returned. The renderer adds the place, and the call as written in the file.
 */
export class CallError extends Error {
  override readonly name = "CallError";

  /** @param address quoted only if all arguments are literals */
  constructor(readonly problem: CallProblem, readonly address?: string) {
    super(problem.code);
  }
}

/** A function of Jsonnet files, `std.native(NAME)`. */
export interface NativeFunction {
  /** Kayac's names of its parameters; all of them must be given. */
  readonly parameters: readonly string[];
  readonly answer: (args: readonly Json[]) => Json | Promise<Json>;
}

/** The functions that the files of one kind may call. */
export interface FunctionTable {
  readonly functions: Readonly<Record<string, TemplateFunction>>;
  readonly natives: Readonly<Record<string, NativeFunction>>;
  /** What is known of a name that no function has, besides the list of functions. */
  readonly explainUnknown: (name: string) => UnknownFunction | undefined;
}

/**
 * The functions of every file, with the meaning that they have in kayac/go-config (0.7), which Kayac's ecspresso takes
 * them from.
 */
export function basicFunctions(
  env: Pick<Environment, "get">,
  onLookup: OnLookup = () => {},
): Pick<FunctionTable, "functions" | "natives"> {
  // Defaults are looked up as names too, and `Deno.env.get` throws for a text that cannot be one.
  const read = (name: string) => {
    const value = /^$|[=\0]/.test(name) ? undefined : env.get(name);
    if (value !== undefined) onLookup({ source: "variable", name, value });
    return value;
  };
  return {
    functions: {
      // `env A B C`: the first of the named variables that is set and not empty, else the last argument itself. So the
      // usual `env NAME default` works, `env NAME` alone yields the name when it is not set, and a default that happens
      // to be the name of a variable yields that variable's value.
      env: (args) => args.values().map(read).find((value) => value) ?? args.at(-1) ?? "",
      must_env: (args) => found("variable", read(onlyArgument(args, "variable"))),
      json_escape: (args) => writeGoJson(onlyArgument(args, "text")).slice(1, -1),
    },
    natives: {
      // Here the default may be of any type, and is never taken for a name.
      env: { parameters: ["name", "default"], answer: ([name, other]) => read(argumentText(name!)) || other! },
      must_env: { parameters: ["name"], answer: ([name]) => found("variable", read(argumentText(name!))) },
    },
  };
}

/** The value of a thing of this kind; throws a CallError if there is none. */
export function found<Value>(
  kind: Extract<CallProblem, { code: "notFound" }>["kind"],
  value: Value | undefined,
): Value {
  if (value === undefined) throw new CallError({ code: "notFound", kind });
  return value;
}

/** The only argument. Throws a CallError if there is none, or more than one. */
export function onlyArgument(args: readonly string[], kind: WantedArguments): string {
  const [argument] = args;
  if (argument === undefined || args.length > 1) throw wantsArguments(kind, args);
  return argument;
}

export function wantsArguments(kind: WantedArguments, { length }: readonly unknown[]): CallError {
  return new CallError({ code: "wantsArguments", kind, given: length });
}

/** An argument from a Jsonnet file, in which the functions take texts and numbers. */
export function argumentText(argument: Json): string {
  if (typeof argument === "string") return argument;
  if (typeof argument === "number") return String(argument);
  throw new CallError({ code: "argumentNotText" });
}

/** The value of a pipeline: what a function returns, as text, a literal, or the result of a comparison. */
export type TemplateValue = string | bigint | boolean;

/** A part of a template, whose value is found when it is needed. */
export type Evaluate = () => Promise<TemplateValue>;

/** What Go takes for true: everything but an empty text, 0 and false (https://pkg.go.dev/text/template#hdr-Actions). */
export function isTrue(value: TemplateValue): boolean {
  return value !== "" && value !== 0n && value !== false;
}

/**
 * Go's own functions that conditions consist of (https://pkg.go.dev/text/template#hdr-Functions). `and` and `or`
 * evaluate no argument after the one that decides.
 */
export const LOGIC_FUNCTIONS: Readonly<Record<string, (args: readonly Evaluate[]) => Promise<TemplateValue>>> = {
  and: (args) => firstThat(args, (value) => !isTrue(value)),
  or: (args) => firstThat(args, isTrue),
  not: async (args) => {
    if (args.length !== 1) throw wantsArguments("one", args);
    return !isTrue(await args[0]!());
  },
  eq: async (args) => {
    if (args.length < 2) throw wantsArguments("two", args);
    const [first, ...others] = await Array.fromAsync(args, (arg) => arg());
    return others.some((other) => isEqual(first!, other));
  },
  ne: async (args) => {
    if (args.length !== 2) throw wantsArguments("two", args);
    const [one, other] = await Array.fromAsync(args, (arg) => arg());
    return !isEqual(one!, other!);
  },
};

/** The first argument whose value decides, else the last one. */
async function firstThat(
  args: readonly Evaluate[],
  decides: (value: TemplateValue) => boolean,
): Promise<TemplateValue> {
  let value: TemplateValue | undefined;
  for (const arg of args) {
    value = await arg();
    if (decides(value)) return value;
  }
  if (value === undefined) throw wantsArguments("any", args);
  return value;
}

function isEqual(one: TemplateValue, other: TemplateValue): boolean {
  if (typeof one !== typeof other) throw new CallError({ code: "notComparable" });
  return one === other;
}

/** JSON as Go's encoding/json writes it: keys in order, no white space, and safe inside HTML. */
export function writeGoJson(value: Json): string {
  const escape = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return writeSorted(value).replaceAll(/[<>&\u2028\u2029]/g, escape);
}

function writeSorted(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeSorted).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value as JsonObject).sort(([left], [right]) => left < right ? -1 : 1);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${writeSorted(member)}`).join(",")}}`;
}
