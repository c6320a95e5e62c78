/** What JSON can say: definitions as the user writes them and as AWS's API has them, with keys in camelCase. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };

/** Whether a key is a comment of the author's, in a file that other programs read as plain JSON: `_`, `$` or `//` leads it. */
export function isCommentKey(key: string): boolean {
  return /^(?:_|\$|\/\/)/.test(key);
}
