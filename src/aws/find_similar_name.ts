/** The known name that a misspelt one most likely stands for; `undefined` when none is close. */
export function findSimilarName(name: string, known: readonly string[]): string | undefined {
  const [nearest] = known.map((candidate) => ({ candidate, distance: distanceBetween(name, candidate) }))
    .filter(({ distance }) => distance <= 2).toSorted((a, b) => a.distance - b.distance);
  return nearest?.candidate;
}

/** How many letters have to be added, removed or changed; upper and lower case are the same. */
function distanceBetween(a: string, b: string): number {
  const [from, to] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = row[j - 1]! + Number(from[i - 1] !== to[j - 1]);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
