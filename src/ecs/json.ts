/** What JSON can say: definitions as the user writes them and as AWS's API has them, with keys in camelCase. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json };
