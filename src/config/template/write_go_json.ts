import type { Json, JsonObject } from "../../model/json.ts";

/** JSON as Go's encoding/json writes it: keys in order, no white space, and safe inside HTML. */
export function writeGoJson(value: Json): string {
  return writeSorted(value).replaceAll(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function writeSorted(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(writeSorted).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value as JsonObject).sort(([left], [right]) => left < right ? -1 : 1);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${writeSorted(member)}`).join(",")}}`;
}
