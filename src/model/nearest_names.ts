/** How many names are offered. */
const MAX_NAMES = 3;

/**
 * The names that may have been meant, nearest first: few letters differ, or one name contains the other.
 *
 * @param typed a name, or a pattern with `*`
 */
export function nearestNames(typed: string, names: Iterable<string>): string[] {
  const wanted = typed.replaceAll("*", "").toLowerCase();
  if (wanted === "") return [];
  const maxDistance = Math.max(1, Math.floor(wanted.length / 3));
  const rated = [...new Set(names)].map((name) => {
    const lower = name.toLowerCase();
    const isPart = lower.includes(wanted) || lower.length > 2 && wanted.includes(lower);
    return { name, distance: isPart ? Math.min(1, distanceOf(wanted, lower)) : distanceOf(wanted, lower) };
  });
  return rated.filter(({ distance }) => distance <= maxDistance)
    .toSorted((one, other) => one.distance - other.distance || (one.name < other.name ? -1 : 1))
    .slice(0, MAX_NAMES).map(({ name }) => name);
}

/** How many letters have to be added, left out, changed, or swapped with the next one. */
export function distanceOf(one: string, other: string): number {
  let before: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row++) {
    const next = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      const isSwapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] &&
        one[row - 2] === other[column - 1];
      next.push(Math.min(
        last[column]! + 1,
        next[column - 1]! + 1,
        last[column - 1]! + (isSame ? 0 : 1),
        isSwapped ? before[column - 2]! + 1 : Infinity,
      ));
    }
    [before, last] = [last, next];
  }
  return last[other.length]!;
}
