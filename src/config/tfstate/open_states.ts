import type { ValueSources } from "../../model/ports.ts";
import type { FileReader } from "../../host.ts";
import { readUserFile } from "../read_user_file.ts";
import { stripByteOrderMark } from "../strip_byte_order_mark.ts";
import { TemplateValueError } from "../template/template_function.ts";
import { parseState, type TerraformState } from "./parse_state.ts";
import { describeLocation, type StateLocation } from "./state_location.ts";

/** Answers with a state and how it is named in messages. Throws a TemplateValueError when there is none. */
export type StateReader = () => Promise<{ readonly name: string; readonly state: TerraformState }>;

interface StateTools {
  readonly files: FileReader;
  readonly values: () => Promise<ValueSources>;
  readonly signal: AbortSignal;
}

/** Makes the readers of states. A state is read when its first value is looked up, and then never again. */
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
