import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { formatTable, measure, median } from "./measure.ts";

Deno.test("measure() takes turns and drops the warm-ups", async () => {
  const order: string[] = [];
  const subject = (name: string) => ({ name, run: () => Promise.resolve(order.push(name)) });
  deepStrictEqual(await measure([subject("a"), subject("b")], 2, 1), [
    { name: "a", times: [3, 5] },
    { name: "b", times: [4, 6] },
  ]);
  strictEqual(order.join(""), "ababab");
});

Deno.test("median() does not need an odd number of values", () => {
  strictEqual(median([30, 10, 20]), 20);
  strictEqual(median([40, 10, 20, 30]), 25);
  strictEqual(median([]), NaN);
});

Deno.test("formatTable() sets the medians in proportion to the first line's", () => {
  const table = formatTable([{ name: "empty", times: [10, 8, 12] }, { name: "program", times: [15] }]);
  deepStrictEqual(table.split("\n"), [
    "         median ms  fastest ms  ratio",
    "empty         10.0         8.0   1.00",
    "program       15.0        15.0   1.50",
  ]);
});
