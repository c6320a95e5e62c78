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
import { MODELS, SERVICES } from "../tests/emulator/api/tables.ts";
import { notHeededBy } from "../tests/emulator/not_emulated.ts";
import { operationsOf } from "../tests/emulator/operations.ts";
import { type Model, openModel, Skipped } from "./conformance/model.ts";
import { sourceFiles } from "./source_files.ts";

const BOTOCORE = "botocore==1.44.8";
const TABLES = "tests/emulator/api/tables.json";
/** All commands of the program over all its worlds, and the emulator's own tests, its scenarios among them. */
const RECORDED = ["tests/transcripts", "tests/unit/app", "tests/unit/commands", "tests/emulator"];

/** What the table has to hold: all operations that the emulator has actions for, by service. */
async function tablesOf(model: Model): Promise<unknown> {
  const wanted = SERVICES.map((service) => [service, { model: MODELS[service], operations: operationsOf(service) }]);
  return JSON.parse(await model.run("table.py", JSON.stringify(Object.fromEntries(wanted))));
}

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

/** Runs tests, with what the emulator is asked and answers recorded in a folder. @throws Error when one fails */
async function record(folder: string): Promise<void> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "test", ...RECORDED],
    env: { EMULATOR_RECORDING: folder },
    stdout: "piped",
  }).output();
  if (success) return;
  const output = new TextDecoder().decode(stdout);
  // A run that was stopped at its time limit ends without a list of errors.
  throw new Error(`the tests that are recorded fail:\n${/ERRORS[^]*/.exec(output)?.[0] ?? output.slice(-2_000)}`);
}

/** The clients of the SDK that have other names than botocore's models, hyphens apart. */
const CLIENTS: Readonly<Record<string, string>> = { logs: "cloudwatch-logs", elbv2: "elastic-load-balancing-v2" };

/** The operations that the program sends, by service as the emulator calls it: the commands of the SDK in `src/aws`. */
async function sentByProgram(): Promise<Record<string, string[]>> {
  const sent: Record<string, string[]> = {};
  // The SDK and botocore put their hyphens elsewhere.
  const plain = (name: string) => name.replaceAll("-", "");
  for (const path of await sourceFiles("src/aws")) {
    const imports = /(?:import|export) (?:type )?\{([^}]*)\} from "@aws-sdk\/client-([a-z0-9-]+)"/g;
    for (const [, names = "", client = ""] of (await Deno.readTextFile(path)).matchAll(imports)) {
      const commands = names.split(",").flatMap((name) => /^\s*(\w+)Command\s*$/.exec(name)?.[1] ?? []);
      // Types alone send nothing.
      if (commands.length === 0) continue;
      const service = SERVICES.find((one) => plain(CLIENTS[one] ?? MODELS[one]) === plain(client));
      if (!service) throw new Error(`${path}: the emulator does not know the service of client-${client}`);
      sent[service] = [...new Set([...sent[service] ?? [], ...commands])];
    }
  }
  return sent;
}

/**
 * Every word in the program. A member that AWS does not know and that is none of these has come out of a user's definition
 * file, or out of an answer of AWS: the program sends it as it stands, and leaves it to AWS.
 */
async function wordsOfProgram(): Promise<string[]> {
  const sources = await Promise.all((await sourceFiles("src")).map((path) => Deno.readTextFile(path)));
  return [...new Set(sources.flatMap((source) => source.match(/\w+/g) ?? []))];
}

/** Has the model validate everything that was recorded, prints what deviates; whether nothing does. */
async function check(model: Model): Promise<boolean> {
  const recording = await Deno.makeTempDir({ prefix: "ecspresso-recording-" });
  try {
    await record(recording);
    const notHeeded = SERVICES.flatMap((service) =>
      operationsOf(service).map((operation) => [`${service}:${operation}`, notHeededBy(service, operation)])
    );
    const expected = {
      recording,
      models: MODELS,
      operations: Object.fromEntries(SERVICES.map((service) => [service, operationsOf(service)])),
      notHeeded: Object.fromEntries(notHeeded),
      wordsOfProgram: await wordsOfProgram(),
      sent: await sentByProgram(),
    };
    const { requests, answers, operations, ...checked } = JSON.parse(
      await model.run("check.py", JSON.stringify(expected)),
    );
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

try {
  await using model = await openModel(BOTOCORE);
  if (Deno.args.includes("--update")) await updateTables(model);
  else Deno.exitCode = await check(model) ? 0 : 1;
} catch (error) {
  if (!(error instanceof Skipped)) throw error;
  console.log(`conformance is skipped: ${error.message}`);
}
