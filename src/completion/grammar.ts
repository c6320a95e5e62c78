/** The command line as plain data: what can be typed, whichever framework reads it. */

/** The program and its commands. */
export interface ProgramGrammar {
  readonly name: string;
  /** Those of every command, before and after the command's name; `--help` is among them. */
  readonly globalOptions: readonly OptionGrammar[];
  readonly commands: readonly CommandGrammar[];
}

export interface CommandGrammar {
  readonly name: string;
  readonly description: string;
  readonly options: readonly OptionGrammar[];
  /** What is typed without an option's name, in its order. */
  readonly operands: readonly OperandGrammar[];
}

export interface OptionGrammar {
  readonly term: string;
  readonly short: string | undefined;
  readonly long: string;
  readonly description: string;
  /** What follows the name; `undefined` for a switch. */
  readonly value: ValueGrammar | undefined;
  readonly isRepeatable: boolean;
  /** The value when nothing is typed, where there is one. */
  readonly byDefault: string | undefined;
}

export interface OperandGrammar {
  readonly value: ValueGrammar;
  readonly isRepeatable: boolean;
}

/** `list`: one or more of the choices, comma-separated. */
export type ValueGrammar =
  | { readonly kind: "text" | "file"; readonly name: string }
  | { readonly kind: "choice" | "list"; readonly name: string; readonly choices: readonly string[] };
