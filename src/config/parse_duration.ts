import type { DurationProblem } from "../problems.ts";

/** The units of Go's `time.ParseDuration`, in milliseconds; both letters for "micro" are in use. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  "µs": 1e-3,
  "μs": 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

const NUMBER = String.raw`(?:\d+(?:\.\d*)?|\.\d+)`;
const UNIT = Object.keys(UNIT_MS).join("|");
const BARE_SECONDS = new RegExp(`^${NUMBER}$`);
const GO_DURATION = new RegExp(`^(?:${NUMBER}(?:${UNIT}))+$`);
const GO_DURATION_PART = new RegExp(`(${NUMBER})(${UNIT})`, "g");

/** Longer is taken for a mistake, such as the nanoseconds that Kayac's 2.x read a bare number as. */
const LONGEST_MS = 366 * 24 * 3_600_000;

/**
 * Reads a duration as Go writes it (`10m`, `10m0s`, `1h30m`, `1.5h`, `500ms`; https://pkg.go.dev/time#ParseDuration)
 * or as bare seconds (`600`).
 *
 * @param text `undefined` if the value is not a text
 * @returns whole milliseconds, 0 only when the text says zero, since 0 means "no limit" to the callers; or what is wrong
 */
export function parseDuration(text: string | undefined): number | DurationProblem {
  const ms = sumParts(text ?? "");
  if (ms === undefined) return { code: /^-[\d.]/.test(text ?? "") ? "negativeDuration" : "noDuration", text };
  if (ms > LONGEST_MS) return { code: "longDuration", text };
  // Rounding must not turn a very short limit into none at all.
  return ms > 0 ? Math.max(1, Math.round(ms)) : 0;
}

function sumParts(text: string): number | undefined {
  if (BARE_SECONDS.test(text)) return Number(text) * 1_000;
  if (!GO_DURATION.test(text)) return undefined;
  return [...text.matchAll(GO_DURATION_PART)]
    .reduce((sum, [, number, unit]) => sum + Number(number) * UNIT_MS[unit!]!, 0);
}
