import { TemplateValueError } from "../template/template_function.ts";

/**
 * Puts the arguments of `tfstatef` into its format: `%s`, `%d` (whole numbers) and `%v` of Go's fmt, and `%%`.
 *
 * @throws TemplateValueError for other verbs, and when there are too many arguments or too few
 */
export function formatAddress(format: string, args: readonly string[]): string {
  const remaining = [...args];
  const address = format.replaceAll(/%(.|$)/gsu, (_, verb: string) => {
    if (verb === "%") return "%";
    if (verb !== "s" && verb !== "d" && verb !== "v") {
      throw new TemplateValueError("its format may hold %s, %d, %v and %% only");
    }
    const arg = remaining.shift();
    if (arg === undefined) throw new TemplateValueError("its format asks for more arguments than there are");
    if (verb === "d" && !/^-?\d+$/.test(arg)) throw new TemplateValueError("its format asks for a whole number (%d)");
    return arg;
  });
  if (remaining.length > 0) throw new TemplateValueError("there are more arguments than its format asks for");
  return address;
}
