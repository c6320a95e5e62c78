import type { Json } from "../model/json.ts";
import type { Environment } from "../host.ts";
import type { OnLookup } from "../secrets/looked_up.ts";
import {
  type NativeFunction,
  type TemplateFunction,
  TemplateValueError,
  writeGoJson,
} from "./template/template_function.ts";

/**
 * The functions of every template, with the meaning that they have in kayac/go-config (0.7), which Kayac's ecspresso
 * takes them from.
 */
export function templateFunctions(
  env: Pick<Environment, "get">,
  onLookup: OnLookup = () => {},
): Readonly<Record<string, TemplateFunction>> {
  const observed = observing(env, onLookup);
  return {
    env: (args) => readFirstSet(args, observed),
    must_env: (args) => readRequired(onlyArgument(args, "the name of an environment variable"), observed),
    json_escape: (args) => writeGoJson(onlyArgument(args, "a text")).slice(1, -1),
  };
}

/** The same for Jsonnet files. There, the default of `env` may be of any type, and is never taken for a name. */
export function nativeFunctions(
  env: Pick<Environment, "get">,
  onLookup: OnLookup = () => {},
): Readonly<Record<string, NativeFunction>> {
  const observed = observing(env, onLookup);
  return {
    env: {
      parameters: ["name", "default"],
      answer: ([name, defaultValue]) => readVariable(argumentText(name!), observed) || defaultValue!,
    },
    must_env: { parameters: ["name"], answer: ([name]) => readRequired(argumentText(name!), observed) },
  };
}

/** The same variables; each that is read is handed to `onLookup`. */
function observing(env: Pick<Environment, "get">, onLookup: OnLookup): Pick<Environment, "get"> {
  return {
    get(name) {
      const value = env.get(name);
      if (value !== undefined) onLookup({ source: "variable", name, value });
      return value;
    },
  };
}

// `env A B C`: the first of the named variables that is set and not empty, else the last argument itself. So the usual
// `env NAME default` works, `env NAME` alone yields the name when it is not set, and a default that happens to be the
// name of a variable yields that variable's value.
function readFirstSet(args: readonly string[], env: Pick<Environment, "get">): string {
  for (const name of args) {
    const value = readVariable(name, env);
    if (value !== undefined && value !== "") return value;
  }
  return args.at(-1) ?? "";
}

/** `must_env A`: its value, which may be empty. */
function readRequired(name: string, env: Pick<Environment, "get">): string {
  const value = readVariable(name, env);
  if (value === undefined) throw new TemplateValueError("this environment variable is not set");
  return value;
}

/** Defaults are looked up as names too, and `Deno.env.get` throws for a text that cannot be one. */
function readVariable(name: string, env: Pick<Environment, "get">): string | undefined {
  return name === "" || name.includes("=") || name.includes("\0") ? undefined : env.get(name);
}

/** The only argument; `what` says what it is. */
export function onlyArgument(args: readonly string[], what: string): string {
  const [argument] = args;
  if (argument === undefined || args.length > 1) {
    throw new TemplateValueError(`one argument is needed, ${what}, and there are ${args.length}`);
  }
  return argument;
}

/** An argument from a Jsonnet file, where the functions take texts and numbers. */
export function argumentText(argument: Json): string {
  if (typeof argument === "string") return argument;
  if (typeof argument === "number") return String(argument);
  throw new TemplateValueError("its argument must be a text");
}
