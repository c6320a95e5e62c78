/** Has everything that was recorded held against AWS's model. */
import { MODELS, SERVICES } from "../../tests/emulator/api/tables.ts";
import { notHeededBy } from "../../tests/emulator/not_emulated.ts";
import { operationsOf } from "../../tests/emulator/operations.ts";
import type { Model } from "./model.ts";
import { sentByProgram, wordsOfProgram } from "./sent_by_program.ts";

/** What came of it. `deviations` are lines, each different. */
export interface Checked {
  readonly requests: number;
  readonly answers: number;
  readonly operations: number;
  readonly deviations: readonly string[];
}

/** @param recording the folder that EMULATOR_RECORDING named */
export async function checkRecording(model: Model, recording: string): Promise<Checked> {
  const operations = Object.fromEntries(SERVICES.map((service) => [service, operationsOf(service)]));
  const notHeeded = SERVICES.flatMap((service) =>
    operationsOf(service).map((operation) => [`${service}:${operation}`, notHeededBy(service, operation)])
  );
  const expected = {
    recording,
    models: MODELS,
    operations,
    notHeeded: Object.fromEntries(notHeeded),
    wordsOfProgram: await wordsOfProgram(),
    sent: await sentByProgram(),
  };
  return JSON.parse(await model.run("check.py", JSON.stringify(expected)));
}
