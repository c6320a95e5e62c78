import type { FileReader } from "../../host.ts";
import type { ValueSources } from "../../model/ports.ts";
import { TemplateValueError } from "../template/template_functions.ts";
import { readUserFile, stripByteOrderMark } from "../user_files.ts";
import { parseState, type TerraformState } from "./parse_state.ts";

/** Where a plugin's Terraform state is. */
export type StateLocation =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "object"; readonly bucket: string; readonly key: string }
  /** An error only when a value is looked up there. */
  | { readonly kind: "unsupported"; readonly reason: string };

const SUPPORTED = "supported: s3://BUCKET/KEY, file:///PATH and a plain path";

/** Reads a state's URL; without a scheme it is a path, relative to the working directory, as in Kayac's ecspresso. */
export function locateState(url: string): StateLocation {
  const scheme = /^([A-Za-z][A-Za-z\d+.-]*):\/\//.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return { kind: "file", path: url };
  const [, host, path] = /^[^:]*:\/\/([^/]*)(\/.*)?$/s.exec(url)!;
  const decoded = decode(path ?? "");
  if (scheme === "s3" && host !== "" && decoded !== undefined && decoded.length > 1) {
    return { kind: "object", bucket: host!, key: decoded.slice(1) };
  }
  if (scheme === "file" && host === "" && decoded !== undefined) return { kind: "file", path: decoded };
  const isKnown = scheme === "s3" || scheme === "file";
  const problem = isKnown ? "the state's URL cannot be read" : `states at ${scheme}:// are not supported`;
  return { kind: "unsupported", reason: `${problem} (${SUPPORTED})` };
}

/** Returns a state and its name in messages. Throws a TemplateValueError when there is none. */
export type StateReader = () => Promise<{ readonly name: string; readonly state: TerraformState }>;

interface StateTools {
  readonly files: FileReader;
  readonly values: () => Promise<ValueSources>;
  readonly signal: AbortSignal;
}

/** Makes the readers of states. A state is read once, when its first value is looked up. */
export function openStates(tools: StateTools): (location: StateLocation) => StateReader {
  const opened = new Map<string, ReturnType<StateReader>>();
  return (location) => () => {
    const name = describeLocation(location);
    const state = opened.get(name) ?? openState(location, name, tools);
    opened.set(name, state);
    return state;
  };
}

async function openState(location: StateLocation, name: string, tools: StateTools) {
  const text = await readState(location, tools);
  if (text === undefined) throw new TemplateValueError(`there is no state at ${name}`);
  return { name, state: parseState(stripByteOrderMark(text), name) };
}

async function readState(location: StateLocation, { files, values, signal }: StateTools): Promise<string | undefined> {
  switch (location.kind) {
    case "file":
      return await readUserFile(location.path, files);
    case "object":
      return await (await values()).readObject(location.bucket, location.key, signal);
    case "unsupported":
      throw new TemplateValueError(location.reason);
  }
}

/** How a location is named in messages. */
export function describeLocation(location: StateLocation): string {
  if (location.kind === "file") return location.path;
  return location.kind === "object" ? `s3://${location.bucket}/${location.key}` : location.reason;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/**
 * Puts the arguments of `tfstatef` into its format: `%s`, `%d` (whole numbers) and `%v` of Go's fmt, and `%%`.
 *
 * @throws TemplateValueError for other verbs, and when there are too many arguments or too few
 */
export function formatAddress(format: string, args: readonly string[]): string {
  const remaining = [...args];
  const address = format.replaceAll(/%(.|$)/gsu, (_, verb: string) => {
    if (verb === "%") return "%";
    if (verb !== "s" && verb !== "d" && verb !== "v") {
      throw new TemplateValueError("its format may hold %s, %d, %v and %% only");
    }
    const arg = remaining.shift();
    if (arg === undefined) throw new TemplateValueError("its format asks for more arguments than there are");
    if (verb === "d" && !/^-?\d+$/.test(arg)) throw new TemplateValueError("its format asks for a whole number (%d)");
    return arg;
  });
  if (remaining.length > 0) throw new TemplateValueError("there are more arguments than its format asks for");
  return address;
}
