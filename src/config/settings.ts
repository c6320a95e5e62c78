import { ConfigError } from "../errors.ts";
import type { RenderedText } from "./template/render_template.ts";

/** One key of the configuration file with its value, whichever format it is written in. */
export interface Setting {
  /** Offsets in the rendered text. */
  readonly keyOffset: number;
  readonly valueOffset: number;
  readonly kind: "string" | "number" | "boolean" | "null" | "list" | "map";
  /** A string's value, a number as written; empty for the other kinds. */
  readonly text: string;
}

/** The top level of the configuration file. */
export type Settings = ReadonlyMap<string, Setting>;

/** Reports a problem at an offset of the rendered text; does not return. */
export type FailAt = (problem: string, offset: number) => never;

/** Makes the function that turns a problem in `rendered` into a ConfigError with its place in `file`. */
export function failIn(file: string, rendered: RenderedText): FailAt {
  return (problem, offset) => {
    throw new ConfigError(problem, { file, ...rendered.positionAt(offset) });
  };
}
