import type { Verified } from "../registry/verify_references.ts";

/** One line for each thing, the state first: `missing  image 123456789012.dkr.ecr...`. */
export function renderVerified(verified: readonly Verified[]): string[] {
  return verified.map(({ reference: { kind, name }, state, reason }) => {
    const what = kind === "foreign image" ? "image" : kind;
    return `${state.padEnd(7)}  ${what} ${name}${reason === undefined ? "" : ` (${reason})`}`;
  });
}
