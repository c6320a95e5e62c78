/** Asking an emulator as a client does, for its own tests. */
import { tableOf } from "./api/tables.ts";
import type { Answer, Emulator } from "./emulator.ts";
import type { JsonObject } from "./model.ts";
import type { ServiceName } from "./protocols/protocol.ts";

/** A parsed answer: `type` is the error's `__type`, undefined where there was no error. */
interface Asked {
  status: number;
  type: string | undefined;
  message: string | undefined;
  // deno-lint-ignore no-explicit-any -- tests read the answers of many operations
  output: any;
}

/** Sends one request to a service that speaks JSON. @throws Error if the connection was dropped */
export function ask(
  emulator: Emulator,
  operation: string,
  input: JsonObject | string = {},
  service: ServiceName = "ecs",
): Asked {
  const body = typeof input === "string" ? input : JSON.stringify(input);
  const answer = emulator.handle({ target: `${tableOf(service).targetPrefix}.${operation}`, body });
  if ("drop" in answer) throw new Error("connection dropped");
  return parse(answer);
}

function parse({ status, body }: Answer): Asked {
  const output = JSON.parse(body);
  return { status, type: output.__type, message: output.message, output };
}

/** The tags of a service, by their keys. */
export function serviceTags(emulator: Emulator, service: string): Readonly<Record<string, string>> {
  const { serviceArn } = emulator.describeService(service);
  const input = { resourceArn: serviceArn! };
  const { tags } = emulator.call(`${tableOf("ecs").targetPrefix}.ListTagsForResource`, input);
  return Object.fromEntries((tags as Record<string, string>[]).map(({ key, value }) => [key, value]));
}
