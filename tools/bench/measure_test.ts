import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { measure, median, middleHalf } from "./measure.ts";

Deno.test("measure() takes turns and drops the warm-ups", async () => {
  const order: string[] = [];
  const subject = (name: string) => ({ name, run: () => Promise.resolve(order.push(name)) });
  deepStrictEqual(Object.fromEntries(await measure([subject("a"), subject("b")], 2, 1)), { a: [3, 5], b: [4, 6] });
  strictEqual(order.join(""), "ababab");
});

Deno.test("median() does not need an odd number of values", () => {
  strictEqual(median([30, 10, 20]), 20);
  strictEqual(median([40, 10, 20, 30]), 25);
  strictEqual(median([]), NaN);
});

Deno.test("middleHalf() leaves out a quarter at each end", () => {
  deepStrictEqual(middleHalf([8, 1, 3, 2, 5, 4, 7, 6]), [3, 6]);
  deepStrictEqual(middleHalf([2, 1, 3]), [1, 3]);
  deepStrictEqual(middleHalf([1]), [1, 1]);
});
