import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { breaksLimit, formatTable, measure, median, middleHalf } from "../../tools/bench/table.ts";

const baseline = [10, 8, 12];

Deno.test("formatTable() sets the medians in proportion to the baseline's and to their limits", () => {
  const table = formatTable([
    {
      title: "start-up, ms",
      digits: 1,
      rows: [
        { name: "empty", values: baseline, baseline },
        { name: "good", values: [14, 14, 20], baseline, limit: 1.4 },
        { name: "bad", values: [14.1], baseline, limit: 1.4 },
      ],
    },
    { title: "calls", digits: 0, rows: [{ name: "good", values: [32, 33] }] },
  ]);
  deepStrictEqual(table.split("\n"), [
    "              median   middle half  ratio  limit",
    "start-up, ms",
    "  empty         10.0   8.0 .. 12.0  1.000",
    "  good          14.0  14.0 .. 20.0  1.400   1.40  PASS",
    "  bad           14.1  14.1 .. 14.1  1.410   1.40  FAIL",
    "calls",
    "  good            33      32 .. 33",
  ]);
});

Deno.test("what could not be measured is said, and neither passes nor fails", () => {
  const rows = [
    { name: "theirs", values: undefined },
    { name: "ours to theirs", values: [1], baseline: undefined, limit: 1 },
    { name: "theirs to ours", values: undefined, baseline: [1], limit: 1 },
  ];
  const table = formatTable([{ title: "", digits: 0, rows }]);
  deepStrictEqual(table.split("\n").slice(2), [
    "  theirs          not on this machine",
    "  ours to theirs  not on this machine",
    "  theirs to ours  not on this machine",
  ]);
  deepStrictEqual(rows.map(breaksLimit), [false, false, false]);
});

Deno.test("a limit is broken by what is above it, not by what reaches it", () => {
  strictEqual(breaksLimit({ name: "", values: [14], baseline: [10], limit: 1.4 }), false);
  strictEqual(breaksLimit({ name: "", values: [14.1], baseline: [10], limit: 1.4 }), true);
  strictEqual(breaksLimit({ name: "", values: [99], baseline: [10] }), false);
});

Deno.test("measure() takes turns and drops the warm-ups", async () => {
  const order: string[] = [];
  const subject = (name: string) => () => Promise.resolve(order.push(name));
  deepStrictEqual(await measure({ a: subject("a"), b: subject("b") }, 2, 1), { a: [3, 5], b: [4, 6] });
  strictEqual(order.join(""), "ababab");
});

Deno.test("median() takes an even number of values, middleHalf() leaves out a quarter at each end", () => {
  strictEqual(median([30, 10, 20]), 20);
  strictEqual(median([40, 10, 20, 30]), 25);
  deepStrictEqual(middleHalf([8, 1, 3, 2, 5, 4, 7, 6]), [3, 6]);
  deepStrictEqual(middleHalf([1]), [1, 1]);
});
