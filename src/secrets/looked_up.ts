import type { Json } from "../model/json.ts";

/** A value that a definition file has asked for: by a function of its templates or of Jsonnet, or as an external variable. */
export interface LookedUp {
  /** `variable`: of the environment, an envfile or `--ext-str`. `state`: of Terraform. `stack`: of CloudFormation. */
  readonly source: "variable" | "parameter" | "secret" | "state" | "stack";
  /** What it was asked for by: the variable's name, the parameter's, the address in the state, the key of the output. */
  readonly name: string;
  readonly value: Json;
  /** The texts in it that its source marks as secret: those of a SecureString, or what Terraform calls sensitive. */
  readonly marked?: ReadonlySet<string>;
}

/** Called with each value that is looked up. */
export type OnLookup = (lookedUp: LookedUp) => void;

/** A text, and its name in the value that it is a part of. */
export interface NamedText {
  readonly name: string;
  readonly text: string;
}

/**
 * The texts in a value, however deep it is nested, each with the name that it has there. Numbers count as the text that
 * stands for them.
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
