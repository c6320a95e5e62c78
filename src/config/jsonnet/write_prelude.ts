import type { Json } from "../../model/json.ts";
import type { NativeFunction } from "../template/template_functions.ts";

/** What was found for a call: a value, or nothing; the problem is kept elsewhere. */
export type Answer = { readonly value: Json; readonly isArgument: boolean } | undefined;

/** These stand before a key in jsonnet's output: of a call that has no value yet, and of one that gets none. */
const ASKED = "ecspresso asks ";
const UNANSWERED = "ecspresso has no ";
/** Stands in a key for a function that is not there. */
export const NO_FUNCTION = "std.native";
/** The value of a call that is not answered yet; no such template function would let it pass. */
const PLACEHOLDER = "{{ ecspresso_unanswered }}";

/**
 * Writes what stands before the text of a Jsonnet file, on its first line, so that `std.native(NAME)` works there with
 * the `jsonnet` command, which has no natives of its own. A call is known by its key, JSON of the function's name and
 * the arguments. A call that has no value yet gets a placeholder, and jsonnet writes its key to stderr.
 *
 * @param answers by key, what has been found so far; the values stand in the text, never among a program's arguments
 */
export function writePrelude(
  natives: Readonly<Record<string, NativeFunction>>,
  answers: ReadonlyMap<string, Answer>,
): string {
  const known = [...answers].map(([key, answer]) => `${JSON.stringify(key)}: [${writeAnswer(answer)}]`);
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
    `else if answers[key] == [] then error "${UNANSWERED}" + key else answers[key][0];`,
    `local natives = { ${functions.join(", ")} };`,
    "if ecspresso_std.objectHas(natives, name) then natives[name]",
    `else error "${UNANSWERED}" + ecspresso_std.toString(["${NO_FUNCTION}", name]) }; `,
  ].join(" ");
}

// The templates are filled in after Jsonnet. A value that was looked up is none, even with `{{` in it; but what the
// file itself handed over, such as the default of `env`, may well be one.
function writeAnswer(answer: Answer): string {
  if (answer === undefined) return "";
  const json = JSON.stringify(answer.value);
  return answer.isArgument ? json : json.replaceAll("{{", "{{ `{{` }}");
}

/** The keys of the calls that jsonnet asked answers for, each once. */
export function readAsked(stderr: string): string[] {
  const traces = stderr.split(/\r?\n/).filter((line) => line.startsWith("TRACE: ") && line.includes(ASKED));
  return [...new Set(traces.map((line) => line.slice(line.indexOf(ASKED) + ASKED.length)))];
}

/** A call that jsonnet ended for, since there is no value; `undefined` when it ended for something else. */
export function readUnanswered(message: string): { readonly key: string; readonly name: string } | undefined {
  if (!message.startsWith(UNANSWERED)) return undefined;
  const key = message.slice(UNANSWERED.length);
  const [name] = parseKey(key);
  return typeof name === "string" ? { key, name } : undefined;
}

/** A function's name and its arguments; empty for what is no key, for a file may write anything to stderr. */
export function parseKey(key: string): readonly Json[] {
  try {
    const parsed: unknown = JSON.parse(key);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
