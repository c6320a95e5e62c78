/**
 * What was asked and answered, on record for `deno task conformance`: where EMULATOR_RECORDING names a folder, every
 * exchange becomes a line of JSON in a file there. Elsewhere nothing of this is done.
 */
import type { Answer, EmulatorRequest } from "./exchange.ts";
import type { Settings } from "./settings.ts";
import type { ServiceName } from "./protocols/protocol.ts";

const FOLDER = Deno.env.get("EMULATOR_RECORDING") ?? "";
/** Test files run side by side, each with modules of its own. */
const FILE = FOLDER === "" ? undefined : `${FOLDER}/${crypto.randomUUID()}.ndjson`;

function write(line: unknown): void {
  if (FILE !== undefined) Deno.writeTextFileSync(FILE, JSON.stringify(line) + "\n", { append: true });
}

/** One call. `isFault`: the answer is one that a fault script made up. */
interface Exchange {
  service: ServiceName;
  operation: string;
  request: EmulatorRequest;
  answer: Answer;
  isFault: boolean;
  furtherMembers: Settings["furtherMembers"];
}

export function recordExchange(exchange: Exchange): void {
  if (FILE !== undefined) write(exchange);
}

const seen = new Set<string>();

/** What takes note of the members that an action reads; undefined where nothing is recorded. */
export function recordReads(service: ServiceName, operation: string): ((member: string) => void) | undefined {
  if (FILE === undefined) return undefined;
  return (member) => {
    const read = `${service} ${operation} ${member}`;
    if (!seen.has(read)) write({ service, operation, read: member });
    seen.add(read);
  };
}
