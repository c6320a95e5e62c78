import { type Advisory, SEVERITIES, type Severity } from "./read_report.ts";

/** An advisory that is known, and does no harm here. */
export interface Allowed {
  readonly id: string;
  readonly reason: string;
  /** The last day on which it is allowed, as `2026-12-31`. */
  readonly until: string;
}

/** Anything less severe is printed, and fails nothing. */
const FAILING: Severity = "moderate";

/**
 * What there is to say about the advisories, a line each, and whether none of them has to be fixed.
 *
 * @param today as `2026-12-31`
 */
export function judge(
  advisories: readonly Advisory[],
  allowed: readonly Allowed[],
  today: string,
): { readonly lines: readonly string[]; readonly isFine: boolean } {
  const judged = advisories.map((advisory) => judgeOne(advisory, allowed.find(({ id }) => id === advisory.id), today));
  const idle = allowed.filter(({ id }) => advisories.every((advisory) => advisory.id !== id));
  const failing = judged.filter(({ fails }) => fails).length;
  return {
    lines: [
      ...judged.map(({ line }) => line),
      ...idle.map(({ id }) =>
        `${id} is allowed, and no advisory any more: take it out of tools/advisories/allowed.json`
      ),
      failing === 0 ? "nothing to fix" : `${failing} to fix: take a fixed version, or allow it`,
    ],
    isFine: failing === 0,
  };
}

function judgeOne(
  { id, title, severity, package: name, vulnerable }: Advisory,
  allowed: Allowed | undefined,
  today: string,
): { readonly line: string; readonly fails: boolean } {
  const what = `${severity}: ${name} ${vulnerable}: ${title} (${id})`;
  if (SEVERITIES.indexOf(severity) < SEVERITIES.indexOf(FAILING)) return { line: what, fails: false };
  if (allowed === undefined || allowed.reason.trim() === "") return { line: what, fails: true };
  // In this form, texts sort as the days do.
  if (!/^\d{4}-\d\d-\d\d$/.test(allowed.until) || allowed.until < today) {
    return { line: `${what}; no longer allowed, since ${allowed.until}: ${allowed.reason}`, fails: true };
  }
  return { line: `${what}; allowed until ${allowed.until}: ${allowed.reason}`, fails: false };
}
