import { AwsError, mayHaveBeenApplied, unlessFails } from "../errors.ts";

/**
 * Awaits an order. Where its answer was lost, or does not say that it was carried out, a read may show that it was.
 *
 * @param read returns what the order's answer would have said; `undefined` where nothing shows that it was carried out
 * @throws AwsError the order's own, where it was refused, or nothing shows that it was carried out
 */
export async function orReadBack<Result>(
  order: Promise<Result>,
  read: () => Promise<Result | undefined>,
  signal: AbortSignal,
): Promise<Result> {
  try {
    return await order;
  } catch (error) {
    if (!(error instanceof AwsError) || !mayHaveBeenApplied(error) || signal.aborted) throw error;
    const shown = await unlessFails(read());
    if (shown === undefined) throw error;
    return shown;
  }
}
