import assert from "node:assert/strict";
import { folderOf, indexLines, resolveBeside } from "../../../src/config/user_files.ts";

Deno.test("resolveBeside() counts from the folder of a file; what is in none counts from the working directory", () => {
  const cases = [
    ["deploy/ecspresso.yml", "deploy/task.json"],
    ["ecspresso.yml", "task.json"],
    ["/dev/stdin", "task.json"],
    ["/dev/fd/63", "task.json"],
    ["/proc/self/fd/3", "task.json"],
    // A folder in memory, as builds use it.
    ["/dev/shm/build/ecspresso.yml", "/dev/shm/build/task.json"],
  ];
  for (const [file, resolved] of cases) assert.equal(resolveBeside(file!, "task.json"), resolved);
  assert.equal(resolveBeside("deploy/ecspresso.yml", "/etc/task.json"), "/etc/task.json");
  assert.equal(folderOf("/dev/shm/build/ecspresso.yml"), "/dev/shm/build");
});

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
