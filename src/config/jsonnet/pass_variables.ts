import type { Environment } from "../../host.ts";
import type { ExternalVariables } from "./evaluate_jsonnet.ts";

/** How the `jsonnet` command is given external variables. */
export interface PassedVariables {
  readonly args: readonly string[];
  /** Variables of its environment, which only this user's own programs can read. */
  readonly env: Readonly<Record<string, string>>;
  /** The user's name of a variable, by the name that jsonnet's messages may call it by. */
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Passes the values of external variables through the environment: a program's arguments are seen by every user of the
 * machine. They get names of their own there, for the user's may be `PATH`, and names that differ in case only are one
 * on Windows.
 */
export function passVariables({ strings, codes }: ExternalVariables, env: Pick<Environment, "get">): PassedVariables {
  const variables: Record<string, string> = {};
  const names = new Map<string, string>();
  const pass = (option: "--ext-str" | "--ext-code", text: string): string[] => {
    const equals = text.indexOf("=");
    const name = equals === -1 ? text : text.slice(0, equals);
    const value = equals === -1 ? env.get(name) : text.slice(equals + 1);
    // Without a value, jsonnet says what is missing. An empty one is no secret, and Windows keeps none.
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
