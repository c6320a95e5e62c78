/** A function for each member of a union, found by its `kind` or `code`; the compiler sees to it that none is missing. */
export type Cases<Union, Key extends "kind" | "code", Result, More extends unknown[] = []> = {
  readonly [Name in NameOf<Union, Key>]: (one: Named<Union, Key, Name>, ...more: More) => Result;
};

type NameOf<Union, Key extends string> = Union extends Readonly<Record<Key, infer Names extends string>> ? Names
  : never;

/** The members of a union that may have this name. */
export type Named<Union, Key extends string, Name> = Union extends Readonly<Record<Key, infer Names>>
  ? Name extends Names ? Union : never
  : never;
