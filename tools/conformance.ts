/**
 * `deno task conformance`: whether the emulator, and the program, keep to AWS's own model of its APIs, as the package
 * `botocore` has it. Needs Python 3 with pip; without, it prints why it is skipped and exits with 0. In CI (CI=true), a
 * Python that cannot install the package is a failure.
 *
 * The table that the emulator checks by has to be what the model says. Then tests are recorded, and botocore itself
 * validates each answer of the emulator and each request of the program.
 *
 * `deno task conformance --update` writes that table, `tests/emulator/api/tables.json`, anew out of the model: after an
 * action was added to the emulator, or the version below was raised.
 *
 * Exits with 1 when something deviates, each deviation on a line.
 */
import { checkRecording } from "./conformance/check_recording.ts";
import { type Model, openModel, Skipped } from "./conformance/model.ts";
import { record } from "./conformance/record.ts";
import { tablesOf } from "./conformance/tables.ts";

const BOTOCORE = "botocore==1.44.8";
const TABLES = "tests/emulator/api/tables.json";

async function updateTables(model: Model): Promise<void> {
  await Deno.writeTextFile(TABLES, JSON.stringify(await tablesOf(model)));
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", TABLES] }).spawn().status;
  if (!success) throw new Error(`${TABLES} cannot be formatted`);
  console.log(`${TABLES} is what ${BOTOCORE} says`);
}

async function checkTables(model: Model): Promise<string[]> {
  const committed = JSON.stringify(JSON.parse(await Deno.readTextFile(TABLES)));
  if (committed === JSON.stringify(await tablesOf(model))) return [];
  return [`${TABLES} is not what ${BOTOCORE} says: deno task conformance --update`];
}

/** Prints what deviates, and how much was looked at; whether nothing deviates. */
async function check(model: Model): Promise<boolean> {
  const recording = await Deno.makeTempDir({ prefix: "ecspresso-recording-" });
  try {
    await record(recording);
    const { requests, answers, operations, ...checked } = await checkRecording(model, recording);
    const deviations = [...await checkTables(model), ...checked.deviations];
    for (const line of deviations) console.log(line);
    console.log(
      `${requests} requests and ${answers} answers of ${operations} operations checked, ${deviations.length} deviations`,
    );
    return deviations.length === 0;
  } finally {
    await Deno.remove(recording, { recursive: true });
  }
}

async function main(args: readonly string[]): Promise<boolean> {
  await using model = await openModel(BOTOCORE);
  if (!args.includes("--update")) return await check(model);
  await updateTables(model);
  return true;
}

try {
  Deno.exitCode = await main(Deno.args) ? 0 : 1;
} catch (error) {
  if (!(error instanceof Skipped)) throw error;
  console.log(`conformance is skipped: ${error.message}`);
}
