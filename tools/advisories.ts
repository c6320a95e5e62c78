/**
 * Asks npm for advisories about what the lock file has: `deno task advisories`, in the project's directory. Ends with 1 for
 * one that is moderate or worse, unless tools/advisories/allowed.json allows it, with a reason and until a day. A registry
 * that cannot be asked fails nothing: that is said, and nothing more is known.
 *
 * The asking, and the comparing of versions, is `deno audit`. `--answers FILE` has it ask a server of this program's own,
 * which answers with that file: the form is that of npm's bulk advisory endpoint, which mirrors and copies have, too.
 */

import { parseArgs } from "node:util";
import { type Allowed, judge } from "./advisories/judge.ts";
import { readReport } from "./advisories/read_report.ts";

/** A registry that says nothing for so long cannot be asked. */
const LONGEST_MS = 60_000;

async function audit(registry: string | undefined): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["audit", "--ignore-registry-errors"],
    env: { NO_COLOR: "1", ...(registry === undefined ? {} : { NPM_CONFIG_REGISTRY: registry }) },
    signal: AbortSignal.timeout(LONGEST_MS),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { stdout: text(stdout), stderr: text(stderr) };
}

async function auditBy(answers: string): ReturnType<typeof audit> {
  const text = await Deno.readTextFile(answers);
  const headers = { "content-type": "application/json" };
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ method }) => method === "POST" ? new Response(text, { headers }) : new Response("", { status: 404 }),
  );
  try {
    return await audit(`http://127.0.0.1:${server.addr.port}`);
  } finally {
    await server.shutdown();
  }
}

async function readAllowed(): Promise<readonly Allowed[]> {
  return JSON.parse(await Deno.readTextFile(new URL("advisories/allowed.json", import.meta.url)));
}

const { values } = parseArgs({ options: { answers: { type: "string" }, allowed: { type: "string" } } });
const allowed = values.allowed === undefined
  ? await readAllowed()
  : JSON.parse(await Deno.readTextFile(values.allowed)) as readonly Allowed[];
const { stdout, stderr } = await (values.answers === undefined ? audit(undefined) : auditBy(values.answers));
const advisories = readReport(stdout);
if (advisories === undefined) {
  const [said] = stderr.trim().split("\n");
  const reason = said || `no answer within ${LONGEST_MS / 1_000} s`;
  console.log(`advisories: npm's registry could not be asked, so none are known: ${reason}`);
} else {
  const today = new Date().toISOString().slice(0, 10);
  const { lines, isFine } = judge(advisories, allowed, today);
  for (const line of lines) console.log(`advisories: ${line}`);
  if (!isFine) Deno.exit(1);
}
