/** Listings in pages. A token names the position of the next page; AWS's are opaque, so these are too. */
import { AwsFailure } from "./failure.ts";
import type { Input } from "./input.ts";
import type { World } from "./model.ts";

interface Page<Item> {
  items: Item[];
  nextToken?: string;
}

const encode = (position: number) => btoa(`page:${position}`);

function decode(token: string, invalid: (message: string) => AwsFailure): number {
  try {
    const position = /^page:(\d+)$/.exec(atob(token))?.[1];
    if (position !== undefined) return Number(position);
  } catch {
    // Not base64: not a token of ours.
  }
  throw invalid("Invalid token");
}

/**
 * One page of `all`, as asked for by `maxResults` (or `MaxResults`) and `nextToken`.
 *
 * @throws what `invalid` makes, for a token that no listing gave out or a page size out of bounds
 */
export function pageOf<Item>(
  world: World,
  input: Input,
  all: readonly Item[],
  limit: { default: number; max: number },
  members = { maxResults: "maxResults", nextToken: "nextToken" },
  invalid = (message: string) => new AwsFailure("InvalidParameterException", message),
): Page<Item> {
  const asked = input.integer(members.maxResults);
  if (asked !== undefined && (asked < 1 || asked > limit.max)) {
    throw invalid(`${members.maxResults} should be between 1 and ${limit.max}`);
  }
  const cap = world.settings.pageSize || limit.max;
  const size = Math.min(asked ?? limit.default, cap);
  const token = input.string(members.nextToken);
  const from = token ? decode(token, invalid) : 0;
  const nextToken = from + size < all.length ? encode(from + size) : undefined;
  return { items: all.slice(from, from + size), ...(nextToken ? { nextToken } : {}) };
}
