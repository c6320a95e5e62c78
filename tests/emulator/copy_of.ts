/** A deep copy of plain data. `structuredClone()` does the same, but takes many times as long. */
export function copyOf<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  const copied = Object.entries(value).map(([name, member]) => [name, copyOf(member)]);
  return Object.fromEntries(copied) as Value;
}
