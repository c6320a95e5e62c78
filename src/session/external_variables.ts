import { UsageError } from "../errors.ts";
import type { Environment } from "../host.ts";
import type { LookedUp } from "../secrets/looked_up.ts";

const ADVICE = "write ; between variables, and \\; for a ; in a value";

/**
 * Reads variables for Jsonnet, separated by `;` as in kayac/ecspresso. No message quotes a value, nor what may be the
 * end of a value that contains a `;`.
 *
 * @throws UsageError for what is not a variable, and for one that is given twice
 */
export function readExternalVariables(source: string, texts: readonly string[]): string[] {
  const variables = texts.flatMap((text) => splitValues(text, ";"));
  const names = new Set<string>();
  for (const [index, variable] of variables.entries()) {
    const [name = ""] = variable.split("=", 1);
    if (!/^[^\s,]+$/.test(name)) {
      throw new UsageError(`${source}: variable ${index + 1} is neither name=value nor a name`, ADVICE);
    }
    if (names.has(name)) throw new UsageError(`${source} gives the variable ${name} twice`, "leave out one of the two");
    names.add(name);
  }
  return variables;
}

/**
 * Looks for values that seem to hold another variable after a comma. A comma is no separator: the other variable would
 * be missing, and this one would have a wrong value. Code need not be checked: it would not be valid.
 *
 * @throws UsageError if they come from a variable of the environment, in which version 1.0 took commas
 */
export function warnOfCommas(source: string, variables: readonly string[]): string[] {
  const problems = variables.filter((variable) => /=.*,\s*[A-Za-z_]\w*=/s.test(variable)).map((variable) => {
    const name = variable.slice(0, variable.indexOf("="));
    return `${source}: the value of ${name} looks as if it had another variable in it, after a comma`;
  });
  const [first] = problems;
  if (first === undefined || source.startsWith("--")) return problems.map((problem) => `${problem}; ${ADVICE}`);
  throw new UsageError(first, `${ADVICE}; where the comma belongs to the value, use --ext-str`);
}

/**
 * Refuses a bare name for which neither the environment nor the envfiles have a variable: it may be the end of a value
 * that contains a `;`.
 *
 * @throws UsageError
 */
export function checkBareNames(option: string, variables: readonly string[], env: Pick<Environment, "get">): void {
  const index = variables.findIndex((variable) => !variable.includes("=") && env.get(variable) === undefined);
  if (index === -1) return;
  throw new UsageError(`${option}: variable ${index + 1} has no =, and no environment variable has its name`, ADVICE);
}

/** The values of variables for Jsonnet. From code, also the texts in it: those are what a definition gets. */
export function readLookedUp(
  { strings, codes }: { readonly strings: readonly string[]; readonly codes: readonly string[] },
  env: Pick<Environment, "get">,
): LookedUp[] {
  const read = (variable: string): LookedUp & { readonly value: string } => {
    const equals = variable.indexOf("=");
    const name = equals === -1 ? variable : variable.slice(0, equals);
    return { source: "variable", name, value: equals === -1 ? env.get(name) ?? "" : variable.slice(equals + 1) };
  };
  const literal = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/gs;
  return [
    ...strings.map(read),
    ...codes.map(read).map((code) => ({
      ...code,
      value: [code.value, ...(code.value.match(literal) ?? []).map((quoted) => quoted.slice(1, -1))],
    })),
  ];
}

/**
 * Splits a text with several values, as kayac/ecspresso does: after a `\`, a separator is part of the value; a
 * separator at the very end begins no other value.
 */
export function splitValues(text: string, separator: string): string[] {
  const values = text.split(new RegExp(`(?<!\\\\)${separator}`));
  if (values.at(-1) === "") values.pop();
  return values.map((value) => value.replaceAll(`\\${separator}`, separator));
}

/** Escapes a value so that `splitValues` does not split it. */
export function escapeSeparators(value: string, separator: string): string {
  return value.replaceAll(separator, `\\${separator}`);
}
