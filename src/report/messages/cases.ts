/** One function per member of a union, by its `kind` or `code`; the compiler makes sure that none is missing. */
export type Cases<Union, Key extends "kind" | "code", Result, More extends unknown[] = []> = {
  readonly [Name in NameOf<Union, Key>]: (one: Named<Union, Key, Name>, ...more: More) => Result;
};

type NameOf<Union, Key extends string> = Union extends Readonly<Record<Key, infer Names extends string>> ? Names
  : never;

/** The members of a union that can have this name. */
export type Named<Union, Key extends string, Name> = Union extends Readonly<Record<Key, infer Names>>
  ? Name extends Names ? Union : never
  : never;

/** A function that calls the one for a member's `kind`. */
export function byKind<Union extends { readonly kind: string }, Result, More extends unknown[] = []>(
  cases: Cases<Union, "kind", Result, More>,
): (one: Union, ...more: More) => Result {
  return (one, ...more) => cases[one.kind as keyof typeof cases](one as never, ...more);
}

/** The same for some kinds; it returns `undefined` for the others. */
export function bySomeKinds<Union extends { readonly kind: string }, Result, More extends unknown[] = []>(
  cases: Partial<Cases<Union, "kind", Result, More>>,
): (one: Union, ...more: More) => Result | undefined {
  return (one, ...more) => cases[one.kind as keyof typeof cases]?.(one as never, ...more);
}

/** A function that calls the one for a member's `code`. */
export function byCode<Union extends { readonly code: string }, Result, More extends unknown[] = []>(
  cases: Cases<Union, "code", Result, More>,
): (one: Union, ...more: More) => Result {
  return (one, ...more) => cases[one.code as keyof typeof cases](one as never, ...more);
}
