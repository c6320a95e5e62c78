import type { Json, JsonObject } from "../ecs/json.ts";
import { type Exposure, exposureOf } from "./exposure.ts";
import { formsOf, SHORTEST_SEARCHED } from "./forms_of.ts";
import { type LookedUp, textsIn } from "./looked_up.ts";
import { isPlainMember } from "./plain_members.ts";

/** Stands for a value that is not shown. */
export const HIDDEN = "(hidden)";

/**
 * The values of one run that nobody is to be shown: what was looked up, by the rule of `exposureOf`. Texts are searched for
 * them, in all their forms, before they are shown.
 */
export class HiddenValues {
  readonly #exposures = new Map<string, Exclude<Exposure, "always">>();
  readonly #names = new Set<string>();
  readonly #plainTexts = new Set<string>();
  #search: Search | undefined;

  /** Notes a value that was looked up. */
  add({ source, name, value, marked }: LookedUp): void {
    for (const part of textsIn(name, value)) {
      if (part.text.trim() === "") continue;
      const exposure = exposureOf({ source, name: part.name }, part.text, marked?.has(part.text) ?? false);
      if (exposure === "always" || this.#exposures.get(part.text) === "never") continue;
      this.#exposures.set(part.text, exposure);
      this.#search = undefined;
    }
  }

  /** Notes what the run is about: the names of the service, its cluster and the like stand in every line. */
  addNames(names: readonly (string | undefined)[]): void {
    for (const name of names) if (name) this.#names.add(name);
    this.#search = undefined;
  }

  /** Notes a definition: what stands in one of its plain members is public. */
  addDefinition(definition: JsonObject): void {
    this.addNames([definition.family, definition.serviceName].filter((name) => typeof name === "string"));
    for (const text of plainTextsIn(definition, [])) this.#plainTexts.add(text);
    this.#search = undefined;
  }

  /** The text, with `(hidden)` for each hidden value of six characters or more in it. */
  readonly mask = (text: string): string => {
    const { long } = this.#searched();
    return long === undefined ? text : text.replace(long, HIDDEN);
  };

  /**
   * The parts of a value in a definition: what may be shown, what is hidden, what may be shown, and so on; `undefined`
   * where nothing is hidden. A short value is found where it stands as a word of its own.
   *
   * @param isPlain whether the value stands in a plain member
   */
  split(text: string, isPlain: boolean): readonly string[] | undefined {
    const { long, short, shortNever } = this.#searched();
    if (isPlain && shortNever.has(text)) return ["", text, ""];
    const patterns = [long, isPlain ? undefined : short].filter((pattern) => pattern !== undefined);
    if (patterns.length === 0) return undefined;
    const parts = text.split(new RegExp(`(${patterns.map(({ source }) => source).join("|")})`, "u"));
    return parts.length === 1 ? undefined : parts;
  }

  #searched(): Search {
    return this.#search ??= this.#compile();
  }

  #compile(): Search {
    const hidden = [...this.#exposures].filter(([text, exposure]) => !this.#isPublic(text, exposure));
    const short = hidden.filter(([text]) => text.length < SHORTEST_SEARCHED);
    const words = alternatives(short.map(([text]) => text));
    return {
      long: expressionOf(alternatives(hidden.flatMap(([text]) => formsOf(text)))),
      short: expressionOf(words && `(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`),
      shortNever: new Set(short.filter(([, exposure]) => exposure === "never").map(([text]) => text)),
    };
  }

  #isPublic(text: string, exposure: Exposure): boolean {
    const isSearched = text.length >= SHORTEST_SEARCHED;
    if ([...this.#names].some((name) => name === text || (isSearched && name.includes(text)))) return true;
    if (exposure === "never") return false;
    const word = new RegExp(`(?<![\\p{L}\\p{N}])${escape(text)}(?![\\p{L}\\p{N}])`, "u");
    return [...this.#plainTexts].some((plain) => plain === text || word.test(plain));
  }
}

interface Search {
  /** Finds the values of six characters or more, in all their forms. */
  readonly long: RegExp | undefined;
  /** Finds the shorter ones. */
  readonly short: RegExp | undefined;
  /** Those of the shorter ones that are shown in plain members neither. */
  readonly shortNever: ReadonlySet<string>;
}

/** The longest first: one value may be the beginning of another. */
function alternatives(texts: readonly string[]): string {
  return [...new Set(texts)].sort((a, b) => b.length - a.length).map(escape).join("|");
}

function expressionOf(source: string): RegExp | undefined {
  return source === "" ? undefined : new RegExp(source, "gu");
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function plainTextsIn(value: Json, path: readonly (string | number)[]): string[] {
  if (Array.isArray(value)) return value.flatMap((element, index) => plainTextsIn(element, [...path, index]));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, member]) => plainTextsIn(member, [...path, key]));
  }
  const isText = typeof value === "string" || typeof value === "number";
  return isText && isPlainMember(path) ? [String(value)] : [];
}
