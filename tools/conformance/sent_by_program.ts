/** Which operations the program sends: the commands of the SDK that `src/aws` imports. */
import { MODELS, SERVICES } from "../../tests/emulator/api/tables.ts";
import { sourceFiles } from "../source_files.ts";

const IMPORT = /import (?:type )?\{([^}]*)\} from "@aws-sdk\/client-([a-z0-9-]+)"/g;

/** By service, as the emulator calls it. */
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

/** The SDK and botocore put their hyphens elsewhere. */
const plain = (name: string) => name.replaceAll("-", "");
