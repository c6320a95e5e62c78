/**
 * `deno task interop [PART OF A NAME ...]`: whether the program, and the emulator that its tests rely on, get along with
 * what others have made: Kayac's ecspresso, the AWS CLI and moto. For developers, not for CI: it installs the latter two
 * with `pip`, and takes Kayac's executable from the variable KAYAC_ECSPRESSO. Prints a line for each check; what cannot
 * be checked on this machine is skipped, and says why.
 *
 * Exits with 0 when no check failed and at least one was carried out.
 */
import { awsCliGroup } from "./interop/aws_cli.ts";
import { runGroup } from "./interop/check.ts";
import { unknownOperations } from "./interop/emulated.ts";
import { createTools } from "./interop/install.ts";
import { kayacGroup } from "./interop/kayac.ts";
import { oursGroup } from "./interop/ours.ts";
import { Processes } from "./interop/processes.ts";
import { renderGroup } from "./interop/render.ts";
import { sideBySideGroup } from "./interop/side_by_side.ts";

const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const processes = new Processes();
const home = await Deno.makeTempDir({ prefix: "ecspresso-interop-" });
// What is made for a check for a short while goes in there, too, and is gone with it.
Deno.env.set("TMPDIR", home);

const stopped = Promise.withResolvers<number>();
for (const [signal, code] of Object.entries(EXIT_CODES)) {
  Deno.addSignalListener(signal as keyof typeof EXIT_CODES, () => stopped.resolve(code));
}

/** Runs the checks with one of `wanted` in their names and returns the exit code. */
async function checkAll(wanted: readonly string[]): Promise<number> {
  const print = (line: string) => {
    if (!processes.isEnding) console.log(line);
  };
  const tools = createTools(processes, print);
  const groups = [
    awsCliGroup(processes, tools, home),
    kayacGroup(processes, tools, home),
    oursGroup(processes, tools),
    renderGroup(processes, tools, home),
    sideBySideGroup(processes, tools, home),
  ];
  const sum = { ok: 0, failed: 0, skipped: 0 };
  for (const group of groups) {
    const { ok, failed, skipped } = await runGroup(group, wanted, print);
    sum.ok += ok;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  for (const [operation, input] of unknownOperations) {
    print(`# the emulator does not know ${operation} ${JSON.stringify(input)}`);
  }
  print(`${sum.ok} ok, ${sum.failed} failed, ${sum.skipped} skipped`);
  if (sum.ok + sum.failed === 0) print("nothing could be checked");
  return sum.failed > 0 || sum.ok === 0 ? 1 : 0;
}

let exitCode = 1;
try {
  exitCode = await Promise.race([checkAll(Deno.args), stopped.promise]);
} catch (error) {
  console.error(error);
} finally {
  await processes.endAll();
  await Deno.remove(home, { recursive: true });
}
Deno.exit(exitCode);
