/**
 * The numbers of both definitions that may have a fraction, by the structure that has them: `Double` in AWS's model. All
 * others are `Integer` there, of 32 bits; the SDK tells neither apart. A test holds this against the model.
 */
export const FRACTION_MEMBERS: Readonly<Record<string, readonly string[]>> = {
  CanaryConfiguration: ["canaryPercent"],
  LinearConfiguration: ["stepPercent"],
};

const MOST = 2 ** 31 - 1;

/** Why AWS cannot read a number as an `Integer`; `undefined` when it can. */
export function wholeNumberProblem(value: number): string | undefined {
  if (value > MOST) return `must be a whole number, at most ${MOST}`;
  if (value < -MOST - 1) return `must be a whole number, at least ${-MOST - 1}`;
  return Number.isInteger(value) ? undefined : "must be a whole number, without a fraction";
}
