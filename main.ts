import { PREPARED_HELP } from "./src/app/prepared_help.ts";
import { isStdoutTerminal, writeAtOnce } from "./src/host/early_stdout.ts";
import { VERSION } from "./src/session/version.ts";

/**
 * Starts the program on the real machine. Returns the exit code; throws nothing.
 *
 * Scripts ask often for the version, and people for help: both are answered before anything else is loaded.
 */
async function start(args: readonly string[]): Promise<number> {
  const answer = findAnswer(args);
  const left = answer && writeAtOnce(answer);
  if (left === "") return 0;
  const [{ finishPreparedOutput, run }, { systemHost }] = await Promise.all([
    import("./src/app/run.ts"),
    import("./src/host/system_host.ts"),
  ]);
  const host = systemHost();
  if (left === undefined) return await run(host);
  host.stdout.write(left);
  return await finishPreparedOutput(host);
}

function findAnswer([option, ...others]: readonly string[]): string | undefined {
  if (others.length > 0) return undefined;
  if (option === "--version" || option === "-V") return `ecspresso ${VERSION}\n`;
  // On a terminal, help is as wide as that.
  return (option === "--help" || option === "-h") && !isStdoutTerminal() ? PREPARED_HELP : undefined;
}

Deno.exit(await start(Deno.args));
