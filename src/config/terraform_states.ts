import type { FileReader } from "../host.ts";
import {
  isList,
  isNestedDeeply,
  isObject,
  type Json,
  type JsonObject,
  objectIn,
  objectsIn,
  parseJson,
  weighJson,
} from "../model/json.ts";
import type { ValueSources } from "../model/ports.ts";
import { namedTextsIn, type OnLookup } from "../secrets/looked_up.ts";
import { nameLocation, type StateLocation } from "./plugins.ts";
import { CallError } from "./template/template_functions.ts";
import { readUserFile, stripByteOrderMark } from "./files/user_files.ts";

/** Where values are looked up, and what is called with each. */
export interface ValueTools {
  readonly files: FileReader;
  readonly values: () => Promise<ValueSources>;
  readonly signal: AbortSignal;
  readonly onLookup: OnLookup;
}

/**
 * Makes the functions that find values in Terraform states, by address. A state is read once, when its first value is
 * looked up. The functions throw CallErrors.
 */
export function findInStates(tools: ValueTools): (location: StateLocation) => (address: string) => Promise<Json> {
  const opened = new Map<string, Promise<TerraformState>>();
  return (location) => async (address) => {
    if (location.kind === "unsupported") throw new CallError(location.problem);
    const name = nameLocation(location);
    const opening = opened.get(name) ?? openState(location, name, tools);
    opened.set(name, opening);
    const state = await opening;
    const value = state.find(address);
    if (value === undefined) throw new CallError({ code: "notInState", state: name }, address);
    if (isNestedDeeply(value)) throw new CallError({ code: "nestedInState", state: name }, address);
    tools.onLookup({ source: "state", name: address, value, marked: state.sensitiveTexts });
    return value;
  };
}

async function openState(
  location: Parameters<typeof nameLocation>[0],
  name: string,
  { files, values, signal }: ValueTools,
): Promise<TerraformState> {
  const text = location.kind === "file"
    ? await readUserFile(location.path, files)
    : await (await values()).readObject(location.bucket, location.key, signal);
  if (text === undefined) throw new CallError({ code: "noStateAt", state: name });
  return parseState(stripByteOrderMark(text), name);
}

/** The largest index that a resource with `count` shows as a list; greater ones are found only by their own address. */
const LARGEST_INDEX = 100_000;

/** The most memory that a parsed state may take, in bytes: a real state of 60 MiB takes less. */
const HEAVIEST_STATE = 302_000_000;

/** The only version that Terraform has written since 0.12. */
const STATE_VERSION = 4;

/**
 * Reads a Terraform state (version 4). The addresses are those of fujiwara/tfstate-lookup 1.7, which Kayac's ecspresso
 * uses: resources and data sources, with module, `[0]` and `["key"]`, and `output.NAME`; after them a path into the
 * value.
 *
 * @throws CallError, without any of the state's text, which may hold secrets
 */
export function parseState(text: string, name: string): TerraformState {
  if (weighJson(text) > HEAVIEST_STATE) throw new CallError({ code: "heavyState", state: name, length: text.length });
  const state = parseJson(text);
  if (!isObject(state)) throw new CallError({ code: "notState", state: name });
  if (isObject(state["backend"])) {
    throw new CallError({ code: "stateElsewhere", state: name, url: urlOf(state["backend"]) });
  }
  if (state["version"] !== STATE_VERSION) throw new CallError({ code: "oldState", state: name });
  const index = new TerraformState();
  for (const [output, value] of Object.entries(objectIn(state["outputs"]))) {
    index.values.set(`output.${output}`, unwrapOutput(value));
    if (isObject(value) && value["sensitive"] === true) index.addSensitive(unwrapOutput(value));
  }
  for (const resource of objectsIn(state["resources"])) index.add(resource);
  return index;
}

/** `.terraform/terraform.tfstate` says where the state is, not what is in it. */
function urlOf(backend: JsonObject): string | undefined {
  const { bucket, key } = objectIn(backend["config"]);
  return typeof bucket === "string" && typeof key === "string" ? `s3://${bucket}/${key}` : undefined;
}

class TerraformState {
  readonly values = new Map<string, Json>();
  /** All instances of a resource with `count` or `for_each`, by the address without the index. */
  readonly #groups = new Map<string, Json>();
  /** The texts in outputs and attributes that Terraform marks as sensitive. */
  readonly sensitiveTexts = new Set<string>();

  /** @param address as tfstate-lookup reads it, such as `aws_subnet.a["x"].id`. `undefined` when it is not there */
  find(address: string): Json | undefined {
    const name = address.replaceAll("'", '"');
    const whole = this.values.get(name) ?? this.#groups.get(name);
    if (whole !== undefined) return whole ?? undefined;
    // The longest name wins, and a path begins with a dot or a bracket.
    for (let end = name.length - 1; end > 0; end--) {
      if (name[end] !== "." && name[end] !== "[") continue;
      const value = this.values.get(name.slice(0, end));
      if (value !== undefined) return follow(value, name.slice(end));
    }
    return undefined;
  }

  addSensitive(value: Json): void {
    for (const { text } of namedTextsIn("", value)) this.sensitiveTexts.add(text);
  }

  add(resource: JsonObject): void {
    const { mode, module, type, name } = resource;
    if ((mode !== "managed" && mode !== "data") || typeof type !== "string" || typeof name !== "string") return;
    const modulePrefix = typeof module === "string" && module !== "" ? `${module}.` : "";
    const address = `${modulePrefix}${mode === "data" ? "data." : ""}${type}.${name}`;
    const instances = objectsIn(resource["instances"]);
    const [first] = instances;
    if (first === undefined) return;
    for (const value of instances.flatMap(sensitiveAttributesOf)) this.addSensitive(value);
    if (mode === "data" && type === "terraform_remote_state") {
      const attributes = Object.entries(objectIn(first["attributes"]));
      this.values.set(address, Object.fromEntries(attributes.map(([key, value]) => [key, unwrapOutput(value)])));
    } else if (instances.length === 1 && first["index_key"] === undefined) {
      this.values.set(address, attributesOf(first));
    } else {
      this.#addIndexed(address, instances);
    }
  }

  #addIndexed(address: string, instances: readonly JsonObject[]): void {
    const numbered: Json[] = [];
    const keyed: [string, Json][] = [];
    for (const instance of instances) {
      const key = instance["index_key"];
      const attributes = attributesOf(instance);
      this.values.set(`${address}[${JSON.stringify(key)}]`, attributes);
      if (typeof key === "number" && Number.isInteger(key) && key >= 0 && key <= LARGEST_INDEX) {
        numbered[key] = attributes;
      } else if (typeof key === "string") {
        keyed.push([key, attributes]);
      }
    }
    const group = keyed.length > 0 ? Object.fromEntries(keyed) : Array.from(numbered, (one) => one ?? null);
    this.#groups.set(address, group);
  }
}

const STEP = /\.?\[(-?\d+)\]|\.?\[("(?:[^"\\]|\\.)*")\]|\.("(?:[^"\\]|\\.)*")|\.([^.[\]"]+)/y;

/** Follows a path such as `.a.b[0]["c"]` as jq does, since tfstate-lookup hands it to jq. */
function follow(start: Json, path: string): Json | undefined {
  let value: Json | undefined = start;
  for (let at = 0; at < path.length; at = STEP.lastIndex) {
    STEP.lastIndex = at;
    const step = STEP.exec(path);
    if (step === null || value === undefined) return undefined;
    const [, index, bracketed, quoted, word] = step;
    if (index !== undefined) {
      value = isList(value) ? value.at(Number(index)) : undefined;
    } else {
      const key = word ?? parseJson(bracketed ?? quoted!);
      value = typeof key === "string" && isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    }
  }
  return value ?? undefined;
}

/** The values at the paths in `sensitive_attributes`, such as `[{"type": "get_attr", "value": "password"}]`. */
function sensitiveAttributesOf(instance: JsonObject): Json[] {
  // An empty path leads to all attributes.
  const paths = instance["sensitive_attributes"];
  return (isList(paths) ? paths.filter(isList) : []).flatMap((path) => {
    let value: Json | undefined = attributesOf(instance);
    for (const step of path) {
      // The state wraps the key of a map, or the index of a list, together with its type.
      const key = isObject(step) ? unwrapOutput(step["value"] ?? null) : null;
      const isKey = typeof key === "string" || typeof key === "number";
      value = isKey && typeof value === "object" && value !== null ? (value as JsonObject)[key] : undefined;
    }
    return value === undefined ? [] : [value];
  });
}

function attributesOf(instance: JsonObject): Json {
  return instance["attributes"] ?? instance["attributes_flat"] ?? null;
}

/** The state wraps an output together with its type. */
function unwrapOutput(value: Json): Json {
  return isObject(value) && Object.hasOwn(value, "value") && (value["type"] ?? null) !== null ? value["value"]! : value;
}
