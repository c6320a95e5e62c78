import { fileOf, type Mutation } from "./mutate.ts";

/** A rule of safety, one way to break the function that keeps it, and the test that has to notice. */
export type Rule = Mutation & {
  /** In the words of CONTRIBUTING.md, "Rules of safety". */
  readonly rule: string;
  /** Below `tests/`, and it takes seconds; the one that mirrors the function's file when left out. */
  readonly test?: string;
};

export function testOf(rule: Rule): string {
  return `tests/${rule.test ?? fileOf(rule).replace(/^src/, "unit").replace(/\.ts$/, "_test.ts")}`;
}
