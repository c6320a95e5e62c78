import { ANSWER_TOO_LARGE, AwsError } from "../errors.ts";
import { LARGEST_ANSWER_BYTES } from "../host/read_bounded.ts";
import { lastPart } from "../model/arn.ts";
import type { JsonObject } from "../model/json.ts";
import type { AnswerTrouble } from "../problems/aws_failure.ts";

/** An answer from AWS does not have the shape that AWS promises, or does not show what was ordered. */
export class UnreadableAnswer extends Error {
  override readonly name = "UnreadableAnswer";

  constructor(readonly trouble: AnswerTrouble) {
    super(trouble.code);
  }
}

/**
 * Makes a reader for one member of AWS's answers. The SDK passes on whatever type a member has: the types that it
 * declares are only AWS's promise. The reader throws an UnreadableAnswer that names the member.
 */
function optional<Value>(
  is: (value: unknown) => value is Value,
  expected: Extract<AnswerTrouble, { code: "wrongMember" }>["expected"],
) {
  return (value: unknown, name: string): Value | undefined => {
    if (value === undefined || value === null) return undefined;
    if (!is(value)) throw new UnreadableAnswer({ code: "wrongMember", name, expected });
    return value;
  };
}

export const optionalText = optional((value) => typeof value === "string", "text");
export const optionalCount = optional((value): value is number => Number.isFinite(value), "number");
const optionalFlag = optional((value) => typeof value === "boolean", "flag");
const optionalTime = optional(
  (value): value is Date => value instanceof Date && !Number.isNaN(value.getTime()),
  "time",
);

/** Reads a text that must be there. */
export function text(value: unknown, name: string): string {
  return required(optionalText(value, name), name);
}

/** AWS's words, with secret values hidden first: a text that is split or cut before that may show a part of one. */
export function maskedText(value: unknown, name: string, mask: (text: string) => string): string | undefined {
  const said = optionalText(value, name);
  return said && mask(said);
}

/** Reads a number of tasks, a port, a size; 0 when it is missing. */
export function count(value: unknown, name: string): number {
  return optionalCount(value, name) ?? 0;
}

/** Reads a flag; `false` when it is missing. */
export function flag(value: unknown, name: string): boolean {
  return optionalFlag(value, name) ?? false;
}

/** Reads a time in milliseconds since the epoch; `undefined` when it is missing. */
export function optionalTimeMs(value: unknown, name: string): number | undefined {
  return optionalTime(value, name)?.getTime();
}

/** Reads a list of objects or texts; empty when it is missing. */
export function list<Item>(value: readonly Item[] | undefined, name: string): readonly NonNullable<Item>[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new UnreadableAnswer({ code: "hasNoList", name });
  return value.map((item) => required(item, name) as NonNullable<Item>);
}

/** Reads a list that must be there; it may be empty. */
export function requiredList<Item>(value: readonly Item[] | undefined, name: string): readonly NonNullable<Item>[] {
  return list(required(value, name), name);
}

/** Reads a member that must be there. */
export function required<Value>(value: Value | undefined | null, name: string): Value {
  if (value === undefined || value === null) throw new UnreadableAnswer({ code: "lacks", name });
  return value;
}

/** Returns `undefined` where `failures` says that ECS does not know the thing; throws where it does not say so. */
export function readMissing(failures: readonly { readonly reason?: unknown }[] | undefined, name: string): undefined {
  const reason = optionalText(list(failures, "failures")[0]?.reason, "failure.reason");
  if (reason === "MISSING") return undefined;
  throw new UnreadableAnswer({ code: "lacksFor", name, reason });
}

/** Checks that an answer names what it must, to show that an order was carried out. */
export function checkNamed(value: unknown, name: string): void {
  if (text(value, name) === "") throw new UnreadableAnswer({ code: "namesNone", name });
}

/** Checks that an answer names what was ordered, by its ARN: any other does not show that the order was carried out. */
export function checkOrdered(arn: unknown, ordered: string, name: string): void {
  if (text(arn, name) !== ordered) throw new UnreadableAnswer({ code: "aboutAnother", name });
}

/**
 * Checks that an answer is about the resource that was asked for: by its ARN, the end of its ARN, or the family alone.
 * Answers can be mixed up on the way.
 */
export function checkAsked(arn: unknown, asked: string, name: string): void {
  const shown = lastPart(text(arn, name));
  const wanted = lastPart(asked);
  if (shown !== wanted && !shown.startsWith(`${wanted}:`)) {
    throw new UnreadableAnswer({ code: "aboutThis", name, shown });
  }
}

/** Reads the items of an answer about several resources. Each must be among the items, or among the failures. */
export function readAll<Item>(
  found: readonly Item[] | undefined,
  failures: readonly unknown[] | undefined,
  asked: number,
  name: string,
): readonly NonNullable<Item>[] {
  const shown = requiredList(found, name);
  if (shown.length + list(failures, "failures").length < asked) {
    throw new UnreadableAnswer({ code: "leavesOut", name });
  }
  return shown;
}

/** Turns a whole answer into JSON: times become texts in ISO 8601, and members without a value vanish. */
export function toJson(answer: object): JsonObject {
  return JSON.parse(JSON.stringify(answer));
}

/** Reads all items, `size` at most in one call and all calls at once. Returns the results in the items' order. */
export async function inChunks<Item, Result>(
  items: readonly Item[],
  size: number,
  read: (chunk: Item[]) => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  const count = Math.ceil(items.length / size);
  const chunks = Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
  return (await Promise.all(chunks.map(read))).flat();
}

/**
 * Reads page by page until there is no next token, or a token is repeated, which would loop forever.
 * Yields the items of each page.
 *
 * @param read is given the token of the page; none for the first one
 * @throws AwsError where all pages together are larger than one answer may be; 200,000 revisions are not
 */
export async function* readPages<Item>(
  operation: string,
  read: (nextToken: string | undefined) => Promise<{ items: readonly Item[]; nextToken: string | undefined }>,
): AsyncGenerator<readonly Item[], void, void> {
  const seenTokens = new Set<string>();
  let nextToken: string | undefined;
  let length = 0;
  for (;;) {
    const page = await read(nextToken);
    length += JSON.stringify(page).length;
    if (length > LARGEST_ANSWER_BYTES) {
      const trouble = { code: "pagesTooLarge", mostBytes: LARGEST_ANSWER_BYTES } as const;
      throw new AwsError({ operation, kind: "lost", code: ANSWER_TOO_LARGE, detail: "", trouble });
    }
    yield page.items;
    nextToken = page.nextToken;
    if (!nextToken || seenTokens.has(nextToken)) return;
    seenTokens.add(nextToken);
  }
}

/**
 * Awaits an answer; `undefined` where AWS says that the thing does not exist. Any other error is thrown.
 *
 * @param codes AWS's error codes for that
 * @param words what AWS's message says then, where other errors have the same code
 */
export async function undefinedWhen<Result>(
  codes: readonly string[],
  answer: Promise<Result>,
  words = /(?:)/,
): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AwsError && codes.includes(error.code) && words.test(error.detail)) return undefined;
    throw error;
  }
}
