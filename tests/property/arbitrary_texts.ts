import assert from "node:assert/strict";
import fc from "fast-check";
import { ConfigError } from "../../src/errors.ts";
import { wordsOf } from "../in_words.ts";
import { memoryEnvironment, memoryTools } from "../unit/config/memory_host.ts";

export const env = memoryEnvironment({ SERVICE: "web", EMPTY: "", LINES: "a\nb: c", BRACES: "{{ env `SERVICE` }}" });
export const tools = memoryTools(env);

/** Text that gets past the first check of a grammar far more often than random characters do. */
export function textOf(pieces: readonly string[]): fc.Arbitrary<string> {
  const piece = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...pieces) },
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  return fc.array(piece, { maxLength: 30 }).map((chosen) => chosen.join(""));
}

export function assertConfigError(error: unknown, file: string, text: string): void {
  if (!(error instanceof ConfigError)) throw error;
  const { line, column } = error.position ?? {};
  assert.equal(error.position?.file, file);
  const lines = text.split("\n");
  assert.ok(line !== undefined && line >= 1 && line <= lines.length, wordsOf(error));
  // One past the last character: where something is missing.
  assert.ok(column !== undefined && column >= 1 && column <= lines[line - 1]!.length + 1, wordsOf(error));
}
