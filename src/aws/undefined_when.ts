import { AwsError } from "../errors.ts";

/**
 * Awaits an answer; `undefined` where AWS says that there is none. Any other error is thrown.
 *
 * @param codes AWS's names for "there is none"
 */
export async function undefinedWhen<Result>(
  codes: readonly string[],
  answer: Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AwsError && codes.includes(error.code)) return undefined;
    throw error;
  }
}
