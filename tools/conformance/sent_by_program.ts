/** What the program sends, as far as its source says. */
import { MODELS, SERVICES } from "../../tests/emulator/api/tables.ts";
import { sourceFiles } from "../source_files.ts";

const IMPORT = /import (?:type )?\{([^}]*)\} from "@aws-sdk\/client-([a-z0-9-]+)"/g;

/** The operations, by service as the emulator calls it: the commands of the SDK that `src/aws` imports. */
export async function sentByProgram(): Promise<Record<string, string[]>> {
  const sent: Record<string, string[]> = {};
  for (const path of await sourceFiles("src/aws")) {
    for (const [, names = "", client = ""] of (await Deno.readTextFile(path)).matchAll(IMPORT)) {
      const service = SERVICES.find((one) => plain(MODELS[one]) === plain(client));
      if (!service) throw new Error(`${path}: the emulator does not know the service of client-${client}`);
      const commands = names.split(",").flatMap((name) => /^\s*(\w+)Command\s*$/.exec(name)?.[1] ?? []);
      sent[service] = [...new Set([...sent[service] ?? [], ...commands])];
    }
  }
  return sent;
}

/**
 * Every word in the program. A member that AWS does not know and that is none of these has come out of a user's definition
 * file, or out of an answer of AWS: the program sends it as it stands, and leaves it to AWS.
 */
export async function wordsOfProgram(): Promise<string[]> {
  const sources = await Promise.all((await sourceFiles("src")).map((path) => Deno.readTextFile(path)));
  return [...new Set(sources.flatMap((source) => source.match(/\w+/g) ?? []))];
}

/** The SDK and botocore put their hyphens elsewhere. */
const plain = (name: string) => name.replaceAll("-", "");
