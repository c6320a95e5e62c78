/**
 * Reading the members of a request, as AWS does: a value of the wrong type cannot be deserialised, a required member
 * that is missing is an invalid parameter, a member that the operation does not know is ignored.
 */
import { AwsFailure, invalidParameter, serializationException } from "./failure.ts";
import type { Json, JsonObject } from "./model.ts";

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The body of a request: a JSON object; an empty body counts as an empty object. */
export function parseBody(body: string): JsonObject {
  if (body.trim() === "") return {};
  let value: Json;
  try {
    value = JSON.parse(body);
  } catch {
    throw serializationException("");
  }
  if (!isObject(value)) throw serializationException("Start of structure or map found where not expected.");
  return value;
}

/** The members of one request, each read by name and type. `missing` makes the error for a required one. */
export class Input {
  constructor(readonly members: JsonObject, private readonly missing: (member: string) => AwsFailure) {}

  /** Whether the client sent the member at all (null counts as not sent). */
  has(member: string): boolean {
    return this.members[member] !== undefined && this.members[member] !== null;
  }

  string(member: string): string | undefined {
    return this.#typed(member, "String", (value) => typeof value === "string") as string | undefined;
  }

  /** A string out of a few. @throws InvalidParameterException for any other */
  oneOf(member: string, allowed: readonly string[]): string | undefined {
    const value = this.string(member);
    if (value !== undefined && !allowed.includes(value)) throw invalidParameter(`Invalid ${member}: ${value}`);
    return value;
  }

  boolean(member: string): boolean | undefined {
    return this.#typed(member, "Boolean", (value) => typeof value === "boolean") as boolean | undefined;
  }

  integer(member: string): number | undefined {
    return this.#typed(member, "Integer", Number.isInteger) as number | undefined;
  }

  object(member: string): JsonObject | undefined {
    return this.#typed(member, "structure", isObject) as JsonObject | undefined;
  }

  strings(member: string): string[] | undefined {
    const areStrings = (value: unknown) => Array.isArray(value) && value.every((item) => typeof item === "string");
    return this.#typed(member, "list", areStrings) as string[] | undefined;
  }

  objects(member: string): JsonObject[] | undefined {
    const areObjects = (value: unknown) => Array.isArray(value) && value.every((item) => isObject(item as Json));
    return this.#typed(member, "list", areObjects) as JsonObject[] | undefined;
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

  #refuse(member: string): never {
    throw this.missing(member);
  }

  #typed(member: string, type: string, fits: (value: Json) => boolean): Json | undefined {
    const value = this.members[member];
    if (value === undefined || value === null) return undefined;
    if (!fits(value)) throw serializationException(`class of member ${member} can not be converted to ${type}`);
    return value;
  }
}
