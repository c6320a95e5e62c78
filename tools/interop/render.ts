import assert from "node:assert/strict";
import { awsEnvironment } from "./aws_environment.ts";
import { type Check, type Group, Skipped } from "./check.ts";
import { differences } from "./compare_rendered.ts";
import { whileServing } from "./emulated.ts";
import { expecting } from "./expectations.ts";
import { foldersIn, isThere, readFixture, worldFor } from "./fixture.ts";
import type { Tools } from "./install.ts";
import { runOurs } from "./our_program.ts";
import type { Ended, Processes } from "./processes.ts";
import { runKayac } from "./run_kayac.ts";
import { RENDERED_DIFFERENTLY } from "./rendered_differently.ts";

/** Folders of fixtures. */
const COLLECTIONS = ["tools/interop/files", "tests/corpus"];
const TIMEOUT_MS = 60_000;
const NO_JSONNET = /needs the jsonnet command/;
/** What Kayac's tool says where it lacks what later versions of it have: the plugin, and native functions in Jsonnet. */
const LATER = /plugin external is not available|RUNTIME ERROR: Unexpected type null, expected function/;

/** The same files, rendered by Kayac's ecspresso and by ours: the definitions have to be equal. */
export function renderGroup(processes: Processes, tools: Tools, home: string): Group {
  const renderByBoth = async (folder: string, target: string) => {
    const fixture = readFixture(folder);
    const args = [...fixture.options, "render", target];
    let both: { kayac: Ended; ours: Ended } | undefined;
    await whileServing(worldFor(fixture), async ({ url }) => {
      const env = awsEnvironment(url, home);
      const command = [await tools.kayac(), ...args];
      const kayac = await runKayac(processes, { command, env, directory: folder, timeoutMs: TIMEOUT_MS });
      both = { kayac, ours: await runOurs(processes, url, args, {}) };
    });
    if (!both) throw new Error("nothing was rendered");
    return both;
  };
  const check = (folder: string, target: string): Check => ({
    name: `${folder}, ${target}`,
    async run() {
      const { kayac, ours } = await renderByBoth(folder, target);
      if (NO_JSONNET.test(ours.stderr)) throw new Skipped("there is no jsonnet command on this machine");
      if (LATER.test(kayac.stderr)) throw new Skipped("this version of Kayac's tool does not have it yet");
      if (kayac.code !== 0 && ours.code !== 0) return;
      assert.equal(ours.code, 0, `only ours refuses it: ${ours.stderr.trim()}`);
      assert.equal(kayac.code, 0, `only Kayac's refuses it: ${kayac.stderr.trim()}`);
      const found = differences(JSON.parse(kayac.stdout), JSON.parse(ours.stdout));
      assert.deepEqual(found, [], found.join("\n"));
    },
  });
  const targetsOf = (folder: string) => isThere(`${folder}/no_service.txt`) ? ["taskdef"] : ["taskdef", "servicedef"];
  const group: Group = {
    name: "render",
    checks: foldersIn(COLLECTIONS).flatMap((folder) => targetsOf(folder).map((target) => check(folder, target))),
    async open() {
      await tools.kayac();
    },
  };
  return expecting(group, RENDERED_DIFFERENTLY);
}
