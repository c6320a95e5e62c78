import type { OptionGrammar } from "../completion/grammar.ts";
import { UsageError } from "../errors.ts";

/**
 * Refuses what the parser would take without a word: an option in the place of another one's value, an empty value (of a
 * shell's variable that is not set), and a second value for an option that takes one, of which the last would count.
 *
 * @param args the command line without the program's name
 * @param options those of the program and of the command
 * @throws UsageError
 */
export function checkArguments(args: readonly string[], options: readonly OptionGrammar[]): void {
  const withValue = new Map(options.filter(({ value }) => value !== undefined).map((option) => [option.long, option]));
  const given = new Set<string>();
  for (let at = 0; at < args.length && args[at] !== "--"; at++) {
    const [name = ""] = args[at]!.split("=", 1);
    const option = withValue.get(name);
    if (option === undefined) continue;
    if (!option.isRepeatable && given.has(name)) {
      throw new UsageError(`${name} is given twice`, "it takes one value: leave out all but one");
    }
    given.add(name);
    const isJoined = args[at] !== name;
    const value = isJoined ? args[at]!.slice(name.length + 1) : args[++at];
    if (value === "") throw new UsageError(`${name} is given an empty value`, "write one, or leave the option out");
    if (!isJoined) checkValue(option, value);
  }
}

/** A number below zero is a value: kayac/ecspresso has `--tasks -1`. That there is no value at all, the parser says. */
function checkValue({ long, value }: OptionGrammar, text: string | undefined): void {
  if (text === undefined || !/^-./.test(text) || /^-\d+$/.test(text)) return;
  const found = text.slice(0, 60);
  throw new UsageError(
    `${long} takes a value, and ${found} looks like an option`,
    `write the value behind ${long}${value?.kind === "file" ? `, or ${long}=${found} if that is the file's name` : ""}`,
  );
}
