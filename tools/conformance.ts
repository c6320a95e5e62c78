/**
 * `deno task conformance`: whether the emulator, and the program, keep to AWS's own model of its APIs, as the package
 * `botocore` has it. Needs Python 3 with pip; without, it prints why it is skipped and exits with 0.
 *
 * `deno task conformance --update` writes `tests/emulator/api/tables.json` anew out of that model: after an action was
 * added to the emulator, or the version below was raised.
 *
 * Exits with 1 when something deviates, each deviation on a line.
 */
import { type Model, openModel, Skipped } from "./conformance/model.ts";
import { tablesOf } from "./conformance/tables.ts";

const BOTOCORE = "botocore==1.44.8";
const TABLES = "tests/emulator/api/tables.json";

async function updateTables(model: Model): Promise<void> {
  await Deno.writeTextFile(TABLES, JSON.stringify(await tablesOf(model)));
  const { success } = await new Deno.Command(Deno.execPath(), { args: ["fmt", "--quiet", TABLES] }).spawn().status;
  if (!success) throw new Error(`${TABLES} cannot be formatted`);
  console.log(`${TABLES} is what ${BOTOCORE} says`);
}

/** The deviations, each as a line. */
async function check(model: Model): Promise<string[]> {
  const committed = JSON.stringify(JSON.parse(await Deno.readTextFile(TABLES)));
  if (committed === JSON.stringify(await tablesOf(model))) return [];
  return [`${TABLES} is not what ${BOTOCORE} says: deno task conformance --update`];
}

async function main(args: readonly string[]): Promise<number> {
  await using model = await openModel(BOTOCORE);
  if (args.includes("--update")) {
    await updateTables(model);
    return 0;
  }
  const deviations = await check(model);
  for (const line of deviations) console.error(line);
  console.log(`${deviations.length} deviations`);
  return deviations.length === 0 ? 0 : 1;
}

try {
  Deno.exit(await main(Deno.args));
} catch (error) {
  if (!(error instanceof Skipped)) throw error;
  console.log(`conformance is skipped: ${error.message}`);
}
