import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import { UsageError } from "../errors.ts";
import { readOption } from "../completion/grammar.ts";

/**
 * Collects mistakes in the values of options while the parser goes on: later options may say how errors are reported.
 * The parser alone would accept some of these mistakes: an option in the place of another one's value, an empty value
 * (a shell variable that is not set), and a second value for an option that takes one.
 *
 * The parser does not report what stands in the place of a missing value, nor whether a value stands alone or behind `=`:
 * only for that the arguments themselves are searched.
 */
export class Mistakes {
  #refuse: (() => never) | undefined;

  constructor(private readonly args: readonly string[]) {}

  watch(command: CommandUnknownOpts): void {
    for (const option of command.options) if (option.required) this.#watch(option, command);
  }

  refuse(): void {
    this.#refuse?.();
  }

  #watch(option: Option, command: CommandUnknownOpts): void {
    const add = (refuse: () => never) => void (this.#refuse ??= refuse);
    const { parseArg, flags } = option;
    const { long, isRepeatable, value: taken } = readOption(option);
    // The parser never takes an option for an optional value. The value of a moment may look like an option: -2h.
    const isMoment = taken?.name === "moment";
    option.required = isMoment;
    option.optional = !isMoment;
    if (parseArg !== undefined) {
      option.parseArg = <Value>(value: string, previous: Value): Value => {
        if (value === "") return previous;
        if (
          isMoment && /^-\D/.test(value) && this.args.some((arg, at) => arg === value && this.args[at - 1] === long)
        ) {
          add(() => this.#refuseWithout(option, command));
          return previous;
        }
        try {
          return parseArg.call(option, value, previous) as Value;
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          add(() => {
            if (error instanceof UsageError) throw error;
            command.error(`error: option '${flags}' argument '${value}' is invalid. ${reason}`);
          });
          return previous;
        }
      };
    }
    let isGiven = false;
    command.on(`option:${option.name()}`, (value: string | null) => {
      if (value === null) add(() => this.#refuseWithout(option, command));
      if (value === "") add(refusal(`${long} is given an empty value`, "give it a value, or leave it out"));
      if (isGiven && !isRepeatable) add(refusal(`${long} is given twice`, "give it once"));
      isGiven = true;
    });
  }

  #refuseWithout(option: Option, command: CommandUnknownOpts): never {
    const { long, value } = readOption(option);
    const next = this.args.find((arg, at) => this.args[at - 1] === long && /^-./.test(arg));
    if (next === undefined) return command.error(`error: option '${option.flags}' argument missing`);
    const found = next.slice(0, 60);
    throw new UsageError(
      `${long} takes a value, and ${found} looks like an option`,
      `write the value behind ${long}${
        value?.kind === "file" ? `, or ${long}=${found} if that is the file's name` : ""
      }`,
    );
  }
}

function refusal(problem: string, hint: string): () => never {
  return () => {
    throw new UsageError(problem, hint);
  };
}
