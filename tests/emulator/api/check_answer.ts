/** Whether what the emulator is about to answer is what AWS could answer, by AWS's model. */
import type { Json, JsonObject, Settings } from "../model.ts";
import type { ServiceName } from "../protocols/protocol.ts";
import { knownTo } from "./accept_request.ts";
import { deviationsOf } from "./deviations.ts";
import { operationOf } from "./tables.ts";

/** @throws Error for an answer that deviates: a defect of the emulator */
export function checkAnswer(service: ServiceName, operation: string, output: JsonObject, settings: Settings): void {
  const shape = operationOf(service, operation).output;
  const deviations = shape === undefined
    ? Object.keys(output).map((member) => `unknown ${member}`)
    : deviationsOf(knownTo(settings, service), shape, output).map(({ kind, path, value }) =>
      `${kind} ${path.join(".")} = ${JSON.stringify(value as Json)}`
    );
  if (deviations.length === 0) return;
  throw new Error(`the emulator's answer to ${operation} is none of AWS's: ${deviations.join("; ")}`);
}
