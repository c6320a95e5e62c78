/**
 * Measures how soon the program is there: `deno task bench`. Every line of the table is a process that was started
 * again and again, in turn with the others; the ratios are to an empty program, compiled in the same way.
 */

import { formatTable, measure, type Subject } from "./bench/measure.ts";
import { buildEmpty, buildExecutable, buildForNode, type Program } from "./bench/programs.ts";
import { firstWrite, startUp, writeConfig } from "./bench/subjects.ts";

const rounds = 15;
const warmUps = 2;
const latenciesMs = [0, 50];

function subjectsOf(name: string, program: Program, directory: string): Subject[] {
  return [
    startUp(name, program, "--version"),
    startUp(name, program, "--help"),
    ...latenciesMs.map((latencyMs) => firstWrite(name, program, directory, latencyMs)),
  ];
}

const directory = await Deno.makeTempDir({ prefix: "ecspresso-bench-" });
try {
  const executable = await buildExecutable(directory);
  const empty = await buildEmpty(directory);
  const node = await buildForNode(directory);
  if (node === undefined) console.log("Node is missing here: the bundle for it is left out.");
  await writeConfig(directory);

  const subjects = [
    startUp("empty program", empty),
    ...subjectsOf("executable", executable, directory),
    ...(node === undefined ? [] : subjectsOf("Node bundle", node, directory)),
  ];
  console.log(`${rounds} runs each, after ${warmUps} to warm up; Deno ${Deno.version.deno}\n`);
  console.log(formatTable(await measure(subjects, rounds, warmUps)));
} finally {
  await Deno.remove(directory, { recursive: true });
}
