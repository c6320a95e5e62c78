/** The policies of `docs/iam.md`, which the tests grant as they stand there. */
import { parsePolicy, type Policy } from "../emulator/policy.ts";

/** The document's policies by the heading that each stands below, and the trust policies, which are of another kind. */
export interface Documented {
  readonly policies: ReadonlyMap<string, Policy>;
  readonly trust: readonly unknown[];
}

/** @throws Error for a block that is no policy, and for a second one below the same heading */
export function readPolicies(markdown: string): Documented {
  const policies = new Map<string, Policy>();
  const trust: unknown[] = [];
  for (const section of markdown.split(/^#+ /m)) {
    const heading = section.slice(0, section.indexOf("\n"));
    for (const [, block] of section.matchAll(/^```json\n([^]*?)^```$/gm)) {
      const value = JSON.parse(block!);
      if (value.Statement?.[0]?.Principal !== undefined) {
        trust.push(value);
        continue;
      }
      if (policies.has(heading)) throw new Error(`${heading} has a second policy`);
      policies.set(heading, parsePolicy(value));
    }
  }
  return { policies, trust };
}
