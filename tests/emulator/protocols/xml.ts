/** Writing XML as the services do that speak it. */
import type { Json } from "../model.ts";

export const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** An element with a value in it: members of an object become elements, items of a list `member` elements. */
export function element(name: string, value: Json | undefined, attributes = ""): string {
  if (value === undefined || value === null) return "";
  return `<${name}${attributes}>${content(value)}</${name}>`;
}

function content(value: Exclude<Json, null>): string {
  if (Array.isArray(value)) return value.map((item) => element("member", item)).join("");
  if (typeof value === "object") return Object.entries(value).map(([name, inner]) => element(name, inner)).join("");
  return String(value).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
