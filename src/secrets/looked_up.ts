import type { Json } from "../model/json.ts";

/** A value that a definition file asked for: by a function of templates or of Jsonnet, or as an external variable. */
export interface LookedUp {
  /** `variable`: of the environment, an envfile or `--ext-str`. `state`: Terraform's. `stack`: CloudFormation's. */
  readonly source: "variable" | "parameter" | "secret" | "state" | "stack";
  /** What it was looked up by: the variable's or parameter's name, the address in the state, the output's key. */
  readonly name: string;
  readonly value: Json;
  /** The texts in it that its source marks as secret: those of a SecureString, or what Terraform calls sensitive. */
  readonly marked?: ReadonlySet<string>;
}

export type OnLookup = (lookedUp: LookedUp) => void;

/** A text, with its name in the value that contains it. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * The texts in a value, however deeply nested, each with its name there. A number counts as the text that it is written
 * as.
 */
export function namedTextsIn(name: string, value: Json): NamedText[] {
  const texts: NamedText[] = [];
  const rest: { readonly name: string; readonly value: Json }[] = [{ name, value }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    const { name, value } = next;
    if (typeof value === "string" || typeof value === "number") texts.push({ name, text: String(value) });
    if (typeof value !== "object" || value === null) continue;
    const isList = Array.isArray(value);
    for (const [key, member] of Object.entries(value)) {
      rest.push({ name: isList ? name : `${name}.${key}`, value: member });
    }
  }
  return texts;
}
