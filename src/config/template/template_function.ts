import type { Json, JsonObject } from "../../model/json.ts";

/**
 * A function that templates may call. All arguments are strings; of a pipeline, the piped value is the last one. What it
 * returns stands in the text as JSON, unless it is a string.
 *
 * @throws TemplateValueError when it has no value for these arguments; the renderer passes other errors on
 */
export type TemplateFunction = (args: readonly string[]) => Json | Promise<Json>;

/**
 * A template function has no value. The message leaves the arguments out, for they may be secrets that another function
 * returned. The renderer adds the place, and the call as the file has it.
 */
export class TemplateValueError extends Error {
  override readonly name = "TemplateValueError";

  /** @param detail is added to the message where all arguments are literals, so that it may quote them */
  constructor(message: string, readonly detail?: string) {
    super(message);
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
  /** What is to be said of another name, when there is more to say than which functions there are. */
  readonly explainUnknown: (name: string) => string | undefined;
}

/** The value of a pipeline: what a function returns, as text, a literal, or the result of a comparison. */
export type TemplateValue = string | bigint | boolean;

/** What Go takes for true: everything but an empty text, 0 and false (https://pkg.go.dev/text/template#hdr-Actions). */
export function isTrue(value: TemplateValue): boolean {
  return value !== "" && value !== 0n && value !== false;
}

/** JSON as Go's encoding/json writes it: keys in order, no white space, and safe inside HTML. */
export function writeGoJson(value: Json): string {
  return writeSorted(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function writeSorted(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeSorted).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value as JsonObject).sort(([left], [right]) => left < right ? -1 : 1);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${writeSorted(member)}`).join(",")}}`;
}
