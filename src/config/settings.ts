import { parseDuration } from "./parse_duration.ts";
import { checkRequiredVersion } from "./required_version.ts";
import type { FailAt } from "./user_files.ts";

/** A value in the configuration file, whichever format it is written in. */
export interface SettingValue {
  /** An offset in the rendered text. */
  readonly valueOffset: number;
  readonly kind: "string" | "number" | "boolean" | "null" | "list" | "map";
  /** A string's value, a number as written; empty for the other kinds. */
  readonly text: string;
  items(): readonly SettingValue[];
  entries(): Settings;
}

/** A key with its value. */
export interface Setting extends SettingValue {
  /** An offset in the rendered text. */
  readonly keyOffset: number;
}

/** The keys of one map, such as the top level of the configuration file. */
export type Settings = ReadonlyMap<string, Setting>;

/** The values of single keys of one map, checked. Throws ConfigErrors with the place of the value. */
export class SettingsReader {
  /** @param path the keys that lead to this map, for messages, such as `codedeploy.` */
  constructor(private readonly settings: Settings, private readonly failAt: FailAt, private readonly path = "") {}

  /** `undefined` when the key is missing, empty or null, as in Kayac's ecspresso. */
  readText(key: string): string | undefined {
    const setting = this.#find(key);
    if (setting === undefined) return undefined;
    if (setting.kind !== "string") return this.#failAtWrongKind(key, setting, "a string");
    return setting.text === "" ? undefined : setting.text;
  }

  readRequiredText(key: string, advice: string, mapOffset = 0): string {
    const text = this.readText(key);
    if (text !== undefined) return text;
    const setting = this.settings.get(key);
    if (setting === undefined) return this.failAt(`${this.path}${key}: is missing (write ${advice})`, mapOffset);
    return this.failAt(`${this.path}${key}: is empty (write ${advice})`, setting.valueOffset);
  }

  /** The reader of a map below; `undefined` when the key is missing or null. */
  readMap(key: string): SettingsReader | undefined {
    const setting = this.#find(key);
    if (setting === undefined) return undefined;
    if (setting.kind !== "map") return this.#failAtWrongKind(key, setting, "a map");
    return new SettingsReader(setting.entries(), this.failAt, `${this.path}${key}.`);
  }

  readMaps(key: string): readonly { readonly reader: SettingsReader; readonly offset: number }[] {
    return this.#readList(key).map((item, index) => {
      if (item.kind !== "map") this.failAt(`${this.path}${key}: must hold maps, not a ${item.kind}`, item.valueOffset);
      const path = `${this.path}${key}[${index}].`;
      return { reader: new SettingsReader(item.entries(), this.failAt, path), offset: item.valueOffset };
    });
  }

  readTexts(key: string): readonly string[] {
    return this.#readList(key).map((item) => {
      if (item.kind === "string") return item.text;
      return this.failAt(`${this.path}${key}: must hold strings, not a ${item.kind}`, item.valueOffset);
    });
  }

  readTimeoutMs(key: string): number | undefined {
    const setting = this.#find(key);
    if (setting === undefined) return undefined;
    if (setting.kind !== "string" && setting.kind !== "number") {
      return this.failAt(`${key}: must be a duration (write 10m, 600s or 600)`, setting.valueOffset);
    }
    try {
      return parseDuration(setting.text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      return this.failAt(`${key}: ${error.message}`, setting.valueOffset);
    }
  }

  checkVersion(key: string): void {
    const constraints = this.readText(key);
    const problem = constraints === undefined ? undefined : checkRequiredVersion(constraints);
    if (problem !== undefined) this.fail(key, problem);
  }

  fail(key: string, problem: string): never {
    return this.failAt(`${this.path}${key}: ${problem}`, this.settings.get(key)!.valueOffset);
  }

  #find(key: string): Setting | undefined {
    const setting = this.settings.get(key);
    return setting?.kind === "null" ? undefined : setting;
  }

  #readList(key: string) {
    const setting = this.#find(key);
    if (setting === undefined) return [];
    return setting.kind === "list" ? setting.items() : this.#failAtWrongKind(key, setting, "a list");
  }

  #failAtWrongKind(key: string, { kind, valueOffset }: Setting, wanted: string): never {
    const isScalar = kind === "number" || kind === "boolean";
    const advice = isScalar && wanted === "a string" ? " (put it in quotes)" : "";
    return this.failAt(`${this.path}${key}: must be ${wanted}, not a ${kind}${advice}`, valueOffset);
  }
}
