import assert from "node:assert/strict";
import { indexLines } from "../../../../src/config/files/positions.ts";

Deno.test("indexLines() counts lines and columns from 1", () => {
  const positionAt = indexLines("ab\n\r\ncd");
  const table: [number, number, number][] = [
    [-5, 1, 1],
    [0, 1, 1],
    [1, 1, 2],
    [2, 1, 3],
    [3, 2, 1],
    [4, 2, 2],
    [5, 3, 1],
    [7, 3, 3],
    [99, 3, 3],
  ];
  for (const [offset, line, column] of table) assert.deepEqual(positionAt(offset), { line, column }, `${offset}`);
});
