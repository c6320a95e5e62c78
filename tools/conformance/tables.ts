/** What `tests/emulator/api/tables.json` has to hold. */
import { MODELS, SERVICES } from "../../tests/emulator/api/tables.ts";
import { operationsOf } from "../../tests/emulator/operations.ts";
import type { Model } from "./model.ts";

/** The tables of all operations that the emulator has actions for, by service. */
export async function tablesOf(model: Model): Promise<unknown> {
  const wanted = SERVICES.map((service) => [service, { model: MODELS[service], operations: operationsOf(service) }]);
  return JSON.parse(await model.run("table.py", JSON.stringify(Object.fromEntries(wanted))));
}
