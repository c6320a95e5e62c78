import type { DefinitionChange } from "../model/definition_change.ts";
import type { Json, JsonObject } from "../model/json.ts";
import { type Exposure, exposureOf, freeFrom, PUBLIC_TEXT, whatNameSays } from "./exposure.ts";
import { formsOf, mergeSpans, SHORTEST_SEARCHED, type Span, TextFinder, textsWithin } from "./text_finder.ts";
import { type LookedUp, type NamedText, namedTextsIn } from "./looked_up.ts";
import { isOwnWord } from "./own_words.ts";

/** A shorter part of a name is not taken for a secret: it would be found in every other ARN and tag. */
const SHORTEST_IN_NAME = 4;

/** Stands for a value that is not shown. */
export const HIDDEN = "(hidden)";

/**
 * The values of one run that are not shown: values that were looked up, by the rule of `exposureOf`. Texts are searched
 * for all forms of these values before they are shown.
 */
export class HiddenValues {
  readonly #exposures = new Map<string, Exclude<Exposure, "always">>();
  readonly #forms = new Map<string, readonly string[]>();
  readonly #names = new Set<string>();
  readonly #plainTexts = new Set<string>();
  #search: Search | undefined;

  add({ source, name, value, marked }: LookedUp): void {
    for (const part of namedTextsIn(name, value)) {
      const exposure = exposureOf({ source, name: part.name }, part.text, marked?.has(part.text) ?? false);
      if (exposure === "always") continue;
      this.#record(part, exposure);
      for (const inner of textsWithin(part)) {
        // A secret in JSON also holds values that are not secret, such as the region.
        if (PUBLIC_TEXT.test(inner.text)) continue;
        this.#record(inner, exposureOf({ source, name: inner.name }, inner.text, exposure === "never"));
      }
    }
  }

  /** Notes a value that was looked up for a name, as in the config: it is hidden only if its own name is a secret's. */
  addSecret(lookedUp: LookedUp): void {
    if (whatNameSays(lookedUp.name) === "secret") this.add(lookedUp);
  }

  #record({ text }: NamedText, exposure: Exposure): void {
    const known = this.#exposures.get(text);
    if (text.trim() === "" || exposure === "always" || known === "never" || known === exposure) return;
    this.#exposures.set(text, exposure);
    this.#search = undefined;
  }

  /** Notes what the run is about: the names of the service, its cluster and the like are in every line. */
  addNames(names: readonly (string | undefined)[]): void {
    for (const name of names) if (name) this.#names.add(name);
    this.#search = undefined;
  }

  /** Notes a definition: the values of its plain members are public. */
  addDefinition(definition: JsonObject): void {
    this.addNames([definition.family, definition.serviceName].filter((name) => typeof name === "string"));
    for (const text of plainTextsIn(definition, [])) this.#plainTexts.add(text);
    this.#search = undefined;
  }

  /**
   * The text, with `(hidden)` for each hidden value of six characters or more. The program's own words are left: they
   * reveal no value, and without them the text could not be read.
   */
  readonly mask = (text: string): string => {
    const spans = this.#searched().long.find(text);
    return spans.length === 0 ? text : cut(text, spans).map((part, index) => index % 2 === 0 ? part : HIDDEN).join("");
  };

  /**
   * The parts of a value in a definition: shown, hidden, shown, and so on; `undefined` if nothing is hidden. A value
   * that is short, or occurs in every other line, is found only as a word of its own.
   *
   * @param isPlain whether the value is where ECS takes a name, a number, an image or an ARN
   */
  split(text: string, isPlain: boolean): readonly string[] | undefined {
    const { long, words, neverShown, wordsNeverShown } = this.#searched();
    if (isPlain && neverShown.has(text)) return ["", text, ""];
    const found = long.find(text);
    const searched = isPlain ? wordsNeverShown : words;
    const foundWords = searched === undefined ? [] : text.matchAll(searched);
    const spanOf = ({ 0: word, index }: RegExpExecArray): Span => [index, index + word.length];
    const spans = mergeSpans([...found, ...[...foundWords].map(spanOf)].sort(([a], [b]) => a - b));
    return spans.length === 0 ? undefined : cut(text, spans);
  }

  #searched(): Search {
    return this.#search ??= this.#prepare();
  }

  #prepare(): Search {
    const long = new TextFinder();
    const words: string[] = [];
    const neverShown = new Set<string>();
    for (const [text, exposure] of this.#exposures) {
      if (this.#isPublic(text, exposure)) continue;
      if (text.length < SHORTEST_SEARCHED || this.#isCommon(text)) {
        words.push(text);
        if (exposure === "never") neverShown.add(text);
      }
      for (const form of this.#formsOf(text)) if (!this.#isCommon(form)) long.add(form);
    }
    const inNames = [...neverShown].filter((text) => text.length >= SHORTEST_IN_NAME && !this.#isCommon(text));
    const finderOf = (texts: readonly string[]) => texts.length === 0 ? undefined : new RegExp(wordsOf(texts), "gu");
    return { long, words: finderOf(words), neverShown, wordsNeverShown: finderOf(inNames) };
  }

  /** Cached, because each new value makes the search prepare all of them again. */
  #formsOf(text: string): readonly string[] {
    const forms = this.#forms.get(text) ?? formsOf(text).filter((form) => form === text || !PUBLIC_TEXT.test(form));
    this.#forms.set(text, forms);
    return forms;
  }

  #isPublic(text: string, exposure: Exposure): boolean {
    if (this.#names.has(text)) return true;
    if (exposure === "never") return false;
    const word = new RegExp(wordsOf([text]), "u");
    return [...this.#plainTexts].some((plain) => plain === text || (plain.includes(text) && word.test(plain)));
  }

  /** Whether the text occurs in every other line: as one of the program's own words, or as part of a name. */
  #isCommon(text: string): boolean {
    return isOwnWord(text) || [...this.#names].some((name) => name.includes(text));
  }
}

interface Search {
  /** Finds the values of six characters or more, in all their forms. */
  readonly long: TextFinder;
  /** Finds the values that count only as words of their own, in definitions. */
  readonly words: RegExp | undefined;
  /** Those of them that are hidden in plain members, too, as a whole member. */
  readonly neverShown: ReadonlySet<string>;
  /** Those of them that are hidden there as a part, too. */
  readonly wordsNeverShown: RegExp | undefined;
}

/** Every second part is the text of a span. */
function cut(text: string, spans: readonly Span[]): string[] {
  const edges = [0, ...spans.flat(), text.length];
  return edges.slice(1).map((edge, index) => text.slice(edges[index], edge));
}

/** The longest first: one word may be the beginning of another. */
function wordsOf(texts: readonly string[]): string {
  const words = texts.toSorted((a, b) => b.length - a.length).map((text) => RegExp.escape(text)).join("|");
  return `(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`;
}

function plainTextsIn(value: Json, path: readonly (string | number)[]): string[] {
  if (Array.isArray(value)) return value.flatMap((element, index) => plainTextsIn(element, [...path, index]));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([key, member]) => plainTextsIn(member, [...path, key]));
  }
  const isText = typeof value === "string" || typeof value === "number";
  return isText && freeFrom(path) === undefined ? [String(value)] : [];
}

/**
 * A plan to show, without both values of a change where one has something hidden in it: what a file has looked up may be
 * secret wherever it is, and so is what it replaces.
 */
export function hideInPlan<Plan extends { readonly changes?: readonly DefinitionChange[] | undefined }>(
  plan: Plan,
  hidden: Pick<HiddenValues, "split">,
): Plan {
  const changes = plan.changes?.map((change) => {
    const { scope, attribute, kind, from, to } = change;
    // In a list or an object, a short value is found as a word of its own only.
    const isHidden = [from, to].some((value = "") => hidden.split(value, !/^[[{]/.test(value)) !== undefined);
    return isHidden ? { scope, attribute, kind } : change;
  });
  return changes === undefined ? plan : { ...plan, changes };
}

const CODES: ReadonlySet<string> = new Set(["code", "kind"]);

/** Masks every text in objects, lists, sets and maps, except codes. Without a hidden value, returns the same object. */
export function maskAll<Value>(value: Value, mask: (text: string) => string): Value;
export function maskAll(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === "string") return mask(value);
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Map) return new Map([...value].map((entry) => maskAll(entry, mask)));
  if (value instanceof Set) return new Set([...value].map((member) => maskAll(member, mask)));
  if (Array.isArray(value)) {
    const masked = value.map((element) => maskAll(element, mask));
    return masked.every((element, index) => element === value[index]) ? value : masked;
  }
  const members = Object.entries(value).map(([key, member]) =>
    [key, member, CODES.has(key) ? member : maskAll(member, mask)] as const
  );
  if (members.every(([, member, masked]) => masked === member)) return value;
  return Object.fromEntries(members.map(([key, , masked]) => [key, masked]));
}
