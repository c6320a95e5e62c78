import { ConfigError } from "../errors.ts";
import type { RenderedText } from "./template/render_template.ts";

/** A value in the configuration file, whichever format it is written in. */
export interface SettingValue {
  /** An offset in the rendered text. */
  readonly valueOffset: number;
  readonly kind: "string" | "number" | "boolean" | "null" | "list" | "map";
  /** A string's value, a number as written; empty for the other kinds. */
  readonly text: string;
  /** What is in a list; nothing in the other kinds. */
  items(): readonly SettingValue[];
  /** What is in a map; nothing in the other kinds. */
  entries(): Settings;
}

/** A key with its value. */
export interface Setting extends SettingValue {
  /** An offset in the rendered text. */
  readonly keyOffset: number;
}

/** The keys of one map, such as the top level of the configuration file. */
export type Settings = ReadonlyMap<string, Setting>;

/** Reports a problem at an offset of the rendered text; does not return. */
export type FailAt = (problem: string, offset: number) => never;

/** Makes the function that turns a problem in `rendered` into a ConfigError with its place in `file`. */
export function failIn(file: string, rendered: RenderedText): FailAt {
  return (problem, offset) => {
    throw new ConfigError(problem, { file, ...rendered.positionAt(offset) });
  };
}
