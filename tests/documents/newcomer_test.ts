import assert from "node:assert/strict";
import { readDocument } from "../documents.ts";
import { DEFINITION_FILES } from "../definition_files.ts";
import { crashLoop } from "../emulator/behaviours.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { fleet } from "../emulator/fleet.ts";
import { myservice } from "../emulator/myservice.ts";
import { runInProcess, type RunOptions } from "../in_process.ts";
import { BAKE_SCENES } from "../transcripts/scenes/bake.ts";
import { BAKE_ASKED_SCENES } from "../transcripts/scenes/bake_asked.ts";
import { suspended } from "../transcripts/scenes/scale.ts";

/**
 * What somebody new has to do on call: where they look by a word of their own, ten lines have the command, and the command
 * does it, or its output answers.
 */

/** What a newcomer reads at a time. */
const READ_LINES = 10;

interface Task {
  /** Where they look: the README, or the help of a command. */
  readonly page: "README.md" | "" | "rollback" | "hold";
  /** What they look for. */
  readonly word: RegExp;
  /** What they find there. */
  readonly finds: RegExp;
  /** What they type then; the exit code is 0. */
  readonly types?: string;
  readonly world?: () => Emulator;
  readonly options?: RunOptions;
  /** What the last lines or the output say. */
  readonly reads?: RegExp;
}

const crashing = () => myservice({ behaviours: { 4: crashLoop() } });
const NO_FILES = { files: {} };

function threeServices(): Emulator {
  return fleet({ services: 3 });
}

const TASKS: Readonly<Record<string, Task>> = {
  "roll back in an outage": {
    page: "README.md",
    word: /^## In an outage/,
    finds: /ecspresso rollback --revision previous {2}/,
    types: "rollback --revision previous",
    world: crashing,
    reads: /Rolled back: myservice:3 is live, 2 of 2 tasks, after .*\n.*Completed!\n$/,
  },
  "without files": {
    page: "",
    word: /without files/,
    finds: /--service <name>[^]*--cluster <name>[^]*--region <region>/,
    types: "rollback --service myservice --cluster default --region ap-northeast-1 --revision previous",
    options: NO_FILES,
    reads: /Rolled back: myservice:3 is live/,
  },
  "three services": {
    page: "README.md",
    word: /^## Many services/,
    finds: /ecspresso rollback --cluster \S+ --service 'api-\*' --revision previous/,
    types: "rollback --cluster default --service service-* --region ap-northeast-1 --revision previous",
    world: threeServices,
    options: { ...NO_FILES, isFleet: true },
    reads: /all 3: .*\n$/,
  },
  "to what ran last Tuesday": {
    page: "rollback",
    word: /to what served then/,
    finds: /--at <moment> .*'\d{4}-\d\d-\d\d \d\d:\d\d'/,
    types: "rollback --dry-run --at 2023-01-01T12:03",
    reads: /myservice:3/,
  },
  "is scaling suspended?": {
    page: "",
    word: /suspended/,
    finds: /^ {2}status/m,
    types: "status",
    world: suspended,
    reads: /^AutoScaling:\n.*\n {2}Suspended in:true out:true scheduled:true$/m,
  },
  "what will change?": {
    page: "",
    word: /what a rollback would do/,
    finds: /ecspresso rollback --revision previous --dry-run/,
    types: "rollback --revision previous --dry-run",
    reads: /^Changes\n {2}task: cpu 512 -> 256$/m,
  },
  "which revision is good?": {
    page: "README.md",
    word: /which revision worked/,
    finds: /ecspresso revisions/,
    types: "revisions --output table",
    world: () => myservice({ history: [2, 3, 4] }),
    reads: /\b3\b.*previous/,
  },
  "stop CI from shipping it again": {
    page: "",
    word: /deploy refuses/,
    finds: /^ {2}hold/m,
    types: "hold --for 2h",
    reads: /deploy refuses myservice\/default until then; to end that: ecspresso hold --release\n$/,
  },
  "did it help?": {
    page: "rollback",
    word: /did it help/,
    finds: /ecspresso rollback --revision previous --bake 5m/,
    types: "rollback --revision previous --bake 5m",
    world: BAKE_SCENES.bake_helped!.world!,
    reads: /It helped: 5xx 41% of 2000 requests before, 0\.2% of 2500 requests since\.$/m,
  },
  "did it help? asked afterwards": {
    page: "README.md",
    word: /did it help/,
    finds: /ecspresso wait --bake 5m/,
    types: "wait --bake 5m",
    world: BAKE_ASKED_SCENES.ask_afterwards!.world!,
    reads: /It helped: 5xx .* before, .* since\.$/m,
  },
  "what does exit code 6 mean?": {
    page: "",
    word: /^ {2}6 /,
    finds: /the deployment did not succeed: it failed, [^]*\(ecspresso status\s+says what runs now\)/,
  },
};

async function pageOf(page: Task["page"]): Promise<string> {
  if (page === "README.md") return await readDocument(page);
  const words = page === "" ? ["--help"] : [page, "--help"];
  return (await runInProcess(myservice(), words)).stdout;
}

for (const [name, { page, word, finds, types, world = myservice, options, reads }] of Object.entries(TASKS)) {
  Deno.test(`a newcomer on call: ${name}`, async () => {
    const lines = (await pageOf(page)).split("\n");
    const at = lines.findIndex((line) => word.test(line));
    assert.ok(at >= 0, `${page || "--help"} has no ${word}`);
    // The option or command that a line is about may stand above it.
    const read = lines.slice(Math.max(0, at - 2), at - 2 + READ_LINES).join("\n");
    assert.match(read, finds);
    if (types === undefined) return;
    const { code, stdout, stderr } = await runInProcess(world(), types.split(" "), options);
    assert.equal(code, 0, stderr);
    assert.match(`${stdout}${stderr}`, reads!);
  });
}

Deno.test("a newcomer on call: what was held is not shipped by CI", async () => {
  const emulator = myservice();
  await runInProcess(emulator, ["hold", "--for", "2h"]);
  const { code, stderr } = await runInProcess(emulator, ["deploy"], { files: DEFINITION_FILES });
  assert.equal(code, 4, stderr);
  assert.deepEqual(emulator.state().services["default/myservice"]!.taskDefinition, "myservice:4");
});
