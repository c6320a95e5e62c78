/** Finding the few items of a long list that belong together: with a thousand services, searching it takes all the time. */

interface Groups<Item> {
  byKey: Map<string, Item[]>;
  /** How many items of the list are in groups. */
  count: number;
}

/**
 * Groups the items of lists by a key. A list may grow at its end, or be replaced by another; it never shrinks, and no
 * item changes its key.
 *
 * @returns the items of a list that have a key, in the list's order
 */
export function groupedBy<Item>(
  keyOf: (item: Item) => string,
): (list: readonly Item[], key: string) => readonly Item[] {
  const known = new WeakMap<readonly Item[], Groups<Item>>();
  return (list, key) => {
    const groups = known.get(list) ?? { byKey: new Map<string, Item[]>(), count: 0 };
    known.set(list, groups);
    for (; groups.count < list.length; groups.count++) {
      const item = list[groups.count]!;
      const itsKey = keyOf(item);
      const group = groups.byKey.get(itsKey);
      if (group) group.push(item);
      else groups.byKey.set(itsKey, [item]);
    }
    return groups.byKey.get(key) ?? [];
  };
}
