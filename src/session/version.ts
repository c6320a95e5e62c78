/** The program's version; the same as in `deno.json`, which a test checks. */
export const VERSION = "1.0.0";
