import type { Json } from "../../model/json.ts";

/**
 * A function that templates may call. All arguments are strings; of a pipeline, the piped value is the last one. It may
 * answer later, for values that have to be fetched. What is no string stands in the text as JSON.
 *
 * @throws TemplateValueError when it has no value for these arguments; anything else passes through the renderer
 */
export type TemplateFunction = (args: readonly string[]) => Json | Promise<Json>;

/**
 * A template function has no value. The message leaves the arguments out: they may hold what another function
 * returned, a secret perhaps. The renderer adds the place and the call as it stands in the file.
 */
export class TemplateValueError extends Error {
  override readonly name = "TemplateValueError";

  /** @param detail what is added where all the arguments stand in the file as they are, so that it may quote them */
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
