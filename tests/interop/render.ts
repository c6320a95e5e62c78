/** The same files, rendered by Kayac's ecspresso and by ours: the definitions have to be equal. */
import assert from "node:assert/strict";
import { type Check, expecting } from "./expectations.ts";
import { assertSame } from "./compare_rendered.ts";
import { RENDERED_DIFFERENTLY } from "./differs_on_purpose.ts";
import { foldersIn, isThere, readFixture, worldFor } from "./fixture.ts";
import { kayac, ours, testBesideKayac } from "./programs.ts";

/** Folders of fixtures. */
const COLLECTIONS = ["tests/interop/files", "tests/corpus"];
const NO_JSONNET = /needs the jsonnet command/;
/** What Kayac's tool says where it lacks what later versions of it have: the plugin, and native functions in Jsonnet. */
const LATER = /plugin external is not available|RUNTIME ERROR: Unexpected type null, expected function/;

const targetsOf = (folder: string) => isThere(`${folder}/no_service.txt`) ? ["taskdef"] : ["taskdef", "servicedef"];
const checks = foldersIn(COLLECTIONS).flatMap((folder) => targetsOf(folder).map((target) => check(folder, target)));

await testBesideKayac(expecting(checks, RENDERED_DIFFERENTLY));

function check(folder: string, target: string): Check {
  return {
    name: `${folder}, ${target}`,
    async run() {
      const fixture = readFixture(folder);
      const theirs = await kayac(worldFor(fixture), fixture, `render ${target}`);
      const own = await ours(worldFor(fixture), fixture, `render ${target}`);
      if (NO_JSONNET.test(own.stderr)) return console.log("skipped: there is no jsonnet command on this machine");
      if (LATER.test(theirs.stderr)) return console.log("skipped: this version of Kayac's tool does not have it yet");
      if (theirs.code !== 0 && own.code !== 0) return;
      assert.equal(own.code, 0, `only ours refuses it: ${own.stderr.trim()}`);
      assert.equal(theirs.code, 0, `only Kayac's refuses it: ${theirs.stderr.trim()}`);
      assertSame(JSON.parse(theirs.stdout), JSON.parse(own.stdout));
    },
  };
}
