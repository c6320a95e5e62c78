/**
 * Searches ascending numbers for the last one that is not above `limit`.
 *
 * @returns its index; 0 when all are above
 */
export function findLastAtOrBefore(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ascending[middle]! <= limit) low = middle;
    else high = middle - 1;
  }
  return low;
}
