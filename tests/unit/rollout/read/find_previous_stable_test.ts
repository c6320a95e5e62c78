import assert from "node:assert/strict";
import { findPrevious } from "../../../../src/rollout/read/find_previous.ts";
import { revision } from "../../made_up.ts";
import { MINUTE_MS, record } from "./written_record.ts";

function stable(running: number, ...made: string[]): string | undefined {
  const minServedMs = 15 * MINUTE_MS;
  const past = record(...made);
  const images = past.toSorted((a, b) => a.createdAtMs - b.createdAtMs).at(-1)?.revision?.images;
  const found = findPrevious(past, revision(running), { minServedMs, nowMs: 1_000 * MINUTE_MS, images });
  return found && `${found.target.revision} ${found.deployment ?? "stays"}`;
}

const CASES: [name: string, running: number, made: string[], expected: string | undefined][] = [
  ["what served for long before what runs", 4, ["3 0", "4 60"], "3 arn:sd/0"],
  ["past what served for a minute", 5, ["3 0", "4 60", "5 62"], "3 arn:sd/0"],
  ["past several such", 6, ["3 0", "4 60", "5 62", "6 64"], "3 arn:sd/0"],
  ["what runs is left, however long it has served", 4, ["3 0", "4 60"], "3 arn:sd/0"],
  [
    "not what was rolled back from, although it had served for long",
    5,
    ["3 0", "4 60", "3 200", "5 202"],
    "3 arn:sd/200",
  ],
  ["what served for long the first time, and for a minute after it was gone back to", 5, [
    "3 0",
    "4 60",
    "3 62",
    "5 64",
  ], "3 arn:sd/62"],
  ["not what failed", 5, ["3 0", "4! 60", "5 62"], "3 arn:sd/0"],
  ["what goes on while others fail", 6, ["3 0", "4 60", "5! 70", "6 90"], "4 arn:sd/60"],
  ["what ECS has turned back to, where that served for long", 4, ["3 0", "4 60", "5! 100"], "4 stays"],
  [
    "further back than what ECS turns back to, where that was deployed just before",
    4,
    ["3 0", "4 60", "5< 62"],
    "3 arn:sd/0",
  ],
  ["what was deployed twice in a row, for the time of both", 5, ["3 0", "3 10", "5 20"], "3 arn:sd/10"],
  [
    "not a forced deployment of it with other images, which served for a minute",
    5,
    ["3a 0", "3b 60", "5a 62"],
    "3 arn:sd/0",
  ],
  ["the images that ran before, of the same number", 3, ["3a 0", "3b 60"], "3 arn:sd/0"],
  ["nothing where nothing served for long", 4, ["3 0", "4 5"], undefined],
  ["nothing before what runs", 4, ["4 0"], undefined],
  ["before one that is under way, which ends the time of what it replaces", 5, ["3 0", "4 60", "5? 62"], "3 arn:sd/0"],
];
for (const [name, running, made, expected] of CASES) {
  Deno.test(`stable of ${made.join(", ")} running ${running}: ${name}`, () => {
    assert.equal(stable(running, ...made), expected);
    assert.equal(stable(running, ...made.toReversed()), expected, "in any order");
  });
}
