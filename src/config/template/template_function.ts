/**
 * A function that templates may call. All arguments are strings; of a pipeline, the piped value is the last one. It may
 * answer later, for values that have to be fetched.
 *
 * @throws TemplateValueError when it has no value for these arguments; anything else passes through the renderer
 */
export type TemplateFunction = (args: readonly string[]) => string | Promise<string>;

/**
 * A template function has no value. The message leaves the arguments out: they may hold what another function
 * returned, a secret perhaps. The renderer adds the place and the call as it stands in the file.
 */
export class TemplateValueError extends Error {
  override readonly name = "TemplateValueError";
}
