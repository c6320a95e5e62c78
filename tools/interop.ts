/**
 * `deno task interop [PART OF A NAME ...]`: whether the program, and the emulator that its tests rely on, get along with
 * what others have made: Kayac's ecspresso and moto. For developers, not for CI: it installs moto with `pip`, and takes
 * Kayac's executable from the variable KAYAC_ECSPRESSO. Prints a line for each check; what cannot be checked on this
 * machine is skipped, and says why.
 *
 * Exits with 0 when no check failed and at least one was carried out.
 */
import { runGroup } from "./interop/check.ts";
import { motoGroup } from "./interop/moto.ts";
import { endAll } from "./interop/processes.ts";
import { renderGroup } from "./interop/render.ts";
import { sideBySideGroup } from "./interop/side_by_side.ts";

const home = await Deno.makeTempDir({ prefix: "ecspresso-interop-" });
// What is made for a check for a short while goes in there, too, and is gone with it.
Deno.env.set("TMPDIR", home);

const stopped = Promise.withResolvers<number>();
let print = console.log;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  Deno.addSignalListener(signal, () => {
    // What is ended on the way fails, which says nothing.
    print = () => {};
    stopped.resolve(1);
  });
}

/** Runs the checks with one of `wanted` in their names and returns the exit code. */
async function checkAll(wanted: readonly string[]): Promise<number> {
  const sum = { ok: 0, failed: 0, skipped: 0 };
  for (const group of [motoGroup((line) => print(line)), renderGroup(), sideBySideGroup()]) {
    const { ok, failed, skipped } = await runGroup(group, wanted, (line) => print(line));
    sum.ok += ok;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  print(`${sum.ok} ok, ${sum.failed} failed, ${sum.skipped} skipped`);
  if (sum.ok + sum.failed === 0) print("nothing could be checked");
  return sum.failed > 0 || sum.ok === 0 ? 1 : 0;
}

let exitCode = 1;
try {
  exitCode = await Promise.race([checkAll(Deno.args), stopped.promise]);
} finally {
  await endAll();
  await Deno.remove(home, { recursive: true });
}
Deno.exit(exitCode);
