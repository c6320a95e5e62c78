import { ConfigError, reasonOf, StoppedError } from "../../errors.ts";
import type { Clock, Environment, Host, InvocationResult } from "../../host.ts";
import { TooLarge } from "../../host/read_bounded.ts";
import type { Json } from "../../model/json.ts";
import { namedTextsIn } from "../../secrets/looked_up.ts";
import { folderOf } from "../files/user_files.ts";
import type { FunctionTable } from "../template/template_functions.ts";
import { describeFailure, NO_FUNCTION, NO_VALUE, parseKey } from "./describe_failure.ts";

/** As the `jsonnet` command takes them: `KEY=VALUE`, or `KEY` alone, which takes the environment's value. */
interface ExternalVariables {
  readonly strings: readonly string[];
  readonly codes: readonly string[];
}

export interface JsonnetTools {
  readonly host: Pick<Host, "invoke"> & {
    readonly clock: Pick<Clock, "deadline">;
    readonly env: Pick<Environment, "get">;
  };
  readonly externalVariables: ExternalVariables;
  readonly signal: AbortSignal;
}

/** For one file, natives included; a definition takes milliseconds. */
const TIME_LIMIT_MS = 30_000;

/** Each round but the last finds values that the next one needs; a file that needs more rounds is a mistake. */
const MAX_ROUNDS = 100;

/**
 * Evaluates Jsonnet with the `jsonnet` command, which reads the text from stdin in the folder of the file, so that
 * relative imports work. Where the file calls natives, it is evaluated again with the values that it asked for, until
 * it asks for none. A placeholder may make a round ask for more than the values will: failures of such calls do not
 * count.
 *
 * @param functions what `std.native` knows in the file itself; the command offers none to imported files
 * @throws ConfigError with the place in `path`: no such command, a failure, or more than 30 s; a StoppedError when the
 * signal is aborted; a native's own errors
 */
export async function evaluateJsonnet(
  text: string,
  path: string,
  functions: Pick<FunctionTable, "natives" | "explainUnknown">,
  tools: JsonnetTools,
): Promise<string> {
  const { natives, explainUnknown } = functions;
  const limit = tools.host.clock.deadline(TIME_LIMIT_MS);
  const passed = passVariables(tools.externalVariables, tools.host.env);
  const answers = new Map<string, string>();
  const values: Json[] = [];
  const problems = new Map<string, unknown>();
  for (let round = 1; round <= MAX_ROUNDS; round++) {
    const prelude = /\bnative\b/.test(text) ? writePrelude(natives, answers) : "";
    const { code, stdout, stderr } = await runJsonnet(prelude + text, path, passed, tools, limit);
    const asked = readAsked(stderr).filter((key) => !answers.has(key));
    if (asked.length === 0) {
      if (code === 0) return stdout;
      // The values that the file was given: jsonnet's messages may quote them.
      const secrets = [...Object.values(passed.env), ...namedTextsIn("", values).map(({ text }) => text)];
      const variables = passed.names;
      throw describeFailure(stderr, { path, text, prelude, problems, explainUnknown, secrets, variables });
    }
    for (const key of asked) {
      try {
        const [name, ...args] = parseKey(key);
        const value = await natives[String(name)]!.answer(args);
        values.push(value);
        answers.set(key, writeAnswer(value, args));
      } catch (error) {
        // The next round shows whether it matters: this one went on with a placeholder.
        answers.set(key, "");
        problems.set(key, error);
      }
    }
  }
  throw new ConfigError({ code: "asksAgain" }, { file: path });
}

async function runJsonnet(
  stdin: string,
  path: string,
  passed: ReturnType<typeof passVariables>,
  { host, signal }: JsonnetTools,
  limit: AbortSignal,
): Promise<InvocationResult> {
  const { args, env } = passed;
  const invocation = { program: "jsonnet", args: [...args, "-"], env, stdin, directory: folderOf(path) };
  let result: InvocationResult | undefined;
  try {
    result = await host.invoke({ ...invocation, signal: AbortSignal.any([limit, signal]) });
  } catch (error) {
    const code = error instanceof TooLarge ? "jsonnetOutput" : "jsonnetNotRun";
    throw new ConfigError({ code, reason: reasonOf(error) }, { file: path });
  }
  if (limit.aborted) throw new ConfigError({ code: "jsonnetTooSlow", limitMs: TIME_LIMIT_MS }, { file: path });
  if (signal.aborted) throw new StoppedError({ code: "jsonnet", path });
  if (result === undefined) throw new ConfigError({ code: "noJsonnet" }, { file: path });
  return result;
}

// Passes the values of external variables through the environment, since every user of the machine can see a program's
// arguments. There they get names of their own: the user's may be `PATH`, and Windows ignores case. `names`: the user's
// name of a variable, by the name that jsonnet's messages use.
function passVariables({ strings, codes }: ExternalVariables, env: Pick<Environment, "get">) {
  const variables: Record<string, string> = {};
  const names = new Map<string, string>();
  const pass = (option: "--ext-str" | "--ext-code", text: string): string[] => {
    const equals = text.indexOf("=");
    const name = equals === -1 ? text : text.slice(0, equals);
    const value = equals === -1 ? env.get(name) : text.slice(equals + 1);
    // Without a value, jsonnet says what is missing. An empty value is not secret, and Windows keeps none.
    if (value === undefined || value === "") return [option, text];
    const passedAs = `ECSPRESSO_EXT_${names.size}`;
    variables[passedAs] = value;
    names.set(passedAs, name);
    return [option, passedAs, "--ext-code", `${name}=std.extVar("${passedAs}")`];
  };
  const args = [
    ...strings.flatMap((text) => pass("--ext-str", text)),
    ...codes.flatMap((text) => pass("--ext-code", text)),
  ];
  return { args, env: variables, names };
}

/** Precedes the key of a call that has no value yet, in what jsonnet writes to stderr. */
const ASKED = "ecspresso asks ";
/** The value of such a call; no template function would let it pass. */
const PLACEHOLDER = "{{ ecspresso_unanswered }}";

/**
 * Writes the code that goes before a Jsonnet file, on its first line, so that `std.native(NAME)` works there with the
 * `jsonnet` command, which has no natives of its own. A call is known by its key, JSON of the function's name and the
 * arguments. A call that has no value yet gets a placeholder, and jsonnet writes its key to stderr.
 *
 * @param answers JSON of the values found so far, by key, or nothing if there is none; they go into the text, never
 * into a program's arguments
 */
function writePrelude(natives: FunctionTable["natives"], answers: ReadonlyMap<string, string>): string {
  const known = [...answers].map(([key, answer]) => `${JSON.stringify(key)}: [${answer}]`);
  const functions = Object.entries(natives).map(([name, { parameters }]) => {
    const list = parameters.join(", ");
    return `${JSON.stringify(name)}: function(${list}) call([${JSON.stringify(name)}, ${list}])`;
  });
  return [
    "local ecspresso_std = std;",
    "local std = ecspresso_std { native(name)::",
    `local answers = { ${known.join(", ")} };`,
    "local call(request) = local key = ecspresso_std.toString(request);",
    `if !ecspresso_std.objectHas(answers, key) then ecspresso_std.trace("${ASKED}" + key, "${PLACEHOLDER}")`,
    `else if answers[key] == [] then error "${NO_VALUE}" + key else answers[key][0];`,
    `local natives = { ${functions.join(", ")} };`,
    "if ecspresso_std.objectHas(natives, name) then natives[name]",
    `else error "${NO_VALUE}" + ecspresso_std.toString(["${NO_FUNCTION}", name]) }; `,
  ].join(" ");
}

// Templates are filled in after Jsonnet. A value that was looked up is not a template, even with `{{` in it; but one
// that the file itself gave, such as the default of `env`, may be one.
function writeAnswer(value: Json, args: readonly Json[]): string {
  const json = JSON.stringify(value);
  return args.includes(value) ? json : json.replaceAll("{{", "{{ `{{` }}");
}

/** The keys of the calls for which jsonnet asked values, each once. */
function readAsked(stderr: string): string[] {
  const traces = stderr.split(/\r?\n/).filter((line) => line.startsWith("TRACE: ") && line.includes(ASKED));
  return [...new Set(traces.map((line) => line.slice(line.indexOf(ASKED) + ASKED.length)))];
}
