/**
 * The value with every text in it masked: in objects, lists, sets and maps. What has nothing to hide stays the same
 * object.
 */
export function maskAll<Value>(value: Value, mask: (text: string) => string): Value {
  return maskAny(value, mask) as Value;
}

function maskAny(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "string") return mask(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map) return new Map([...value].map((entry) => maskAny(entry, mask) as [unknown, unknown]));
  if (value instanceof Set) return new Set([...value].map((member) => maskAny(member, mask)));
  if (Array.isArray(value)) {
    const masked = value.map((element) => maskAny(element, mask));
    return masked.every((element, index) => element === value[index]) ? value : masked;
  }
  const members = Object.entries(value).map(([key, member]) => [key, member, maskAny(member, mask)] as const);
  if (members.every(([, member, masked]) => masked === member)) return value;
  return Object.fromEntries(members.map(([key, , masked]) => [key, masked]));
}
