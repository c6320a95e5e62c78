import { nearestNames } from "../model/nearest_names.ts";
import type { ConfigProblem, ValueProblem } from "../problems.ts";
import { parseDuration } from "./parse_duration.ts";
import type { FailAt } from "./files/positions.ts";

/** A value in the configuration file, whichever format it is written in. */
export type SettingValue =
  & { readonly valueOffset: number }
  & (
    /** A string's value, or a number as written. */
    | { readonly kind: "string" | "number"; readonly text: string }
    | { readonly kind: "boolean"; readonly isTrue: boolean }
    | { readonly kind: "null" }
    | { readonly kind: "list"; readonly items: () => readonly SettingValue[] }
    | { readonly kind: "map"; readonly entries: () => Settings }
  );

/** A key with its value; the offsets are those in the rendered text. */
export type Setting = SettingValue & { readonly keyOffset: number };

/** The keys of one map, such as the top level of the configuration file. */
export type Settings = ReadonlyMap<string, Setting>;

type OfKind<Kind> = SettingValue & { readonly kind: Kind };

/** Reads and checks single keys of one map. Throws ConfigErrors with the place of the value. */
export class SettingsReader {
  /**
   * @param path the keys that lead to this map, for messages, such as `codedeploy.`
   * @param offset where the map begins
   */
  constructor(
    private readonly settings: Settings,
    private readonly failAt: FailAt,
    private readonly path = "",
    private readonly offset = 0,
  ) {}

  /** `undefined` when the key is missing, empty or null, as in Kayac's ecspresso. */
  readText(key: string): string | undefined {
    return this.#read(key, "string")?.text || undefined;
  }

  readRequiredText(key: string, write: string): string {
    return this.readText(key) ?? this.failMissing(key, write);
  }

  /** @param write what to write there */
  failMissing(key: string, write: string): never {
    const isThere = this.settings.has(key);
    return this.#failAt(key, { code: isThere ? "empty" : "missing", key: `${this.path}${key}`, write });
  }

  /** The reader of the map below a key; `undefined` when the key is missing or null. */
  readMap(key: string): SettingsReader | undefined {
    const map = this.#read(key, "map");
    return map && this.#below(map, key);
  }

  readMaps(key: string): readonly SettingsReader[] {
    return this.#readItems(key, "map").map((map, index) => this.#below(map, `${key}[${index}]`));
  }

  readTexts(key: string): readonly string[] {
    return this.#readItems(key, "string").map(({ text }) => text);
  }

  readTimeoutMs(key: string): number | undefined {
    const setting = this.settings.get(key);
    if (setting === undefined || setting.kind === "null") return undefined;
    const ms = parseDuration("text" in setting ? setting.text : undefined);
    return typeof ms === "number" ? ms : this.fail(key, ms);
  }

  readFlag(key: string): boolean | undefined {
    return this.#read(key, "boolean")?.isTrue;
  }

  /** A whole number, 1 or more; 0 only if `mayBeZero`. */
  readCount(key: string, mayBeZero = false): number | undefined {
    const text = this.#read(key, "number")?.text;
    if (text === undefined) return undefined;
    if (text === "0" && mayBeZero) return 0;
    return /^[1-9][0-9]{0,4}$/.test(text) ? Number(text) : this.fail(key, { code: "notCount" });
  }

  /** The keys that are not `known`, named as in messages, with their offsets. */
  findUnknownKeys(known: ReadonlySet<string>): { readonly key: string; readonly offset: number }[] {
    return [...this.settings].filter(([key]) => !known.has(key))
      .map(([key, { keyOffset }]) => ({ key: `${this.path}${key}`, offset: keyOffset }));
  }

  /**
   * Throws for a key that is not `known`: in this file, a misspelt key would change what is done.
   *
   * @param isNote whether a key is a note to people, or holds what YAML repeats
   */
  refuseUnknownKeys(known: ReadonlySet<string>, isNote: (key: string) => boolean = () => false): void {
    for (const [key, { keyOffset }] of this.settings) {
      if (known.has(key) || isNote(key)) continue;
      const problem = { key: `${this.path}${key}`, known: [...known], nearest: nearestNames(key, known).slice(0, 1) };
      this.failAt({ code: "notKnownKey", ...problem }, keyOffset);
    }
  }

  checkVersion(key: string): void {
    const constraints = this.readText(key);
    const problem = constraints === undefined ? undefined : checkRequiredVersion(constraints);
    if (problem !== undefined) this.fail(key, problem);
  }

  fail(key: string, problem: ValueProblem): never {
    return this.#failAt(key, { code: "badValue", key: `${this.path}${key}`, problem });
  }

  /** Fails at the value, or at the beginning of the map if that lacks the key. */
  #failAt(key: string, problem: ConfigProblem): never {
    return this.failAt(problem, this.settings.get(key)?.valueOffset ?? this.offset);
  }

  #read<Kind extends SettingValue["kind"]>(key: string, kind: Kind): OfKind<Kind> | undefined {
    const setting: SettingValue | undefined = this.settings.get(key);
    if (setting === undefined || setting.kind === "null") return undefined;
    if (setting.kind === kind) return setting as OfKind<Kind>;
    return this.#failAt(key, { code: "wrongType", key: `${this.path}${key}`, expected: kind, found: setting.kind });
  }

  #readItems<Kind extends SettingValue["kind"]>(key: string, kind: Kind): OfKind<Kind>[] {
    return (this.#read(key, "list")?.items() ?? []).map((item) => {
      if (item.kind === kind) return item as OfKind<Kind>;
      const [expected, found] = [kind, item.kind];
      return this.failAt({ code: "wrongItems", key: `${this.path}${key}`, expected, found }, item.valueOffset);
    });
  }

  #below(map: OfKind<"map">, path: string): SettingsReader {
    return new SettingsReader(map.entries(), this.failAt, `${this.path}${path}.`, map.valueOffset);
  }
}

/**
 * The version that `required_version` is compared with. Existing files speak of Kayac's ecspresso there; this program
 * reads the file format of that tool's 2.8, whatever its own version is.
 */
export const CONFIG_FORMAT_VERSION = "2.8.0";

/** Operator, numbers and prerelease of hashicorp/go-version's `VersionRegexpRaw`; build metadata has no influence. */
const CONSTRAINT = new RegExp(
  String.raw`^(<=|>=|!=|~>|<|>|=|)\s*v?(\d+(?:\.\d+)*)` +
    String.raw`((?:-\d|-?[A-Za-z~-])[\dA-Za-z~-]*(?:\.[\dA-Za-z~-]+)*)?(?:\+[\dA-Za-z~-]+(?:\.[\dA-Za-z~-]+)*)?$`,
);

interface Constraint {
  readonly operator: string;
  /** As written: `~> 2.3` and `~> 2.3.0` mean different things. */
  readonly segments: readonly number[];
  readonly hasPrerelease: boolean;
}

/**
 * Checks a `required_version` by the rules of hashicorp/go-version, as Kayac's ecspresso does: constraints separated by
 * commas, all of which must hold; `~>` lets only the last number written grow. (npm's `semver` reads `~>` and the comma
 * differently.)
 *
 * @returns what is wrong, or `undefined` when the constraint holds
 */
export function checkRequiredVersion(constraints: string): ValueProblem | undefined {
  const version = CONFIG_FORMAT_VERSION.split(".").map(Number);
  const texts = constraints.split(",").map((text) => text.trim());
  const malformed = texts.find((text) => parseConstraint(text) === undefined);
  const format = CONFIG_FORMAT_VERSION;
  if (malformed !== undefined) return { code: "noVersion", text: malformed, format };
  const broken = texts.find((text) => !holds(parseConstraint(text)!, version));
  return broken === undefined ? undefined : { code: "otherVersion", text: broken, format };
}

function parseConstraint(text: string): Constraint | undefined {
  const [, operator = "", numbers, prerelease] = CONSTRAINT.exec(text) ?? [];
  const segments = numbers?.split(".").map(Number);
  if (!segments?.every(Number.isSafeInteger)) return undefined;
  return { operator, segments, hasPrerelease: prerelease !== undefined };
}

const HOLDS: Readonly<Record<string, (order: number) => boolean>> = {
  "": (order) => order === 0,
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  ">": (order) => order > 0,
  "<": (order) => order < 0,
  ">=": (order) => order >= 0,
  "<=": (order) => order <= 0,
  "~>": (order) => order >= 0,
};

function holds({ operator, segments, hasPrerelease }: Constraint, version: readonly number[]): boolean {
  const difference = compare(version, segments);
  // The version checked is a release: it comes after every prerelease of the same number.
  if (!HOLDS[operator]!(difference === 0 && hasPrerelease ? 1 : difference)) return false;
  // go-version: `~>` never holds for a release if the constraint is a prerelease, or more exact than the version.
  return operator !== "~>" || !hasPrerelease && segments.length <= version.length &&
      segments.slice(0, -1).every((segment, index) => segment === version[index]);
}

/** Negative, zero or positive, like a sort comparison; numbers that are not written count as 0. */
function compare(left: readonly number[], right: readonly number[]): number {
  const length = Math.max(left.length, right.length);
  const differences = Array.from({ length }, (_, index) => (left[index] ?? 0) - (right[index] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
