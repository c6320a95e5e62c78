/**
 * Reading the members of a request that has been accepted (`api/accept_request.ts`): each is of the type that AWS's model
 * gives it, and what the operation does not know is gone.
 */
import { type AwsFailure, serializationException } from "./failure.ts";
import type { Json, JsonObject } from "./model.ts";

/** The body of a request: a JSON object; an empty body counts as an empty object. */
export function parseBody(body: string): JsonObject {
  if (body.trim() === "") return {};
  let value: Json;
  try {
    value = JSON.parse(body);
  } catch {
    throw serializationException("");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw serializationException("Start of structure or map found where not expected.");
}

/**
 * The members of one request, each read by name. `missing` makes the error for a required one that is empty; `onRead` is
 * called for each that is read, with `*` for all at once.
 */
export class Input {
  constructor(
    private readonly accepted: JsonObject,
    private readonly missing: (member: string) => AwsFailure,
    private readonly onRead?: (member: string) => void,
  ) {}

  /** All of them, for what is carried as it stands. */
  get members(): JsonObject {
    this.onRead?.("*");
    return this.accepted;
  }

  /** Which were sent. Their values are not looked at. */
  get names(): string[] {
    return Object.keys(this.accepted);
  }

  /** The whole request, to be compared with another one. */
  asText(): string {
    return JSON.stringify(this.accepted);
  }

  /** Whether the client sent the member at all. */
  has(member: string): boolean {
    return this.#read(member) !== undefined;
  }

  string(member: string): string | undefined {
    return this.#read(member) as string | undefined;
  }

  boolean(member: string): boolean | undefined {
    return this.#read(member) as boolean | undefined;
  }

  integer(member: string): number | undefined {
    return this.#read(member) as number | undefined;
  }

  object(member: string): JsonObject | undefined {
    return this.#read(member) as JsonObject | undefined;
  }

  strings(member: string): string[] | undefined {
    return this.#read(member) as string[] | undefined;
  }

  objects(member: string): JsonObject[] | undefined {
    return this.#read(member) as JsonObject[] | undefined;
  }

  requiredString(member: string): string {
    return this.string(member) || this.#refuse(member);
  }

  requiredStrings(member: string): string[] {
    const values = this.strings(member);
    return values?.length ? values : this.#refuse(member);
  }

  requiredObjects(member: string): JsonObject[] {
    const values = this.objects(member);
    return values?.length ? values : this.#refuse(member);
  }

  #read(member: string): Json | undefined {
    this.onRead?.(member);
    return this.accepted[member];
  }

  #refuse(member: string): never {
    throw this.missing(member);
  }
}
